"""Telegram's Bot API.

Limits of https://core.telegram.org/bots/api (setWebhook read in a stored copy, 2026-11-28) and the Bots FAQ: text 4096
characters, a caption 1024, about one message a second in a chat and 30 in all, as python-telegram-bot extracts them
(https://docs.python-telegram-bot.org/en/v13.2/telegram.constants.html, read 2026-11-28); `callback_data` 64 bytes as
given with the project's issue 7, not confirmed here. Webhooks carry no signature but the secret they were registered
with. Clients show a progress bar on a pressed button until `answerCallbackQuery` (as
python-telegram-bot quotes the page on CallbackQuery, read 2026-11-28).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from starlette.responses import JSONResponse, Response

from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_list, as_moment, as_object, as_text, json_object
from gateway.channels.port import Channel, Event, Part, Rate, Recipient, Request, SendLater, SendRefused
from gateway.channels.rendering import choices_of, fits, image_of, numbered, pieces, words_of
from gateway.channels.responses import body_of
from gateway.channels.signatures import expect_equal

TEXT: Final = 4096
CAPTION: Final = 1024
BUTTONS: Final = 8
"""A choice of ours, as is the length: more or longer ones are easier read as a numbered list."""
LABEL: Final = 40


class Telegram(Channel):
    """A Telegram bot, in private chats."""

    name: ClassVar[str] = "telegram"
    per_chat: ClassVar[Rate | None] = Rate(1, 1.0)
    overall: ClassVar[Rate | None] = Rate(30, 1.0)

    def __init__(self, api: PlatformApi, token: str, webhook_secret: str) -> None:
        self._api = api
        self._token = token
        self._secret = webhook_secret

    def verify(self, request: Request, now: datetime) -> None:
        """By the secret in the header."""
        expect_equal(request.headers.get("x-telegram-bot-api-secret-token"), self._secret)

    def parse(self, request: Request) -> Sequence[Event]:
        """One update: a message, an edited one (said anew), or a pressed button. Groups are left out."""
        update = json_object(request.body)
        update_id = as_text(update.get("update_id"))
        if not update_id:
            return []
        pressed = as_object(update.get("callback_query"))
        message = as_object(update.get("message") or update.get("edited_message") or pressed.get("message"))
        chat = as_object(message.get("chat"))
        chat_id = as_text(chat.get("id"))
        if not chat_id or chat.get("type", "private") != "private":
            return []
        sender = as_object(pressed.get("from") or message.get("from"))
        if sender.get("is_bot") and not pressed:
            return []
        sizes = as_list(message.get("photo"))
        photo = as_text(as_object(sizes[-1]).get("file_id")) if sizes and not pressed else ""
        document = as_object(message.get("document"))
        if not photo and as_text(document.get("mime_type")).startswith("image/") and not pressed:
            photo = as_text(document.get("file_id"))
        return [
            Event(
                id=update_id,
                kind="message",
                chat=chat_id,
                text=None if pressed else as_text(message.get("text") or message.get("caption")) or None,
                button_id=as_text(pressed.get("data")) or None,
                media=(photo,) if photo else (),
                name=as_text(sender.get("first_name")) or None,
                language=as_text(sender.get("language_code")) or None,
                at=None if pressed else as_moment(message.get("date")),
            )
        ]

    def acknowledge(self, request: Request) -> Response:
        """For a pressed button the answer that ends its progress bar, which may be given in place of a call."""
        pressed = as_object(json_object(request.body).get("callback_query"))
        if not (query := as_text(pressed.get("id"))):
            return Response(status_code=200)
        return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": query})

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Words with an inline keyboard; more or longer choices as a numbered list."""
        words, choices = words_of(content), choices_of(content)
        if url := image_of(content):
            return [Part({"method": "sendPhoto", "photo": url, "caption": words[:CAPTION]})]
        if choices and not fits(choices, BUTTONS, LABEL):
            *before, last = pieces(numbered(words, choices, language), TEXT)
            return [*(_text(each) for each in before), _text(last, numbered=tuple(each.id for each in choices))]
        *before, last = pieces(words, TEXT) or ["…"]
        keyboard = [[{"text": each.label, "callback_data": each.id}] for each in choices]
        markup = {"reply_markup": {"inline_keyboard": keyboard}} if keyboard else {}
        return [*(_text(each) for each in before), _text(last, markup)]

    async def send(self, to: Recipient, part: Part) -> str | None:
        """One call; a 429 says how long to wait, a 403 that the person has blocked the bot."""
        payload = {**part.payload, "chat_id": to.chat}
        method = payload.pop("method")
        body = await self._ask(str(method), payload)
        return as_text(as_object(body.get("result")).get("message_id")) or None

    async def notice(self, chat: str, event_id: str) -> None:
        """The word for typing, for five seconds; bots have no read marks."""
        await self._ask("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def fetch(self, media: str) -> bytes:
        """A file by its id, over its short-lived path."""
        found = as_object((await self._ask("getFile", {"file_id": media})).get("result"))
        path = as_text(found.get("file_path"))
        if not path:
            raise SendRefused("Telegram has no such file")
        return await self._api.download(self._api.address(f"/file/bot{self._token}/{path}"))

    async def _ask(self, method: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        response = await self._api.call("POST", f"/bot{self._token}/{method}", json=payload)
        body = body_of(response)
        if response.is_success and body.get("ok"):
            return body
        reason = f"{response.status_code} {as_text(body.get('description'))}".strip()
        if response.status_code == 429 or response.status_code >= 500:
            wait = as_object(body.get("parameters")).get("retry_after")
            raise SendLater(reason, float(wait) if isinstance(wait, int | float) else None)
        raise SendRefused(reason)


def _text(words: str, markup: Mapping[str, Any] | None = None, *, numbered: tuple[str, ...] = ()) -> Part:
    preview = {"link_preview_options": {"is_disabled": True}}
    return Part({"method": "sendMessage", "text": words, **preview, **(markup or {})}, numbered)
