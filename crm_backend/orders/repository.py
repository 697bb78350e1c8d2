"""Queries about orders. Each takes the caller's access, and a fixed number of statements whatever the order holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select

from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.normalise import number_key
from crm_backend.orders.access import visible_to
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Refund
from crm_backend.products.models import Product, Variant
from crm_backend.shipments.models import Shipment

# Most requests read these: they are put together once, not for each.
_LINES = (
    select(OrderLine, Variant, Product)
    .outerjoin(Variant, Variant.id == OrderLine.variant_id)
    .outerjoin(Product, Product.id == Variant.product_id)
    .where(OrderLine.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(OrderLine.order_id, OrderLine.line_number)
)
_REFUNDS = (
    select(Refund)
    .where(Refund.order_id == bindparam("order"))
    .order_by(Refund.requested_at.is_(None), Refund.requested_at, Refund.id)
)


@dataclass(frozen=True)
class CataloguedLine:
    """An order line with what the catalogue says of it today, where it is linked."""

    line: OrderLine
    variant: Variant | None
    product: Product | None


def list_orders(session: ReadSession, access: Access, limit: int) -> Sequence[Order]:
    """The visible orders, newest first."""
    return session.scalars(
        select(Order).where(visible_to(access)).order_by(Order.placed_at.desc(), Order.id.desc()).limit(limit)
    ).all()


def find_order(session: ReadSession, access: Access, number: str) -> Order | None:
    """The visible order with this number, or with a parcel of this tracking number; the newest of several."""
    key = number_key(number)
    if not key:
        return None
    tracked = select(Shipment.order_id).where(Shipment.tracking_key == key)
    return session.scalars(
        select(Order)
        .where(visible_to(access), or_(Order.number_key == key, Order.id.in_(tracked)))
        # A number of its own comes before a parcel's.
        .order_by((Order.number_key == key).desc(), Order.placed_at.desc(), Order.id.desc())
        .limit(1)
    ).first()


def lines(session: ReadSession, order_ids: Collection[int]) -> Sequence[CataloguedLine]:
    """The lines of these orders, in order. The caller got the ids through `visible_to`."""
    rows = session.execute(_LINES, {"orders": list(order_ids)})
    return [CataloguedLine(*row) for row in rows]


def refunds(session: ReadSession, order_id: int) -> Sequence[Refund]:
    """The refunds of one order, oldest first, those without a date last."""
    return session.scalars(_REFUNDS, {"order": order_id}).all()
