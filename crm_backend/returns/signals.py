"""Signs that a return should be looked at by a person first. Shoppers are never told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Select, bindparam, func, select

from crm_backend.database.engine import ReadSession
from crm_backend.database.types import UtcDateTime
from crm_backend.orders.models import Order
from crm_backend.policies.returns import Review
from crm_backend.returns.models import Return
from crm_backend.shipments.claim_models import ShipmentClaim

ORDERS_FOR_A_SHARE = 5
"""Of fewer orders a share says nothing."""


@dataclass(frozen=True)
class History:
    """What the buyer did before: the last 90 days, and the last 365."""

    orders_in_a_year: int
    returned_orders_in_a_year: int
    returns_in_90_days: int
    rejected_in_a_year: int
    claims_in_a_year: int


def signals(rules: Review, history: History, value_minor: int, currency: str) -> dict[str, JsonValue]:
    """The signals, each with what it rests on. Pure."""
    found: dict[str, JsonValue] = {}
    if history.returns_in_90_days >= rules.returns_in_90_days:
        found["many_returns"] = history.returns_in_90_days
    if (
        history.orders_in_a_year >= ORDERS_FOR_A_SHARE
        and history.returned_orders_in_a_year * 1000 >= rules.returned_share_per_mille * history.orders_in_a_year
    ):
        found["most_orders_returned"] = history.returned_orders_in_a_year * 1000 // history.orders_in_a_year
    if history.rejected_in_a_year >= rules.rejected_in_a_year:
        found["returns_rejected_before"] = history.rejected_in_a_year
    if history.claims_in_a_year >= rules.claims_in_a_year:
        found["many_claims"] = history.claims_in_a_year
    limit = rules.value_minor.get(currency)
    if limit is not None and value_minor > limit:
        found["high_value"] = value_minor
    return found


def _histories() -> Select[Any]:
    theirs = select(Order.id).where(Order.customer_id == bindparam("customer"), Order.kind == "sale")
    year, quarter = bindparam("year", type_=UtcDateTime), bindparam("quarter", type_=UtcDateTime)
    returns = select(func.count(Return.id)).where(Return.order_id.in_(theirs), Return.state != "cancelled")
    counts = (
        theirs.with_only_columns(func.count(Order.id)).where(Order.placed_at >= year),
        select(func.count(func.distinct(Return.order_id))).where(
            Return.order_id.in_(theirs.where(Order.placed_at >= year)), Return.state != "cancelled"
        ),
        returns.where(Return.requested_at >= quarter),
        returns.where(Return.state == "rejected", Return.requested_at >= year),
        select(func.count(ShipmentClaim.id)).where(
            ShipmentClaim.order_id.in_(theirs), ShipmentClaim.created_at >= year
        ),
    )
    return select(*(count.scalar_subquery() for count in counts))


_HISTORY = _histories()
"""Put together once: it takes longer than to ask it."""


def history_of(session: ReadSession, customer_id: int | None, now: datetime) -> History:
    """Of a customer; a guest has none that can be known."""
    if customer_id is None:
        return History(0, 0, 0, 0, 0)
    asked = {"customer": customer_id, "year": now - timedelta(days=365), "quarter": now - timedelta(days=90)}
    return History(*session.execute(_HISTORY, asked).one())
