"""Customers, their addresses and what they agreed to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.buckets import default_bucket


class Customer(Imported, Model):
    """A person who buys. Guests are orders without a customer, never one shared "guest"."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "email_key"),
        Index(None, "phone_key"),
        Index(None, "bucket"),
    )

    name: Mapped[str | None]
    given_name: Mapped[str | None]
    email: Mapped[str | None]
    email_key: Mapped[str | None]
    """Lower case, trimmed: what look-ups compare."""
    phone: Mapped[str | None]
    phone_key: Mapped[str | None]
    """E.164 when the number could be read, else its digits."""
    language: Mapped[str | None]
    country: Mapped[str | None]
    """ISO 3166-1 alpha-2."""
    gender: Mapped[str | None]
    birth_date: Mapped[date | None]
    registered_at: Mapped[datetime | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bucket: Mapped[int] = mapped_column(default=default_bucket, server_default="0")
    """0 to 4095, by source and external id: which partition of batch work the customer is in."""


class Address(Identified, Model):
    """One address in a customer's address book."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("customer_id", "external_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    label: Mapped[str | None]
    recipient: Mapped[str | None]
    phone: Mapped[str | None]
    line1: Mapped[str | None]
    line2: Mapped[str | None]
    district: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postcode: Mapped[str | None]
    country: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)
