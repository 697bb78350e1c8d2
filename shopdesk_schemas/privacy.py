"""What privacy law asks for: a person's data, and the receipt of an erasure (`/staff/people/…`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from shopdesk_schemas.content import Schema

Counts = dict[str, dict[str, dict[str, int]]]
"""By store, by table, by what was done (deleted, cleared, kept): how many rows."""


class PersonData(Schema):
    """All that the CRM knows of a person."""

    subject: str = Field(description="A keyed hash of who it is: what receipts and the audit log name.")
    at: datetime
    tables: dict[str, list[dict[str, Any]]] = Field(description="Rows by table.")
    conversations: list[str] = Field(description="Conversations whose words the gateway and the bot keep.")
    shared_conversations: list[str] = Field(
        description="Conversations that another person has used too: not exported, as they would tell of both."
    )
    same_profile: int = Field(description="Other customers in the same profile, who are not in this.")


class ErasureRequest(Schema):
    """Whom to erase beside the customer in the path, and how sure one is."""

    source: str | None = Field(default=None, max_length=100, description="Whose id it is, where several have it.")
    dry_run: bool = Field(default=True, description="Say what would be done, and do nothing.")
    despite_open: bool = Field(default=False, description="Though orders or cases are not finished.")
    whole_profile: bool = Field(default=False, description="All customers who are this person, by their profile.")


class ErasureReceipt(Schema):
    """What was erased. Holds no personal data."""

    id: str | None = Field(description="Null of a dry run.")
    at: datetime
    by: str
    dry_run: bool
    subjects: list[str] = Field(description="Keyed hashes of the customers, orders and addresses that were asked for.")
    counts: Counts
    same_profile: int = Field(description="Other customers in the same profile, who stay.")
    conversations: list[str] = Field(description="Conversations that the gateway and the bot still have to erase.")
    completed_at: datetime | None = Field(description="When all stores had erased them.")
    receipt_hash: str | None = Field(description="SHA-256 of the receipt; also in the audit log.")
