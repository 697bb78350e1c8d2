"""Objects whose rows are written one by one, without SQLAlchemy's unit of work.

For the two or three rows that every message changes, working out what depends on what takes several times as long as
the statements. What is handed over here is compared with what is stored when the session is flushed, and what differs
is written. To everybody else it is an object of the session as any other.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, insert, update
from sqlalchemy.orm import Session, class_mapper, make_transient, make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from gateway.database.base import Model, table_of


class PlainRows:
    """The plain rows of one session."""

    def __init__(self) -> None:
        self._stored: dict[Model, dict[str, Any]] = {}
        self._new: list[Model] = []

    def watch(self, row: Model) -> None:
        """Write what changes of `row`, which was loaded just now. It refers to nothing that the session stores anew."""
        self._stored[row] = dict(vars(row))

    def add(self, row: Model) -> None:
        """Insert `row` with the next flush, after the session's own; until then it may change."""
        self._new.append(row)

    def update(self, session: Session) -> None:
        """Write what changed of the rows that are there."""
        for row, stored in self._stored.items():
            now = vars(row)
            changed = tuple(
                name
                for name in _names(type(row))
                if name in now and now[name] is not stored.get(name) and now[name] != stored.get(name)
            )
            if changed and row not in session.deleted:
                values = {name: now[name] for name in changed}
                for number, key in enumerate(_key(type(row))):
                    values[f"key {number}"] = stored[key]
                session.connection().execute(_update(type(row), changed), values)
                session.expunge(row)
                self._settle(session, row)

    def insert(self, session: Session) -> None:
        """Write the rows that are new."""
        new, self._new = self._new, []
        for row in new:
            now = vars(row)
            for name, default in _defaults(type(row)).items():
                if name not in now:
                    setattr(row, name, default)
            values = {name: now[name] for name in _defaults(type(row))}
            session.connection().execute(_insert(type(row)), values)
            self._settle(session, row)

    def _settle(self, session: Session, row: Model) -> None:
        """Have the session take the row for one that was loaded as it is now."""
        make_transient(row)
        make_transient_to_detached(row)
        session.add(row)
        self._stored[row] = dict(vars(row))


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(attribute.key for attribute in class_mapper(model).column_attrs)


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    """What each attribute is that nobody set; only values, as all our models have."""
    columns = class_mapper(model).columns
    given = {name: columns[name].default for name in _names(model)}
    return {name: each.arg if isinstance(each, ScalarElementColumnDefault) else None for name, each in given.items()}


@cache
def _key(model: type[Model]) -> tuple[str, ...]:
    mapper = class_mapper(model)
    return tuple(mapper.get_property_by_column(column).key for column in mapper.primary_key)


@cache
def _insert(model: type[Model]) -> Any:
    return insert(table_of(model))


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> Update:
    columns = class_mapper(model).columns
    of_row = [
        columns[key] == bindparam(f"key {number}", type_=columns[key].type) for number, key in enumerate(_key(model))
    ]
    return update(table_of(model)).where(*of_row).values({columns[name]: bindparam(name) for name in names})
