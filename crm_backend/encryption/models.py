"""Which keys personal data in this database is sealed with, and what is still to be sealed."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Model


class EncryptionKey(Model):
    """One key that envelopes may have been made with. Without it in the settings the CRM does not start."""

    __tablename__ = "encryption_keys"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    proof: Mapped[str]
    """Tells the key from another of the same id, and nothing of it."""


class TableToSeal(Model):
    """A table that a migration gave sealed columns: until the next start has sealed them, rows are in plain words."""

    __tablename__ = "tables_to_seal"

    name: Mapped[str] = mapped_column(primary_key=True)
