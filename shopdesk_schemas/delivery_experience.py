"""How deliveries went lately: public figures of the shop's own parcels, without anybody's name or order."""

from __future__ import annotations

from pydantic import Field

from shopdesk_schemas.content import Schema


class DeliveryExperience(Schema):
    """What the newest parcels of orders of the last `within_days` tell of deliveries to a country."""

    country: str = Field(description="ISO 3166-1 alpha-2.")
    within_days: int
    parcels: int = Field(description="How many were handed over.")
    carriers: list[str] = Field(description="Who carried them, the most first; few is left out.")
    days: list[int] | None = Field(
        description="Whole days from order to delivery: eight of ten took from … to. Null where too few arrived."
    )
