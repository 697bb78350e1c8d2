"""Slack's Events API, for shops whose customers write in a shared channel or in direct messages.

Limits as given with the project's issue 7; the button's confirmed on a description of
https://docs.slack.dev/reference/block-kit/block-elements/button-element (read 2026-11-28): text 75 characters, value
2000; an actions block 25 elements. One message a second in a channel: https://api.slack.com/docs/rate-limits (copy,
2026-11-28). A section's text 3000 (https://gitlab.com/gitlab-org/release-tools/-/merge_requests/1786 quotes it) and
acknowledging within three seconds (https://docs.agno.com/api-reference/slack/slack-events, both read 2026-11-28): as
others describe them. Edits: https://docs.slack.dev/reference/events/message/message_changed/ (copy, 2026-11-28), with
`previous_message` as recorded calls have it. Not confirmed: 50 blocks a message (one or two are sent), refusing what is
over five minutes old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response

from gateway.channels.calls import PlatformApi
from gateway.channels.downloads import host_of
from gateway.channels.payloads import as_list, as_moment, as_object, as_text, json_object
from gateway.channels.port import Channel, Event, Part, Rate, Recipient, Request, SendLater, SendRefused
from gateway.channels.rendering import choices_of, fits, image_of, numbered, pieces, words_of
from gateway.channels.responses import body_of, check_status, retry_after
from gateway.channels.signatures import expect_equal, hmac_sha256
from shopdesk_schemas.problems import Unauthenticated

SECTION: Final = 3000
BUTTONS: Final = 25
LABEL: Final = 75
OLDEST_SECONDS: Final = 300

_LATER: Final = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class Slack(Channel):
    """A Slack app; each direct message, and each thread in a channel, is a chat of its own."""

    name: ClassVar[str] = "slack"
    per_chat: ClassVar[Rate | None] = Rate(1, 1.0)

    def __init__(self, api: PlatformApi, token: str, signing_secret: str) -> None:
        self._api = api
        self._token = token
        self._secret = signing_secret

    def verify(self, request: Request, now: datetime) -> None:
        """By the signature over time and raw body, not older than five minutes."""
        stamp = request.headers.get("x-slack-request-timestamp", "")
        at = as_moment(stamp)
        if at is None or abs((now - at).total_seconds()) > OLDEST_SECONDS:
            raise Unauthenticated
        expected = f"v0={hmac_sha256(self._secret, f'v0:{stamp}:'.encode() + request.body)}"
        expect_equal(request.headers.get("x-slack-signature"), expected)

    def challenge(self, request: Request) -> Response | None:
        """The check of the address, which is signed like every call."""
        if request.method != "POST" or b"url_verification" not in request.body:
            return None
        body = json_object(request.body)
        if body.get("type") != "url_verification":
            return None
        return JSONResponse({"challenge": as_text(body.get("challenge"))})

    def parse(self, request: Request) -> Sequence[Event]:
        """A message, one whose words its author changed (said anew), or a pressed button; what bots say is left out."""
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            payload = parse_qs(request.body.decode("utf-8", "replace")).get("payload", [""])[0]
            return _pressed(json_object(payload.encode()))
        body = json_object(request.body)
        event = as_object(body.get("event"))
        event_id, chat = as_text(body.get("event_id")), as_text(event.get("channel"))
        if event.get("type") == "message" and event.get("subtype") == "message_changed":
            return _changed(event, chat)
        files = map(as_object, as_list(event.get("files")))
        plain = event.get("type") == "message" and event.get("subtype") in (None, "file_share")
        if not plain or not event_id or not chat or event.get("bot_id"):
            return []
        return [
            Event(
                id=event_id, kind="message", chat=_chat(chat, _thread(event, event.get("channel_type"))),
                text=as_text(event.get("text")) or None,
                media=tuple(
                    as_text(file.get("url_private"))
                    for file in files
                    if as_text(file.get("mimetype")).startswith("image/") and file.get("url_private")
                ),
                at=as_moment(as_text(event.get("ts")).partition(".")[0]),
            )
        ]  # fmt: skip

    def account_of(self, chat: str) -> str | None:
        """Of a direct message; in a thread of a channel several people may write."""
        channel = chat.partition(" ")[0]
        return channel if channel.startswith("D") else None

    def render(self, content: Mapping[str, Any], language: str) -> Sequence[Part]:
        """A section of words and a block of buttons."""
        words, choices = words_of(content), choices_of(content)
        if url := image_of(content):
            return [Part({"text": words, "blocks": [{"type": "image", "image_url": url, "alt_text": words or "–"}]})]
        if choices and not fits(choices, BUTTONS, LABEL):
            *before, last = pieces(numbered(words, choices, language), SECTION)
            ids = tuple(each.id for each in choices)
            return [*(Part({"text": each}) for each in before), Part({"text": last}, ids)]
        *before, last = pieces(words, SECTION) or ["…"]
        if not choices:
            return [Part({"text": each}) for each in (*before, last)]
        buttons = [
            {
                "type": "button",
                "action_id": each.id,
                "value": each.id,
                "text": {"type": "plain_text", "text": each.label},
            }
            for each in choices
        ]
        blocks = [
            {"type": "section", "text": {"type": "plain_text", "text": last}},
            {"type": "actions", "elements": buttons},
        ]
        return [*(Part({"text": each}) for each in before), Part({"text": last, "blocks": blocks})]

    async def send(self, to: Recipient, part: Part) -> str | None:
        """Into the direct message, or the thread."""
        channel, _, thread = to.chat.partition(" ")
        payload = {**part.payload, "channel": channel, "unfurl_links": False}
        if thread:
            payload["thread_ts"] = thread
        headers = {"Authorization": f"Bearer {self._token}"}
        response = await self._api.call("POST", "/chat.postMessage", json=payload, headers=headers)
        check_status(response)
        body = body_of(response)
        if body.get("ok"):
            return as_text(body.get("ts")) or None
        error = as_text(body.get("error")) or "no answer that can be read"
        if error in _LATER:
            raise SendLater(error, retry_after(response))
        raise SendRefused(error)

    async def fetch(self, media: str) -> bytes:
        """A file by its address: at Slack's own with the token, which a file kept elsewhere must not get to see."""
        host = host_of(media)
        at_slack = media.startswith("https://") and host.removesuffix(":443").endswith(".slack.com")
        if at_slack or host == host_of(self._api.address("")):
            return await self._api.download(media, {"Authorization": f"Bearer {self._token}"})
        return await self._api.download(media)


def _pressed(payload: Mapping[str, Any]) -> list[Event]:
    container, actions = as_object(payload.get("container")), as_list(payload.get("actions"))
    channel = as_text(container.get("channel_id")) or as_text(as_object(payload.get("channel")).get("id"))
    action = as_object(actions[0]) if actions else {}
    if payload.get("type") != "block_actions" or not channel or not as_text(action.get("value")):
        return []
    button, stamp = as_text(action.get("value")), as_text(action.get("action_ts"))
    thread = as_text(container.get("thread_ts"))
    return [Event(id=f"{stamp} {button}", kind="message", chat=_chat(channel, thread), button_id=button)]


def _changed(event: Mapping[str, Any], channel: str) -> list[Event]:
    """The new words of a message that its author edited.

    The same event comes when a link is unfurled, a language is recognised or a bot changes its own message: then nobody
    edited it, its author did not, or the words are the same. Of one edit there may be several; they have one id.
    """
    message, before = as_object(event.get("message")), as_object(event.get("previous_message"))
    edited, author = as_object(message.get("edited")), as_text(message.get("user"))
    at, when, words = as_text(message.get("ts")), as_text(edited.get("ts")), as_text(message.get("text"))
    by_author = author and as_text(edited.get("user")) == author and not message.get("bot_id")
    plain = message.get("subtype") in (None, "file_share")
    if not (channel and at and when and words and by_author and plain) or words == as_text(before.get("text")):
        return []
    return [
        Event(
            id=f"{channel} {at} edited {when}", kind="message", text=words,
            chat=_chat(channel, _thread(message, event.get("channel_type"))), at=as_moment(when.partition(".")[0]),
        )
    ]  # fmt: skip


def _thread(message: Mapping[str, Any], channel_type: Any) -> str:
    """In a channel each thread is a conversation; its first message is the thread's beginning."""
    thread = as_text(message.get("thread_ts"))
    return thread if channel_type == "im" else thread or as_text(message.get("ts"))


def _chat(channel: str, thread: str) -> str:
    return f"{channel} {thread}" if thread else channel
