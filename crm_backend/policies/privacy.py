"""How long an order counts as unfinished business."""

from __future__ import annotations

from pydantic import Field

from crm_backend.policies.section import Section


class PrivacyRules(Section):
    """What stands in the way of an erasure."""

    open_order_days: int = Field(
        default=60,
        ge=0,
        le=3650,
        description="An order that is neither delivered nor cancelled holds an erasure back for so many days: the "
        "shop needs the address to send it. Older ones are taken to be over.",
    )
