"""What the CRM itself keeps of orders, stores and customers, in canonical files: returns, claims, goods put aside,
reservations, invoices.

No other system is their source, so a file is never newer than what is here: an import adds those that are not there
and neither changes nor removes one that is. Effects are no part of a file: a return that waited for an answer waits
for a person after it was brought to another database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, insert, select, update

from crm_backend.encryption.columns import bind_row
from crm_backend.identity.keys import LookupKeys
from crm_backend.normalise import sku_key
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.types import OWN_TYPES
from crm_backend.pipeline.report import ImportReport, RowRef
from crm_backend.pipeline.staging import Staging
from crm_backend.pipeline.stored import LOOKUP_CHUNK, TABLES
from crm_backend.privacy import tombstones
from crm_backend.privacy.inventory import BY_TABLE
from crm_backend.stores.models import HELD

Ids = Mapping[tuple[str, str], int]
"""Row numbers by source and external id."""

REFUNDS_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A record on its way in, and the file row that it was."""

    record: Record
    row: RowRef


@dataclass(frozen=True, slots=True)
class _Link:
    """A column that holds the number of another row, and the columns of the record that name that row."""

    column: str
    table: str
    name: str
    """The record's column with the other's id."""
    source: str | None = "source"
    """The record's column with the namespace of that id; None where ids are unique in the whole shop."""
    required: bool = True


@dataclass(frozen=True, slots=True)
class _Own:
    """How a kind lies in its table."""

    identified_by: tuple[str, ...]
    """Columns of the table that tell its rows apart."""
    links: tuple[_Link, ...]
    renamed: Mapping[str, str]
    """Columns of the record that the table calls otherwise."""


_ORDER = _Link("order_id", "orders", "order_external_id")
_BY_PUBLIC_ID = {"external_id": "public_id"}
_OWN: Mapping[str, _Own] = {
    "returns": _Own(("public_id",), (_ORDER,), _BY_PUBLIC_ID),
    "return_lines": _Own(
        ("return_id", "line_number"), (_Link("return_id", "returns", "return_external_id", source=None),), {}
    ),
    "claims": _Own(("public_id",), (_ORDER,), _BY_PUBLIC_ID),
    "chases": _Own(("order_id", "shipment_external_id", "asked_at"), (_ORDER,), {}),
    "stock_holds": _Own(
        ("external_id",),
        (
            _ORDER,
            _Link("return_id", "returns", "return_external_id", source=None, required=False),
            _Link("store_id", "stores", "store_external_id"),
        ),
        {},
    ),
    "reservations": _Own(
        ("public_id",),
        (
            _Link("store_id", "stores", "store_external_id"),
            _Link("customer_id", "customers", "customer_external_id", source="customer_source"),
        ),
        _BY_PUBLIC_ID,
    ),
    "invoices": _Own(("external_id",), (_ORDER,), {}),
}
_VARIANTS: Mapping[str, tuple[str, str]] = {
    "return_lines": ("new_variant_id", "new_sku"),
    "reservations": ("variant_id", "sku"),
}
"""Columns that hold a variant's number, and those of the record with its SKU."""

_WORKED_OUT = frozenset({"refund_external_ids", "new_sku", "customer_source"})
"""Columns of records that no table has."""


# --- Out --------------------------------------------------------------------------------------------------------


def export_own(connection: Connection, kind: RecordType) -> Iterator[Record]:
    """Every record of the kind, in the order of its namespace and ids."""
    found = connection.execute(_selected(connection, kind), execution_options={"yield_per": LOOKUP_CHUNK})
    for rows in found.mappings().partitions():
        records = [{name: _plain(row[name]) for name in kind.names if name in row} for row in rows]
        if kind.name == "returns":
            _add_refunds(connection, records, [row["row_id"] for row in rows])
        for record in records:
            if kind.name == "reservations" and record["customer_source"] == record["source"]:
                record["customer_source"] = None
            yield record


def count_own(connection: Connection) -> int:
    """How many there are of all kinds."""
    return sum(connection.scalar(select(func.count()).select_from(TABLES[kind.name])) or 0 for kind in OWN_TYPES)


def _selected(connection: Connection, kind: RecordType) -> Select[Any]:
    table, own = TABLES[kind.name], _OWN[kind.name]
    linked = {link.name for link in own.links} | _WORKED_OUT | {"source", "order_external_id"}
    columns: list[ColumnElement[Any]] = [table.c.id.label("row_id")]
    columns += [table.c[own.renamed.get(name, name)].label(name) for name in kind.names if name not in linked]
    joined: Any = table
    for link in own.links:
        other = TABLES[link.table]
        joined = joined.join(other, other.c.id == table.c[link.column], isouter=not link.required)
        columns.append(other.c["public_id" if link.table == "returns" else "external_id"].label(link.name))
        if link.source is not None:
            columns.append(other.c.source.label(link.source))
    if kind.name == "return_lines":
        orders, variants = TABLES["orders"], TABLES["variants"]
        joined = joined.join(orders, orders.c.id == TABLES["returns"].c.order_id)
        joined = joined.join(variants, variants.c.id == table.c.new_variant_id, isouter=True)
        columns += [
            orders.c.source.label("source"),
            orders.c.external_id.label("order_external_id"),
            variants.c.sku.label("new_sku"),
        ]
    labelled = {column.name: column for column in columns}
    order = [labelled["source"], *(labelled[name] for name in kind.key)]
    # Byte order of texts, as SQLite has it, whatever language the server sorts by.
    texts = {"source", *(name for name in kind.key if kind.by_name[name].type == "text")}
    if connection.dialect.name == "postgresql":
        order = [one.element.collate("C") if one.name in texts else one for one in order]
    unique = {column.name: column for column in columns}.values()
    return select(*unique).select_from(joined).order_by(*order)


def _add_refunds(connection: Connection, records: Sequence[Record], ids: Sequence[int]) -> None:
    refunds = TABLES["refunds"]
    paid_by: defaultdict[int, list[str]] = defaultdict(list)
    query = select(refunds.c.return_id, refunds.c.external_id).where(refunds.c.return_id.in_(ids))
    for return_id, external_id in connection.execute(query):
        paid_by[return_id].append(external_id)
    for record, identifier in zip(records, ids, strict=True):
        record["refund_external_ids"] = REFUNDS_BETWEEN.join(sorted(paid_by[identifier])) or None


def _plain(value: Any) -> Any:
    return None if value == "" else value


# --- In ---------------------------------------------------------------------------------------------------------


class OwnLoader:
    """Adds records of the CRM's own that are not there. Each batch is one transaction."""

    def __init__(
        self,
        engine: Engine,
        report: ImportReport,
        staging: Staging,
        *,
        keys: LookupKeys | None = None,
        on_rows: Callable[[int], None] = lambda _count: None,
    ) -> None:
        self._engine = engine
        self._report = report
        self._staging = staging
        self._keys = keys
        self._on_rows = on_rows

    def load(self, kind: RecordType, rows: Iterable[OwnRow]) -> None:
        """Load records of one kind; those that they belong to come first."""
        for batch in batched(rows, LOOKUP_CHUNK):
            rejected: list[tuple[RowRef, str]] = []
            with self._engine.begin() as connection:
                outcomes = _Batch(connection, kind, self._keys).load(batch, rejected)
            # Counted only when the transaction stands.
            for one, inserted in outcomes:
                self._report.count_record(kind.name, "inserted" if inserted else "unchanged")
                self._report.count_rows("loaded" if inserted else "unchanged", [one.row])
            for row, reason in rejected:
                self._staging.reject([row], f"{kind.name}: {reason}")
            self._on_rows(len(batch))


class _Batch:
    """One transaction's worth of records of one kind."""

    def __init__(self, connection: Connection, kind: RecordType, keys: LookupKeys | None) -> None:
        self._connection = connection
        self._kind = kind
        self._own = _OWN[kind.name]
        self._table = TABLES[kind.name]
        self._keys = keys

    def load(self, batch: Sequence[OwnRow], rejected: list[tuple[RowRef, str]]) -> list[tuple[OwnRow, bool]]:
        """Which of them were inserted, and which were there; those that cannot be used are added to `rejected`."""
        rows: list[tuple[OwnRow, dict[str, Any]]] = []
        ids = {link: self._linked(link, batch) for link in self._own.links}
        variants = self._variants(batch)
        erased = self._erased(batch)
        for one in batch:
            row, missing = self._row(one.record, ids, variants)
            if missing is not None:
                rejected.append((one.row, f"its {missing.removesuffix('s')} is in no file and not known"))
                continue
            if (one.record["source"], one.record.get("order_external_id")) in erased:
                held = BY_TABLE.get(self._table.name)
                row.update(held.cleared if held is not None else {})
            rows.append((one, row))
        there = self._there([row for _one, row in rows])
        taken = self._taken_numbers([row for _one, row in rows])
        outcomes: list[tuple[OwnRow, bool]] = []
        new: list[tuple[OwnRow, dict[str, Any]]] = []
        for one, row in rows:
            key = self._key(row)
            if key in there:
                outcomes.append((one, False))
            elif row.get("number") in taken and self._kind.name == "returns":
                rejected.append((one.row, "another return has this number"))
            else:
                there.add(key)
                taken.add(row.get("number"))
                new.append((one, row))
                outcomes.append((one, True))
        if new:
            self._connection.execute(insert(self._table), [bind_row(self._table, row) for _one, row in new])
            self._tie_refunds([one.record for one, _row in new])
            self._count_reserved([row for _one, row in new])
        return outcomes

    def _row(
        self, record: Record, ids: Mapping[_Link, Ids], variants: Mapping[tuple[str, str], int]
    ) -> tuple[dict[str, Any], str | None]:
        """The record as a row, and the table of what it belongs to and that is not there."""
        own = self._own
        linked = {link.name for link in own.links} | _WORKED_OUT | {"source", "order_external_id"}
        row = {own.renamed.get(name, name): record[name] for name in self._kind.names if name not in linked}
        for link in own.links:
            named = record[link.name]
            found = None if named is None else ids[link].get((_namespace(link, record), named))
            if found is None and (link.required or named is not None):
                return row, link.table
            row[link.column] = found
        if self._kind.name in _VARIANTS:
            column, name = _VARIANTS[self._kind.name]
            sku = record[name]
            row[column] = None if sku is None else variants.get((record["source"], sku_key(sku)))
            if name == "new_sku" and sku is not None and row[column] is None:
                return row, "variants"
        return row, None

    def _linked(self, link: _Link, batch: Sequence[OwnRow]) -> Ids:
        table = TABLES[link.table]
        named = table.c["public_id" if link.table == "returns" else "external_id"]
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for one in batch:
            if (external_id := one.record[link.name]) is not None:
                wanted[_namespace(link, one.record)].add(external_id)
        found: dict[tuple[str, str], int] = {}
        for source, external_ids in wanted.items():
            query = select(named, table.c.id).where(named.in_(external_ids))
            if link.source is not None:
                query = query.where(table.c.source == source)
            found.update({(source, external_id): row_id for external_id, row_id in self._connection.execute(query)})
        return found

    def _variants(self, batch: Sequence[OwnRow]) -> Mapping[tuple[str, str], int]:
        """Of several with one SKU, the one that came first."""
        if self._kind.name not in _VARIANTS:
            return {}
        name = _VARIANTS[self._kind.name][1]
        variants, products = TABLES["variants"], TABLES["products"]
        wanted = {sku_key(one.record[name]) for one in batch if one.record[name] is not None}
        query = (
            select(products.c.source, variants.c.sku_key, func.min(variants.c.id))
            .join(products, products.c.id == variants.c.product_id)
            .where(variants.c.sku_key.in_(wanted))
            .group_by(products.c.source, variants.c.sku_key)
        )
        return {(source, key): identifier for source, key, identifier in self._connection.execute(query)}

    def _erased(self, batch: Sequence[OwnRow]) -> Collection[tuple[str, str]]:
        named = {(one.record["source"], order) for one in batch if (order := one.record.get("order_external_id"))}
        return tombstones.erased(self._connection, self._keys, "order", named) if named else set()

    def _key(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._own.identified_by)

    def _there(self, rows: Sequence[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
        columns = [self._table.c[name] for name in self._own.identified_by]
        first = {row[self._own.identified_by[0]] for row in rows}
        query = select(*columns).where(columns[0].in_(first))
        return {tuple(found) for found in self._connection.execute(query)}

    def _taken_numbers(self, rows: Sequence[Mapping[str, Any]]) -> set[Any]:
        if self._kind.name != "returns":
            return set()
        numbers = [row["number"] for row in rows]
        return set(self._connection.scalars(select(self._table.c.number).where(self._table.c.number.in_(numbers))))

    def _tie_refunds(self, records: Sequence[Record]) -> None:
        """Refunds that name no return yet belong to the one that names them."""
        if self._kind.name != "returns":
            return
        refunds, returns, orders = TABLES["refunds"], TABLES["returns"], TABLES["orders"]
        for record in records:
            if record["refund_external_ids"] is None:
                continue
            of_order = select(orders.c.id).where(
                orders.c.source == record["source"], orders.c.external_id == record["order_external_id"]
            )
            this = select(returns.c.id).where(returns.c.public_id == record["external_id"]).scalar_subquery()
            self._connection.execute(
                update(refunds)
                .where(
                    refunds.c.order_id.in_(of_order),
                    refunds.c.external_id.in_(record["refund_external_ids"].split(REFUNDS_BETWEEN)),
                    refunds.c.return_id.is_(None),
                )
                .values(return_id=this)
            )

    def _count_reserved(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """What lies aside in a store cannot be had there."""
        if self._kind.name not in ("stock_holds", "reservations"):
            return
        held = {"held", *HELD}
        amounts: defaultdict[tuple[int, str], int] = defaultdict(int)
        for row in rows:
            if row["state"] in held:
                amounts[row["store_id"], row["sku"]] += row["quantity"]
        stock = TABLES["stock"]
        for (store_id, sku), quantity in amounts.items():
            self._connection.execute(
                update(stock)
                .where(stock.c.store_id == store_id, stock.c.sku_key == sku_key(sku))
                .values(reserved=stock.c.reserved + quantity)
            )


def _namespace(link: _Link, record: Record) -> str:
    if link.source is None:
        return ""
    return str(record[link.source] or record["source"])
