"""How long an order counts as unfinished business."""

from __future__ import annotations

from pydantic import Field

from crm_backend.policies.section import Section


class PrivacyRules(Section):
    """What stands in the way of an erasure."""

    answer_days: int = Field(
        default=30,
        ge=1,
        le=90,
        description="Within how many days a request for a copy of one's data, or for its erasure, is answered.",
    )
    open_order_days: int = Field(
        default=60,
        ge=0,
        le=3650,
        description="An order that is neither delivered nor cancelled holds an erasure back for so many days: the "
        "shop needs the address to send it. Older ones are taken to be over.",
    )
