"""What a chat message can hold: the content kinds that the assistant, the gateway and every client share.

The bot sends plain JSON of these shapes (`InternalButton` in place of `Button`), the gateway validates it, gives
each button an opaque id and publishes the public shapes as JSON Schemas at `/api/chat/schemas`.

Each kind has a `text` that says the same in words, so that a channel that can draw nothing loses nothing.
Amounts are integers in minor units of `currency`; instants are UTC; days are dates of the shop's or store's zone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class Schema(BaseModel):
    """Base of every shared shape: unknown fields are an error, so that a typing slip is not silently lost."""

    model_config = ConfigDict(extra="forbid")


class Button(Schema):
    """A button as a client sees it: an opaque id made by the gateway, and the words on it."""

    id: str = Field(min_length=1, max_length=64)
    label: str = Field(min_length=1, max_length=200)


class InternalButton(Schema):
    """A button as the bot sends it to the gateway: the words, and the Rasa payload that never leaves the shop."""

    label: str = Field(min_length=1, max_length=200)
    payload: str = Field(min_length=1, max_length=4000, description="A Rasa payload, as in /intent{...}.")


class Money(Schema):
    """An amount in minor units (cents, 分) of an ISO 4217 currency."""

    amount: int
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    text: str = Field(description="The amount as the reader's language writes it.")


class OrderCardLine(Schema):
    """One line of an order as shown on its card."""

    title: str
    options: str | None = Field(default=None, description="Chosen options in words, such as 'blue, M'.")
    quantity: int = Field(ge=1)
    total: Money | None = None


class TimelineEvent(Schema):
    """One thing that happened to a parcel. `at` is null when the source does not know when."""

    at: datetime | None
    at_text: str | None = None
    label: str
    place: str | None = None


class ShipmentTimelineParcel(Schema):
    """One parcel: who carries it, its number and its scans, oldest first."""

    carrier: str | None = None
    tracking_number: str | None = None
    state: str
    state_text: str
    promised_on: date | None = None
    promised_text: str | None = None
    late: bool = False
    events: list[TimelineEvent] = Field(default_factory=list)


class ProductCard(Schema):
    """One product or variant."""

    sku: str
    title: str
    price: Money | None = None
    availability_text: str | None = None
    image_url: str | None = None
    url: str | None = None


class StoreCard(Schema):
    """One shop on a street."""

    name: str
    address: str
    hours_text: str | None = None
    map_url: str | None = None


class ProposalChange(Schema):
    """One line of what a proposal would change."""

    label: str
    detail: str | None = None


class _Content(Schema):
    text: str = Field(max_length=8000)


class TextContent(_Content):
    """Plain words."""

    kind: Literal["text"] = "text"


class QuickRepliesContent[B](_Content):
    """Words and a few buttons to answer with."""

    kind: Literal["quick_replies"] = "quick_replies"
    buttons: list[B] = Field(min_length=1, max_length=13)


class ProductCardsContent[B](_Content):
    """Products to look at."""

    kind: Literal["product_cards"] = "product_cards"
    products: list[ProductCard] = Field(min_length=1)
    buttons: list[B] = Field(default_factory=list)


class OrderCardContent[B](_Content):
    """An order: number, state and lines."""

    kind: Literal["order_card"] = "order_card"
    order_number: str
    state: str
    state_text: str
    placed_at: datetime | None = None
    placed_text: str | None = None
    lines: list[OrderCardLine] = Field(default_factory=list)
    total: Money | None = None
    buttons: list[B] = Field(default_factory=list)


class ShipmentTimelineContent[B](_Content):
    """The parcels of an order and what happened to each."""

    kind: Literal["shipment_timeline"] = "shipment_timeline"
    order_number: str
    parcels: list[ShipmentTimelineParcel] = Field(min_length=1)
    buttons: list[B] = Field(default_factory=list)


class StoreCardsContent[B](_Content):
    """Stores to visit."""

    kind: Literal["store_cards"] = "store_cards"
    stores: list[StoreCard] = Field(min_length=1)
    buttons: list[B] = Field(default_factory=list)


class ProposalContent[B](_Content):
    """Exactly what would change, awaiting a yes."""

    kind: Literal["proposal"] = "proposal"
    proposal_id: str
    expires_at: datetime
    changes: list[ProposalChange] = Field(min_length=1)
    buttons: list[B] = Field(default_factory=list)


class ImageContent(_Content):
    """A picture, by a path on the gateway."""

    kind: Literal["image"] = "image"
    url: str
    width: int | None = None
    height: int | None = None


InternalContent = Annotated[
    TextContent
    | QuickRepliesContent[InternalButton]
    | ProductCardsContent[InternalButton]
    | OrderCardContent[InternalButton]
    | ShipmentTimelineContent[InternalButton]
    | StoreCardsContent[InternalButton]
    | ProposalContent[InternalButton]
    | ImageContent,
    Field(discriminator="kind"),
]
"""Content as the bot sends it."""

Content = Annotated[
    TextContent
    | QuickRepliesContent[Button]
    | ProductCardsContent[Button]
    | OrderCardContent[Button]
    | ShipmentTimelineContent[Button]
    | StoreCardsContent[Button]
    | ProposalContent[Button]
    | ImageContent,
    Field(discriminator="kind"),
]
"""Content as clients receive it."""

content_adapter: TypeAdapter[Any] = TypeAdapter(Content)
internal_content_adapter: TypeAdapter[Any] = TypeAdapter(InternalContent)
