"""Goods on their way back, and goods put aside for what replaces them."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Minor

RETURN_STATES = (
    "requested",
    "approved",
    "in_transit",
    "received",
    "inspected",
    "refunded",
    "exchanged",
    "repaired",
    "rejected",
    "cancelled",
)
OPEN_STATES = ("requested", "approved", "in_transit", "received", "inspected")
RETURN_KINDS = ("refund", "exchange", "repair")


class Return(Identified, Model):
    """One parcel's worth of goods that a shopper gives back, for money, another variant or a repair.

    Amounts are minor units of the order's currency. `refund_minor` is what goes back in the end: `goods_minor` and
    `shipping_minor` less `restocking_minor` and `freight_minor`.
    """

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint(f"kind IN {RETURN_KINDS}", name="kind"),
        CheckConstraint(f"state IN {RETURN_STATES}", name="state"),
        CheckConstraint(
            "refund_minor >= 0 AND charge_minor >= 0 AND (refund_minor = 0 OR charge_minor = 0)", name="amounts"
        ),
        CheckConstraint("method IN ('label','pickup','own','store')", name="method"),
        CheckConstraint("refund_shipping IN ('never','whole_order','promised')", name="refund_shipping"),
        Index(None, "state", "requested_at"),
    )

    public_id: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    """What the shopper writes on the parcel."""
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str]
    law: Mapped[str | None]
    """The law under which it comes back, by the key of its words."""
    condition: Mapped[str]
    """any, as_new, unopened: what inspection looks for."""
    currency: Mapped[str]
    goods_minor: Mapped[int] = mapped_column(Minor, default=0)
    shipping_minor: Mapped[int] = mapped_column(Minor, default=0)
    refund_shipping: Mapped[str] = mapped_column(default="never", server_default="never")
    """Whether the order's postage goes back when this return is settled and nothing of the order is left: by its terms
    `never` or `whole_order`; `promised` where the shopper was told so while other returns were open, whichever of them
    is settled last."""
    restocking_minor: Mapped[int] = mapped_column(Minor, default=0)
    freight_minor: Mapped[int] = mapped_column(Minor, default=0)
    refund_minor: Mapped[int] = mapped_column(Minor, default=0)
    charge_minor: Mapped[int] = mapped_column(Minor, default=0)
    """What the new variant costs more; charged when the exchange is confirmed."""
    insured_minor: Mapped[int] = mapped_column(Minor, default=0)
    """Up to how much an insurance pays for the way back."""
    target: Mapped[str | None]
    """Where a refund goes: `original`, `gift_card`, or a saved method's external id."""
    method: Mapped[str]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    send_by: Mapped[datetime | None]
    fraud_signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """For the shop's people alone."""
    requested_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    inspected_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    """When the goods began to count as given back: the refund was requested, or the new variant sent."""
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ReturnLine(Identified, Model):
    """Some of one order line. Named by its number, which an import does not change."""

    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("return_id", "line_number"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("accepted_quantity IS NULL OR accepted_quantity BETWEEN 0 AND quantity", name="accepted"),
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"))
    line_number: Mapped[int]
    quantity: Mapped[int]
    reason: Mapped[str]
    worth_minor: Mapped[int] = mapped_column(Minor)
    """What was paid for these, discounts shared out."""
    share_minor: Mapped[int] = mapped_column(Minor, default=0, server_default="0")
    """What of the line's share of the order these are: as `worth_minor`, unless the order was not paid in full."""
    restocking_minor: Mapped[int] = mapped_column(Minor, default=0)
    accepted_quantity: Mapped[int | None]
    """By the inspection; null before it."""
    found_condition: Mapped[str | None]
    """as_new, opened, used, damaged, wrong_item, missing."""
    new_variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id", ondelete="SET NULL"))
    new_unit_price_minor: Mapped[int | None] = mapped_column(Minor)
    new_total_minor: Mapped[int | None] = mapped_column(Minor)
    """What the new variant costs for this quantity, discounts as promised."""
    new_line_number: Mapped[int | None]
    """The line that the new variant became; it belongs to the order from the confirmation on."""


class StockHold(Identified, Model):
    """Goods put aside for an order until its systems have taken them from the stock, or do not want them any more."""

    __tablename__ = "stock_holds"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state IN ('held','released')", name="state"),
    )

    external_id: Mapped[str] = mapped_column(default=lambda: f"hold_{token_hex(16)}", server_default="")
    """What files know it by."""
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    return_id: Mapped[int | None] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"), index=True)
    effect_id: Mapped[int | None] = mapped_column(ForeignKey("effects.id", ondelete="SET NULL"), index=True)
    """The effect whose end releases it."""
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    sku: Mapped[str]
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(default="held")
    created_at: Mapped[datetime]
