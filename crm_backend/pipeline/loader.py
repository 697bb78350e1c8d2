"""Aggregates into the CRM's database: new ones are inserted, changed ones updated, equal ones left alone.

Each batch is one transaction, so an import that is interrupted leaves whole records, and running it again finds them
unchanged and goes on. A record is equal when its content hash is the one kept from the last import, or, where that
differs, when the stored rows say the same: then nothing is written, not even the hash.

Rows of a changed aggregate keep their ids as long as their keys stay, because other tables point at them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, func, insert, select, text, update

from crm_backend.encryption.columns import bind_row
from crm_backend.encryption.keyring import current
from crm_backend.identity.keys import LookupKeys
from crm_backend.normalise import sku_key
from crm_backend.pipeline import held_back
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.customers import CUSTOMERS
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.products import PRICE_HISTORY, PRODUCTS
from crm_backend.pipeline.canonical.types import children_of
from crm_backend.pipeline.report import ImportReport, RecordOutcome, RowOutcome, RowRef
from crm_backend.pipeline.stored import (
    OF_SHIPMENTS,
    PARENT_COLUMN,
    TABLES,
    StoredAggregate,
    child_key,
    chunks,
    columns_of,
    keep_unstated,
    load_stored,
)
from crm_backend.privacy import tombstones
from crm_backend.products.index import index_products
from shopdesk_schemas.clock import wall_now

_ROW_OUTCOMES: Mapping[RecordOutcome, RowOutcome] = {
    "inserted": "loaded",
    "updated": "loaded",
    "unchanged": "unchanged",
    "held_back": "held_back",
}

BATCH_ROWS = 8000
"""Rows, children included, that one transaction writes. Larger batches are hardly faster and hold memory."""


LINE_AMOUNTS = ("quantity", "cancelled_quantity", "returned_quantity", "unit_price_minor", "total_minor")
"""What the worth of an order line is worked out from."""


@dataclass(slots=True)
class Incoming:
    """An aggregate on its way in, and the file rows it was made of."""

    aggregate: Aggregate
    rows: Sequence[RowRef] = ()
    create_only: bool = False
    """Made from a mere mention, such as the product id of an order line: it never changes what is there."""
    unsaid: frozenset[str] = frozenset()
    """Kinds of its children that it says nothing about, beside those that the whole import is silent on; as
    `scan_events/S1` those of one shipment."""
    amends: bool = False
    """Made from the stored record and something that happened since, so never older than a change of ours."""
    erased: bool = False
    """Of somebody who was erased: a customer is left out, an order loaded without what says whose it was."""
    outcome: RecordOutcome | None = None
    """Once it was loaded."""


class Loader:
    """Loads aggregates of one import. `unsaid` names the kinds of children that its files say nothing about:
    what the database has of them stays. `now` is when a price that differs from the stored one ended. `keys` tell who
    was erased; they are needed as soon as anybody was. What it holds back is applied later (`held_back`), unless
    `keeps_held_back` is False: then whoever sent it is to send it again.

    Given a connection, it writes in the transaction that is open there and ends none.
    """

    def __init__(
        self,
        engine: Engine | Connection,
        report: ImportReport,
        *,
        unsaid: frozenset[str] = frozenset(),
        now: datetime | None = None,
        keys: LookupKeys | None = None,
        keeps_held_back: bool = True,
        on_rows: Callable[[int], None] = lambda _count: None,
    ) -> None:
        self._engine = engine
        self._report = report
        self._unsaid = unsaid
        self._now = (now or wall_now()).replace(microsecond=0)
        self._keys = keys
        self._keeps_held_back = keeps_held_back
        self._on_rows = on_rows
        self._new_variants = False

    def load(self, incoming: Iterable[Incoming]) -> None:
        """Write aggregates of one kind, in batches. Their ids must differ."""
        batch: list[Incoming] = []
        weight = 0
        for item in incoming:
            batch.append(item)
            weight += 1 + sum(len(rows) for rows in item.aggregate.children.values())
            if weight >= BATCH_ROWS:
                self._load_batch(batch)
                batch, weight = [], 0
        if batch:
            self._load_batch(batch)

    def finish(self) -> None:
        """Tie order lines that came before their product to its variant."""
        if self._new_variants:
            with self._transaction() as connection:
                _link_lines(connection)

    def _transaction(self) -> AbstractContextManager[Connection]:
        return self._engine.begin() if isinstance(self._engine, Engine) else nullcontext(self._engine)

    def _load_batch(self, batch: list[Incoming]) -> None:
        kind = batch[0].aggregate.kind
        with self._transaction() as connection:
            if kind is CUSTOMERS or kind is ORDERS:
                self._mark_erased(connection, kind, batch)
            customers = self._resolve_customers(connection, batch) if kind is ORDERS else {}
            variants = _variants_of_lines(connection, batch) if kind is ORDERS else {}
            writer = _Writer(connection, customers, variants)
            outcomes = self._write(connection, kind, batch, writer)
            if kind is PRODUCTS:
                _index(connection, batch, outcomes)
        # Counted only when the transaction stands.
        touched = 0
        for item, outcome in zip(batch, outcomes, strict=True):
            item.outcome = outcome
            self._report.count_record(kind.name, outcome)
            self._report.count_rows(_ROW_OUTCOMES[outcome], item.rows)
            if outcome == "held_back":
                self._report.held_back.append(item.aggregate.record["number"])
            touched += len(item.rows)
        self._new_variants |= kind is PRODUCTS and any(outcome != "unchanged" for outcome in outcomes)
        self._on_rows(touched)

    def _mark_erased(self, connection: Connection, kind: RecordType, batch: list[Incoming]) -> None:
        named = {(item.aggregate.source, item.aggregate.external_id) for item in batch}
        gone = tombstones.erased(connection, self._keys, kind.name.removesuffix("s"), named)
        buyers = {
            (item.aggregate.source, buyer)
            for item in batch
            if kind is ORDERS and (buyer := item.aggregate.record["customer_external_id"]) is not None
        }
        gone_buyers = tombstones.erased(connection, self._keys, "customer", buyers) if buyers else set()
        for item in batch:
            aggregate = item.aggregate
            of_gone = (aggregate.source, aggregate.record.get("customer_external_id")) in gone_buyers
            item.erased = (aggregate.source, aggregate.external_id) in gone or of_gone
            if item.erased:
                self._report.cleaned[f"erased_{kind.name.removesuffix('s')}"] += 1
                if kind is ORDERS:
                    tombstones.strip(aggregate)

    def _write(
        self, connection: Connection, kind: RecordType, batch: list[Incoming], writer: _Writer
    ) -> list[RecordOutcome]:
        known = _known_ids(connection, kind, batch)
        ring = current()
        outcomes: list[RecordOutcome] = []
        new: list[tuple[Aggregate, str]] = []
        suspect: dict[int, tuple[int, Incoming]] = {}
        for position, item in enumerate(batch):
            aggregate = item.aggregate
            if item.erased and kind is CUSTOMERS:
                outcomes.append("unchanged")
                continue
            content_hash = ring.fingerprint(aggregate.content_hash())
            before = known.get((aggregate.source, aggregate.external_id))
            outcomes.append("unchanged")
            if before is None:
                outcomes[position] = "inserted"
                new.append((aggregate, content_hash))
            elif not item.create_only and before[1] != content_hash:
                suspect[before[0]] = (position, item)
        if new:
            writer.insert(kind, new)
        for ids in chunks(suspect):
            waiting = _awaiting_others(connection, ids) if kind is ORDERS else {}
            for stored in load_stored(connection, kind, ids):
                position, item = suspect[stored.id]
                holds = stored.id in waiting and not item.amends
                # As it came: what is put in for what it does not say may be another when it is applied.
                said = held_back.snapshot(item.aggregate) if holds else {}
                if kind is ORDERS:
                    _keep_own(item.aggregate, stored)
                self._keep_unsaid(item, stored)
                if kind is PRODUCTS:
                    _remember_prices(item.aggregate, stored.aggregate, self._now)
                # The hash kept is that of the whole, of what the files did not speak of too: a later import that says
                # there is none of that must not look like this one.
                content_hash = item.aggregate.content_hash()
                if content_hash == stored.aggregate.content_hash():
                    continue
                if holds:
                    outcomes[position] = "held_back"
                    if self._keeps_held_back:
                        unsaid = self._unsaid | item.unsaid
                        held_back.keep(connection, stored.id, said, unsaid, waiting[stored.id], wall_now())
                else:
                    writer.change(kind, stored, item.aggregate, ring.fingerprint(content_hash))
                    outcomes[position] = "updated"
        if kind is ORDERS and held_back.any_kept(connection):
            spoken_of = (
                known[item.aggregate.source, item.aggregate.external_id][0]
                for item, outcome in zip(batch, outcomes, strict=True)
                if outcome in ("updated", "unchanged") and not (item.amends or item.create_only)
            )
            held_back.forget(connection, spoken_of)
        return outcomes

    def _keep_unsaid(self, item: Incoming, stored: StoredAggregate) -> None:
        unsaid = self._unsaid | item.unsaid
        children = item.aggregate.children
        for kind in children_of(item.aggregate.kind):
            name = kind.name
            before = stored.aggregate.children.get(name, ())
            if name not in OF_SHIPMENTS:
                if name in unsaid and before:
                    children[name] = list(before)
                elif kind.append_only and before:
                    brought = children.setdefault(name, [])
                    there = {child_key(kind, row) for row in brought}
                    brought.extend(row for row in before if child_key(kind, row) not in there)
                continue
            # What lay in a parcel that is gone goes with it.
            parcels = {row["external_id"] for row in children.get("shipments", ())}
            kept = [
                row
                for row in before
                if (parcel := row["shipment_external_id"]) in parcels
                and (name in unsaid or f"{name}/{parcel}" in unsaid)
            ]
            if kept:
                children[name] = kept if name in unsaid else [*children.get(name, ()), *kept]

    def _resolve_customers(self, connection: Connection, batch: list[Incoming]) -> Mapping[tuple[str, str], int]:
        wanted: defaultdict[str, set[str]] = defaultdict(set)
        for item in batch:
            if (external_id := item.aggregate.record["customer_external_id"]) is not None:
                wanted[item.aggregate.source].add(external_id)
        table = TABLES[CUSTOMERS.name]
        found: dict[tuple[str, str], int] = {}
        for source, ids in wanted.items():
            for chunk in chunks(sorted(ids)):
                query = select(table.c.external_id, table.c.id).where(
                    table.c.source == source, table.c.external_id.in_(chunk)
                )
                found.update(
                    ((source, external_id), identifier) for external_id, identifier in connection.execute(query)
                )
        for item in batch:
            record = item.aggregate.record
            external_id = record["customer_external_id"]
            if external_id is not None and (item.aggregate.source, external_id) not in found:
                # The order is real even when its customer is in no file: it is loaded as a guest's.
                record["customer_external_id"] = None
                self._report.cleaned["order_of_unknown_customer"] += 1
        return found


def _awaiting_others(connection: Connection, order_ids: Sequence[int]) -> Mapping[int, int]:
    """Those of these orders of which a change waits for another system, with the oldest effect that it waits for.

    All are locked: none changes from here on.
    """
    orders = TABLES["orders"]
    connection.execute(
        select(orders.c.id).where(orders.c.id.in_(order_ids)).order_by(orders.c.id).with_for_update()
    ).all()
    return held_back.open_effects(connection, order_ids)


def _keep_own(aggregate: Aggregate, stored: StoredAggregate) -> None:
    """Keep what the CRM knows of an order whether or not the file does: refunds and payments that it asked for, what
    was cancelled and came back.

    Where the file has money under the id that the other system gave as its reference, that is ours: it keeps our id.
    """
    keep_unstated(aggregate.record, stored.aggregate.record)
    for kind in children_of(aggregate.kind):
        before = {child_key(kind, row): row for row in stored.aggregate.children.get(kind.name, ())}
        rows = aggregate.children.get(kind.name, [])
        if own := stored.own.get(kind.name):
            ours = {reference: before[key]["external_id"] for key, reference in own.items() if reference is not None}
            for row in rows:
                row["external_id"] = ours.get(row["external_id"], row["external_id"])
            there = {child_key(kind, row): row for row in (*(before[key] for key in own), *rows)}
            aggregate.children[kind.name] = list(there.values())
        elif kind.name == "order_lines":
            for row in rows:
                if (known := before.get(child_key(kind, row))) is not None:
                    keep_unstated(row, known)
    aggregate.sort_children()


def _known_ids(
    connection: Connection, kind: RecordType, batch: list[Incoming]
) -> Mapping[tuple[str, str], tuple[int, str]]:
    """Id and content hash of those of the batch that the database has, by source and external id."""
    table = TABLES[kind.name]
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for item in batch:
        wanted[item.aggregate.source].append(item.aggregate.external_id)
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for source, ids in wanted.items():
        for chunk in chunks(ids):
            query = select(table.c.external_id, table.c.id, table.c.content_hash).where(
                table.c.source == source, table.c.external_id.in_(chunk)
            )
            for external_id, identifier, content_hash in connection.execute(query):
                found[source, external_id] = (identifier, content_hash)
    return found


def _remember_prices(incoming: Aggregate, stored: Aggregate, now: datetime) -> None:
    """Add to the incoming product's history the prices that it ends, unless it tells itself when they ended."""
    known = stored.children.get(PRICE_HISTORY.name, [])
    history = list(incoming.children.get(PRICE_HISTORY.name, ()))
    told = {sku_key(row["sku"]) for row in history if row not in known}
    before = {sku_key(row["sku"]): row for row in stored.children.get("variants", ())}
    for variant in incoming.children.get("variants", ()):
        key = sku_key(variant["sku"])
        old = before.get(key)
        if old is None or old["price_minor"] is None or old["currency"] is None or key in told:
            continue
        if (old["price_minor"], old["currency"]) != (variant["price_minor"], variant["currency"]):
            history.append(
                PRICE_HISTORY.record(
                    source=incoming.source,
                    product_external_id=incoming.external_id,
                    sku=variant["sku"],
                    ended_at=now,
                    price_minor=old["price_minor"],
                    currency=old["currency"],
                )
            )
    if history:
        incoming.children[PRICE_HISTORY.name] = history


def _index(connection: Connection, batch: list[Incoming], outcomes: Sequence[RecordOutcome]) -> None:
    """Let searches find what was written."""
    written = [item for item, outcome in zip(batch, outcomes, strict=True) if outcome != "unchanged"]
    if written:
        known = _known_ids(connection, PRODUCTS, written)
        index_products(connection, [identifier for identifier, _hash in known.values()])


def _variants_of_lines(connection: Connection, batch: list[Incoming]) -> Mapping[tuple[str, str], int]:
    """The variant of each SKU on the batch's lines. Of several with one SKU, the one that came first."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for item in batch:
        for line in item.aggregate.children.get("order_lines", ()):
            if line["sku"] is not None:
                wanted[item.aggregate.source].add(sku_key(line["sku"]))
    return {
        (source, key): identifier
        for source, keys in wanted.items()
        for key, identifier in _variant_ids(connection, source, keys)
    }


def _variant_ids(connection: Connection, source: str, keys: Iterable[str]) -> Iterator[tuple[str, int]]:
    variants, products = TABLES["variants"], TABLES["products"]
    for chunk in chunks(sorted(keys)):
        query = (
            select(variants.c.sku_key, func.min(variants.c.id))
            .join(products, products.c.id == variants.c.product_id)
            .where(products.c.source == source, variants.c.sku_key.in_(chunk))
            .group_by(variants.c.sku_key)
        )
        for row in connection.execute(query):
            yield row[0], row[1]


def _link_lines(connection: Connection) -> None:
    lines, orders = TABLES["order_lines"], TABLES["orders"]
    last = 0
    while True:
        query = (
            select(lines.c.id, orders.c.source, lines.c.sku)
            .join(orders, orders.c.id == lines.c.order_id)
            .where(lines.c.variant_id.is_(None), lines.c.sku.is_not(None), lines.c.id > last)
            .order_by(lines.c.id)
            .limit(BATCH_ROWS)
        )
        loose = [(identifier, source, sku_key(sku)) for identifier, source, sku in connection.execute(query)]
        if not loose:
            return
        last = loose[-1][0]
        keys: defaultdict[str, set[str]] = defaultdict(set)
        for _identifier, source, key in loose:
            keys[source].add(key)
        found = {
            (source, key): variant for source in keys for key, variant in _variant_ids(connection, source, keys[source])
        }
        ties = [
            {"row_id": identifier, "variant_id": found[source, key]}
            for identifier, source, key in loose
            if (source, key) in found
        ]
        if ties:
            statement = update(lines).where(lines.c.id == bindparam("row_id"))
            connection.execute(statement.values(variant_id=bindparam("variant_id")), ties)


class _Writer:
    """Writes rows of one batch. `customers` and `variants` give the ids that orders and their lines point at."""

    def __init__(
        self,
        connection: Connection,
        customers: Mapping[tuple[str, str], int],
        variants: Mapping[tuple[str, str], int],
    ) -> None:
        self._connection = connection
        self._customers = customers
        self._variants = variants

    def insert(self, kind: RecordType, new: Sequence[tuple[Aggregate, str]]) -> None:
        """Insert whole aggregates, each with its content hash."""
        roots: list[dict[str, Any]] = []
        children: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        ids = self._reserve(TABLES[kind.name], len(new))
        shipment_count = sum(len(aggregate.children.get("shipments", ())) for aggregate, _hash in new)
        shipment_ids = iter(self._reserve(TABLES["shipments"], shipment_count)) if shipment_count else iter(())
        for identifier, (aggregate, content_hash) in zip(ids, new, strict=True):
            roots.append({"id": identifier, **self._root(kind, aggregate), "content_hash": content_hash})
            of_shipment: dict[str, int] = {}
            for name, records in aggregate.children.items():
                if name in OF_SHIPMENTS:
                    continue
                rows = children[name] if records else []
                for record in records:
                    row = self._child(name, aggregate, record, identifier)
                    if name == "shipments":
                        row["id"] = of_shipment[record["external_id"]] = next(shipment_ids)
                    rows.append(row)
            for name in OF_SHIPMENTS:
                for record in aggregate.children.get(name, ()):
                    children[name].append(
                        self._child(name, aggregate, record, of_shipment[record["shipment_external_id"]])
                    )
        self._insert_rows(TABLES[kind.name], roots)
        for child in children_of(kind):
            if child.name in children:
                self._insert_rows(TABLES[child.name], children[child.name])

    def change(self, kind: RecordType, stored: StoredAggregate, aggregate: Aggregate, content_hash: str) -> None:
        """Bring a stored aggregate to what came in, touching only rows that differ."""
        table = TABLES[kind.name]
        values = {**self._root(kind, aggregate), "content_hash": content_hash}
        if kind is ORDERS:
            # Offers that were worked out from the order as it was are void.
            values["version"] = table.c.version + 1
        self._connection.execute(update(table).where(table.c.id == stored.id).values(values))
        shipment_ids: dict[str, int] = {}
        for child in children_of(kind):
            if child.name in OF_SHIPMENTS:
                self._change_children(child, stored, aggregate, shipment_ids)
            else:
                self._change_children(child, stored, aggregate, None)
            if child.name == "shipments":
                shipments = TABLES["shipments"]
                query = select(shipments.c.external_id, shipments.c.id).where(shipments.c.order_id == stored.id)
                shipment_ids = {row.external_id: row.id for row in self._connection.execute(query)}

    def _change_children(
        self,
        kind: RecordType,
        stored: StoredAggregate,
        aggregate: Aggregate,
        shipment_ids: Mapping[str, int] | None,
    ) -> None:
        table = TABLES[kind.name]
        ids = stored.child_ids.get(kind.name, {})
        before = {child_key(kind, record): record for record in stored.aggregate.children.get(kind.name, ())}
        after = {child_key(kind, record): record for record in aggregate.children.get(kind.name, ())}
        gone = [ids[key] for key in before.keys() - after.keys()]
        if gone:
            # Those of a shipment that is gone went with it.
            self._connection.execute(delete(table).where(table.c.id.in_(gone)))
        new: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        recounted: list[dict[str, Any]] = []
        for key, record in after.items():
            if before.get(key) == record:
                continue
            owner = stored.id if shipment_ids is None else shipment_ids[record["shipment_external_id"]]
            row = self._child(kind.name, aggregate, record, owner)
            if key in before:
                changed.append({**row, "row_id": ids[key]})
                if kind.name == "order_lines" and any(before[key][name] != record[name] for name in LINE_AMOUNTS):
                    recounted.append({"row_id": ids[key]})
            else:
                new.append(row)
        if changed:
            names = [name for name in changed[0] if name != "row_id"]
            statement = update(table).where(table.c.id == bindparam("row_id"))
            self._connection.execute(statement.values({name: bindparam(name) for name in names}), changed)
        if recounted:
            # What was worked out from other amounts does not hold any more.
            statement = update(table).where(table.c.id == bindparam("row_id"))
            self._connection.execute(statement.values(net_minor=None, gone_minor=None), recounted)
        if new:
            self._connection.execute(insert(table), new)

    def _root(self, kind: RecordType, aggregate: Aggregate) -> dict[str, Any]:
        row = columns_of(kind.name, aggregate.record)
        if kind is ORDERS:
            external_id = aggregate.record["customer_external_id"]
            row["customer_id"] = None if external_id is None else self._customers[aggregate.source, external_id]
        return bind_row(TABLES[kind.name], row)

    def _child(self, name: str, aggregate: Aggregate, record: Record, owner: int) -> dict[str, Any]:
        row = columns_of(name, record)
        row[PARENT_COLUMN[name]] = owner
        if name == "order_lines":
            sku = record["sku"]
            row["variant_id"] = None if sku is None else self._variants.get((aggregate.source, sku_key(sku)))
        return bind_row(TABLES[name], row)

    def _reserve(self, table: Table, count: int) -> Sequence[int]:
        """Ids for new rows, so that their children can be written without asking back for each."""
        if self._connection.dialect.name == "postgresql":
            query = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
            return [row[0] for row in self._connection.execute(query, {"name": table.name, "count": count})]
        # No other writer can come between: the transaction began with BEGIN IMMEDIATE.
        first = (self._connection.execute(select(func.max(table.c.id))).scalar() or 0) + 1
        return range(first, first + count)

    def _insert_rows(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows of equal columns by the driver's quickest way."""
        dialect = self._connection.dialect
        names = list(rows[0])
        processors = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
        values = [
            [
                value if processor is None else processor(value)
                for value, processor in zip(row.values(), processors, strict=True)
            ]
            for row in rows
        ]
        columns = ", ".join(names)
        if dialect.name == "postgresql":
            driver: Any = self._connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
                for row_values in values:
                    copy.write_row(row_values)
        else:
            marks = ", ".join("?" * len(names))
            self._connection.exec_driver_sql(
                f"INSERT INTO {table.name} ({columns}) VALUES ({marks})",  # noqa: S608  names of our own tables
                [tuple(row_values) for row_values in values],
            )
