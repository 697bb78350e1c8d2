"""The rule that an order whose items were changed once is left alone."""

from __future__ import annotations

from crm_backend.changes.kind import Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from shopdesk_schemas.changes import OfferLine


def check_untouched(unit: Unit, order: Order, *, address: bool = False) -> None:
    """Raises Refusal when the shop allows no further change or cancellation of the order.

    `address`: only where it goes, or who receives it, is to change.
    """
    rules = unit.policies.modification
    if address and rules.address_after_items:
        return
    if rules.items_once_only and order.items_changed_at is not None:
        raise Refusal("already_changed_once", alternatives=[OfferLine(key="return_after_delivery")])
