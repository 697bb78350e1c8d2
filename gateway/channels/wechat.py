"""WeChat: messages to an official account (公众号) or from a Mini Program's customer service.

From https://developers.weixin.qq.com/doc/subscription/api/customer/message/api_sendcustommessage.html (read in a stored
copy, 2026-11-28): five messages within 48 hours of each message of the person. As given with the project's issue 7:
the signature, five seconds and three tries, `msgmenu`, the secure mode. Messages again by MsgId and events by
FromUserName and CreateTime: as others quote the platform's pages (WxJava's wiki on repeated messages, read 2026-11-28).
The page names images among what may be sent. Pictures as temporary media, kept three days, of 2 MB (its note; the text
below it says 10 MB), PNG, JPEG or GIF: https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia
(read in a stored copy, 2026-11-28). Words of 2048 bytes: as somebody measured it in the platform's forum, for no page
says it (https://developers.weixin.qq.com/community/develop/doc/00084e2936c340b9015a753405b800, read 2026-11-28). Not
confirmed: how many lines a menu may have (there is a limit, errcode 45098) and how long they may be; WeCom's are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from starlette.responses import PlainTextResponse, Response

from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_moment
from gateway.channels.port import Channel, Event, Part, Recipient, Request, SendRefused
from gateway.channels.rendering import Choice
from gateway.channels.signatures import expect_equal, sha1_of_sorted
from gateway.channels.tencent import TencentApi, rendered
from gateway.channels.wechat_crypto import key_of, open_envelope
from gateway.channels.wechat_xml import fields_of
from shopdesk_schemas.problems import Unauthenticated

PICTURE_BYTES: Final = 2 * 1024 * 1024

_LATER: Final = frozenset({-1, 45009, 45011})
_REASONS: Final = {
    45015: "more than 48 hours since the person's last message",
    45047: "more than five messages since the person's last message",
    43004: "the person no longer follows the account",
}


class WeChat(Channel):
    """An account on WeChat."""

    name: ClassVar[str] = "wechat"
    window: ClassVar[timedelta | None] = timedelta(hours=48)
    quota: ClassVar[int | None] = 5
    merges: ClassVar[bool] = True

    def __init__(
        self, api: PlatformApi, app_id: str, app_secret: str, token: str, aes_keys: Sequence[str] = ()
    ) -> None:
        self._api = api
        self._app_id = app_id
        self._token = token
        self._keys = tuple(key_of(key) for key in aes_keys)
        request = {"grant_type": "client_credential", "appid": app_id, "secret": app_secret}
        token_call = {"method": "POST", "path": "/cgi-bin/stable_token", "json": request}
        self._said = TencentApi(api, token_call, later=_LATER, said_as=_REASONS, picture_bytes=PICTURE_BYTES)

    def challenge(self, request: Request) -> Response | None:
        """The check when the server is configured: what was sent comes back."""
        if request.method != "GET":
            return None
        self._check(request, request.query.get("signature"))
        return PlainTextResponse(request.query.get("echostr", ""))

    def verify(self, request: Request, now: datetime) -> None:
        """By the signature over token, time and nonce; in the secure mode also over the envelope."""
        if self._keys:
            encrypted = fields_of(request.body).get("Encrypt", "")
            if not encrypted:
                raise Unauthenticated
            self._check(request, request.query.get("msg_signature"), encrypted)
        else:
            self._check(request, request.query.get("signature"))

    def parse(self, request: Request) -> Sequence[Event]:
        """A message, a choice from a menu, or a sign of life such as following."""
        fields = fields_of(request.body)
        if self._keys:
            fields = fields_of(open_envelope(fields.get("Encrypt", ""), self._keys, self._app_id))
        chat, kind, at = fields.get("FromUserName", ""), fields.get("MsgType", ""), as_moment(fields.get("CreateTime"))
        if not chat or not kind:
            return []
        if kind == "event":
            event = f"{chat} {fields.get('CreateTime', '')} {fields.get('Event', '')}"
            welcome = fields.get("Event") in ("subscribe", "user_enter_tempsession", "SCAN", "CLICK")
            return [Event(id=event, kind="sign", chat=chat, at=at)] if welcome else []
        message_id = fields.get("MsgId", "")
        if not message_id:
            return []
        words = fields.get("Content") or fields.get("Recognition")
        picture = fields.get("PicUrl", "") if kind == "image" else ""
        return [
            Event(
                id=message_id, kind="message", chat=chat, text=words or None, language="zh",
                button_id=fields.get("bizmsgmenuid") or None, media=(picture,) if picture else (), at=at,
            )
        ]  # fmt: skip

    def acknowledge(self, request: Request) -> Response:
        """The word that ends WeChat's three tries; the answer goes by the customer-service API."""
        return PlainTextResponse("success")

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Words, or a menu; more or longer choices as a numbered list; a picture, or those of the first products."""
        return rendered(content, language, _menu)

    async def send(self, to: Recipient, part: Part) -> None:
        """By the customer-service API, which names no id of a message."""
        payload = {**part.payload, "touser": to.chat}
        if part.pictures:
            await self._said.send_picture("/cgi-bin/message/custom/send", payload, part)
        else:
            await self._said.ask("/cgi-bin/message/custom/send", json=payload)

    async def notice(self, chat: str, event_id: str) -> None:
        """The line 对方正在输入 until the answer; there are no read marks."""
        await self._said.ask("/cgi-bin/message/custom/typing", json={"touser": chat, "command": "Typing"})

    async def fetch(self, media: str) -> bytes:
        """A picture by its address at WeChat."""
        if not media.startswith("http"):
            raise SendRefused("not an address of a picture")
        return await self._api.download(media)

    def _check(self, request: Request, given: str | None, *more: str) -> None:
        signed = sha1_of_sorted(self._token, request.query.get("timestamp", ""), request.query.get("nonce", ""), *more)
        expect_equal(given, signed)


def _menu(head: str, choices: Sequence[Choice]) -> dict[str, Any]:
    return {
        "head_content": head,
        "list": [{"id": each.id, "content": each.label} for each in choices],
        "tail_content": "",
    }
