"""The platforms as their documents describe them, written from those and not from our adapters.

Each signs what it delivers, serves the sending API with its limits, and keeps what people there would see. A simulator
can be told to fail: `troubles` are answers for the next calls of the sending API.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import httpx
from fastapi import FastAPI, Request, UploadFile
from PIL import Image
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

PICTURE: bytes = b""
"""Set by the tests: a file that people send."""


def kind_of(content: bytes, *kinds: str) -> str | None:
    """The kind of a picture, in lower case; None for what is none of these."""
    try:
        with Image.open(io.BytesIO(content), formats=kinds) as opened:
            opened.load()
            return str(opened.format).lower()
    except (OSError, ValueError):
        return None


class Silence(Response):
    """No answer for longer than anybody waits, and then that it failed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(status_code=503)
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the caller waiting."""
        await asyncio.sleep(self.seconds)
        await super().__call__(scope, receive, send)


@dataclass
class Seen:
    """What a person sees: words, and the choices they can touch, with what touching sends."""

    words: str
    choices: dict[str, str] = field(default_factory=dict)
    pictures: list[Any] = field(default_factory=list)
    """Addresses that the platform fetches, or what it was given."""


class Platform:
    """What all have in common. `person` is who writes just now; `people` are others whom the shop's messages reach."""

    name = ""
    person = "100200300"

    def __init__(self) -> None:
        self.app = FastAPI()
        self.screens: dict[str, list[Seen]] = defaultdict(list)
        self.people: set[str] = set()
        self.sent = 0
        self.troubles: list[Response] = []
        self.signs: list[str] = []
        """Signs of reading and typing."""
        self.calls = 0
        self.lately: dict[str, list[float]] = defaultdict(list)
        self.overall: int | None = None
        """How many calls for all chats together it takes in a second; None: any number."""
        self.limited = 0
        """How often somebody was told to slow down."""
        self.events = 0
        self.url = ""

    @property
    def screen(self) -> list[Seen]:
        """What `person` sees."""
        return self.screens[self.person]

    def knows(self, person: str) -> bool:
        """Whether there is such a person."""
        return person == self.person or person in self.people

    def show(self, person: str, seen: Seen) -> int:
        """A message of the shop's arrives; its number."""
        assert self.knows(person)
        self.screens[person].append(seen)
        self.sent += 1
        return self.sent

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """What the platform needs besides its HTTP API, as long as the block lasts."""
        yield

    def settings(self, url: str) -> dict[str, Any]:
        """The gateway's settings for this platform at `url`."""
        raise NotImplementedError

    def says(self, words: str) -> list[dict[str, Any]]:
        """The webhook call for words of the person, as arguments of `httpx.AsyncClient.request`."""
        raise NotImplementedError

    def touches(self, value: str) -> list[dict[str, Any]]:
        """The webhook call for a choice that was touched."""
        raise NotImplementedError

    def shows(self) -> list[dict[str, Any]]:
        """The webhook call for a picture of the person's."""
        raise NotImplementedError

    def other(self) -> list[dict[str, Any]]:
        """The webhook call for a kind of message that nobody here can open."""
        raise NotImplementedError

    def edits(self, words: str) -> list[dict[str, Any]]:
        """The webhook calls for an edit of the message that the person wrote last."""
        raise NotImplementedError

    def forged(self) -> list[dict[str, Any]]:
        """A call that nobody signed."""
        raise NotImplementedError

    def trouble(self) -> Response | None:
        """What to answer in place of success."""
        self.calls += 1
        return self.troubles.pop(0) if self.troubles else None

    def is_too_much(self, chat: str, most: int = 3, seconds: float = 1.0) -> bool:
        """Whether more than `most` calls for a chat came within `seconds`.

        Short bursts are let through, as Telegram (https://core.telegram.org/bots/faq) and Slack
        (https://docs.slack.dev/apis/web-api/rate-limits) say of their one message a second.
        """
        now = time.monotonic()
        self.lately[chat] = [at for at in self.lately[chat] if now - at < seconds]
        if len(self.lately[chat]) >= most:
            self.limited += 1
            return True
        self.lately[chat].append(now)
        return False

    def _next(self) -> int:
        self.events += 1
        return self.events


class TelegramPlatform(Platform):
    """https://core.telegram.org/bots/api"""

    name = "telegram"
    token, secret = "42:AA-token", "webhook-secret_1"

    def __init__(self) -> None:
        super().__init__()

        @self.app.post("/bot{token}/{method}")
        async def call(token: str, method: str, request: Request) -> Response:
            assert token == self.token
            body = await request.json()
            if method == "getFile":
                return JSONResponse({"ok": True, "result": {"file_path": "photos/1.jpg"}})
            if method == "sendChatAction":
                self.signs.append(body["action"])
                return JSONResponse({"ok": True, "result": True})
            if (trouble := self.trouble()) is not None:
                return trouble
            if self.is_too_much("all", self.overall or sys.maxsize) or self.is_too_much(body["chat_id"]):
                return self.refusal(429, "Too Many Requests: retry after 1", retry_after=1)
            text = body.get("text", body.get("caption", ""))
            keyboard = (body.get("reply_markup") or {}).get("inline_keyboard", [])
            buttons = [button for row in keyboard for button in row]
            if method == "sendMessage" and not 1 <= len(text) <= 4096:
                return self.refusal(400, "Bad Request: message is too long")
            if any(not 1 <= len(button["callback_data"].encode()) <= 64 for button in buttons):
                return self.refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if method == "sendPhoto" and (len(text) > 1024 or not str(body["photo"]).startswith("http")):
                return self.refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
            pictures = [body["photo"]] if method == "sendPhoto" else []
            seen = Seen(text, {button["text"]: button["callback_data"] for button in buttons}, pictures)
            return JSONResponse({"ok": True, "result": {"message_id": self.show(body["chat_id"], seen)}})

        @self.app.get("/file/bot{token}/{path:path}")
        async def file(token: str, path: str) -> Response:
            assert token == self.token
            return Response(PICTURE, media_type="application/octet-stream")

    @staticmethod
    def refusal(code: int, description: str, **parameters: Any) -> Response:
        """An error as the Bot API writes one."""
        return JSONResponse(
            {"ok": False, "error_code": code, "description": description, "parameters": parameters}, status_code=code
        )

    def settings(self, url: str) -> dict[str, Any]:
        return {"telegram_token": self.token, "telegram_webhook_secret": self.secret, "telegram_api": url}

    def _update(self, **content: Any) -> list[dict[str, Any]]:
        body = {"update_id": 7000 + self._next(), **content}
        return [{"method": "POST", "json": body, "headers": {"X-Telegram-Bot-Api-Secret-Token": self.secret}}]

    def _message(self, **content: Any) -> dict[str, Any]:
        return {
            "message_id": self.events, "date": int(time.time()), "chat": {"id": int(self.person), "type": "private"},
            "from": {"id": int(self.person), "is_bot": False, "first_name": "Ada"}, **content,
        }  # fmt: skip

    def says(self, words: str) -> list[dict[str, Any]]:
        return self._update(message=self._message(text=words))

    def edits(self, words: str) -> list[dict[str, Any]]:
        return self._update(edited_message=self._message(text=words, edit_date=int(time.time())))

    def touches(self, value: str) -> list[dict[str, Any]]:
        sender = {"id": int(self.person), "is_bot": False, "first_name": "Ada"}
        return self._update(callback_query={"id": "1", "from": sender, "message": self._message(), "data": value})

    def shows(self) -> list[dict[str, Any]]:
        sizes = [{"file_id": "small", "width": 90}, {"file_id": "large", "width": 800}]
        return self._update(message=self._message(photo=sizes))

    def other(self) -> list[dict[str, Any]]:
        return self._update(message=self._message(sticker={"file_id": "s", "emoji": "👍"}))

    def forged(self) -> list[dict[str, Any]]:
        (call,) = self.says("let me in")
        return [{**call, "headers": {"X-Telegram-Bot-Api-Secret-Token": "guessed"}}]


class MetaPlatform(Platform):
    """What Meta's three share."""

    app_secret, verify_token, token = "meta-app-secret", "meta-verify", "EAAB-token"

    def _settings(self, url: str, **more: Any) -> dict[str, Any]:
        return {"meta_app_secret": self.app_secret, "meta_verify_token": self.verify_token, "meta_api": url, **more}

    def _signed(self, body: dict[str, Any], secret: str | None = None) -> list[dict[str, Any]]:
        raw = json.dumps(body).encode()
        digest = hmac.new((secret or self.app_secret).encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}
        return [{"method": "POST", "content": raw, "headers": headers}]

    def forged(self) -> list[dict[str, Any]]:
        (call,) = self.says("let me in")
        return self._signed(json.loads(call["content"]), secret="guessed")

    def _authorised(self, request: Request) -> None:
        assert request.headers["authorization"] == f"Bearer {self.token}"

    @staticmethod
    def refusal(status: int, code: int, message: str) -> Response:
        """An error as the Graph API writes one."""
        return JSONResponse({"error": {"code": code, "message": message, "type": "OAuthException"}}, status_code=status)


class WhatsAppPlatform(MetaPlatform):
    """https://developers.facebook.com/docs/whatsapp/cloud-api, with its page on business-scoped user ids."""

    name = "whatsapp"
    person = "GB.13491208655302741918"
    number = "1055500001"
    telephone: str | None = "447700900123"
    """None for who hides it."""

    def __init__(self) -> None:
        super().__init__()

        @self.app.post("/{number}/messages")
        async def messages(number: str, request: Request) -> Response:
            self._authorised(request)
            assert number == self.number
            body = await request.json()
            if body.get("status") == "read":
                assert body["message_id"].startswith("wamid.in")
                self.signs.append(body["typing_indicator"]["type"])
                return JSONResponse({"success": True})
            if (trouble := self.trouble()) is not None:
                return trouble
            assert body["messaging_product"] == "whatsapp"
            seen = self._check(body)
            if isinstance(seen, str):
                return self.refusal(400, 131009, seen)
            if not str(body.get("to", "0")).isdecimal() or str(body.get("recipient", "A")).isdecimal():
                return self.refusal(400, 131009, "a telephone number is named as to, a user id as recipient")
            whom = body["to"] if "to" in body else body["recipient"]
            return JSONResponse({"messages": [{"id": f"wamid.out{self.show(whom, seen)}"}]})

        @self.app.get("/media-1")
        async def media(request: Request) -> Response:
            self._authorised(request)
            return JSONResponse({"url": f"{self.url}/files/1", "mime_type": "image/jpeg"})

        @self.app.get("/files/1")
        async def file(request: Request) -> Response:
            self._authorised(request)
            return Response(PICTURE)

    @staticmethod
    def _check(body: dict[str, Any]) -> Seen | str:
        if body["type"] == "text":
            text = body["text"]["body"]
            return Seen(text) if 1 <= len(text) <= 4096 else "text too long"
        if body["type"] == "image":
            fine = body["image"]["link"].startswith("http") and len(body["image"].get("caption", "")) <= 1024
            return Seen(body["image"].get("caption", ""), pictures=[body["image"]["link"]]) if fine else "media"
        if body["type"] == "template":
            template = body["template"]
            parameters = [each["text"] for each in template["components"][0]["parameters"]]
            return Seen(f"[{template['name']} {template['language']['code']}] {', '.join(parameters)}")
        interactive = body["interactive"]
        words, action = interactive["body"]["text"], interactive["action"]
        if interactive["type"] == "button":
            buttons = [button["reply"] for button in action["buttons"]]
            fine = 1 <= len(buttons) <= 3 and all(1 <= len(b["title"]) <= 20 and len(b["id"]) <= 256 for b in buttons)
            if not fine or not 1 <= len(words) <= 1024:
                return "parameter value is not valid"
            return Seen(words, {button["title"]: button["id"] for button in buttons})
        rows = [row for section in action["sections"] for row in section["rows"]]
        fine = 1 <= len(rows) <= 10 and all(1 <= len(row["title"]) <= 24 for row in rows)
        if not fine or not 1 <= len(action["button"]) <= 20 or not 1 <= len(words) <= 4096:
            return "parameter value is not valid"
        return Seen(words, {row["title"]: row["id"] for row in rows})

    def settings(self, url: str) -> dict[str, Any]:
        self.url = url
        return self._settings(url, whatsapp_token=self.token, whatsapp_phone_number_id=self.number)

    def _body(self, **value: Any) -> dict[str, Any]:
        metadata = {"display_phone_number": "15550001", "phone_number_id": self.number}
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}

    def _message(self, **content: Any) -> list[dict[str, Any]]:
        message = {
            "from_user_id": self.person, "id": f"wamid.in{self._next()}", "timestamp": str(int(time.time())), **content,
        }  # fmt: skip
        contact = {"user_id": self.person, "profile": {"name": "Ada"}}
        if self.telephone is not None:
            message["from"] = contact["wa_id"] = self.telephone
        contacts = [contact]
        return self._signed(self._body(contacts=contacts, messages=[message]))

    def says(self, words: str) -> list[dict[str, Any]]:
        return self._message(type="text", text={"body": words})

    def edits(self, words: str) -> list[dict[str, Any]]:
        """As to a number that is in the WhatsApp Business app too; and then another message is taken back."""
        new = {"context": {"id": f"wamid.in{self.events}"}, "type": "text", "text": {"body": words}}
        edit = {"original_message_id": f"wamid.in{self.events}", "message": new}
        revoke = {"original_message_id": "wamid.in0"}
        return [*self._message(type="edit", edit=edit), *self._message(type="revoke", revoke=revoke)]

    def touches(self, value: str) -> list[dict[str, Any]]:
        reply = {"type": "button_reply", "button_reply": {"id": value, "title": "…"}}
        return self._message(type="interactive", interactive=reply)

    def shows(self) -> list[dict[str, Any]]:
        return self._message(type="image", image={"id": "media-1", "mime_type": "image/jpeg"})

    def shows_what_is_gone(self, words: str) -> list[dict[str, Any]]:
        """The call for a picture that the platform does not have any more, with words."""
        return self._message(type="image", image={"id": "media-gone", "mime_type": "image/jpeg", "caption": words})

    def other(self) -> list[dict[str, Any]]:
        return self._message(type="audio", audio={"id": "media-2", "mime_type": "audio/ogg", "voice": True})

    def status(self, message_id: str, state: str) -> list[dict[str, Any]]:
        """A status of a message of the shop's."""
        status = {"id": message_id, "status": state, "timestamp": str(int(time.time()))}
        status |= {"recipient_user_id": self.person} | ({"recipient_id": self.telephone} if self.telephone else {})
        return self._signed(self._body(statuses=[status]))


class MessengerPlatform(MetaPlatform):
    """https://developers.facebook.com/docs/messenger-platform"""

    name = "messenger"
    object = "page"
    text_limit = 1999
    setting = "messenger_token"

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str | None] = []
        self.postbacks: set[str] = set()
        """What buttons that stay say when they are touched."""

        @self.app.post("/me/messages")
        async def messages(request: Request) -> Response:
            self._authorised(request)
            body = await request.json()
            person = body["recipient"]["id"]
            assert self.knows(person)
            if "sender_action" in body:
                self.signs.append(body["sender_action"])
                return JSONResponse({"recipient_id": person})
            if (trouble := self.trouble()) is not None:
                return trouble
            how = (body["messaging_type"], body.get("tag"))
            if "template" in body["message"]:
                # A utility message; Instagram has none.
                assert (how, self.name) == (("UTILITY", None), "messenger")
                template = body["message"]["template"]
                parameters = [each["text"] for each in template["components"][0]["parameters"]]
                shown = f"[{template['name']} {template['language']['code']}] {', '.join(parameters)}"
                return JSONResponse({"recipient_id": person, "message_id": f"m_out{self.show(person, Seen(shown))}"})
            assert how in (("RESPONSE", None), ("MESSAGE_TAG", "HUMAN_AGENT"))
            self.tags.append(how[1])
            message = body["message"]
            replies = message.get("quick_replies", [])
            if len(replies) > 13 or any(not 1 <= len(reply["title"]) <= 20 for reply in replies):
                return self.refusal(400, 100, "Invalid parameter")
            seen: Seen | None
            if "attachment" in message:
                seen = self._attachment(message["attachment"])
            elif 1 <= self.length(message["text"]) <= self.text_limit:
                seen = Seen(message["text"])
            else:
                seen = None
            if seen is None:
                return self.refusal(400, 100, "Invalid parameter")
            seen.choices |= {reply["title"]: reply["payload"] for reply in replies}
            return JSONResponse({"recipient_id": person, "message_id": f"m_out{self.show(person, seen)}"})

        @self.app.get("/cdn/1.jpg")
        async def file() -> Response:
            return Response(PICTURE)

    def settings(self, url: str) -> dict[str, Any]:
        self.url = url
        return self._settings(url, **{self.setting: self.token})

    def _attachment(self, attachment: dict[str, Any]) -> Seen | None:
        """What is seen of a picture or a template; None where it is out of the limits."""
        payload = attachment["payload"]
        if attachment["type"] == "image":
            return Seen("", pictures=[payload["url"]]) if payload["url"].startswith("http") else None
        if payload["template_type"] == "button":
            if not 1 <= len(payload["text"]) <= 640 or not 1 <= len(payload["buttons"]) <= 3:
                return None
            choices = self._buttons(payload["buttons"])
            return None if choices is None else Seen(payload["text"], choices)
        elements = payload["elements"]
        if payload["template_type"] != "generic" or not 1 <= len(elements) <= 10:
            return None
        seen = Seen("\n".join(f"[{each['title']} | {each.get('subtitle', '')}]" for each in elements))
        for each in elements:
            choices = self._buttons(each.get("buttons", []))
            within = 1 <= len(each["title"]) <= 80 and len(each.get("subtitle", "")) <= 80
            if not within or len(each) < 2 or choices is None:
                return None
            seen.choices |= {f"{each['title']}: {title}": value for title, value in choices.items()}
            seen.pictures += [each["image_url"]] if "image_url" in each else []
        return seen

    def _buttons(self, buttons: list[dict[str, Any]]) -> dict[str, str] | None:
        if len(buttons) > 3 or any(not 1 <= len(each["title"]) <= 20 for each in buttons):
            return None
        pressed = {each["title"]: each["payload"] for each in buttons if each["type"] == "postback"}
        links = [each["url"] for each in buttons if each["type"] == "web_url"]
        if len(pressed) + len(links) < len(buttons) or any(not 1 <= len(each) <= 1000 for each in pressed.values()):
            return None
        self.postbacks |= set(pressed.values())
        return pressed

    def _message(self, **content: Any) -> list[dict[str, Any]]:
        return self._messaging(message={"mid": f"m_in{self._next()}", **content})

    def _messaging(self, **content: Any) -> list[dict[str, Any]]:
        event = {
            "sender": {"id": self.person}, "recipient": {"id": "1"}, "timestamp": int(time.time() * 1000), **content,
        }  # fmt: skip
        return self._signed({"object": self.object, "entry": [{"id": "1", "time": 1, "messaging": [event]}]})

    def says(self, words: str) -> list[dict[str, Any]]:
        return self._message(text=words)

    def edits(self, words: str) -> list[dict[str, Any]]:
        return self._messaging(message_edit={"mid": f"m_in{self.events}", "text": words, "num_edit": 1})

    def touches(self, value: str) -> list[dict[str, Any]]:
        if value in self.postbacks:
            return self._messaging(postback={"mid": f"m_in{self._next()}", "title": "…", "payload": value})
        return self._message(text="…", quick_reply={"payload": value})

    def shows(self) -> list[dict[str, Any]]:
        return self._message(attachments=[{"type": "image", "payload": {"url": f"{self.url}/cdn/1.jpg"}}])

    def shows_what_is_gone(self, words: str) -> list[dict[str, Any]]:
        """The call for a picture that the platform does not have any more, with words."""
        return self._message(text=words, attachments=[{"type": "image", "payload": {"url": f"{self.url}/cdn/2.jpg"}}])

    def other(self) -> list[dict[str, Any]]:
        return self._message(attachments=[{"type": "audio", "payload": {"url": f"{self.url}/cdn/2.mp4"}}])

    @staticmethod
    def length(words: str) -> int:
        """As the platform counts."""
        return len(words)


class InstagramPlatform(MessengerPlatform):
    """The same shape under another name."""

    name = "instagram"
    object = "instagram"
    text_limit = 1000
    setting = "instagram_token"

    @staticmethod
    def length(words: str) -> int:
        return len(words.encode())


class SlackPlatform(Platform):
    """https://docs.slack.dev/apis/events-api"""

    name = "slack"
    person = "D024BE91L"
    token, secret = "xoxb-token", "slack-signing-secret"

    def __init__(self) -> None:
        super().__init__()

        @self.app.post("/chat.postMessage")
        async def post(request: Request) -> Response:
            assert request.headers["authorization"] == f"Bearer {self.token}"
            if (trouble := self.trouble()) is not None:
                return trouble
            body = await request.json()
            assert self.knows(body["channel"])
            if self.is_too_much(body["channel"]):
                return JSONResponse(
                    {"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": "1"}
                )
            choices, pictures = {}, []
            if len(body.get("blocks", [])) > 50:
                return JSONResponse({"ok": False, "error": "invalid_blocks"})
            for block in body.get("blocks", []):
                if block["type"] == "image":
                    if not block["image_url"].startswith("http") or not 1 <= len(block["alt_text"]) <= 2000:
                        return JSONResponse({"ok": False, "error": "invalid_blocks"})
                    pictures.append(block["image_url"])
                for button in block.get("elements", []):
                    if not 1 <= len(button["text"]["text"]) <= 75 or len(button["value"]) > 2000:
                        return JSONResponse({"ok": False, "error": "invalid_blocks"})
                    choices[button["text"]["text"]] = button["value"]
            number = self.show(body["channel"], Seen(body["text"], choices, pictures))
            return JSONResponse({"ok": True, "ts": f"1700000000.{number:06d}"})

        @self.app.get("/files-pri/1.png")
        async def file(request: Request) -> Response:
            assert request.headers["authorization"] == f"Bearer {self.token}"
            return Response(PICTURE)

    def settings(self, url: str) -> dict[str, Any]:
        self.url = url
        return {"slack_token": self.token, "slack_signing_secret": self.secret, "slack_api": url}

    def _signed(self, raw: bytes, kind: str, *, age: int = 0, secret: str | None = None) -> list[dict[str, Any]]:
        stamp = str(int(time.time()) - age)
        base = f"v0:{stamp}:".encode() + raw
        digest = hmac.new((secret or self.secret).encode(), base, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Signature": f"v0={digest}", "X-Slack-Request-Timestamp": stamp, "Content-Type": kind}
        return [{"method": "POST", "content": raw, "headers": headers}]

    def _event(self, **content: Any) -> bytes:
        event = {
            "type": "message", "channel": self.person, "channel_type": "im", "user": "U1",
            "ts": f"{time.time():.6f}", **content,
        }  # fmt: skip
        return json.dumps({"type": "event_callback", "event_id": f"Ev{self._next()}", "event": event}).encode()

    def says(self, words: str) -> list[dict[str, Any]]:
        return self._signed(self._event(text=words), "application/json")

    def edits(self, words: str) -> list[dict[str, Any]]:
        """And what has the same name: a link of it is unfurled; the shop's program changes what it said."""
        stamp = f"{time.time():.6f}"
        old = {"type": "message", "user": "U1", "text": "…", "ts": "1700000001.000100"}
        new = {**old, "text": words, "edited": {"user": "U1", "ts": stamp}}
        bot = {
            **old,
            "user": "U9",
            "bot_id": "B1",
            "text": "our answer, changed",
            "edited": {"user": "U9", "ts": stamp},
        }
        changes = [(new, old), ({**new, "attachments": [{"from_url": "https://x.example"}]}, new), (bot, old)]
        return [
            call
            for message, before in changes
            for call in self._signed(
                self._event(subtype="message_changed", hidden=True, message=message, previous_message=before),
                "application/json",
            )
        ]

    def touches(self, value: str) -> list[dict[str, Any]]:
        payload = {
            "type": "block_actions", "container": {"channel_id": self.person},
            "actions": [{"value": value, "action_ts": f"{time.time():.6f}"}],
        }  # fmt: skip
        raw = httpx.QueryParams({"payload": json.dumps(payload)})
        return self._signed(str(raw).encode(), "application/x-www-form-urlencoded")

    def shows(self, address: str = "") -> list[dict[str, Any]]:
        """`address`: of a file that is kept elsewhere."""
        files = [{"mimetype": "image/png", "url_private": address or f"{self.url}/files-pri/1.png"}]
        return self._signed(self._event(subtype="file_share", text="", files=files), "application/json")

    def shows_what_is_gone(self, words: str) -> list[dict[str, Any]]:
        """The call for a picture that the platform does not have any more, with words."""
        files = [{"mimetype": "image/png", "url_private": f"{self.url}/files-pri/2.png"}]
        return self._signed(self._event(subtype="file_share", text=words, files=files), "application/json")

    def other(self) -> list[dict[str, Any]]:
        files = [{"mimetype": "application/pdf", "url_private": f"{self.url}/files-pri/2.pdf"}]
        return self._signed(self._event(subtype="file_share", text="", files=files), "application/json")

    def forged(self) -> list[dict[str, Any]]:
        raw = self._event(text="let me in")
        return [
            *self._signed(raw, "application/json", secret="guessed"),
            *self._signed(raw, "application/json", age=301),
        ]


class WeChatPlatform(Platform):
    """https://developers.weixin.qq.com/doc/offiaccount"""

    name = "wechat"
    person = "oUser_openid_1"
    app_id, app_secret, token = "wx0123456789abcdef", "wechat-secret", "AAAAA"

    def __init__(self) -> None:
        super().__init__()
        self.access_token = "ACCESS-1"
        self.media: dict[str, bytes] = {}
        """Temporary media, until three days are over."""
        self.uploads = 0

        @self.app.post("/cgi-bin/stable_token")
        async def stable_token(request: Request) -> Response:
            body = await request.json()
            assert (body["appid"], body["secret"]) == (self.app_id, self.app_secret)
            return JSONResponse({"access_token": self.access_token, "expires_in": 7200})

        @self.app.post("/cgi-bin/message/custom/typing")
        async def typing(access_token: str, request: Request) -> Response:
            body = await request.json()
            assert self.knows(body["touser"])
            self.signs.append(body["command"])
            return JSONResponse({"errcode": 0, "errmsg": "ok"})

        @self.app.post("/cgi-bin/media/upload")
        async def upload(access_token: str, request: Request, media: UploadFile) -> Response:
            if access_token != self.access_token:
                return JSONResponse({"errcode": 42001, "errmsg": "access_token expired"})
            content = await media.read()
            if (
                request.query_params["type"] != "image"
                or len(content) > 2 * 1024 * 1024
                or not kind_of(content, "PNG", "JPEG", "GIF")
            ):
                return JSONResponse({"errcode": 40009, "errmsg": "invalid image size"})
            assert media.filename
            assert media.content_type == f"image/{kind_of(content, 'PNG', 'JPEG', 'GIF')}"
            self.uploads += 1
            self.media[f"MEDIA-{self.uploads}"] = content
            return JSONResponse({"type": "image", "media_id": f"MEDIA-{self.uploads}", "created_at": 1672500000})

        @self.app.post("/cgi-bin/message/custom/send")
        async def send(access_token: str, request: Request) -> Response:
            if access_token != self.access_token:
                return JSONResponse({"errcode": 42001, "errmsg": "access_token expired"})
            if (trouble := self.trouble()) is not None:
                return trouble
            body = await request.json()
            if body["msgtype"] == "image":
                if body["image"]["media_id"] not in self.media:
                    return JSONResponse({"errcode": 40007, "errmsg": "invalid media_id"})
                self.show(body["touser"], Seen("", pictures=[self.media[body["image"]["media_id"]]]))
            elif body["msgtype"] == "text":
                words = body["text"]["content"]
                if len(words.encode()) > 2048:
                    return JSONResponse({"errcode": 45002, "errmsg": "content size out of limit"})
                self.show(body["touser"], Seen(words))
            else:
                menu = body["msgmenu"]
                choices = {line["content"]: line["id"] for line in menu["list"]}
                self.show(body["touser"], Seen(menu["head_content"], choices))
            return JSONResponse({"errcode": 0, "errmsg": "ok"})

        @self.app.get("/mmbiz/1.jpg")
        async def file() -> Response:
            return Response(PICTURE)

    def settings(self, url: str) -> dict[str, Any]:
        self.url = url
        return {
            "wechat_app_id": self.app_id, "wechat_app_secret": self.app_secret, "wechat_token": self.token,
            "wechat_api": url,
        }  # fmt: skip

    def query(self, token: str | None = None) -> dict[str, str]:
        """The signed part of the address."""
        stamp, nonce = str(int(time.time())), "486452656"
        joined = "".join(sorted([token or self.token, stamp, nonce]))
        return {"timestamp": stamp, "nonce": nonce, "signature": hashlib.sha1(joined.encode()).hexdigest()}

    def xml(self, kind: str, **fields: str) -> bytes:
        """A message as WeChat writes it."""
        head = {"ToUserName": "gh_1", "FromUserName": self.person, "CreateTime": str(int(time.time())), "MsgType": kind}
        numbered = {"MsgId": str(90000 + self._next()), **fields}
        return f"<xml>{''.join(f'<{k}>{escape(v)}</{k}>' for k, v in {**head, **numbered}.items())}</xml>".encode()

    def _call(self, raw: bytes, token: str | None = None) -> list[dict[str, Any]]:
        return [
            {"method": "POST", "content": raw, "params": self.query(token), "headers": {"Content-Type": "text/xml"}}
        ]

    def says(self, words: str) -> list[dict[str, Any]]:
        return self._call(self.xml("text", Content=words))

    def touches(self, value: str) -> list[dict[str, Any]]:
        return self._call(self.xml("text", Content="…", bizmsgmenuid=value))

    def shows(self) -> list[dict[str, Any]]:
        return self._call(self.xml("image", PicUrl=f"{self.url}/mmbiz/1.jpg", MediaId="m1"))

    def other(self) -> list[dict[str, Any]]:
        return self._call(self.xml("location", Location_X="51.5", Location_Y="-0.1", Label="London"))

    def forged(self) -> list[dict[str, Any]]:
        return self._call(self.xml("text", Content="let me in"), token="guessed")
