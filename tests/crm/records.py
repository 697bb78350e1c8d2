"""Records to test with: short ways to write customers, orders and parcels into the CRM's tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from crm_backend.account.models import Address, Customer
from crm_backend.database.engine import WriteSession
from crm_backend.normalise import email_key, number_key, phone_key
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Payment, Refund
from crm_backend.products.models import Product, Variant
from crm_backend.shipments.models import ScanEvent, Shipment, ShipmentLine
from crm_backend.stores.models import Store

_numbers = count(1)

PLACED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _add[T](session: WriteSession, record: T) -> T:
    session.add(record)
    session.flush()
    return record


def customer(session: WriteSession, **fields: Any) -> Customer:
    fields = {"source": "web", "external_id": f"C{next(_numbers)}", "country": "GB", **fields}
    fields.setdefault("email_key", email_key(fields.get("email")))
    fields.setdefault("phone_key", phone_key(fields.get("phone"), fields["country"]))
    return _add(session, Customer(**fields))


def address(session: WriteSession, owner: Customer, **fields: Any) -> Address:
    return _add(session, Address(**{"customer_id": owner.id, "external_id": f"A{next(_numbers)}", **fields}))


def order(session: WriteSession, number: str, owner: Customer | None = None, **fields: Any) -> Order:
    fields = {
        "source": "web",
        "external_id": f"O{next(_numbers)}",
        "state": "shipped",
        "placed_at": PLACED,
        "timezone": "Europe/London",
        "currency": "GBP",
        **fields,
    }
    return _add(
        session,
        Order(number=number, number_key=number_key(number), customer_id=owner.id if owner else None, **fields),
    )


def line(session: WriteSession, of: Order, number: int = 1, **fields: Any) -> OrderLine:
    return _add(session, OrderLine(**{"order_id": of.id, "line_number": number, "quantity": 1, **fields}))


def product(session: WriteSession, name: str | None, **fields: Any) -> Product:
    return _add(session, Product(**{"source": "web", "external_id": f"P{next(_numbers)}", "name": name, **fields}))


def variant(session: WriteSession, of: Product, sku: str, **fields: Any) -> Variant:
    return _add(session, Variant(**{"product_id": of.id, "sku": sku, "sku_key": sku.upper(), **fields}))


def shipment(session: WriteSession, of: Order, tracking_number: str | None = None, **fields: Any) -> Shipment:
    fields = {"external_id": f"S{next(_numbers)}", "state": "in_transit", **fields}
    key = number_key(tracking_number) if tracking_number else None
    return _add(session, Shipment(order_id=of.id, tracking_number=tracking_number, tracking_key=key, **fields))


def packed(session: WriteSession, parcel: Shipment, line_number: int, quantity: int = 1) -> ShipmentLine:
    return _add(session, ShipmentLine(shipment_id=parcel.id, line_number=line_number, quantity=quantity))


def scan(session: WriteSession, parcel: Shipment, sequence: int, code: str, at: datetime | None) -> ScanEvent:
    return _add(session, ScanEvent(shipment_id=parcel.id, sequence=sequence, code=code, at=at))


def refund(session: WriteSession, of: Order, amount_minor: int, **fields: Any) -> Refund:
    fields = {"external_id": f"R{next(_numbers)}", "currency": "GBP", "state": "paid", **fields}
    return _add(session, Refund(order_id=of.id, amount_minor=amount_minor, **fields))


def payment(session: WriteSession, of: Order, amount_minor: int, **fields: Any) -> Payment:
    fields = {"external_id": f"Y{next(_numbers)}", "currency": "GBP", "state": "captured", "method": "card", **fields}
    return _add(session, Payment(order_id=of.id, amount_minor=amount_minor, **fields))


def day(text: str) -> date:
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def store(session: WriteSession, name: str, **fields: Any) -> Store:
    return _add(session, Store(**{"source": "web", "external_id": f"T{next(_numbers)}", "name": name, **fields}))
