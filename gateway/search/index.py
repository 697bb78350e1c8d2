"""Finding messages by their words: one port, one index per kind of database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, literal, select, text
from sqlalchemy.sql import column

from gateway.database.engine import AnySession, Database
from gateway.search.models import SearchDocument
from gateway.search.terms import Phrase


class SearchIndex(Protocol):
    """The port. Documents come and go with their messages; an index only finds them."""

    async def find(
        self, session: AnySession, phrases: Sequence[Phrase], *, limit: int, before: int | None = None
    ) -> Sequence[int]:
        """Ids of the messages that have every phrase, newest first, at most `limit`, older than `before`."""


def search_index(database: Database) -> SearchIndex:
    """The index that goes with a database."""
    return SqliteIndex() if database.is_sqlite else PostgresIndex()


class SqliteIndex:
    """FTS5 over the stored terms; https://www.sqlite.org/fts5.html."""

    async def find(
        self, session: AnySession, phrases: Sequence[Phrase], *, limit: int, before: int | None = None
    ) -> Sequence[int]:
        """By MATCH. Terms are letters and digits only: nothing in them is syntax."""
        if not phrases:
            return []
        wanted = " AND ".join(f'"{" ".join(phrase.terms)}"{" *" if phrase.opens else ""}' for phrase in phrases)
        older = "AND rowid < :before" if before is not None else ""
        query = text(
            f"SELECT rowid FROM message_search WHERE message_search MATCH :wanted {older} "  # noqa: S608
            "ORDER BY rowid DESC LIMIT :limit"
        )
        values: dict[str, object] = {"wanted": wanted, "limit": limit}
        if before is not None:
            values["before"] = before
        return [int(row) for row in (await session.execute(query, values)).scalars()]


class PostgresIndex:
    """A GIN index over the terms as a `tsvector`, which finds them; that they follow each other is read off the words.

    The vector is made from the list of terms, never by PostgreSQL's own parser, whose idea of a letter depends on the
    server's locale.
    """

    async def find(
        self, session: AnySession, phrases: Sequence[Phrase], *, limit: int, before: int | None = None
    ) -> Sequence[int]:
        """By `@@`, then LIKE for phrases of several terms."""
        if not phrases:
            return []
        query: Select[int] = (
            select(SearchDocument.message_id)
            .where(and_(*_conditions(phrases)))
            .order_by(SearchDocument.message_id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(SearchDocument.message_id < before)
        return (await session.execute(query)).scalars().all()


def _conditions(phrases: Sequence[Phrase]) -> list[ColumnElement[bool]]:
    wanted: list[str] = []
    conditions: list[ColumnElement[bool]] = []
    for phrase in phrases:
        wanted += [f"'{term}'" for term in phrase.terms[:-1]]
        wanted.append(f"'{phrase.terms[-1]}'{':*' if phrase.opens else ''}")
        if len(phrase.terms) > 1:
            run = " ".join(phrase.terms)
            pattern = f"% {run}%" if phrase.opens else f"% {run} %"
            conditions.append((literal(" ") + SearchDocument.words + " ").like(pattern))
    vector: ColumnElement[object] = column("vector")
    tsquery = text("CAST(:wanted AS tsquery)").bindparams(wanted=" & ".join(wanted))
    return [vector.op("@@")(tsquery), *conditions]
