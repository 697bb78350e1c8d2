"""Figures of the desk: judged conversations, their sums, the rows behind each, through the console."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from gateway import locales
from gateway.conversations.models import Conversation, Message
from gateway.errors import UpstreamError
from gateway.insight.clusters import cluster
from gateway.insight.judging import Around, against, last_step, subject
from gateway.insight.models import AGAINST, ConversationFact
from gateway.review.signals import TurnFacts
from shopdesk_schemas.turn import TurnRequest
from tests.gateway.desk import Desk, Gateway, Shopper
from tests.gateway.doubles import Answer, answer, text_reply
from tests.gateway.test_handover import Colleague, colleague

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


def brain(request: TurnRequest) -> Answer:
    """Knows returns and parcels, asks for an order number, hands over when asked to."""
    said = str(getattr(request.input, "text", ""))
    intent = "return_items" if "return" in said else "nlu_fallback" if "purple" in said else "track_order"
    more: dict[str, Any] = {"handoff": "asked"} if "person" in said else {}
    return answer(
        text_reply("Well."),
        understanding={"intent": {"name": intent, "confidence": 0.9}, "ranking": [], "entities": []},
        actions=[{"name": "action_ask_change_form_change_answer"}, {"name": "action_listen"}],
        busy="return" in said,
        **more,
    )


async def days_pass(gateway: Gateway, days: float = 4) -> None:
    """Everything was said so many days earlier."""
    async with gateway.services.database.write() as session:
        for model, column in ((Conversation, Conversation.last_message_at), (Message, Message.at)):
            name = column.key
            rows = (await session.execute(select(model))).scalars().all()
            for one in rows:
                setattr(one, name, getattr(one, name) - timedelta(days=days))


async def facts(gateway: Gateway) -> dict[str, ConversationFact]:
    async with gateway.services.database.read() as session:
        return {one.conversation_id: one for one in (await session.execute(select(ConversationFact))).scalars()}


async def rows(mia: Colleague, **query: object) -> set[str]:
    page = (await mia.http.get("/console/insight/rows", params={name: str(one) for name, one in query.items()})).text
    return set(re.findall(r'href="/console/conversations/([^"]+)"', page))


async def said(gateway: Gateway, words: str, **more: Any) -> Shopper:
    shopper = await gateway.shopper(language="en", **more)
    await shopper.ask(words)
    return shopper


async def test_every_figure_is_a_sum_over_rows_that_can_be_read(desk: Desk) -> None:
    desk.bot.brain = brain
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia", "lead") as mia,
        await said(gateway, "where is my parcel") as helped,
        await said(gateway, "I want to return it") as left,
        await said(gateway, "something purple, ada@shop.test") as lost,
        await said(gateway, "a person please") as handed,
        await said(gateway, "where is it") as unsolved,
        await said(gateway, "where is my parcel now") as again,
        await gateway.shopper(language="en") as silent,
    ):
        await mia.take(handed)
        assert (await mia.say(handed, "Here I am")).is_success
        assert "Nothing has been judged" in (await mia.http.get("/console/insight")).text
        assert await gateway.services.insight_keeper.check() == 0  # nothing is over yet
        await days_pass(gateway)
        desk.crm.outcomes[unsolved.conversation_id] = {
            "unsolved": "case_open", "others": [silent.conversation_id], "segments": ["value_champions"],
        }  # fmt: skip
        desk.crm.outcomes[again.conversation_id] = {
            "unsolved": None, "others": [helped.conversation_id], "segments": ["value_champions"],
        }  # fmt: skip
        async with gateway.services.database.write() as session:
            later = Message.conversation_id == helped.conversation_id
            now = gateway.services.clock.wall()
            await session.execute(update(Message).where(later).values(at=now - timedelta(days=3.5)))
        desk.crm.away = True
        with pytest.raises(UpstreamError):
            await gateway.services.insight_keeper.check()
        assert await facts(gateway) == {}
        desk.crm.away = False
        assert await gateway.services.insight_keeper.check() == 7
        assert await gateway.services.insight_keeper.check() == 0
        found = await facts(gateway)
        assert silent.conversation_id not in found  # the shopper never said anything
        assert {key: one.against for key, one in found.items()} == {
            helped.conversation_id: None,
            left.conversation_id: None,
            lost.conversation_id: "not_understood",
            handed.conversation_id: "handed_over",
            unsolved.conversation_id: "case_open",
            again.conversation_id: "new_contact",
        }
        assert found[left.conversation_id].left_at == "action_ask_change_form_change_answer"
        assert (found[left.conversation_id].topic, found[lost.conversation_id].topic) == ("returns", "other")
        assert found[handed.conversation_id].wait_seconds is not None

        page = (await mia.http.get("/console/insight")).text
        assert "33%" in page  # two of six
        assert "something purple, name@example.com" in page
        assert "asked for a detail or the confirmation of a change" in page
        assert await rows(mia, figure="contained") == {helped.conversation_id, left.conversation_id}
        assert await rows(mia, figure="conversations", against="case_open") == {unsolved.conversation_id}
        assert await rows(mia, figure="conversations", topic="returns") == {left.conversation_id}
        assert await rows(mia, figure="left", step="action_ask_change_form_change_answer") == {left.conversation_id}
        assert await rows(mia, figure="conversations", segment="value_champions") == {
            unsolved.conversation_id,
            again.conversation_id,
        }
        assert await rows(mia, figure="conversations", days=2) == set()
        table = csv.DictReader(io.StringIO((await mia.http.get("/console/insight.csv?by=topic")).text.lstrip("\ufeff")))
        assert {one["topic"]: one["conversations"] for one in table} == {"shipments": "4", "returns": "1", "other": "1"}
        answered = await mia.http.get("/console/insight/rows?figure=contained&form=csv")
        assert len(list(csv.DictReader(io.StringIO(answered.text.lstrip("\ufeff"))))) == 2
        assert (await mia.http.get("/console/insight/rows?figure=luck")).status_code == 422

        # It goes on: judged anew once that is over too.
        await lost.ask("where is my parcel")
        await days_pass(gateway)
        assert await gateway.services.insight_keeper.check() == 1
        assert (await facts(gateway))[lost.conversation_id].against is None


START = datetime(2026, 3, 1, tzinfo=UTC)


def turn(number: int, words: str, intent: str | None, state: str = "answered") -> TurnFacts:
    return TurnFacts(f"t{number}", START + timedelta(minutes=number), words, intent, 0.9, ("utter_x",), state)


AROUND = st.builds(
    Around, st.booleans(), st.booleans(), st.sampled_from([None, 1, 2, 3, 5]), st.booleans(),
    st.sampled_from([None, "case_open", "change_failed"]),
)  # fmt: skip
TURNS = st.lists(
    st.tuples(st.sampled_from(["", "hello"]), st.sampled_from(["greet", "nlu_fallback", "ask_human"]),
              st.sampled_from(["answered", "given_up"])), min_size=1, max_size=4
).map(lambda drawn: [turn(number, *one) for number, one in enumerate(drawn)])  # fmt: skip


@given(TURNS, AROUND)
def test_the_first_reason_counts_and_the_crm_is_believed(turns: list[TurnFacts], around: Around) -> None:
    reason = against(turns, around)
    assert reason is None or reason in AGAINST
    if around.handed_over:
        assert reason == "handed_over"
    if around.unsolved or around.contacted_again or (around.score or 5) <= 2:
        assert reason is not None
    if reason is None:
        assert not any(one.state == "given_up" for one in turns)
        assert turns[-1].intent != "nlu_fallback" or not turns[-1].words


def test_what_somebody_came_for() -> None:
    topics = {"greet": "smalltalk", "return_items": "returns"}
    greeting, request = turn(1, "hi", "greet"), turn(2, "return it", "return_items")
    assert subject([greeting, request], topics) == ("returns", "return_items")
    assert subject([greeting], topics) == ("smalltalk", "greet")
    assert subject([turn(1, "?", "nlu_fallback")], topics) == ("other", None)
    assert last_step([]) is None


@given(st.lists(st.text(max_size=30), max_size=30))
def test_every_message_is_in_one_group(messages: list[str]) -> None:
    found = cluster(messages)
    assert sorted(index for one in found for index in one.members) == list(range(len(messages)))


def test_what_is_alike_is_grouped() -> None:
    messages = ["do you sell gift cards", "gift cards please", "能开发票吗", "可以开发票吗", "is my warranty valid"]
    assert [sorted(one.members) for one in cluster(messages)[:2]] == [[0, 1], [2, 3]]


def test_every_step_of_the_assistant_has_a_name() -> None:
    domain = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "bot" / "domain").glob("*.yml")]
    names = {name for part in domain for key in ("actions", "forms") for name in part.get(key) or ()}
    met = {name for name in names if name.startswith("action_") or name.endswith("_form")}
    met -= {name for name in met if name.startswith(("validate_", "action_extract_slots", "action_session_start"))}
    assert met
    for language in locales.LANGUAGES:
        assert met - {key.removeprefix("step_") for key in locales.texts(language, "insight")} == set()
