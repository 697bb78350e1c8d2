"""WeCom: what is announced is fetched, page by page, and sent once whatever gets lost on the way."""

from __future__ import annotations

import asyncio
import time

import pytest

from gateway.channels.wechat_crypto import key_of, seal_envelope
from gateway.conversations.models import Conversation, Message, OutboxEntry
from tests.channels.test_channels import Channel, channel, ok, until
from tests.channels.wecom_platform import WeComPlatform
from tests.gateway.desk import Desk

pytestmark = pytest.mark.anyio


def wecom_of(one: Channel) -> WeComPlatform:
    """The simulator."""
    assert isinstance(one.platform, WeComPlatform)
    return one.platform


async def test_pages_are_read_to_the_end_and_once(desk: Desk) -> None:
    async with channel(desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        for number in range(5):
            wecom.message("text", text={"content": f"word {number}"})
        wecom.said.append({**wecom.said[0], "msgid": "m-agent", "origin": 5, "text": {"content": "a clerk's"}})
        assert ok(await one.deliver(wecom.callback() + wecom.callback()))
        await until(lambda: asyncio.sleep(0, len(desk.bot.said()) == 5))
        assert desk.bot.said() == [f"word {number}" for number in range(5)]
        assert any(pull.get("token", "").startswith("ENC") for pull in wecom.pulls)
        assert len(await one.rows(Conversation)) == 1


async def test_what_was_said_before_it_was_switched_on_is_left_alone(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        wecom.message("text", text={"content": "two days ago"})
        wecom.said[0]["send_time"] = int(time.time()) - 2 * 86400
        assert ok(await one.deliver(wecom.says("now")))
        await one.said("You said: now")
        assert sqlite_desk.bot.said() == ["now"]


async def test_a_message_whose_answer_was_lost_is_not_sent_twice(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        wecom.lose_answers = 1
        await one.deliver(wecom.says("hello"))
        await one.said("You said: hello")

        async def sent() -> bool:
            return {each.state for each in await one.rows(OutboxEntry)} == {"sent"}

        await until(sent)
        assert len(wecom.screen) == 1


async def test_a_stale_access_token_is_renewed(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        await one.deliver(wecom.says("hello"))
        await one.said("You said: hello")
        wecom.access_token = "ACCESS-2"
        await one.deliver(wecom.says("again"))
        await one.said("You said: again")


async def test_a_picture_is_had_with_a_new_access_token(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom_of(one).expires_before_media = True
        await one.deliver(one.platform.shows())
        await one.said("You said")
        assert [each.kind for each in await one.rows(Message)].count("image") == 1


async def test_the_address_is_checked_with_a_sealed_word(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        sealed = seal_envelope(b"5371", key_of(wecom.aes_key), wecom.corp_id, bytes(16))
        async with one.gateway.browser() as http:
            right = await http.get("/channels/wecom", params={**wecom.signed(sealed), "echostr": sealed})
            wrong = await http.get("/channels/wecom", params={**wecom.signed(sealed, "guessed"), "echostr": sealed})
        assert (right.status_code, right.text) == (200, "5371")
        assert wrong.status_code == 401


async def test_a_message_that_did_not_arrive_is_shown_as_failed(sqlite_desk: Desk) -> None:
    async with channel(sqlite_desk, WeComPlatform) as one:
        wecom = wecom_of(one)
        await one.deliver(wecom.says("hello"))
        await one.said("You said: hello")
        (sent,) = wecom.sent_ids
        event = {
            "event_type": "msg_send_fail", "open_kfid": wecom.account, "external_userid": wecom.person,
            "fail_msgid": sent, "fail_type": 4,
        }  # fmt: skip
        wecom.said.append(
            {"msgid": "e1", "origin": 4, "send_time": int(time.time()), "msgtype": "event", "event": event}
        )
        await one.deliver(wecom.callback())

        async def failed() -> bool:
            return {each.state for each in await one.rows(OutboxEntry)} == {"failed"}

        await until(failed)
