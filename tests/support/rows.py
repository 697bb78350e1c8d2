"""Rows in every table, made from the schema alone: what has to hold for all tables is tried on all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_backend.encryption.columns import SealedDate, SealedDocument, bind_row

_CHOICE = re.compile(r"(\w+) IN \('([a-z_]+)'")
_EITHER = re.compile(r"\(\w+ IS NULL\) <> \((\w+) IS NULL\)")
_SINGLE = "id = 1"

Chosen = Mapping[str, Mapping[str, Any]]
"""Values to use instead, by table and column."""


def every_row(metadata: sa.MetaData, n: int, chosen: Chosen | None = None) -> dict[str, dict[str, Any]]:
    """One row for each table, the `n`-th (from 1): parents have the same number, so all of them belong together.

    Texts name their table and column, so that one that is somewhere it should not be can be told. A table of which
    there is only one row is left out after the first.
    """
    return {
        table.name: {**_row(table, n), **(chosen or {}).get(table.name, {})}
        for table in metadata.sorted_tables
        if n == 1 or _SINGLE not in _checks(table)
    }


def insert_all(connection: sa.Connection, metadata: sa.MetaData, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """Insert them, parents first."""
    for table in metadata.sorted_tables:
        connection.execute(table.insert().values(bind_row(table, dict(rows[table.name]))))


def _checks(table: sa.Table) -> list[str]:
    return [str(one.sqltext) for one in table.constraints if isinstance(one, sa.CheckConstraint)]


def _row(table: sa.Table, n: int) -> dict[str, Any]:
    checks = _checks(table)
    choices: dict[str, str | None] = {match[1]: match[2] for one in checks if (match := _CHOICE.match(one))}
    # Of two columns that are never both there, the first.
    choices.update({match[1]: None for one in checks if (match := _EITHER.fullmatch(one))})
    return {column.name: choices.get(column.name, _value(column, n)) for column in table.columns}


def _value(column: sa.Column[Any], n: int) -> Any:
    special = _SPECIAL.get(column.name)
    if special is not None:
        return special(n)
    if column.foreign_keys:
        return _value(next(iter(column.foreign_keys)).column, n)
    if isinstance(column.type, sa.Boolean):
        return n % 2 == 0
    if isinstance(column.type, sa.Integer):
        return n
    if isinstance(column.type, sa.Numeric | sa.Float):
        return n + 0.1
    if isinstance(column.type, SealedDate | sa.Date):
        return date(2026, 1, 31)
    if isinstance(column.type, SealedDocument | sa.JSON):
        return {"said": f"{column.table.name}.{column.name} №{n}", "一": [n, None, 0.1]}
    if isinstance(column.type, sa.DateTime) or type(column.type).__name__ == "UtcDateTime":
        return datetime(2026, 1, 31, 23, 59, 59, 123456, tzinfo=UTC) + timedelta(days=n)
    if isinstance(column.type, sa.LargeBinary):
        return f"{column.table.name}.{column.name} №{n}".encode() + bytes(range(256))
    length = getattr(column.type, "length", None)
    return f"{column.table.name}.{column.name} №{n}"[-length if length else None :]


_SPECIAL: dict[str, Callable[[int], Any]] = {
    "last4": lambda n: f"{n:04d}",
    "currency": lambda _n: "GBP",
    "country": lambda _n: "GB",
    "timezone": lambda _n: "Europe/London",
    # Checks ask that these be so to each other.
    "charge_minor": lambda _n: 0,
    "accepted_quantity": lambda _n: 0,
    "cancelled_quantity": lambda _n: 0,
    "returned_quantity": lambda _n: 0,
    "high_id": lambda n: n + 1,
    "percent": lambda n: n,
}
