"""Inserting what may be there already, without a race between looking and inserting."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite

from crm_backend.database.base import Model
from crm_backend.database.engine import WriteSession


def insert_unless_there(session: WriteSession, model: type[Model], **values: Any) -> bool:
    """Insert a row unless one with the same key exists; waits for whoever is inserting it now. Whether it did."""
    return session.execute(_statement(model, session.get_bind().dialect.name), values).first() is not None


@cache
def _statement(model: type[Model], dialect: str) -> Any:
    table: Any = model.__table__
    inserted = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return inserted.on_conflict_do_nothing().returning(literal_column("1"))
