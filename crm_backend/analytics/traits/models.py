"""One row of traits for each person of a run, and what they prefer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.analytics.models import OfRun
from crm_backend.database.base import Model
from crm_backend.database.types import Id, Minor

LOYALTY_STATES = ("prospect", "new", "active", "loyal", "at_risk", "lost")
PRICE_BANDS = ("low", "middle", "high")
AFFINITY_KINDS = ("category", "brand", "option", "channel", "store")


class CustomerTraits(OfRun, Model):
    """A person's traits. Null is "not known": nothing bought, nothing fitted, nobody asked.

    What each means, in words, is in the locale files under its column's name.
    """

    __tablename__ = "customer_traits"
    __table_args__ = (
        CheckConstraint(f"loyalty_state IN {LOYALTY_STATES}", name="loyalty_state"),
        CheckConstraint(f"price_band IN {PRICE_BANDS}", name="price_band"),
        Index(None, "customer_id"),
    )

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    """The person: the first of their customers, by id."""
    country: Mapped[str | None]
    language: Mapped[str | None]
    registered_on: Mapped[date | None]

    # What they bought, net of what was cancelled or came back.
    orders: Mapped[int] = mapped_column(Integer)
    order_days: Mapped[int] = mapped_column(Integer)
    first_order_at: Mapped[datetime | None]
    last_order_at: Mapped[datetime | None]
    recency_days: Mapped[int | None]
    tenure_days: Mapped[int | None]
    cadence_days: Mapped[float | None]
    units: Mapped[int] = mapped_column(Integer)
    currency: Mapped[str | None]
    spend_minor: Mapped[int] = mapped_column(Minor)
    spend_365_minor: Mapped[int] = mapped_column(Minor)
    average_order_minor: Mapped[int | None] = mapped_column(Minor)
    basket_units: Mapped[float | None]
    basket_items: Mapped[float | None]
    unit_price_minor: Mapped[int | None] = mapped_column(Minor)
    price_band: Mapped[str | None]
    return_rate: Mapped[float | None]
    returned_minor: Mapped[int] = mapped_column(Minor)
    cancelled_orders: Mapped[int] = mapped_column(Integer)

    # What they prefer: the first of their affinities.
    favourite_category: Mapped[str | None]
    favourite_brand: Mapped[str | None]
    favourite_channel: Mapped[str | None]
    favourite_store: Mapped[str | None]

    # How they come and ask.
    visits_30: Mapped[int] = mapped_column(Integer)
    last_visit_at: Mapped[datetime | None]
    contacts: Mapped[int] = mapped_column(Integer)
    contacts_365: Mapped[int] = mapped_column(Integer)
    last_contact_at: Mapped[datetime | None]
    cases: Mapped[int] = mapped_column(Integer)
    open_cases: Mapped[int] = mapped_column(Integer)
    csat: Mapped[float | None]

    # What to expect.
    p_active: Mapped[float | None]
    expected_orders_30: Mapped[float | None]
    expected_orders_90: Mapped[float | None]
    expected_orders_365: Mapped[float | None]
    expected_order_minor: Mapped[int | None] = mapped_column(Minor)
    expected_spend_30_minor: Mapped[int | None] = mapped_column(Minor)
    expected_spend_90_minor: Mapped[int | None] = mapped_column(Minor)
    expected_spend_365_minor: Mapped[int | None] = mapped_column(Minor)
    churn_risk: Mapped[float | None]
    next_order_on: Mapped[date | None]
    next_order_from: Mapped[date | None]
    next_order_until: Mapped[date | None]
    loyalty_state: Mapped[str]
    recency_score: Mapped[int | None]
    frequency_score: Mapped[int | None]
    monetary_score: Mapped[int | None]


class CustomerAffinity(OfRun, Model):
    """What a person bought most of, of one kind; the first twenty."""

    __tablename__ = "customer_affinities"
    __table_args__ = (CheckConstraint(f"kind IN {AFFINITY_KINDS}", name="kind"), Index(None, "customer_id"))

    customer_id: Mapped[int] = mapped_column(Id, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True, default="")
    """Of an option: size, colour …; empty for the other kinds."""
    value: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(Integer)
    """1 for what they like best."""
    share: Mapped[float]
    """Of their pieces (of visits, for a store; of orders, for a channel), 0 to 1."""
    times: Mapped[int] = mapped_column(Integer)
    """Orders (or visits) with it."""
    spend_minor: Mapped[int] = mapped_column(Minor)
    last_at: Mapped[datetime]
