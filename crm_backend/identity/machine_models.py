"""Keys of the shop's own systems, and answers kept for calls that are made twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model
from crm_backend.encryption.columns import SealedText


class ApiKey(Identified, Model):
    """A credential of one of the shop's systems. The key itself is shown once and not kept."""

    __tablename__ = "api_keys"

    public_id: Mapped[str] = mapped_column(unique=True)
    """The part of the key that names it."""
    secret_hash: Mapped[str]
    """SHA-256 of the other part, which is random and long enough to need nothing slower."""
    name: Mapped[str]
    scopes: Mapped[str]
    """Separated by spaces: effects:read effects:answer …"""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Model):
    """The answer to a write, kept with the write, for whoever asks again under the same key."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    caller: Mapped[str] = mapped_column(primary_key=True)
    """Whose key: two callers may use the same one for different things."""
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    """A keyed hash of method, path and body."""
    status: Mapped[int | None]
    body: Mapped[str | None] = mapped_column(SealedText("idempotency_keys.body"))
    media_type: Mapped[str | None]
    created_at: Mapped[datetime]
