"""WeChat: messages to an official account (公众号) or from a Mini Program's customer service.

From https://developers.weixin.qq.com/doc/subscription/api/customer/message/api_sendcustommessage.html (read in a stored
copy, 2026-11-28): five messages within 48 hours of each message of the person. As given with the project's issue 7:
the signature, five seconds and three tries, `msgmenu`, the secure mode. Messages again by MsgId and events by
FromUserName and CreateTime: as others quote the platform's pages (WxJava's wiki on repeated messages, read 2026-11-28).
The page names images among what may be sent. Pictures as temporary media, kept three days, of 2 MB (its note; the text
below it says 10 MB), PNG, JPEG or GIF: https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia
(read in a stored copy, 2026-11-28). Words of 2048 bytes: as somebody measured it in the platform's forum, for no page
says it (https://developers.weixin.qq.com/community/develop/doc/00084e2936c340b9015a753405b800, read 2026-11-28). Not
confirmed: how many lines a menu may have (there is a limit, errcode 45098) and how long they may be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from starlette.responses import PlainTextResponse, Response

from gateway.channels import reasons
from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_moment, as_text
from gateway.channels.pictures import MediaIds, file_name
from gateway.channels.port import Channel, Event, Part, Recipient, Request, SendLater, SendRefused
from gateway.channels.rendering import choices_of, image_of, pictures_of, pieces, typed, words_of
from gateway.channels.responses import body_of, check_status
from gateway.channels.signatures import expect_equal, sha1_of_sorted
from gateway.channels.wechat_crypto import key_of, open_envelope
from gateway.channels.wechat_xml import fields_of
from gateway.images.encoding import Picture, within
from shopdesk_schemas.problems import Unauthenticated

WORDS: Final = 2048
"""Bytes."""
PICTURE_BYTES: Final = 2 * 1024 * 1024
PICTURES: Final = 3
"""Products' pictures with one answer: a choice of ours, for each is one of the five messages."""

_STALE_TOKEN: Final = frozenset({40001, 40014, 42001})
_NO_SUCH_MEDIA: Final = 40007
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
        self._app_secret = app_secret
        self._token = token
        self._keys = tuple(key_of(key) for key in aes_keys)
        self._access_token: str | None = None
        self._renewing = asyncio.Lock()
        self._media = MediaIds()

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
        """Words, or a menu of choices after them; a picture, or pictures of the first products below."""
        words, choices = words_of(content), choices_of(content)
        if url := image_of(content):
            return [Part({"msgtype": "image"}, pictures=(url,))]
        pictures = [
            Part({"msgtype": "image"}, pictures=(address,), optional=True)
            for address, _title in pictures_of(content)[:PICTURES]
        ]
        *before, last = pieces(words, WORDS, in_bytes=True) or ["…"]
        parts = [Part({"msgtype": "text", "text": {"content": each}}) for each in before]
        if not choices:
            return [*parts, Part({"msgtype": "text", "text": {"content": last}}), *pictures]
        menu = {
            "head_content": last,
            "list": [{"id": each.id, "content": each.label} for each in choices],
            "tail_content": "",
        }
        # Whoever types a number in place of touching the line is understood too.
        return [*parts, Part({"msgtype": "msgmenu", "msgmenu": menu}, typed(choices)), *pictures]

    async def send(self, to: Recipient, part: Part) -> str | None:
        """By the customer-service API; a stale access token is renewed once."""
        payload = {**part.payload, "touser": to.chat}
        if not part.pictures:
            await self._said("/cgi-bin/message/custom/send", json=payload)
            return None
        picture = part.loaded[0] if part.loaded else None
        if picture is None:
            raise SendRefused(reasons.PICTURE_GONE)
        picture = await asyncio.to_thread(within, picture, most_bytes=PICTURE_BYTES)
        for again in (True, False):
            image = {"media_id": await self._media.of(picture, self._upload)}
            known = await self._said(
                "/cgi-bin/message/custom/send", json={**payload, "image": image}, unless=_NO_SUCH_MEDIA if again else 0
            )
            if known is not None:
                break
            self._media.forget(picture)
        return None

    async def _upload(self, picture: Picture) -> str:
        """Keep a picture at WeChat for three days; its id there."""
        files = {"media": (file_name(picture), picture.content, picture.media_type)}
        body = await self._said("/cgi-bin/media/upload", files=files, params={"type": "image"})
        return as_text((body or {}).get("media_id"))

    async def notice(self, chat: str, event_id: str) -> None:
        """The line 对方正在输入 until the answer; there are no read marks."""
        token = await self._current_token()
        request = {"touser": chat, "command": "Typing"}
        path = "/cgi-bin/message/custom/typing"
        check_status(await self._api.call("POST", path, params={"access_token": token}, json=request))

    async def fetch(self, media: str) -> bytes:
        """A picture by its address at WeChat."""
        if not media.startswith("http"):
            raise SendRefused("not an address of a picture")
        return await self._api.download(media)

    def _check(self, request: Request, given: str | None, *more: str) -> None:
        signed = sha1_of_sorted(self._token, request.query.get("timestamp", ""), request.query.get("nonce", ""), *more)
        expect_equal(given, signed)

    async def _said(
        self, path: str, *, unless: int = 0, params: Mapping[str, str] | None = None, **request: Any
    ) -> dict[str, Any] | None:
        """The body of the answer to one call; a stale access token is renewed once. None for the error `unless`.

        Raises `SendLater`, `SendRefused`.
        """
        for again in (True, False):
            token = await self._current_token()
            response = await self._api.call("POST", path, params={**(params or {}), "access_token": token}, **request)
            check_status(response)
            body = body_of(response)
            code = body.get("errcode", 0)
            if code == 0:
                return body
            if code not in _STALE_TOKEN or not again:
                break
            self._access_token = None
        if code == unless:
            return None
        reason = f"{as_text(code)} {as_text(body.get('errmsg'))}"
        if code in _LATER or code in _STALE_TOKEN:
            raise SendLater(reason)
        raise SendRefused(_REASONS.get(code, reason) if isinstance(code, int) else reason)

    async def _current_token(self) -> str:
        async with self._renewing:
            if self._access_token is None:
                request = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._app_secret}
                response = await self._api.call("POST", "/cgi-bin/stable_token", json=request)
                check_status(response)
                body = body_of(response)
                self._access_token = as_text(body.get("access_token")) or None
                if self._access_token is None:
                    raise SendLater(f"no access token: {as_text(body.get('errcode'))} {as_text(body.get('errmsg'))}")
            return self._access_token
