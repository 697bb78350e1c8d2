"""What agents do with conversations: labels, notes, replies, snoozing, merging, transfer, the next of the queue."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from gateway import locales
from gateway.audit.models import AuditEntry
from gateway.conversations.models import Conversation
from gateway.desk.models import CannedReply
from gateway.desk.replies import PLACEHOLDERS, filled, suggest
from tests.gateway.desk import Desk, Gateway, Shopper
from tests.gateway.doubles import answer, echo, text_reply
from tests.gateway.test_console_inbox import listed
from tests.gateway.test_handover import Colleague, colleague, wants_person

pytestmark = pytest.mark.anyio


async def post(mia: Colleague, path: str, **fields: Any) -> httpx.Response:
    return await mia.http.post(f"/console{path}", data={"csrf": mia.form, **fields})


def at(shopper: Shopper) -> str:
    return f"/conversations/{shopper.conversation_id}"


async def entries(gateway: Gateway, action: str) -> int:
    async with gateway.services.database.read() as session:
        return (await session.execute(select(func.count()).where(AuditEntry.action == action))).scalar_one()


async def test_labels_and_notes_with_mentions(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "guest", "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
        await gateway.shopper(language="en") as other,
    ):
        assert (await post(mia, at(shopper) + "/labels", name=" Urgent  <b> ")).status_code == 303
        assert (await post(wei, at(other) + "/labels", name="urgent <B>")).status_code == 303
        assert (await post(wei, at(shopper) + "/labels", name="")).status_code == 422
        page = (await mia.http.get("/console")).text
        labels = set(re.findall(r'<option value="(\d+)" >Urgent &lt;b&gt;', page))
        assert len(labels) == 1
        assert set(await listed(mia.http, label=labels.pop())) == {shopper.conversation_id, other.conversation_id}
        assert await listed(mia.http, label="999") == []

        assert (await post(mia, at(shopper) + "/notes", words="@Wei please look, not mia@shop.test")).status_code == 303
        assert "@Wei please look" in (await wei.http.get("/console")).text
        assert "@Wei please look" not in (await mia.http.get("/console")).text
        assert "@Wei please look" in (await wei.http.get("/console" + at(shopper))).text
        assert "@Wei please look" not in (await wei.http.get("/console")).text, "seen"
        assert all("@Wei" not in str(message) for message in (await shopper.read(after=0))["messages"])

        for path, fields in (("/labels", {"name": "x"}), ("/notes", {"words": "x"}), ("/snooze", {"length": "day"})):
            assert (await post(guest, at(shopper) + path, **fields)).status_code == 403
            assert (await mia.http.post("/console" + at(shopper) + path, data=fields)).status_code == 403
            assert (await post(mia, "/conversations/none" + path, **fields)).status_code == 404
        assert (await entries(gateway, "conversation.note"), await entries(gateway, "conversation.label")) == (1, 2)


async def test_snoozed_until_something_is_said_and_merged(desk: Desk) -> None:
    desk.bot.brain = echo
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        await gateway.shopper(language="en") as shopper,
        await gateway.shopper(language="en") as other,
    ):
        await shopper.ask("the first matter")
        assert (await post(mia, at(shopper) + "/snooze", length="day")).status_code == 303
        assert await listed(mia.http) == [other.conversation_id]
        assert await listed(mia.http, state="snoozed") == [shopper.conversation_id]
        await shopper.ask("again me")
        assert shopper.conversation_id in await listed(mia.http)

        link = f"{gateway.url}/console/conversations/{other.conversation_id}"
        merged = await post(mia, at(shopper) + "/merge", into=link)
        assert (merged.status_code, merged.headers["location"]) == (303, "/console" + at(other))
        assert await listed(mia.http) == [other.conversation_id]
        (inside,) = (await mia.lines(other.conversation_id))["merged"]
        assert inside["id"] == shopper.conversation_id
        assert "the first matter" in [one["content"]["text"] for one in (await mia.lines(inside["id"]))["lines"]]
        assert (await post(mia, at(other) + "/merge", into=shopper.conversation_id)).status_code == 409
        assert (await post(mia, at(other) + "/merge", into=other.conversation_id)).status_code == 409
        assert (await post(mia, at(shopper) + "/merge")).status_code == 303
        assert (await mia.lines(other.conversation_id))["merged"] == []


async def test_the_next_of_the_queue_as_far_as_capacity_goes_and_transfer(desk: Desk) -> None:
    wants_person(desk)
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "guest", "read_only"),
        await gateway.shopper(language="en") as first,
        await gateway.shopper(language="en") as second,
    ):
        async with gateway.services.database.write() as session:
            agent = (await gateway.services.accounts.all(session))[1]
            assert agent.username == "mia"
            agent.capacity = 1
        await first.ask("a person please")
        await second.ask("a person please")
        taken = await post(mia, "/queue/next")
        assert (taken.status_code, taken.headers["location"]) == (303, "/console" + at(first))
        assert (await post(mia, "/queue/next")).status_code == 409
        assert (await post(wei, "/queue/next")).headers["location"] == "/console" + at(second)

        mia.fencing_number = (await mia.http.get(f"/console/api{at(first)}/messages")).json()["fencing_number"]
        wei.fencing_number = (await wei.http.get(f"/console/api{at(second)}/messages")).json()["fencing_number"]
        assert (await wei.post(second, "transfer", to="mia")).status_code == 409, "she holds as many as she can"
        assert (await mia.post(first, "transfer", to="guest")).status_code == 409
        assert (await mia.post(first, "transfer", to="nobody")).status_code == 404
        assert (await mia.post(first, "transfer", to="wei")).status_code == 204
        assert (await mia.say(first, "too late")).status_code == 409
        state = (await wei.http.get(f"/console/api{at(first)}/messages")).json()
        assert (state["mine"], state["state"]) == (True, "agent")


async def test_replies_that_may_fit(desk: Desk) -> None:
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        await gateway.shopper(language="en") as shopper,
    ):
        wants_person(desk)
        await shopper.ask("where is my parcel?")
        saved = await post(mia, "/replies", title="Parcel", language="en", intents="track_order",
                           words="I am {agent}. Your parcel is on its way.")  # fmt: skip
        assert saved.status_code == 303
        await post(mia, "/replies", title="包裹", language="zh", words="在路上", intents="track_order")
        refused = await post(mia, "/replies", title="Bad", language="en", words="{password}")
        assert refused.status_code == 422
        assert "{password}" in refused.text, "nothing that was typed is lost"

        await mia.take(shopper)
        offered = (await mia.http.get(f"/console/api{at(shopper)}/replies")).json()
        assert [(one["source"], one["text"]) for one in offered] == [("canned", "I am Mia. Your parcel is on its way.")]
        async with gateway.services.database.read() as session:
            (reply,) = (await session.execute(select(CannedReply).where(CannedReply.language == "en"))).scalars().all()
        await post(mia, "/replies", reply_id=str(reply.id), remove="yes")
        assert (await mia.http.get(f"/console/api{at(shopper)}/replies")).json() == []


def test_policy_replies_are_said_only_where_the_policy_says_something() -> None:
    for language in locales.LANGUAGES:
        known = locales.texts(language, "replies")
        assert known.keys() == locales.texts("en", "replies").keys()
        for key, reply in known.items():
            assert set(re.findall(r"\{(\w+)\}", reply["words"])) <= set(PLACEHOLDERS)
            assert reply["intents"] == locales.texts("en", "replies")[key]["intents"]
    values = {"return_days": "30", "send_within_days": "14"}
    asked = "how long can I return this within how many days"
    (first, *_others) = suggest([], None, asked, "en", values) or [None]
    assert suggest([], None, asked, "en", {}) == []
    assert first is None or "30 days" in first.words
    assert filled("{agent} {nothing}", {"agent": "Mia"}) == "Mia {nothing}"


async def test_a_snooze_ends_by_itself(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        colleague(gateway, "mia") as mia,
        await gateway.shopper(language="en") as shopper,
    ):
        sqlite_desk.bot.brain = lambda _request: answer(text_reply("ok"))
        await post(mia, at(shopper) + "/snooze", length="hour")
        async with gateway.services.database.write() as session:
            conversation = await session.get(Conversation, shopper.conversation_id)
            assert conversation is not None
            assert conversation.snoozed_until is not None
            conversation.snoozed_until -= timedelta(hours=2)
        assert await listed(mia.http) == [shopper.conversation_id]
