"""Orders and their lines."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from crm_backend.database.base import Identified, Imported, Model
from crm_backend.database.types import Minor
from crm_backend.encryption.columns import BlindIndex, SealedText
from crm_backend.name_and_postcode import full_name_key, name_postcode_key
from crm_backend.normalise import email_key

ORDER_STATES = ("created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "cancelled")


class Order(Imported, Model):
    """A sale, or a credit note that takes (part of) one back.

    Contact and address are as they were given for this order: a later change of the profile does not rewrite them.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(None, "number_key"),
        Index(None, "customer_id", "placed_at"),
        Index(None, "placed_at"),
        Index(None, "contact_email_key"),
        Index(None, "name_postcode_key"),
        CheckConstraint("kind IN ('sale','credit_note')", name="kind"),
        CheckConstraint(f"state IN {ORDER_STATES}", name="state"),
    )

    number: Mapped[str]
    number_key: Mapped[str]
    """Upper case, letters and digits only: what look-ups compare."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(default="sale")
    sales_channel: Mapped[str | None]
    """web, store, marketplace, phone …"""
    state: Mapped[str]
    source_state: Mapped[str | None]
    placed_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(default="UTC")
    """IANA zone in which the shop words this order's times and days."""
    currency: Mapped[str]
    subtotal_minor: Mapped[int | None] = mapped_column(Minor)
    shipping_minor: Mapped[int | None] = mapped_column(Minor)
    discount_minor: Mapped[int | None] = mapped_column(Minor)
    tax_minor: Mapped[int | None] = mapped_column(Minor)
    total_minor: Mapped[int | None] = mapped_column(Minor)
    promised_on: Mapped[date | None]
    contact_name: Mapped[str | None] = mapped_column(SealedText("orders.contact_name"))
    contact_email: Mapped[str | None] = mapped_column(SealedText("orders.contact_email"))
    contact_email_key: Mapped[str | None] = mapped_column(BlindIndex("orders.contact_email_key"))
    contact_phone: Mapped[str | None] = mapped_column(SealedText("orders.contact_phone"))
    recipient: Mapped[str | None] = mapped_column(SealedText("orders.recipient"))
    line1: Mapped[str | None] = mapped_column(SealedText("orders.line1"))
    line2: Mapped[str | None] = mapped_column(SealedText("orders.line2"))
    district: Mapped[str | None]
    city: Mapped[str | None]
    region: Mapped[str | None]
    postcode: Mapped[str | None] = mapped_column(SealedText("orders.postcode"))
    country: Mapped[str | None]
    name_postcode_key: Mapped[str | None] = mapped_column(BlindIndex("orders.name_postcode_key"))
    """Of the buyer's full name, or the recipient's where there is none, with the postcode; empty (not null) while a
    new version has not worked it out yet."""
    name_key: Mapped[str | None] = mapped_column(BlindIndex("orders.name_key"))
    """Of the same name alone."""
    delivery_note: Mapped[str | None] = mapped_column(SealedText("orders.delivery_note"))
    """What the shopper wants the carrier to know."""
    items_changed_at: Mapped[datetime | None]
    """When lines became other variants; the shop may allow that once."""
    shipping_gone_minor: Mapped[int] = mapped_column(Minor, default=0, server_default="0")
    """What of the shipping charge was given back, with cancellations, returns and claims."""
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Higher after every change of the order or of anything that belongs to it: what an offer was worked out from."""

    @validates("contact_email")
    def _keep_its_key(self, _name: str, value: str | None) -> str | None:
        """Whoever sets the address sets what it is found by."""
        self.contact_email_key = email_key(value)
        return value

    @validates("contact_name", "recipient", "postcode", "country")
    def _keep_their_key(self, name: str, value: str | None) -> str | None:
        """The same for name and postcode."""
        known = {one: getattr(self, one) for one in ("contact_name", "recipient", "postcode", "country")} | {
            name: value
        }
        buyer = known["contact_name"] or known["recipient"]
        self.name_postcode_key = name_postcode_key(buyer, known["postcode"], known["country"])
        self.name_key = full_name_key(buyer)
        return value


class OrderLine(Identified, Model):
    """One line. Quantities of credit notes are positive too: the order's kind says which way they count."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "line_number"),
        CheckConstraint(
            "kind IN ('item','shipping','fee','discount','adjustment','sample','gift_voucher')", name="kind"
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(
            "cancelled_quantity >= 0 AND returned_quantity >= 0 AND cancelled_quantity + returned_quantity <= quantity",
            name="quantity_left",
        ),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    line_number: Mapped[int]
    kind: Mapped[str] = mapped_column(default="item")
    sku: Mapped[str | None]
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id", ondelete="SET NULL"), index=True)
    title: Mapped[str | None]
    """The item's name as it stood on the order; null where the source has none."""
    options: Mapped[dict[str, str]] = mapped_column(default=dict)
    quantity: Mapped[int]
    """As ordered; what is left is without those that were cancelled or came back."""
    cancelled_quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    returned_quantity: Mapped[int] = mapped_column(default=0, server_default="0")
    unit_price_minor: Mapped[int | None] = mapped_column(Minor)
    total_minor: Mapped[int | None] = mapped_column(Minor)
    net_minor: Mapped[int | None] = mapped_column(Minor)
    """What all of it costs in this order, discounts and taxes of the order shared out, postage left aside. Null until
    something of the order goes or changes; an import that recounts the line makes it null again."""
    gone_minor: Mapped[int | None] = mapped_column(Minor)
    """What of `net_minor` went: with those that were cancelled or came back, and as the price fell afterwards. Null as
    long as nobody wrote it down."""
    ship_by: Mapped[datetime | None]
    seller: Mapped[str | None]
    """The marketplace seller's external id."""
