"""The database kit: both stores keep the same promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from crm_backend.database.engine import Database
from crm_backend.identity.models import Conversation


def _conversation(name: str) -> Conversation:
    return Conversation(conversation_id=name, level="none", created_at=datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_what_a_write_session_holds_is_committed_at_its_end(database: Database) -> None:
    with database.write() as session:
        session.add(_conversation("a"))
    with database.read() as session:
        assert session.scalars(select(Conversation.created_at)).all() == [datetime(2026, 3, 1, 12, tzinfo=UTC)]


def test_an_error_takes_everything_back(database: Database) -> None:
    def fail_after_writing() -> None:
        with database.write() as session:
            session.add(_conversation("a"))
            session.flush()
            raise KeyError("a")

    with pytest.raises(KeyError):
        fail_after_writing()
    with database.read() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_a_read_session_refuses_to_write_objects(database: Database) -> None:
    with database.read() as session:
        session.add(_conversation("a"))
        with pytest.raises(RuntimeError, match="WriteSession"):
            session.flush()


def test_a_read_session_refuses_to_write_by_statement(database: Database) -> None:
    with database.read() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM conversations"))
    with database.write() as session:
        session.add(_conversation("a"))


def test_all_reads_of_a_session_see_one_state(database: Database) -> None:
    with database.read() as reader:
        assert reader.scalars(select(Conversation)).all() == []
        with database.write() as session:
            session.add(_conversation("a"))
        assert reader.scalars(select(Conversation)).all() == []
    with database.read() as reader:
        assert len(reader.scalars(select(Conversation)).all()) == 1


def test_a_writer_after_a_reader_on_the_same_connection_may_write(database: Database) -> None:
    for name in ("a", "b", "c"):
        with database.read() as session:
            session.execute(select(Conversation))
        with database.write() as session:
            session.add(_conversation(name))
    with database.read() as session:
        assert len(session.scalars(select(Conversation)).all()) == 3


def test_errors_do_not_quote_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(DBAPIError) as caught, database.write() as session:
        session.execute(text("INSERT INTO nowhere (email) VALUES (:email)"), {"email": "someone@example.org"})
    assert "someone@example.org" not in str(caught.value)
