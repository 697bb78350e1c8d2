"""Search over transcripts: terms, the index on both databases, the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, delete, text

from gateway.conversations.erasing import erase
from gateway.conversations.models import Conversation, Message
from gateway.migrations import alembic_config
from gateway.search.models import SearchDocument, searchable
from gateway.search.terms import Phrase, document_terms, query_phrases, snippet
from tests.gateway.desk import Desk
from tests.gateway.doubles import answer, text_reply
from tests.gateway.test_console import agent_at

pytestmark = pytest.mark.anyio

SAID = {
    "shoes": "我想退掉这双运动鞋，尺码不对",
    "late": "Where is my parcel? Order A-17 is late.",
    "mixed": "iPhone手机壳什么时候发货",
    "near": "A 18 and 17 others; 运动会的鞋",
}


async def test_words_of_both_languages_are_found(desk: Desk) -> None:
    desk.bot.brain = lambda _request: answer(text_reply("ok"))
    async with desk.gateway() as gateway:
        conversations = {}
        for name, words in SAID.items():
            async with await gateway.shopper(language="en") as shopper:
                await shopper.ask(words)
                conversations[shopper.conversation_id] = name

        async def found(query: str, before: int | None = None) -> list[str]:
            async with gateway.services.database.read() as session:
                ids = await gateway.services.search.find(session, query_phrases(query), limit=20, before=before)
                documents = [await session.get(SearchDocument, one) for one in ids]
                return [conversations[one.conversation_id] for one in documents if one is not None]

        assert await found("运动鞋") == ["shoes"]
        assert await found("运动") == ["near", "shoes"]
        assert await found("尺码 退掉") == ["shoes"]
        assert await found("鞋") == ["near", "shoes"]
        assert await found("手机") == ["mixed"]
        assert await found("iphone手机壳") == ["mixed"]
        assert await found("ＩＰＨＯＮＥ") == ["mixed"]
        assert await found("a-17") == ["late"]
        assert await found("parc") == ["late"]
        assert await found("arcel") == []
        assert await found("parcel missing") == []
        assert await found("'; DROP TABLE messages; --") == []
        assert await found('" OR "zzz*') == []
        assert await found("?!") == []
        async with gateway.services.database.write() as session:
            await session.execute(delete(Message).where(Message.content["text"].as_string() == SAID["late"]))
        assert await found("parcel") == []


async def test_the_page_marks_what_was_found(desk: Desk) -> None:
    desk.bot.brain = lambda _request: answer(text_reply("ok"))
    async with desk.gateway() as gateway, agent_at(gateway) as browser, await gateway.shopper() as shopper:
        await shopper.ask("<b>包裹</b>还没到")
        page = (await browser.get("/console/search", params={"q": "包裹"})).text
        assert "&lt;b&gt;<mark>包裹</mark>&lt;/b&gt;还没到" in page
        assert f"/console/conversations/{shopper.conversation_id}#m2" in page
        assert "No message has all" in (await browser.get("/console/search", params={"q": "退款"})).text
        async with gateway.browser() as stranger:
            refused = await stranger.get("/console/search", params={"q": "包裹"})
            assert (refused.status_code, refused.headers["location"]) == (303, "/console/login")


def test_what_was_there_before_is_found_and_erasing_leaves_nothing(gateway_url: str) -> None:
    engine = create_engine(gateway_url.replace("+aiosqlite", ""))
    now = "2026-03-01 10:00:00"
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        _at(connection, "downgrade", "0002")
        for name in ("one", "two"):
            connection.execute(
                Conversation.__table__.insert().values(  # type: ignore[attr-defined]
                    id=name, locale="zh", created_at=_moment(now), last_message_at=_moment(now), **_defaults()
                )
            )
            connection.execute(
                Message.__table__.insert().values(  # type: ignore[attr-defined]
                    conversation_id=name, seq=1, author="shopper", kind="text", at=_moment(now),
                    content={"kind": "text", "text": "保温杯漏水"},
                )
            )  # fmt: skip
        _at(connection, "upgrade", "head")
        assert _found(connection, "温杯") == 2
        erase(connection, ["one"])
        assert _found(connection, "温杯") == 1
    engine.dispose()


def _at(connection: Connection, which: str, revision: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    getattr(command, which)(config, revision)


def _moment(value: str) -> Any:
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def _defaults() -> dict[str, Any]:
    return {"channel": "web", "state": "assistant", "fencing_number": 0, "next_seq": 2, "epoch": 1, "epoch_turns": 0,
            "busy": False, "low_confidence": False, "crm_informed": False}  # fmt: skip


def _found(connection: Connection, term: str) -> int:
    if connection.dialect.name == "sqlite":
        query = text("SELECT count(*) FROM message_search WHERE message_search MATCH :term")
    else:
        query = text("SELECT count(*) FROM search_documents WHERE vector @@ CAST(:term AS tsquery)")
    return int(connection.execute(query, {"term": term}).scalar_one())


def test_terms() -> None:
    assert document_terms("运动鞋 A-17") == ["运动", "动鞋", "鞋", "a", "17"]
    assert query_phrases("运动鞋 a-17 trac") == [
        Phrase(("运动", "动鞋")), Phrase(("a", "17")), Phrase(("trac",), opens=True),
    ]  # fmt: skip
    card = {"kind": "order_card", "text": "Here", "lines": [{"title": "Kettle"}], "buttons": [{"label": "Hidden"}]}
    assert searchable(card) == "here kettle"


@given(st.text(max_size=200), st.text(max_size=30))
def test_a_snippet_only_leaves_out_what_is_around(words: str, query: str) -> None:
    pieces = snippet(words, query)
    assert all(piece.words for piece in pieces)
    assert sum(len(piece.words) for piece in pieces) <= 162
    assert all(len(term) <= 64 and not term.isspace() for term in document_terms(words))
