"""WhatsApp's Cloud API.

Limits as given with the project's issue 7 and in Meta's page on interactive lists ("Updated: Nov 3, 2025", read in a
stored copy, 2026-11-28): at most 3 buttons (title 20 characters, id 256), a list of 10 rows in all (title 24,
description 72, id 200, its button 20, body 4096), body 1024 with buttons. A caption of 1024:
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/image-messages/ ("Updated: Jun 24,
2026", read in a stored copy, 2026-11-28). Text of 4096 characters and free words within 24 hours: as providers describe
them (https://docs.kapso.ai/docs/getting-started/send-messages, read 2026-11-28), not confirmed on Meta's pages.
Since April 2026 every message names a business-scoped user id, two letters, a point and up to 128 letters and digits
(https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids, "Updated: Mar 31,
2026", read in a copy, 2026-11-28). What is sent names it as `recipient`, a telephone number as `to`: as providers
describe it (https://docs.kapso.ai/docs/whatsapp/business-scoped-user-ids.md, read 2026-11-28). Edits and
revocations, of numbers that are in the WhatsApp Business app too:
https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit ("Updated:
Jul 20, 2026") and /revoke ("May 21, 2026"; copies, 2026-11-28); elsewhere an edit comes as "unsupported". The example
shows a picture's caption; that words stand in `text` as in a message is not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Final

from gateway import locales
from gateway.channels.calls import PlatformApi
from gateway.channels.meta import MetaChannel, template_of
from gateway.channels.payloads import as_list, as_moment, as_object, as_text, json_object
from gateway.channels.port import Event, Part, Recipient, Request, SendRefused
from gateway.channels.rendering import Choice, choices_of, fits, image_of, numbered, pieces, words_of

TEXT: Final = 4096
BODY: Final = 1024
BUTTONS: Final = 3
BUTTON_LABEL: Final = 20
ROWS: Final = 10
ROW_LABEL: Final = 24

_USER_ID: Final = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]+")
_STATES: Final = {"delivered": "delivered", "read": "read", "failed": "failed"}


class WhatsApp(MetaChannel):
    """The shop's number on WhatsApp."""

    name: ClassVar[str] = "whatsapp"
    window: ClassVar[timedelta | None] = timedelta(hours=24)

    def __init__(
        self,
        api: PlatformApi,
        token: str,
        app_secret: str,
        verify_token: str,
        phone_number_id: str,
        templates: Mapping[Any, str],
    ) -> None:
        super().__init__(api, token, app_secret, verify_token)
        self._phone_number_id = phone_number_id
        self._templates = templates

    def parse(self, request: Request) -> Sequence[Event]:
        """All messages and statuses of all entries that are about the shop's number."""
        events: list[Event] = []
        for value in _values(json_object(request.body)):
            number = as_text(as_object(value.get("metadata")).get("phone_number_id"))
            if number != self._phone_number_id:
                continue
            names = {
                key: as_text(as_object(contact.get("profile")).get("name"))
                for contact in map(as_object, as_list(value.get("contacts")))
                for key in (as_text(contact.get("user_id")), as_text(contact.get("wa_id")))
                if key
            }
            events += filter(None, (_message(each, names) for each in as_list(value.get("messages"))))
            events += filter(None, (_status(each) for each in as_list(value.get("statuses"))))
        return events

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Up to three buttons, else a list of up to ten, else numbers."""
        words, choices = words_of(content), choices_of(content)
        if url := image_of(content):
            return [Part({"type": "image", "image": {"link": url, "caption": words[:BODY]}})]
        if fits(choices, BUTTONS, BUTTON_LABEL):
            *before, last = pieces(words, BODY) or ["…"]
            buttons = [{"type": "reply", "reply": {"id": each.id, "title": each.label}} for each in choices]
            return [*map(_text, before), _interactive("button", last, {"buttons": buttons})]
        if fits(choices, ROWS, ROW_LABEL):
            *before, last = pieces(words, TEXT) or ["…"]
            return [*map(_text, before), _interactive("list", last, _list(choices, language))]
        if choices:
            *before, last = pieces(numbered(words, choices, language), TEXT)
            return [*map(_text, before), Part(_text(last).payload, tuple(each.id for each in choices))]
        return [_text(each) for each in pieces(words, TEXT)]

    def template(self, kind: str, values: Sequence[str], language: str) -> Part | None:
        """The shop's template for this kind, with the values as its body's parameters in order."""
        name = self._templates.get(kind)
        if name is None:
            return None
        return Part({"type": "template", "template": template_of(name, values, language)})

    async def send(self, to: Recipient, part: Part) -> str | None:
        """To a person by the id under which they wrote."""
        whom = {"recipient" if _USER_ID.fullmatch(to.chat) else "to": to.chat}
        payload = {"messaging_product": "whatsapp", "recipient_type": "individual", **whom, **part.payload}
        body = await self._post(f"/{self._phone_number_id}/messages", payload)
        sent = as_list(body.get("messages"))
        return as_text(as_object(sent[0]).get("id")) if sent else None

    async def notice(self, chat: str, event_id: str) -> None:
        """Both blue ticks and the dots, which one call does."""
        payload = {"messaging_product": "whatsapp", "status": "read", "message_id": event_id}
        await self._post(f"/{self._phone_number_id}/messages", {**payload, "typing_indicator": {"type": "text"}})

    async def fetch(self, media: str) -> bytes:
        """A picture by its id: first its address, then the file, both with the token."""
        headers = {"Authorization": f"Bearer {self._token}"}
        response = await self._api.call("GET", f"/{media}", headers=headers)
        url = as_text(as_object(response.json() if response.is_success else {}).get("url"))
        if not url.startswith("http"):
            raise SendRefused("WhatsApp has no such file")
        return await self._api.download(url, headers)


def _values(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in map(as_object, as_list(body.get("entry"))):
        for change in map(as_object, as_list(entry.get("changes"))):
            yield as_object(change.get("value"))


def _message(given: Any, names: Mapping[str, str]) -> Event | None:
    message = as_object(given)
    # A person may hide the number; the business-scoped user id is always there, and stays when they do.
    number = as_text(message.get("from"))
    chat = as_text(message.get("from_user_id")) or number
    message_id = as_text(message.get("id"))
    if not chat or not message_id or message.get("type") in ("reaction", "revoke", "system", "unsupported"):
        return None
    if message.get("type") == "edit":
        # Said anew; a picture whose caption was edited has been seen.
        new = as_object(as_object(message.get("edit")).get("message"))
        content = as_object(new.get("text")) or as_object(new.get("image"))
        words = as_text(content.get("body")) or as_text(content.get("caption"))
        if not words:
            return None
        message = {**message, "text": {"body": words}}
    interactive = as_object(message.get("interactive"))
    reply = as_object(interactive.get("button_reply") or interactive.get("list_reply"))
    image = as_object(message.get("image"))
    picture = as_text(image.get("id"))
    template_button = as_object(message.get("button"))
    text = as_text(as_object(message.get("text")).get("body")) or as_text(image.get("caption"))
    return Event(
        id=message_id,
        kind="message",
        chat=chat,
        text=text or as_text(template_button.get("text")) or None,
        button_id=as_text(reply.get("id")) or None,
        media=(picture,) if picture else (),
        name=names.get(chat) or names.get(number) or None,
        at=as_moment(message.get("timestamp")),
    )


def _status(given: Any) -> Event | None:
    status = as_object(given)
    message_id, state = as_text(status.get("id")), _STATES.get(as_text(status.get("status")))
    chat = as_text(status.get("recipient_user_id")) or as_text(status.get("recipient_id"))
    if not message_id or not state:
        return None
    errors = as_list(status.get("errors"))
    reason = as_text(as_object(errors[0]).get("title")) if errors else ""
    return Event.model_validate(
        {
            "id": f"{message_id} {state}", "kind": "status", "chat": chat or "?", "message_id": message_id,
            "state": state, "reason": reason or None, "at": as_moment(status.get("timestamp")),
        }
    )  # fmt: skip


def _text(words: str) -> Part:
    return Part({"type": "text", "text": {"body": words, "preview_url": False}})


def _interactive(kind: str, words: str, action: Mapping[str, Any]) -> Part:
    return Part({"type": "interactive", "interactive": {"type": kind, "body": {"text": words}, "action": action}})


def _list(choices: Sequence[Choice], language: str) -> dict[str, Any]:
    rows = [{"id": each.id, "title": each.label} for each in choices]
    return {"button": locales.text(language, "channels", "open_list"), "sections": [{"rows": rows}]}
