"""Column types of personal data: sealed texts, dates and documents, and the keyed hashes they are found by.

A type does not see the row that a value is in, and an envelope is bound to it. Reading, the database hands over the
row's identity beside the envelope (`column_expression`). Writing, a value has to carry it: `bound` makes such values,
listeners do so for every row that a session writes, and a value without it is refused. So nothing gets into these
columns in plain words, whichever way it is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Label, String, Table, cast, event, func, literal_column, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapper
from sqlalchemy.types import TypeDecorator

from crm_backend.encryption.keyring import EncryptionError, current

IDENTITY: Mapping[str, tuple[str, ...]] = {
    "customers": ("source", "external_id"),
    "addresses": ("customer_id", "external_id"),
    "orders": ("source", "external_id"),
    "invoices": ("external_id",),
    "held_back_orders": ("order_id",),
    "raw_records": ("source", "kind", "external_id", "revision"),
    "proposals": ("public_id",),
    "effects": ("public_id",),
    "cases": ("public_id",),
    "outgoing_messages": ("public_id",),
    "idempotency_keys": ("caller", "key"),
}
"""By table, the columns that tell its rows apart, are known before a row is written and never change."""


_SPACE: ColumnElement[str] = literal_column("' '", String)
_COLON: ColumnElement[str] = literal_column("':'", String)


class _Text(str):
    row: str


class _Day(date):
    row: str


class _Document(dict[str, Any]):
    row: str


def identity_of(table: str, row: Mapping[str, Any]) -> str:
    """The row as envelopes are bound to it. Lengths keep ("ab", "c") from being ("a", "bc")."""
    try:
        parts = [str(row[name]) for name in IDENTITY[table]]
    except KeyError as error:
        raise EncryptionError(f"a row of {table} lacks {error.args[0]}, which its personal data is bound to") from None
    return "".join(f"{len(part)}:{part}" for part in parts)


def bound(value: Any, row: str) -> Any:
    """The same value, knowing its row."""
    made: Any
    if value is None:
        return None
    if isinstance(value, str):
        made = _Text(value)
    elif isinstance(value, date):
        made = _Day(value.year, value.month, value.day)
    else:
        made = _Document(value)
    made.row = row
    return made


def bind_row(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Bind what of a row of `table` is personal, in place; for rows that are written without a session."""
    if names := sealed_columns(table):
        identity = identity_of(table.name, row)
        for name in names:
            if (value := row.get(name)) is not None:
                row[name] = bound(value, identity)
    return row


class _Sealed[T](TypeDecorator[T]):
    impl = String
    cache_ok = True

    def __init__(self, place: str) -> None:
        """`place` is `table.column`."""
        super().__init__()
        self.place = place

    def column_expression(self, column: ColumnElement[T]) -> ColumnElement[Any]:
        """The envelope, a space, and the row's identity."""
        while isinstance(column, Label):
            column = column.element
        row = getattr(column, "table", None)
        if row is None:
            # Not a column itself: what comes of it has no row and will not open.
            return column
        said: ColumnElement[Any] = type_coerce(column, String) + _SPACE
        for name in IDENTITY[self.place.partition(".")[0]]:
            part: ColumnElement[Any] = cast(row.c[name], String)
            said = said + cast(func.length(part), String) + _COLON + part
        return type_coerce(said, self)

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:
        """Sealed. Raises EncryptionError for a value that does not know its row."""
        if value is None:
            return None
        row = getattr(value, "row", None)
        if row is None:
            raise EncryptionError(f"{self.place} is sealed: a value for it has to be bound to its row")
        return current().seal(self._said(value), f"{self.place} {row}")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """Opened."""
        if value is None:
            return None
        envelope, _, row = value.partition(" ")
        return self._meant(current().open(envelope, f"{self.place} {row}"))

    def _said(self, value: T) -> str:
        raise NotImplementedError

    def _meant(self, text: str) -> T:
        raise NotImplementedError


class SealedText(_Sealed[str]):
    """A text."""

    cache_ok = True

    def _said(self, value: str) -> str:
        return value

    def _meant(self, text: str) -> str:
        return text


class SealedDate(_Sealed[date]):
    """A day."""

    cache_ok = True

    def _said(self, value: date) -> str:
        return value.isoformat()

    def _meant(self, text: str) -> date:
        return date.fromisoformat(text)


class SealedDocument(_Sealed[dict[str, Any]]):
    """A small document that is read whole."""

    cache_ok = True

    def _said(self, value: dict[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def _meant(self, text: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(text)
        return found


class BlindIndex(TypeDecorator[str]):
    """What look-ups compare, as a keyed hash: written and asked for in plain words, hashed on its way."""

    impl = String
    cache_ok = True

    def __init__(self, place: str) -> None:
        """`place` keeps equal values of different columns apart."""
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Hashed, unless it is already."""
        return None if value is None else current().index(self.place, value)


@cache
def sealed_columns(table: Table) -> tuple[str, ...]:
    """The names of the table's sealed columns."""
    return tuple(column.name for column in table.c if isinstance(column.type, _Sealed))


def listen(base: type[DeclarativeBase]) -> None:
    """From now on, rows of models of `base` that a session writes are bound."""

    @event.listens_for(base, "before_insert", propagate=True)
    @event.listens_for(base, "before_update", propagate=True)
    def _bind(mapper: Mapper[Any], _connection: Any, target: Any) -> None:
        table = mapper.local_table
        if isinstance(table, Table) and any(vars(target).get(name) is not None for name in sealed_columns(table)):
            for name in IDENTITY[table.name]:
                # What was let go of is read again.
                getattr(target, name)
            bind_row(table, vars(target))
