"""News that the CRM has the gateway bring to shoppers: of orders on messaging platforms, of goodwill anywhere."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class ChatNoticeView(BaseModel):
    """One piece of news."""

    id: str
    conversation_id: str
    kind: str
    """parcel_delayed, parcel_delivered, refund_paid; goodwill_granted and goodwill_done with `_voucher`, `_points` or
    `_refund`."""
    details: dict[str, Any]
    """`order`, and what the kind has besides: `promised_on`, or `amount_minor` and `currency`."""


class ChatNotices(BaseModel):
    """What waits."""

    notices: list[ChatNoticeView]
