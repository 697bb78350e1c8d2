"""WeChat's signature and envelope."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.signatures import sha1_of_sorted
from gateway.channels.wechat_crypto import key_of, open_envelope, seal_envelope
from shopdesk_schemas.problems import Unauthenticated
from tests.channels.platforms import WeChatPlatform
from tests.channels.test_channels import channel
from tests.channels.wecom_platform import WeComPlatform
from tests.gateway.desk import Desk

KEY_WORDS = base64.b64encode(bytes(range(32))).decode().rstrip("=")
KEY = key_of(KEY_WORDS)
OTHER = bytes(32)
NEW = "N" * 42 + "E"


def test_the_published_signature() -> None:
    assert sha1_of_sorted("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"


@given(st.binary(max_size=300), st.text(alphabet="wx0123456789abcdef", min_size=1, max_size=20))
def test_what_was_sealed_opens_under_its_key_for_its_receiver_alone(message: bytes, receiver: str) -> None:
    sealed = seal_envelope(message, KEY, receiver, bytes(16))
    assert open_envelope(sealed, (KEY,), receiver) == message
    assert open_envelope(sealed, (OTHER, KEY), receiver) == message, "the key before goes on being known"
    for keys, to in (((OTHER,), receiver), ((KEY,), receiver + "x"), ((), receiver)):
        with pytest.raises(Unauthenticated):
            open_envelope(sealed, keys, to)


@given(st.binary(max_size=200))
def test_what_nobody_sealed_does_not_open(garbage: bytes) -> None:
    for encrypted in (base64.b64encode(garbage).decode(), garbage.decode("latin-1")):
        with pytest.raises(Unauthenticated):
            open_envelope(encrypted, (KEY,), "wx1")


@pytest.mark.parametrize("words", ["short", KEY_WORDS + "AAAA", "!" * 43])
def test_a_key_of_another_form_is_refused(words: str) -> None:
    with pytest.raises(ValueError):
        key_of(words)


def sealed_call(platform: WeChatPlatform, words: str, key: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The call of WeChat's for these words in the secure mode, and what is in its address."""
    sealed = seal_envelope(platform.xml("text", Content=words), key, platform.app_id, bytes(16))
    query = platform.query()
    joined = "".join(sorted([platform.token, query["timestamp"], query["nonce"], sealed]))
    query["msg_signature"] = hashlib.sha1(joined.encode()).hexdigest()
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
    return {"method": "POST", "content": body, "params": query}, query


@pytest.mark.anyio
async def test_the_secure_mode(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeChatPlatform, wechat_aes_key=KEY_WORDS) as one:
        platform = one.platform
        assert isinstance(platform, WeChatPlatform)
        (plain,) = platform.says("在吗")
        assert await one.deliver([plain]) == [401], "the open mode is refused where the secure one is set up"
        call, query = sealed_call(platform, "在吗", KEY)
        assert await one.deliver([call]) == [200]
        await one.said("You said: 在吗")
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
        assert await one.deliver([{"method": "POST", "content": bomb, "params": query}]) == [400]


@pytest.mark.anyio
async def test_the_key_before_the_last_change_is_believed_and_no_other(sqlite_desk: Desk) -> None:
    keys = {"wechat_aes_key": NEW, "wechat_previous_aes_key": KEY_WORDS}
    async with channel(sqlite_desk, WeChatPlatform, **keys) as one:
        assert isinstance(one.platform, WeChatPlatform)
        for number, key in enumerate((KEY, key_of(NEW)), start=1):
            assert await one.deliver([sealed_call(one.platform, f"words {number}", key)[0]]) == [200]
            await one.said(f"You said: words {number}")
        assert await one.deliver([sealed_call(one.platform, "words 3", OTHER)[0]]) == [401]


class Rotated(WeComPlatform):
    """Calls with the old key while the shop has set the new one."""

    def settings(self, url: str) -> dict[str, Any]:
        return {**super().settings(url), "wecom_aes_key": NEW, "wecom_previous_aes_key": self.aes_key}


@pytest.mark.anyio
async def test_wecoms_key_before_the_last_change_is_believed(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, Rotated) as one:
        assert isinstance(one.platform, Rotated)
        await one.deliver(one.platform.says("by the old key"))
        await one.said("You said: by the old key")
        one.platform.aes_key = NEW
        await one.deliver(one.platform.says("by the new key"))
        await one.said("You said: by the new key")
        one.platform.aes_key = KEY_WORDS
        assert await one.deliver(one.platform.says("by another")) == [401]
