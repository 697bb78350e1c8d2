"""WeCom customer service (微信客服): persons on WeChat write to a customer-service account of the shop's.

From stored copies of the platform's pages, read on 2026-11-28.
https://developer.work.weixin.qq.com/document/31078: the callback carries no content but a token, good for ten minutes,
with which `kf/sync_msg` is read on from a cursor, at most 1000 messages a call, of three days.
https://developer.work.weixin.qq.com/document/path/96427 (of 2023-12-19): five messages within 48 hours of each of the
person's; a `msgid` of ours of at most 32 bytes, refused when used again; words of 2048 bytes. As a client library
quotes the platform's page (silenceper/wechat, work/kf/sendmsgonevent, read 2026-11-28): a menu has at most 10 items of
128 bytes with ids of 64, its head 1024 bytes. Pictures as temporary media, kept three days, JPG or PNG of at most 10 MB
and more than 5 bytes: https://developer.work.weixin.qq.com/document/path/96484 (of 2024-07-22). Not confirmed: what the
codes 95001, 95016 and 95026 mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from starlette.responses import PlainTextResponse, Response

from gateway.channels.calls import PlatformApi
from gateway.channels.payloads import as_list, as_moment, as_object, as_text
from gateway.channels.port import Channel, Event, Part, Pulled, Recipient, Request
from gateway.channels.rendering import Choice
from gateway.channels.signatures import expect_equal, sha1_of_sorted
from gateway.channels.tencent import TencentApi, rendered
from gateway.channels.wechat_crypto import key_of, open_envelope
from gateway.channels.wechat_xml import fields_of
from shopdesk_schemas.problems import InvalidInput, Unauthenticated

MENU_WORDS: Final = 1024
"""Bytes of a menu's head."""
PAGE: Final = 1000
PICTURE_BYTES: Final = 10 * 1024 * 1024
PULL_SECONDS: Final = 60.0
"""How often to ask without having been called: a call may be lost."""

FIRST_LOOK: Final = timedelta(minutes=5)
"""How old the first messages may be that are answered after the channel was switched on."""

_LATER: Final = frozenset({-1, 45009, 45033})
_REASONS: Final = {
    95001: "more than five messages since the person's last message",
    95016: "more than 48 hours since the person's last message",
    95026: "the person no longer takes messages",
}
_FROM_PERSON: Final = 3
"""`origin` of what a person on WeChat sent."""


class WeCom(Channel):
    """The customer-service accounts of a corporation; a chat is one person at one of them."""

    name: ClassVar[str] = "wecom"
    window: ClassVar[timedelta | None] = timedelta(hours=48)
    quota: ClassVar[int | None] = 5
    merges: ClassVar[bool] = True
    pull_every: float | None = PULL_SECONDS

    def __init__(self, api: PlatformApi, corp_id: str, secret: str, token: str, aes_keys: Sequence[str]) -> None:
        self._api = api
        self._corp_id = corp_id
        self._token = token
        self._keys = tuple(key_of(key) for key in aes_keys)
        query = {"corpid": corp_id, "corpsecret": secret}
        token_call = {"method": "GET", "path": "/cgi-bin/gettoken", "params": query}
        self._kf = TencentApi(api, token_call, later=_LATER, said_as=_REASONS, picture_bytes=PICTURE_BYTES)
        self._called_with = ""
        """The token of the last callback: with it `sync_msg` may be called more often."""

    def challenge(self, request: Request) -> Response | None:
        """The check when the callback is configured: what was sealed comes back opened."""
        if request.method != "GET":
            return None
        sealed = request.query.get("echostr", "")
        self._check(request, sealed)
        return PlainTextResponse(open_envelope(sealed, self._keys, self._corp_id).decode("utf-8", "replace"))

    def verify(self, request: Request, now: datetime) -> None:
        """By the signature over token, time, nonce and envelope."""
        try:
            sealed = fields_of(request.body).get("Encrypt", "")
        except InvalidInput as error:
            raise Unauthenticated from error
        if not sealed:
            raise Unauthenticated
        self._check(request, sealed)

    def parse(self, request: Request) -> Sequence[Event]:
        """Nothing but the news that there is something to ask for."""
        sealed = fields_of(request.body).get("Encrypt", "")
        fields = fields_of(open_envelope(sealed, self._keys, self._corp_id))
        if fields.get("Event") == "kf_msg_or_event":
            self._called_with = fields.get("Token", "")
        return []

    def acknowledge(self, request: Request) -> Response:
        """The word that ends WeCom's tries."""
        return PlainTextResponse("success")

    async def pull(self, cursor: str | None, now: datetime) -> Pulled:
        """One page of what happened since the cursor, of all accounts.

        Without a cursor WeCom begins three days ago; what was said before the channel was switched on is left alone.
        """
        since, _, place = (cursor or f"{int((now - FIRST_LOOK).timestamp())} ").partition(" ")
        request: dict[str, Any] = {"limit": PAGE}
        if place:
            request["cursor"] = place
        if self._called_with:
            request["token"], self._called_with = self._called_with, ""
        body = await self._kf.ask("/cgi-bin/kf/sync_msg", json=request) or {}
        began = as_moment(since)
        found = (_event(as_object(each)) for each in as_list(body.get("msg_list")))
        events = [each for each in found if each is not None and not (each.at and began and each.at < began)]
        return Pulled(events, f"{since} {as_text(body.get('next_cursor')) or place}", bool(body.get("has_more")))

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """Words, or a menu; more or longer choices as a numbered list; a picture, or those of the first products."""
        return rendered(content, language, _menu, head_words=MENU_WORDS)

    async def send(self, to: Recipient, part: Part) -> str | None:
        """Under an id of ours, so that a repeated call sends nothing twice."""
        person, _, account = to.chat.partition(" ")
        payload = {**part.payload, "touser": person, "open_kfid": account, "msgid": to.key}
        if part.pictures:
            await self._kf.send_picture("/cgi-bin/kf/send_msg", payload, part, own_id="msgid")
            return to.key
        body = await self._kf.ask("/cgi-bin/kf/send_msg", json=payload, own_id="msgid")
        return as_text((body or {}).get("msgid")) or to.key

    async def fetch(self, media: str) -> bytes:
        """A picture by its id."""
        return await self._kf.file("/cgi-bin/media/get", {"media_id": media})

    def _check(self, request: Request, sealed: str) -> None:
        stamp, nonce = request.query.get("timestamp", ""), request.query.get("nonce", "")
        expect_equal(request.query.get("msg_signature"), sha1_of_sorted(self._token, stamp, nonce, sealed))


def _menu(head: str, choices: Sequence[Choice]) -> dict[str, Any]:
    items = [{"type": "click", "click": {"id": each.id, "content": each.label}} for each in choices]
    return {"head_content": head, "list": items}


def _event(message: Mapping[str, Any]) -> Event | None:
    """A message of a person's, or the news that a message of ours did not arrive."""
    message_id, kind = as_text(message.get("msgid")), as_text(message.get("msgtype"))
    at = as_moment(message.get("send_time"))
    person, account = as_text(message.get("external_userid")), as_text(message.get("open_kfid"))
    if kind == "event":
        return _of_event(as_object(message.get("event")), message_id, at)
    if message.get("origin") != _FROM_PERSON or not message_id or not person or not account:
        return None
    text = as_object(message.get("text"))
    picture = as_text(as_object(message.get("image")).get("media_id"))
    return Event(
        id=message_id,
        kind="message",
        chat=f"{person} {account}",
        text=as_text(text.get("content")) or None,
        button_id=as_text(text.get("menu_id")) or None,
        media=(picture,) if picture else (),
        language="zh",
        at=at,
    )


def _of_event(event: Mapping[str, Any], message_id: str, at: datetime | None) -> Event | None:
    person, account = as_text(event.get("external_userid")), as_text(event.get("open_kfid"))
    kind = event.get("event_type")
    if kind == "msg_send_fail" and (failed := as_text(event.get("fail_msgid"))):
        return Event(
            id=f"{failed} failed", kind="status", chat=f"{person} {account}", message_id=failed, state="failed",
            reason=f"WeCom could not deliver it (type {as_text(event.get('fail_type')) or '?'})", at=at,
        )  # fmt: skip
    if kind == "enter_session" and person and account and message_id:
        return Event(id=message_id, kind="sign", chat=f"{person} {account}", at=at)
    return None
