"""The reviewers' queue, corrections, the proposed change: through the console."""

from __future__ import annotations

import asyncio
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from gateway.audit.models import AuditEntry
from gateway.conversations.erasing import held
from gateway.conversations.models import Conversation
from gateway.review.examples import Example, files, joined, patch
from gateway.review.masking import mask
from gateway.review.models import Correction, ReviewJob, UnderstandingVersion
from gateway.review.signals import ConversationFacts, TurnFacts, judge
from shopdesk_schemas.turn import Entity, TurnRequest
from tests.gateway.desk import Desk, Gateway
from tests.gateway.doubles import Answer, answer, text_reply
from tests.gateway.test_console_desk import post
from tests.gateway.test_handover import Colleague, colleague

pytestmark = pytest.mark.anyio

PERSONAL = "where is SD-90231, I am at ada@shop.test"


def unsure(request: TurnRequest) -> Answer:
    """A bot that understands nothing that has a number in it."""
    said = str(getattr(request.input, "text", ""))
    sure = 0.97 if "return" in said else 0.35
    return answer(
        text_reply("Hm."),
        understanding={"intent": {"name": "greet", "confidence": sure}, "ranking": [], "entities": []},
        actions=[{"name": "action_greet"}],
    )


async def looked_through(gateway: Gateway) -> None:
    """Let ten minutes pass for every conversation, and look through them."""
    async with gateway.services.database.write() as session:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        await session.execute(update(Conversation).values(last_message_at=long_ago, scanned_until=None))
    await gateway.services.review_keeper.check()


def applied(changes: str, folder: Path) -> None:
    """Apply a patch as whoever keeps the repository would."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "apply"], cwd=folder, input=changes.encode(), check=True)


async def finish(gateway: Gateway, result: dict[str, Any]) -> None:
    """What a worker does when it has compared."""
    async with gateway.services.database.write() as session:
        job = (await session.execute(select(ReviewJob).where(ReviewJob.under_way == 1))).scalar_one()
        job.state, job.under_way, job.result = "done", None, result


async def queue(mia: Colleague, **query: str) -> list[str]:
    page = (await mia.http.get("/console/review", params=query)).text
    return re.findall(r'href="/console/review/turns/([^"]+)"', page)


async def test_an_actions_fault_goes_to_engineers_as_a_file_without_personal_data(desk: Desk) -> None:
    desk.bot.brain = unsure
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "guest", "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
    ):
        await shopper.ask(PERSONAL)
        await looked_through(gateway)
        (turn,) = await queue(wei)
        page, file = f"/console/review/turns/{turn}", f"/console/review/turns/{turn}/case.json"
        assert file not in (await wei.http.get(page)).text
        marked = {"cause": "action", "subject": "action_greet", "remedy": "Look the order up."}
        assert (await post(wei, f"/review/turns/{turn}", **marked)).status_code == 303
        assert f'href="{file}"' in (await wei.http.get(page)).text
        assert (await guest.http.get(file)).status_code == 403
        assert (await wei.http.get(file.replace(turn, "nothing"))).status_code == 404
        sent = await wei.http.get(file)
        assert "attachment" in sent.headers["content-disposition"]
        assert "ada@shop.test" not in sent.text
        assert "90231" not in sent.text
        case = sent.json()
        assert case["understood"]["intent"] == "greet"
        assert [one["name"] for one in case["actions"]] == ["action_greet"]
        assert (case["model"], case["replies"]) == ("model-of-the-tests", ["text"])
        assert (case["found"]["subject"], case["found"]["remedy"]) == ("action_greet", "Look the order up.")
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry).where(AuditEntry.action == "review.export"))).scalars()
            assert [one.details["which"] for one in noted] == ["case"]


async def test_from_the_queue_to_a_patch(desk: Desk, tmp_path: Path) -> None:
    desk.bot.brain = unsure
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia", "lead") as mia,
        colleague(gateway, "wei") as wei,
        colleague(gateway, "guest", "read_only") as guest,
        await gateway.shopper(language="en") as shopper,
    ):
        await shopper.ask(PERSONAL)
        await shopper.ask(PERSONAL + "!")
        await shopper.ask("I want to return it")
        assert await queue(mia) == []
        await looked_through(gateway)
        likeliest, other = await queue(mia)
        page = (await mia.http.get(f"/console/review/turns/{likeliest}")).text
        assert [one for one in ("said again", "action_greet", "35 %") if one not in page] == []
        # Masked for learning; the conversation itself is shown as it was.
        assert PERSONAL in page
        example = re.search(r'<textarea id="example"[^>]*>([^<]*)<', page)
        assert example is not None
        assert example[1] == "where is SD-12345, I am at name@example.com"

        marked = {"cause": "understanding", "intent": "track_order", "words": example[1]}
        assert (await post(guest, f"/review/turns/{likeliest}", **marked)).status_code == 403
        assert (await post(wei, f"/review/turns/{likeliest}", **{**marked, "intent": "fly"})).status_code == 422
        assert (await post(wei, f"/review/turns/{likeliest}", **marked)).status_code == 303
        wording = {"cause": "wording", "subject": "utter_hm", "remedy": "Say more."}
        assert (await post(wei, f"/review/turns/{other}", **wording)).status_code == 303
        assert await queue(mia) == []
        assert set(await queue(mia, state="to_mend")) == {likeliest, other}
        assert await queue(mia, state="to_mend", cause="wording") == [other]
        for colleague_at, status in ((guest, 403), (wei, 200)):
            listed = await colleague_at.http.get("/console/review/findings.md")
            assert listed.status_code == status
        assert "### utter_hm\n\n- en: Say more. (" in listed.text
        assert "bot/responses/" in listed.text
        assert PERSONAL not in listed.text
        assert (await post(wei, f"/review/turns/{other}/settle")).status_code == 303
        assert await queue(mia, state="closed") == [other]
        # A second look keeps what the reviewer said.
        await looked_through(gateway)
        assert await queue(mia) == []

        page = (await wei.http.get("/console/review/proposal")).text
        assert "+    - where is SD-12345, I am at name@example.com" in page
        assert "ada@shop.test" not in page
        proposed = (await wei.http.get("/console/review/proposal.patch")).text
        await asyncio.to_thread(applied, proposed, tmp_path)
        learnt = yaml.safe_load((tmp_path / "data/nlu/en/reviewed.yml").read_text("utf-8"))
        assert learnt["nlu"] == [
            {"intent": "track_order", "examples": "- where is SD-12345, I am at name@example.com\n"}
        ]
        assert (await guest.http.get("/console/review/proposal.patch")).status_code == 403


async def test_only_what_was_compared_is_published(desk: Desk) -> None:
    desk.bot.brain = unsure
    async with (
        desk.gateway() as gateway,
        colleague(gateway, "mia", "lead") as mia,
        colleague(gateway, "wei") as wei,
        await gateway.shopper(language="zh") as shopper,
    ):
        await shopper.ask("我的快递到哪了")
        await shopper.ask("能退吗")
        await looked_through(gateway)
        first, second = await queue(mia)
        mark = {"cause": "understanding", "intent": "track_order"}
        await post(wei, f"/review/turns/{first}", words="快递到哪了", **mark)
        assert (await post(mia, "/review/jobs", kind="publish")).status_code == 409  # not compared
        assert (await post(wei, "/review/jobs", kind="compare")).status_code == 303
        assert (await post(wei, "/review/jobs", kind="compare")).status_code == 409  # one at a time
        refused = {"accepted": False, "sets": [], "mended": {"before": 0, "after": 1, "messages": 1},
                   "replay": {"changed": 1, "messages": 2},
                   "broken": [{"kind": "replay", "turn": second, "before": "greet", "after": "stop",
                               "confidence": 0.7}]}  # fmt: skip
        await finish(gateway, refused)
        assert "Would break: 1" in (await mia.http.get("/console/review/proposal")).text
        assert (await post(mia, "/review/jobs", kind="publish")).status_code == 409  # breaks something
        assert (await post(wei, "/review/jobs", kind="compare")).status_code == 303
        await finish(gateway, {**refused, "accepted": True, "broken": []})
        assert (await post(wei, "/review/jobs", kind="publish")).status_code == 403  # no lead
        # Another correction makes it another change, which nobody has compared.
        await post(wei, f"/review/turns/{second}", words="能退吗", cause="understanding", intent="return_items")
        assert (await post(mia, "/review/jobs", kind="publish")).status_code == 409
        async with gateway.services.database.read() as session:
            found = {one.turn_id: one.id for one in (await session.execute(select(Correction))).scalars()}
        assert (await post(wei, f"/review/corrections/{found[second]}/withdraw")).status_code == 303
        assert await queue(mia) == [second]
        assert (await post(mia, "/review/jobs", kind="publish")).status_code == 303
        async with gateway.services.database.read() as session:
            job = (await session.execute(select(ReviewJob).where(ReviewJob.under_way == 1))).scalar_one()
            actions = set((await session.execute(select(AuditEntry.action))).scalars())
        assert job.kind == "publish"
        assert job.examples == [{"language": "zh", "intent": "track_order", "words": "快递到哪了"}]
        assert {"review.mark", "review.compare", "review.publish"} <= actions


async def test_a_lead_goes_back_to_an_earlier_version(sqlite_desk: Desk) -> None:
    async with (
        sqlite_desk.gateway() as gateway,
        colleague(gateway, "mia", "lead") as mia,
        colleague(gateway, "wei") as wei,
    ):
        now = gateway.services.clock.wall()
        async with gateway.services.database.write() as session:
            for words in ("one", "two"):
                example = Example("en", "greet", words).stored()
                session.add(UnderstandingVersion(at=now, agent_id=None, examples=[example], restores=None))
        assert (await post(wei, "/review/roll-back", version="1")).status_code == 403
        assert (await post(mia, "/review/roll-back", version="9")).status_code == 404
        assert (await post(mia, "/review/roll-back", version="1")).status_code == 303
        async with gateway.services.database.read() as session:
            job = (await session.execute(select(ReviewJob))).scalar_one()
        assert (job.kind, job.restores, job.examples[0]["words"]) == ("publish", 1, "one")
        await finish(gateway, {})
        everything = (await mia.http.get("/console/review/published.patch")).text
        assert "+    - two" in everything
        assert "one" not in everything


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("call me on +44 7911 123456", "call me on 07700 900123"),
        ("我叫王小明，手机13912345678", "我叫小明，手机13800138000"),
        ("my name is Ada Byron, order #4711-99", "my name is Alex, order #1234-56"),
        ("it goes to EC1A 1BB", "it goes to SW1A 1AA"),
        ("寄到上海市浦东新区世纪大道100号3栋502室", "寄到北京市东城区长安街1号"),
        ("I live at 12 Baker Street", "I live at 1 High Street"),
        ("I want 2 of the 40 cm ones", "I want 2 of the 40 cm ones"),
    ],
)
def test_what_is_masked(words: str, masked: str) -> None:
    assert mask(words) == masked


def test_what_the_assistant_recognised_is_masked() -> None:
    found = [Entity(entity="name", value="Zoë", start=7, end=10)]
    assert mask("I am   Zoë, hi", found) == "I am Alex, hi"


LINES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
EXAMPLES = st.lists(
    st.builds(Example, st.sampled_from(["en", "zh"]), st.sampled_from(["greet", "track_order"]), LINES), max_size=8
)


@given(EXAMPLES, EXAMPLES)
def test_files_hold_each_example_once(before: list[Example], more: list[Example]) -> None:
    everything = joined(before, more)
    assert joined(everything, []) == everything
    read = [
        Example(path.split("/")[2], block["intent"], line.removeprefix("- "))
        for path, content in files(everything).items()
        for block in yaml.safe_load(content)["nlu"]
        for line in block["examples"].splitlines()
    ]
    assert sorted(read) == sorted(set(everything))
    assert {(one.language, one.words.casefold()) for one in more} <= {(o.language, o.words.casefold()) for o in read}
    assert patch(everything, everything) == ""


START = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=6), st.integers(1, 5))
def test_no_turn_is_suspected_without_a_reason(turns: list[tuple[float, bool]], mark: int) -> None:
    facts = [
        TurnFacts(str(n), START + timedelta(minutes=n), f"message {'abcdef'[n] * 9}", "greet", sure, ("utter_greet",),
                  "given_up" if lost else "answered")
        for n, (sure, lost) in enumerate(turns)
    ]  # fmt: skip
    found = judge(facts, ConversationFacts((), ((START + timedelta(days=1), mark),)), 0.6)
    for one in facts:
        expected = (one.confidence or 0) < 0.6 or one.state == "given_up" or mark <= 2
        assert (one.id in found) == expected


def test_an_erased_conversation_leaves_no_correction() -> None:
    assert {"corrections", "review_items"} <= {table.name for table, _ in held()}
