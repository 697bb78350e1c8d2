"""Saved payment methods, payments and refunds. A card number is never stored: brand and last four only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.database.types import Minor


class PaymentMethod(Identified, Model):
    """A way to pay that a customer saved with the shop."""

    __tablename__ = "payment_methods"
    __table_args__ = (
        UniqueConstraint("customer_id", "external_id"),
        CheckConstraint("kind IN ('card','wallet','gift_card','bank')", name="kind"),
        CheckConstraint("last4 IS NULL OR length(last4) = 4", name="last4"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    kind: Mapped[str]
    brand: Mapped[str | None]
    """Card brand or wallet name."""
    last4: Mapped[str | None]
    balance_minor: Mapped[int | None] = mapped_column(Minor)
    """Gift cards only."""
    currency: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)


class Payment(Identified, Model):
    """Money that came, or was tried, for an order."""

    __tablename__ = "payments"
    __table_args__ = (UniqueConstraint("order_id", "external_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    method: Mapped[str]
    """card, debit_card, boleto, voucher, wallet, gift_card, bank, or `unknown`."""
    brand: Mapped[str | None]
    last4: Mapped[str | None]
    payment_method_external_id: Mapped[str | None]
    amount_minor: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str]
    instalments: Mapped[int | None]
    state: Mapped[str]
    """authorised, captured, failed, cancelled, or `unknown` where the source does not say."""
    paid_at: Mapped[datetime | None]
    effect_id: Mapped[int | None] = mapped_column(ForeignKey("effects.id", ondelete="SET NULL"), index=True)
    """The effect that takes it, where the CRM asked for it; an import leaves such a payment alone."""


class Refund(Identified, Model):
    """Money that goes or went back for an order."""

    __tablename__ = "refunds"
    __table_args__ = (UniqueConstraint("order_id", "external_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    payment_external_id: Mapped[str | None]
    amount_minor: Mapped[int] = mapped_column(Minor)
    currency: Mapped[str]
    target: Mapped[str | None]
    """Where it goes in the shop's words: `original`, `gift_card`, a saved method's external id."""
    state: Mapped[str]
    """requested, pending, paid, failed."""
    reason: Mapped[str | None]
    requested_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    effect_id: Mapped[int | None] = mapped_column(ForeignKey("effects.id", ondelete="SET NULL"), index=True)
    """The effect that moves it, where the CRM asked for it; an import leaves such a refund alone."""
    return_id: Mapped[int | None] = mapped_column(ForeignKey("returns.id", ondelete="SET NULL"), index=True)
    """The return it is paid for."""
