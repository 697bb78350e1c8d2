"""Telling and erasing whole conversations, for what privacy law asks for (`shopdesk export-person`, `erase-person`).

Synchronous, unlike the rest: only commands call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, select, text

from gateway.models import Model

TOLD = ("conversations", "messages", "turns", "images", "ratings")
"""What an export has; the rest are tokens, payloads of buttons and states of delivery."""

_CHUNK = 500


def held() -> list[tuple[Table, Column[Any]]]:
    """Every table with rows of a conversation and the column that names it, children before parents."""
    return [
        (table, table.c.id if table.name == "conversations" else table.c.conversation_id)
        for table in reversed(Model.metadata.sorted_tables)
        if table.name == "conversations" or "conversation_id" in table.c
    ]


def tell(connection: Connection, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Rows of these conversations by table, oldest first, without what is empty and without who the agents were."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, column in held():
        if table.name not in TOLD:
            continue
        shown = [one for one in table.c if not one.name.endswith("_id") or one is column]
        for chunk in _chunks(ids):
            query = select(*shown).where(column.in_(chunk)).order_by(column, *table.primary_key.columns)
            for row in connection.execute(query).mappings():
                found.setdefault(table.name, []).append(
                    {name: value for name, value in row.items() if value is not None}
                )
    return found


def erase(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Remove these conversations with everything in them; how many rows of which table."""
    listed = list(ids)
    counts: dict[str, int] = {}
    for table, column in held():
        for chunk in _chunks(listed):
            removed = connection.execute(table.delete().where(column.in_(chunk))).rowcount
            if removed:
                counts[table.name] = counts.get(table.name, 0) + removed
    if connection.dialect.name == "sqlite" and counts:
        # FTS5 only notes that terms are gone; rewriting its index is what takes them out of the file.
        connection.execute(text("INSERT INTO message_search(message_search) VALUES ('optimize')"))
    return counts


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
