"""Messenger and Instagram messaging: one shape.

https://developers.facebook.com/docs/messenger-platform/instagram/features/quick-replies (read in a stored copy,
2026-11-28): 13 quick replies with a title of 20 characters. Messenger's text has less than 2000 characters:
https://developers.facebook.com/docs/messenger-platform/reference/send-api/ (copy, 2026-11-28). Free words within 24
hours: https://developers.facebook.com/docs/messenger-platform/policy/policy-overview-aug-2019 (copy, 2026-11-28). Up to
7 days with the tag for human agents, only while a person of the shop holds the conversation: as providers describe it
(https://docs.bird.com/api/channels-api/supported-channels/programmable-messenger, read 2026-11-28), as they do
Instagram's 1000 bytes of text (https://www.infobip.com/docs/instagram/messaging/message-types, read 2026-11-28); both
not confirmed on Meta's pages. Utility messages, Messenger only, for which no window holds:
https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/utility-messages
("Updated: Mar 13, 2026", copy, 2026-11-28); the three other tags are refused since April 27, 2026 (Send API's page).
Edits: https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-edits (read in a stored
copy, 2026-11-28). That Instagram sends them in this shape is not confirmed on Meta's pages; providers list edits of
Instagram (https://docs.rs/late/0.0.591, read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from gateway.channels import messenger_templates as templates
from gateway.channels.calls import PlatformApi
from gateway.channels.meta import MetaChannel, template_of
from gateway.channels.payloads import as_list, as_moment, as_object, as_text, json_object
from gateway.channels.port import Event, Part, Recipient, Request, SendRefused
from gateway.channels.rendering import Card, Choice, cards_of, choices_of, fits, image_of, numbered, pieces, words_of

REPLIES: Final = 13
LABEL: Final = 20
HUMAN_WINDOW: Final = timedelta(days=7)
"""Of the tag HUMAN_AGENT, for apps to which Meta granted it."""

_ABOUT_SOMETHING: Final = frozenset({"order_card", "shipment_timeline", "store_cards", "proposal"})
"""Kinds of messages whose choices mean something as long as they are to be seen."""


class Messenger(MetaChannel):
    """A Facebook page's messages."""

    name: ClassVar[str] = "messenger"
    object: ClassVar[str] = "page"
    window: ClassVar[timedelta | None] = timedelta(hours=24)
    text_limit: ClassVar[int] = 1999
    limit_in_bytes: ClassVar[bool] = False

    def __init__(
        self, api: PlatformApi, token: str, app_secret: str, verify_token: str, *, human_agent: bool = False
    ) -> None:
        super().__init__(api, token, app_secret, verify_token)
        self.human_window = HUMAN_WINDOW if human_agent else None
        self.templates: Mapping[Any, str] = {}
        """By kind of news the names of the page's approved templates."""

    def parse(self, request: Request) -> Sequence[Event]:
        """Messages, edited ones (said anew), pressed buttons, deliveries, readings that name a message; no echoes."""
        body = json_object(request.body)
        if body.get("object") != self.object:
            return []
        entries = map(as_object, as_list(body.get("entry")))
        given = [as_object(each) for entry in entries for each in as_list(entry.get("messaging"))]
        return [event for each in given for event in _events(each)]

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Words and what belongs to them: products as a carousel, buttons that stay on what is about something.

        A question has quick replies, which go when it is answered; more or longer choices are a numbered list.
        """
        words, choices = words_of(content), choices_of(content)
        if url := image_of(content):
            picture = {"attachment": {"type": "image", "payload": {"url": url, "is_reusable": False}}}
            return [Part(picture), *(Part({"text": each}) for each in self._pieces(words))]
        cards, rest = cards_of(content)
        if cards:
            return self._products(words, cards, rest, language)
        lasting = content.get("kind") in _ABOUT_SOMETHING and len(words) <= templates.BUTTON_WORDS
        if lasting and words and fits(choices, templates.BUTTONS, templates.BUTTON_TITLE):
            return [Part(templates.with_buttons(words, choices))]
        return self._words(words, choices, language)

    def _products(self, words: str, cards: Sequence[Card], rest: Sequence[Choice], language: str) -> list[Part]:
        """The words, then the products; choices of something else come after them, for they would be out of sight."""
        ids = tuple(each.choice.id for each in cards if each.choice is not None)
        shown = [Part(each) for each in templates.carousels(cards, language)]
        if rest:
            return [*shown, *self._words(words, rest, language)]
        # Whoever types a number in place of touching the card is understood too.
        return [*(Part({"text": each}) for each in self._pieces(words)), *shown[:-1], replace(shown[-1], numbered=ids)]

    def template(self, kind: str, values: Sequence[str], language: str) -> Part | None:
        """The page's template for this kind as a utility message, with the values as its body's parameters in order."""
        name = self.templates.get(kind)
        return Part({"template": template_of(name, values, language)}) if name is not None else None

    def _words(self, words: str, choices: Sequence[Choice], language: str) -> list[Part]:
        if choices and not fits(choices, REPLIES, LABEL):
            *before, last = self._pieces(numbered(words, choices, language))
            ids = tuple(each.id for each in choices)
            return [*(Part({"text": each}) for each in before), Part({"text": last}, ids)]
        *before, last = self._pieces(words) or ["…"]
        replies = [{"content_type": "text", "title": each.label, "payload": each.id} for each in choices]
        answers = {"quick_replies": replies} if replies else {}
        return [*(Part({"text": each}) for each in before), Part({"text": last, **answers})]

    def _pieces(self, words: str) -> list[str]:
        return pieces(words, self.text_limit, in_bytes=self.limit_in_bytes)

    async def send(self, to: Recipient, part: Part) -> str | None:
        """As an answer within the 24 hours; later under the tag for persons, which the caller has checked."""
        how = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if to.late else {"messaging_type": "RESPONSE"}
        if "template" in part.payload:
            how = {"messaging_type": "UTILITY"}
        body = await self._post("/me/messages", {"recipient": {"id": to.chat}, **how, "message": dict(part.payload)})
        return as_text(body.get("message_id")) or None

    async def notice(self, chat: str, event_id: str) -> None:
        """The read mark and the dots."""
        for action in ("mark_seen", "typing_on"):
            await self._post("/me/messages", {"recipient": {"id": chat}, "sender_action": action})

    async def fetch(self, media: str) -> bytes:
        """A picture by its address at Meta."""
        if not media.startswith("http"):
            raise SendRefused("not an address of a picture")
        return await self._api.download(media)


class Instagram(Messenger):
    """An Instagram professional account's messages."""

    name: ClassVar[str] = "instagram"
    object: ClassVar[str] = "instagram"
    text_limit: ClassVar[int] = 1000
    limit_in_bytes: ClassVar[bool] = True


def _events(given: Mapping[str, Any]) -> list[Event]:
    chat = as_text(as_object(given.get("sender")).get("id"))
    at = as_moment(given.get("timestamp"), per_second=1000)
    message, postback = as_object(given.get("message")), as_object(given.get("postback"))
    edit = as_object(given.get("message_edit"))
    if not chat:
        return []
    if message and not message.get("is_echo") and not message.get("is_deleted"):
        message_id = as_text(message.get("mid"))
        pictures = [
            as_text(as_object(each.get("payload")).get("url"))
            for each in map(as_object, as_list(message.get("attachments")))
            if each.get("type") == "image"
        ]
        return [
            Event(
                id=message_id, kind="message", chat=chat, text=as_text(message.get("text")) or None,
                button_id=as_text(as_object(message.get("quick_reply")).get("payload")) or None,
                media=tuple(filter(None, pictures)), at=at,
            )
        ] if message_id else []  # fmt: skip
    if edit:
        edited, count, new = as_text(edit.get("mid")), as_text(edit.get("num_edit")), as_text(edit.get("text"))
        # Nobody but the person edits: what is sent by a program stays as it is.
        if not edited or count in ("", "0") or not new:
            return []
        return [Event(id=f"{edited} edited {count}", kind="message", chat=chat, text=new, at=at)]
    if postback:
        pressed = as_text(postback.get("mid")) or f"{chat} {as_text(given.get('timestamp'))}"
        words = as_text(postback.get("title")) or None
        button = as_text(postback.get("payload")) or None
        return [Event(id=pressed, kind="message", chat=chat, text=words, button_id=button, at=at)]
    if seen := as_text(as_object(given.get("read")).get("mid")):
        # Instagram names what was read; Messenger only says until when, which may be later than what it is about.
        return [Event(id=f"{seen} read", kind="status", chat=chat, message_id=seen, state="read", at=at)]
    return [
        Event(id=f"{mid} delivered", kind="status", chat=chat, message_id=mid, state="delivered", at=at)
        for mid in map(as_text, as_list(as_object(given.get("delivery")).get("mids")))
        if mid
    ]
