"""Inserting what may be there already, without a race between looking and inserting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects import postgresql, sqlite

from crm_backend.database.base import Model
from crm_backend.database.engine import WriteSession


def insert_unless_there(session: WriteSession, model: type[Model], **values: Any) -> bool:
    """Insert a row unless one with the same key exists; waits for whoever is inserting it now. Whether it did."""
    inserted: Any
    if session.get_bind().dialect.name == "sqlite":
        inserted = sqlite.insert(model).values(**values).on_conflict_do_nothing().returning(literal_column("1"))
    else:
        inserted = postgresql.insert(model).values(**values).on_conflict_do_nothing().returning(literal_column("1"))
    return session.execute(inserted).first() is not None
