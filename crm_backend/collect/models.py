"""What was received, word for word, and the events read from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import SealedDocument

EVENT_KINDS = (
    "order_placed",
    "order_paid",
    "order_packed",
    "carrier_scan",
    "delivered",
    "returned",
    "page_visit",
    "store_visit",
)


class RawRecord(Identified, Model):
    """One record or event as it was sent. Never changed: one that is sent again with other words is another row.

    All that the CRM makes of it can be made again by reading these rows in the order of their ids.
    """

    __tablename__ = "raw_records"
    __table_args__ = (
        UniqueConstraint("source", "kind", "external_id", "revision"),
        Index(None, "source", "customer_external_id"),
    )

    source: Mapped[str]
    kind: Mapped[str]
    """`events`, or a record type of the canonical format."""
    external_id: Mapped[str]
    """For a record that belongs to another, the ids of both joined by a line feed."""
    revision: Mapped[int]
    """1, 2, 3 … of the same record; always 1 for an event."""
    customer_external_id: Mapped[str | None]
    """Whom it is about, so that what is known of a person can be found here too."""
    received_at: Mapped[datetime]
    timezone: Mapped[str | None]
    """The zone in which its times without an offset were read."""
    body: Mapped[dict[str, Any]] = mapped_column(SealedDocument("raw_records.body"))
    body_hash: Mapped[str]
    """A keyed hash (hex, 32 digits) of the body's canonical JSON and the zone."""


class Event(Model):
    """Something that happened, read from a raw record. On PostgreSQL one partition for each month of `at`."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint(f"kind IN {EVENT_KINDS}", name="kind"),
        Index(None, "source", "customer_external_id", "at"),
        Index(None, "source", "order_external_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    """When it happened. Part of the key because PostgreSQL asks that of the column that partitions."""
    kind: Mapped[str]
    customer_external_id: Mapped[str | None]
    order_external_id: Mapped[str | None]
    shipment_external_id: Mapped[str | None]
    store_external_id: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
