"""Inserting what may be there already, without a race between looking and inserting."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from crm_backend.database.base import Model
from crm_backend.database.engine import WriteSession


def insert_unless_there(session: WriteSession, model: type[Model], **values: Any) -> None:
    """Insert a row unless one with the same key exists; waits for whoever is inserting it now."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sqlite.insert(model).values(**values).on_conflict_do_nothing())
    else:
        session.execute(postgresql.insert(model).values(**values).on_conflict_do_nothing())
