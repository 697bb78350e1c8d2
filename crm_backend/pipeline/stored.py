"""Canonical records and the CRM's rows, both ways: the one place that knows which column is which.

Import uses it to write and to compare, export to write files; so what an export says is what an import compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from crm_backend.account.models import Address, Consent, Customer, LoyaltyEntry, Voucher
from crm_backend.database.buckets import bucket_of
from crm_backend.documents.models import Invoice
from crm_backend.effects.models import Effect
from crm_backend.name_and_postcode import full_name_key, name_postcode_key
from crm_backend.normalise import email_key, number_key, phone_key, postcode_key, sku_key, tracking_key
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.types import BY_NAME, children_of
from crm_backend.products.models import PriceRecord, Product, Variant
from crm_backend.returns.models import Return, ReturnLine, StockHold
from crm_backend.shipments.claim_models import Chase, ShipmentClaim
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Reservation, Stock, Store
from crm_backend.supply.models import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine, StockMovement, Supplier

LOOKUP_CHUNK = 500
"""How many ids one look-up asks for."""


def _table(model: Any) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  for the type checker
    return table


TABLES: Mapping[str, Table] = {
    "customers": _table(Customer),
    "addresses": _table(Address),
    "payment_methods": _table(PaymentMethod),
    "products": _table(Product),
    "variants": _table(Variant),
    "orders": _table(Order),
    "order_lines": _table(OrderLine),
    "payments": _table(Payment),
    "refunds": _table(Refund),
    "shipments": _table(Shipment),
    "shipment_lines": _table(ShipmentLine),
    "scan_events": _table(ScanEvent),
    "stores": _table(Store),
    "stock": _table(Stock),
    "stock_movements": _table(StockMovement),
    "consents": _table(Consent),
    "loyalty_entries": _table(LoyaltyEntry),
    "vouchers": _table(Voucher),
    "price_history": _table(PriceRecord),
    "suppliers": _table(Supplier),
    "purchase_orders": _table(PurchaseOrder),
    "purchase_order_lines": _table(PurchaseOrderLine),
    "purchase_order_events": _table(PurchaseOrderEvent),
    "returns": _table(Return),
    "return_lines": _table(ReturnLine),
    "claims": _table(ShipmentClaim),
    "chases": _table(Chase),
    "stock_holds": _table(StockHold),
    "reservations": _table(Reservation),
    "invoices": _table(Invoice),
}

PARENT_COLUMN: Mapping[str, str] = {
    "addresses": "customer_id",
    "payment_methods": "customer_id",
    "consents": "customer_id",
    "loyalty_entries": "customer_id",
    "vouchers": "customer_id",
    "variants": "product_id",
    "price_history": "product_id",
    "stock": "store_id",
    "order_lines": "order_id",
    "payments": "order_id",
    "refunds": "order_id",
    "shipments": "order_id",
    "shipment_lines": "shipment_id",
    "scan_events": "shipment_id",
    "purchase_order_lines": "purchase_order_id",
    "purchase_order_events": "purchase_order_id",
}
"""The column that holds the id of the row a record belongs to."""

OF_SHIPMENTS = ("shipment_lines", "scan_events")
"""Kinds that belong to a shipment, and through it to an order."""

OF_EFFECTS = ("payments", "refunds")
"""Kinds of which the CRM makes rows of its own, with the effect that moves the money."""

_KEYS: Mapping[str, Callable[[Record], Mapping[str, Any]]] = {
    "customers": lambda record: {
        "name_key": full_name_key(record["name"]),
        "email_key": email_key(record["email"]),
        "phone_key": phone_key(record["phone"], record["country"]),
        "bucket": bucket_of(record["source"], record["external_id"]),
    },
    "addresses": lambda record: {"postcode_key": postcode_key(record["postcode"], record["country"])},
    "orders": lambda record: {
        "number_key": number_key(record["number"]),
        "contact_email_key": email_key(record["contact_email"]),
        "name_postcode_key": name_postcode_key(
            record["contact_name"] or record["recipient"], record["postcode"], record["country"]
        ),
        "name_key": full_name_key(record["contact_name"] or record["recipient"]),
    },
    "order_lines": lambda record: {name: record[name] or 0 for name in ("cancelled_quantity", "returned_quantity")},
    "variants": lambda record: {"sku_key": sku_key(record["sku"])},
    "shipments": lambda record: {"tracking_key": tracking_key(record["tracking_number"])},
    "stock": lambda record: {"sku_key": sku_key(record["sku"])},
    "purchase_orders": lambda record: {"number_key": number_key(record["number"])},
    "purchase_order_lines": lambda record: {"sku_key": sku_key(record["sku"])},
}
_NOT_STORED: Mapping[str, frozenset[str]] = {
    kind.name: frozenset(
        name
        for name in kind.names
        if name == kind.parent_key
        or name in ("customer_external_id", "shipment_external_id")
        or (kind.parent is not None and name == "source")
    )
    for kind in BY_NAME.values()
    if not kind.own
}
STORED: Mapping[str, tuple[str, ...]] = {
    kind.name: tuple(name for name in kind.names if name not in _NOT_STORED[kind.name])
    for kind in BY_NAME.values()
    if not kind.own
}
"""The canonical columns that the kind's own table has, under the same name."""


def columns_of(kind: str, record: Record) -> dict[str, Any]:
    """A record as a row of its table, keys for look-ups included; ids of other rows are the caller's to add."""
    row = {name: record[name] for name in STORED[kind]}
    keys = _KEYS.get(kind)
    if keys is not None:
        row.update(keys(record))
    return row


@dataclass(slots=True)
class StoredAggregate:
    """An aggregate as the database has it, with the ids of its rows."""

    id: int
    aggregate: Aggregate
    child_ids: dict[str, dict[tuple[Any, ...], int]] = field(default_factory=dict)
    """By kind, by the child's key."""
    content_hash: str = ""
    own: dict[str, dict[tuple[Any, ...], str | None]] = field(default_factory=dict)
    """Refunds and payments that the CRM asked for, by kind and key, with what the other system calls them: no file
    has to know them."""


def keep_unstated(incoming: Record, stored: Record) -> None:
    """Fill what the CRM keeps of an order and its source may not know of: an empty cell says nothing of it.

    A line whose quantity is another than before was recounted by its source: what was cancelled is off it already.
    """
    if "delivery_note" in incoming and incoming["delivery_note"] is None:
        incoming["delivery_note"] = stored["delivery_note"]
    if "cancelled_quantity" in incoming:
        recounted = incoming["quantity"] != stored["quantity"]
        if incoming["returned_quantity"] is None:
            incoming["returned_quantity"] = min(stored["returned_quantity"], incoming["quantity"])
        if incoming["cancelled_quantity"] is None:
            cancelled = 0 if recounted else stored["cancelled_quantity"]
            incoming["cancelled_quantity"] = min(cancelled, incoming["quantity"] - incoming["returned_quantity"])


def child_key(kind: RecordType, record: Record) -> tuple[Any, ...]:
    """What tells a child from its siblings."""
    return tuple(record[name] for name in kind.key)


def load_stored(connection: Connection, kind: RecordType, ids: Sequence[int]) -> list[StoredAggregate]:
    """The aggregates with these ids, in the order of the ids, children in the order of their keys.

    Asks one question per table: give it a few hundred ids at a time.
    """
    table = TABLES[kind.name]
    query = select(table).where(table.c.id.in_(ids))
    if kind is ORDERS:
        customers = TABLES["customers"]
        query = (
            select(table, customers.c.external_id.label("customer_external_id"))
            .outerjoin(customers, customers.c.id == table.c.customer_id)
            .where(table.c.id.in_(ids))
        )
    found: dict[int, StoredAggregate] = {}
    for row in connection.execute(query).mappings():
        record = {name: _known(row[name]) for name in kind.names}
        found[row["id"]] = StoredAggregate(row["id"], Aggregate(kind, record), content_hash=row["content_hash"])
    for child in children_of(kind):
        _load_children(connection, child, found)
    for stored in found.values():
        stored.aggregate.sort_children()
    return [found[identifier] for identifier in ids if identifier in found]


def _load_children(connection: Connection, kind: RecordType, parents: Mapping[int, StoredAggregate]) -> None:
    table = TABLES[kind.name]
    if kind.name in OF_SHIPMENTS:
        shipments = TABLES["shipments"]
        query = (
            select(table, shipments.c.order_id.label("owner"), shipments.c.external_id.label("shipment_external_id"))
            .join(shipments, shipments.c.id == table.c.shipment_id)
            .where(shipments.c.order_id.in_(parents))
        )
    else:
        owner = table.c[PARENT_COLUMN[kind.name]]
        query = select(table, owner.label("owner")).where(owner.in_(parents))
        if kind.name in OF_EFFECTS:
            effects = _table(Effect)
            query = query.add_columns(effects.c.reference.label("reference")).outerjoin(
                effects, effects.c.id == table.c.effect_id
            )
    stored_names = [name for name in kind.names if name not in ("source", kind.parent_key)]
    for row in connection.execute(query).mappings():
        parent = parents[row["owner"]]
        record: Record = {"source": parent.aggregate.record["source"]}
        if kind.parent_key is not None:
            record[kind.parent_key] = parent.aggregate.record["external_id"]
        record.update((name, _known(row[name])) for name in stored_names)
        parent.aggregate.children.setdefault(kind.name, []).append(record)
        parent.child_ids.setdefault(kind.name, {})[child_key(kind, record)] = row["id"]
        if kind.name in OF_EFFECTS and row["effect_id"] is not None:
            parent.own.setdefault(kind.name, {})[child_key(kind, record)] = row["reference"]


def _known(value: Any) -> Any:
    """Files do not tell an empty text from an unknown one, so neither does a comparison with them."""
    return None if value == "" else value


def chunks[T](items: Iterable[T], size: int = LOOKUP_CHUNK) -> Iterable[list[T]]:
    """Lists of at most `size` items."""
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
