"""Claims about parcels, as shoppers and agents see them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue

from shopdesk_schemas.content import Schema

ClaimState = Literal["open", "granted", "refused"]


class ClaimView(Schema):
    """A claim as its shopper sees it."""

    id: str
    order_number: str
    tracking_number: str | None
    kind: Literal["late", "lost", "damaged", "missing_item", "wrong_item", "not_received"]
    state: ClaimState = Field(description="open: a person decides, or the carrier is asked.")
    resolution: Literal["trace", "refund", "resend"]
    quantities: dict[str, int] = Field(description="By line number.")
    refund_minor: int
    currency: str
    created_at: datetime
    settled_at: datetime | None


class ClaimList(Schema):
    """Claims, newest first."""

    claims: list[ClaimView]


class StaffClaimView(ClaimView):
    """A claim as agents see it."""

    evidence: dict[str, JsonValue] = Field(description="The shopper's words, and ids of images.")
    case: str | None


class StaffClaimList(Schema):
    """Claims to see to, the oldest first."""

    claims: list[StaffClaimView]


class ClaimGrant(Schema):
    """How an agent settles a claim."""

    resolution: Literal["refund", "resend"] | None = Field(
        default=None, description="Where it is to be another one than was asked for."
    )
