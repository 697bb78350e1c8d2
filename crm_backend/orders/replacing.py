"""A new line of an order for another variant, and what it does to the order's amounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from crm_backend.database.engine import WriteSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.products.models import Product, Variant


def add_line(
    session: WriteSession,
    order: Order,
    variant: Variant,
    quantity: int,
    cost_minor: int,
    *,
    ship_by: datetime | None = None,
    seller: str | None = None,
) -> OrderLine:
    """Append a line for `quantity` of the variant, which cost `cost_minor` in this order, discounts taken off."""
    last = session.scalars(select(func.max(OrderLine.line_number)).where(OrderLine.order_id == order.id)).one() or 0
    product = session.get(Product, variant.product_id)
    listed = (variant.price_minor or 0) * quantity
    line = OrderLine(
        order_id=order.id,
        line_number=last + 1,
        kind="item",
        sku=variant.sku,
        variant_id=variant.id,
        title=product.name if product else None,
        options=dict(variant.options),
        quantity=quantity,
        unit_price_minor=variant.price_minor,
        total_minor=listed,
        net_minor=cost_minor,
        ship_by=ship_by,
        seller=seller,
    )
    session.add(line)
    change_amounts(order, listed_minor=listed, cost_minor=cost_minor)
    session.flush()
    return line


def change_amounts(order: Order, *, listed_minor: int, cost_minor: int) -> None:
    """Goods listed at `listed_minor` came to the order (went, when negative) and cost `cost_minor` of its total."""
    if order.subtotal_minor is not None:
        order.subtotal_minor += listed_minor
    if order.discount_minor is not None and order.discount_minor + listed_minor - cost_minor >= 0:
        order.discount_minor += listed_minor - cost_minor
    if order.total_minor is not None:
        before = order.total_minor
        order.total_minor += cost_minor
        if order.tax_minor is not None and before > 0:
            order.tax_minor = order.tax_minor * order.total_minor // before
