"""Customers, their addresses, what they agreed to, their points and vouchers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.buckets import default_bucket
from crm_backend.database.types import Minor
from crm_backend.encryption.columns import BlindIndex, SealedDate, SealedText
from crm_backend.name_and_postcode import full_name_key
from crm_backend.normalise import postcode_key


class Customer(Imported, Model):
    """A person who buys. Guests are orders without a customer, never one shared "guest"."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "external_id"),
        Index(None, "name_key"),
        Index(None, "email_key"),
        Index(None, "phone_key"),
        Index(None, "bucket"),
    )

    name: Mapped[str | None] = mapped_column(SealedText("customers.name"))
    name_key: Mapped[str | None] = mapped_column(BlindIndex("customers.name_key"))
    """Of a full name; empty (not null) while a new version has not worked it out yet."""
    given_name: Mapped[str | None] = mapped_column(SealedText("customers.given_name"))
    email: Mapped[str | None] = mapped_column(SealedText("customers.email"))
    email_key: Mapped[str | None] = mapped_column(BlindIndex("customers.email_key"))
    """Lower case, trimmed: what look-ups compare."""
    phone: Mapped[str | None] = mapped_column(SealedText("customers.phone"))
    phone_key: Mapped[str | None] = mapped_column(BlindIndex("customers.phone_key"))
    """E.164 when the number could be read, else its digits."""
    language: Mapped[str | None]
    country: Mapped[str | None]
    """ISO 3166-1 alpha-2."""
    gender: Mapped[str | None]
    birth_date: Mapped[date | None] = mapped_column(SealedDate("customers.birth_date"))
    registered_at: Mapped[datetime | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bucket: Mapped[int] = mapped_column(default=default_bucket, server_default="0")
    """0 to 4095, by source and external id: which partition of batch work the customer is in."""

    @validates("name")
    def _keep_its_key(self, _name: str, value: str | None) -> str | None:
        """Whoever sets the name sets what it is found by."""
        self.name_key = full_name_key(value)
        return value


class Address(Identified, Model):
    """One address in a customer's address book."""

    __tablename__ = "addresses"
    __table_args__ = (UniqueConstraint("customer_id", "external_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    label: Mapped[str | None]
    recipient: Mapped[str | None] = mapped_column(SealedText("addresses.recipient"))
    phone: Mapped[str | None] = mapped_column(SealedText("addresses.phone"))
    line1: Mapped[str | None] = mapped_column(SealedText("addresses.line1"))
    line2: Mapped[str | None] = mapped_column(SealedText("addresses.line2"))
    district: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postcode: Mapped[str | None] = mapped_column(SealedText("addresses.postcode"))
    postcode_key: Mapped[str | None] = mapped_column(BlindIndex("addresses.postcode_key"))
    """What look-ups that know a name compare; empty (not null) while a new version has not worked it out yet."""
    country: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)

    @validates("postcode", "country")
    def _keep_their_key(self, name: str, value: str | None) -> str | None:
        """Whoever sets the postcode sets what it is found by."""
        known = {"postcode": self.postcode, "country": self.country} | {name: value}
        self.postcode_key = postcode_key(known["postcode"], known["country"])
        return value


class Consent(Identified, Model):
    """What a customer said about one purpose at one time. The newest row of a purpose and channel holds.

    Appended, never rewritten: that somebody once agreed must be shown later too.
    """

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("customer_id", "external_id"), Index(None, "customer_id", "purpose", "at"))

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    purpose: Mapped[str]
    """marketing, personalisation, stock_notice …"""
    channel: Mapped[str | None]
    """email, sms, phone, post; null where the purpose has none."""
    granted: Mapped[bool]
    at: Mapped[datetime]
    origin: Mapped[str | None]
    """Where it was said: web form, store, chat."""


class Preference(Identified, Model):
    """What a customer said in passing: a size, a taste, what they cannot have."""

    __tablename__ = "preferences"
    __table_args__ = (UniqueConstraint("customer_id", "external_id"),)

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    topic: Mapped[str]
    """size, colour, diet, interest, dislike or other."""
    words: Mapped[str]
    """As they put it."""
    at: Mapped[datetime]
    origin: Mapped[str | None]


class LoyaltyEntry(Identified, Model):
    """One booking of points. The balance is the sum of all."""

    __tablename__ = "loyalty_entries"
    __table_args__ = (
        UniqueConstraint("customer_id", "external_id"),
        CheckConstraint("kind IN ('earned','redeemed','expired','adjusted','given_back')", name="kind"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    kind: Mapped[str]
    points: Mapped[int]
    """Signed: negative when points went."""
    at: Mapped[datetime]
    order_number: Mapped[str | None]
    note: Mapped[str | None]


class Voucher(Identified, Model):
    """A voucher that a customer has."""

    __tablename__ = "vouchers"
    __table_args__ = (
        UniqueConstraint("customer_id", "external_id"),
        CheckConstraint("kind IN ('amount','percent','free_shipping')", name="kind"),
        CheckConstraint("state IN ('active','used','void')", name="state"),
        CheckConstraint("percent IS NULL OR (percent > 0 AND percent <= 100)", name="percent"),
    )

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    external_id: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]
    percent: Mapped[int | None]
    amount_minor: Mapped[int | None] = mapped_column(Minor)
    currency: Mapped[str | None]
    minimum_order_minor: Mapped[int | None] = mapped_column(Minor)
    categories: Mapped[str | None]
    """For goods of these only, separated by ` | `; for all when null."""
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default="active")
    used_at: Mapped[datetime | None]
    order_number: Mapped[str | None]
    """The order it was used on."""
