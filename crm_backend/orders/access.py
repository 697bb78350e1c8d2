"""Who may see an order: the one place that says so. Every query about a shopper's orders has this condition."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_

from crm_backend.identity.access import Access
from crm_backend.orders.models import Order


def sees(access: Access, order: Order) -> bool:
    """Whether an order that was read already meets `visible_to`."""
    if order.kind != "sale":
        return False
    if access.all_records or access.order_id == order.id:
        return True
    return access.customer_id is not None and order.customer_id == access.customer_id


def visible_to(access: Access) -> ColumnElement[bool]:
    """The condition on `Order` for what the conversation may see: its customer's sales, and the one it proved.

    Credit notes are bookkeeping and nobody's order.
    """
    if access.all_records:
        return Order.kind == "sale"
    owned: list[ColumnElement[bool]] = []
    if access.customer_id is not None:
        owned.append(Order.customer_id == access.customer_id)
    if access.order_id is not None:
        owned.append(Order.id == access.order_id)
    return and_(Order.kind == "sale", or_(*owned)) if owned else false()
