"""Items of a call to canonical records: cleaned, checked, with the path of what cannot be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_backend.normalise import sku_key
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.orders import ORDERS, SHIPMENTS
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.types import BY_NAME, children_of
from crm_backend.pipeline.canonical.values import BadValue
from crm_backend.pipeline.cleaning import Surroundings, clean_record, clean_row
from crm_backend.pipeline.loader import Incoming
from crm_backend.pipeline.stored import OF_SHIPMENTS, child_key

SEPARATOR = "\n"
"""Between the ids of a raw record's parent and its own."""


class BadItem(ValueError):
    """An item that cannot be used: the path of the field within it, and why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that can be loaded."""

    external_id: str
    """Its own id; for one that belongs to another record, both ids."""
    incoming: Incoming


class ItemReader:
    """Reads items of one kind from one source, and counts what was cleaned."""

    def __init__(self, kind: RecordType, source: str, around: Surroundings) -> None:
        self._kind = kind
        self._source = source
        self._around = around
        self.cleaned: Counter[str] = Counter()

    @property
    def root(self) -> RecordType:
        """The kind of record that the items are or belong to."""
        return self._kind if self._kind.parent is None else BY_NAME[self._kind.parent]

    def read(self, item: Mapping[str, Any]) -> ReadItem:
        """One item. Raises BadItem."""
        counted: Counter[str] = Counter()
        read = self._stand_alone(item, counted) if self._kind.parent is None else self._belonging(item, counted)
        self.cleaned += counted
        return read

    def _stand_alone(self, item: Mapping[str, Any], counted: Counter[str]) -> ReadItem:
        kind = self._kind
        lists = [child.name for child in children_of(kind) if child.name not in OF_SHIPMENTS]
        record = self._record(kind, item, "", counted, lists=lists)
        aggregate = Aggregate(kind, record)
        unsaid = {name for name in lists if item.get(name) is None}
        for name in lists:
            for path, row in _rows(item, name, ""):
                self._child(aggregate, BY_NAME[name], row, path, counted, unsaid)
        if "shipments" in unsaid:
            unsaid |= set(OF_SHIPMENTS)
        _check_keys(aggregate)
        return ReadItem(aggregate.external_id, Incoming(aggregate, unsaid=frozenset(unsaid)))

    def _belonging(self, item: Mapping[str, Any], counted: Counter[str]) -> ReadItem:
        kind = self._kind
        owner = clean_row(kind, item, self._around, lambda _rule: None).get(kind.parent_key or "")
        if not isinstance(owner, str):
            raise BadItem(kind.parent_key or "", "is missing" if owner is None else "is not text")
        aggregate = Aggregate(self.root, {"source": self._source, "external_id": owner})
        self._child(aggregate, kind, item, "", counted, set(), owner=owner)
        _check_keys(aggregate)
        key = child_key(kind, aggregate.children[kind.name][0])
        return ReadItem(SEPARATOR.join((owner, *map(str, key))), Incoming(aggregate))

    def _child(
        self,
        aggregate: Aggregate,
        kind: RecordType,
        row: Mapping[str, Any],
        path: str,
        counted: Counter[str],
        unsaid: set[str],
        *,
        owner: str | None = None,
    ) -> None:
        lists = list(OF_SHIPMENTS) if kind is SHIPMENTS else []
        given = dict(row)
        if owner is None:
            owner = aggregate.external_id
            given.setdefault(kind.parent_key or "", owner)
        record = self._record(kind, given, path, counted, lists=lists)
        if record[kind.parent_key or ""] != owner:
            raise BadItem(f"{path}{kind.parent_key}", "is not the record that it lies in")
        aggregate.children.setdefault(kind.name, []).append(record)
        for name in lists:
            if row.get(name) is None:
                unsaid.add(f"{name}/{record['external_id']}")
            for inner, inner_row in _rows(row, name, path):
                beside = {
                    **inner_row,
                    "order_external_id": owner,
                    "shipment_external_id": record["external_id"],
                }
                aggregate.children.setdefault(name, []).append(
                    self._record(BY_NAME[name], beside, inner, counted, lists=[])
                )

    def _record(
        self, kind: RecordType, row: Mapping[str, Any], path: str, counted: Counter[str], *, lists: Sequence[str]
    ) -> Record:
        strange = [name for name in row if name not in kind.by_name and name not in lists]
        if strange:
            raise BadItem(f"{path}{strange[0]}", f"is no field of {kind.name}")
        if row.get("source") not in (None, "", self._source):
            raise BadItem(f"{path}source", "is not the source of the call")
        own = {name: value for name, value in row.items() if name in kind.by_name}

        def count(rule: str) -> None:
            counted[rule] += 1

        try:
            cleaned = clean_row(kind, own, self._around, count)
            record = parse_record(kind, cleaned, source=self._source, zone=self._around.zone)
            return clean_record(kind, record, self._around, count)
        except BadValue as problem:
            raise BadItem(f"{path}{problem.column}", problem.reason) from problem


def join(aggregate: Aggregate, stored: Aggregate) -> None:
    """Make the aggregate the stored one with its own children put in, each in the place of the one with its key."""
    aggregate.record = dict(stored.record)
    for kind in children_of(aggregate.kind):
        rows = {child_key(kind, row): row for row in stored.children.get(kind.name, ())}
        rows.update((child_key(kind, row), row) for row in aggregate.children.get(kind.name, ()))
        if rows:
            aggregate.children[kind.name] = list(rows.values())


def _rows(item: Mapping[str, Any], name: str, path: str) -> list[tuple[str, Mapping[str, Any]]]:
    rows = item.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise BadItem(f"{path}{name}", "is not a list")
    found: list[tuple[str, Mapping[str, Any]]] = []
    for place, row in enumerate(rows):
        if not isinstance(row, dict):
            raise BadItem(f"{path}{name}.{place}", "is not an object")
        found.append((f"{path}{name}.{place}.", row))
    return found


def _check_keys(aggregate: Aggregate) -> None:
    """Nothing that belongs to a record may be there twice, nor a code in two spellings."""
    for name, rows in aggregate.children.items():
        kind = BY_NAME[name]
        seen: set[tuple[Any, ...]] = set()
        for place, row in enumerate(rows):
            key = child_key(kind, row)
            if "sku" in kind.key:
                key = tuple(sku_key(part) if isinstance(part, str) else part for part in key)
            if key in seen:
                raise BadItem(f"{name}.{place}.{kind.key[-1]}", "is given twice")
            seen.add(key)
    if aggregate.kind is ORDERS:
        lines = aggregate.children.get("order_lines")
        packed = aggregate.children.get("shipment_lines", ())
        numbers = {line["line_number"] for line in lines} if lines is not None else None
        for place, row in enumerate(packed):
            if numbers is not None and row["line_number"] not in numbers:
                raise BadItem(f"shipment_lines.{place}.line_number", "is no line of the order")
