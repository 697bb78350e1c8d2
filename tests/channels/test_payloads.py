"""The shapes of platforms' calls as their documents show them (`payloads/`), read as events; and no shape crashes."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.channels.calls import PlatformApi
from gateway.channels.downloads import Downloads
from gateway.channels.messenger import Instagram, Messenger
from gateway.channels.port import Channel, Event, Request
from gateway.channels.slack import Slack
from gateway.channels.telegram import Telegram
from gateway.channels.wechat import WeChat
from gateway.channels.wecom import WeCom
from gateway.channels.whatsapp import WhatsApp
from shopdesk_schemas.problems import InvalidInput
from tests.channels.wecom_platform import WeComPlatform

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FOLDER = Path(__file__).parent / "payloads"
SHAPES: list[tuple[str, dict[str, Any]]] = [
    (path.stem, shape)
    for path in sorted(FOLDER.glob("*.yml"))
    for shape in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def channel_of(name: str, http: httpx.AsyncClient) -> Channel:
    api = PlatformApi(http, "http://platform.example", 5.0, Downloads(5.0))
    wecom = WeComPlatform
    channels: dict[str, Channel] = {
        "telegram": Telegram(api, "token", "secret"),
        "whatsapp": WhatsApp(api, "token", "secret", "verify", "1055500001", {}),
        "messenger": Messenger(api, "token", "secret", "verify"),
        "instagram": Instagram(api, "token", "secret", "verify"),
        "slack": Slack(api, "token", "secret"),
        "wechat": WeChat(api, "app", "secret", "token"),
        "wecom": WeCom(api, wecom.corp_id, wecom.secret, wecom.token, [wecom.aes_key]),
    }
    return channels[name]


def call_of(shape: dict[str, Any]) -> Request:
    kind, body = "application/json", json.dumps(shape.get("body")).encode()
    if "form" in shape:
        kind = "application/x-www-form-urlencoded"
        body = urlencode({"payload": json.dumps(shape["form"])}).encode()
    elif "xml" in shape:
        fields = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in shape["xml"].items())
        kind, body = "text/xml", f"<xml>{fields}</xml>".encode("utf-8", "surrogatepass")
    return Request(method="POST", headers={"content-type": kind}, query={}, body=body)


async def read(name: str, shape: dict[str, Any]) -> list[Event]:
    """The events of a shape: those of a call, or of what the platform answers when it is asked."""
    platform = WeComPlatform()
    platform.said, platform.page = shape.get("list", []), 1000
    async with httpx.AsyncClient(transport=httpx.ASGITransport(platform.app)) as http:
        channel = channel_of(name, http)
        if "list" in shape:
            return list((await channel.pull("1 ", NOW)).events)
        return list(channel.parse(call_of(shape)))


@pytest.mark.parametrize(("name", "shape"), SHAPES, ids=[f"{name}: {shape['name']}" for name, shape in SHAPES])
async def test_a_documented_shape_is_read(name: str, shape: dict[str, Any]) -> None:
    events = await read(name, shape)
    shown = [event.model_dump(mode="json", exclude_none=True) for event in events]
    assert [{key: event.get(key) for key in wanted} for event, wanted in zip(shown, shape["events"], strict=True)] == (
        shape["events"]
    )
    for event, wanted in zip(shown, shape["events"], strict=True):
        assert event.keys() - wanted.keys() <= {"chat", "media", "at", "text", "name", "language", "reason"}
        assert "media" in wanted or not event["media"]
    assert await read(name, shape) == events, "the same again has the same ids"


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8),
    st.just([]), st.just({}), st.just([None, [], {}]), st.just({"id": []}), st.just("\ud800\0"),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(each for key, below in inner for each in places(below, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = junk
    return changed


@given(st.data())
@settings(max_examples=400, database=None, deadline=None)
async def test_whatever_stands_in_a_field_nothing_crashes(data: st.DataObject) -> None:
    name, shape = data.draw(st.sampled_from(SHAPES))
    kind = next(each for each in ("body", "form", "list", "xml") if each in shape)
    place = data.draw(st.sampled_from(places(shape[kind])))
    if kind in ("list", "xml") and not place:
        return
    try:
        events = await read(name, {**shape, kind: replaced(shape[kind], place, data.draw(JUNK))})
    except InvalidInput:
        return
    for event in events:
        event.model_dump_json()
        assert event.id
        assert "\0" not in (event.text or "")
