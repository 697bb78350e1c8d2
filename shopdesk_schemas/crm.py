"""What the CRM's `/shopper/{conversation_id}` and `/catalogue` routes say and take.

Instants are UTC. Days (`promised_on`) are dates in `timezone` of the order. Amounts are integers in minor units of
`currency`. A field that the shop's records do not have is null: callers say so and never make it up.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict, JsonValue

from shopdesk_schemas.content import Schema
from shopdesk_schemas.rules import (
    AccountPlaces,
    CancellationRules,
    ClaimsRules,
    InvoiceRules,
    KindTerms,
    ModificationRules,
    PaymentRules,
    ReturnRules,
    ShippingRules,
)

VerificationLevel = Literal["none", "order", "customer"]
"""`order`: that one order. `customer`: the customer's whole record."""

OrderState = Literal[
    "created", "approved", "invoiced", "processing", "shipped", "delivered", "unavailable", "cancelled"
]
"""created: placed, payment not approved · approved: paid · invoiced: invoice issued, not yet packed · processing:
being prepared · shipped: with the carrier · delivered · unavailable: an item cannot be supplied · cancelled."""

ShipmentState = Literal[
    "handed_over", "in_transit", "out_for_delivery", "ready_for_pickup", "delivered", "exception", "returned"
]

ScanCode = Literal[
    "label_created",
    "handed_over",
    "in_transit",
    "arrived_at_facility",
    "departed_facility",
    "customs",
    "out_for_delivery",
    "delivery_attempted",
    "ready_for_pickup",
    "delivered",
    "exception",
    "returned",
]

ProofKind = Literal["postcode", "email", "phone_last4"]
"""What proves an order whose number is given."""

ProofMethod = Literal[ProofKind, "name_postcode"]
"""The same, or a full name with a postcode, without a number."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class ChatAccount(Schema):
    """An account on a messaging platform that vouches for its accounts."""

    channel: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    account: str = Field(min_length=1, max_length=255, description="The platform's id of the person.")


class ConversationContext(Schema):
    """What the gateway tells the CRM about a conversation (`PUT /shopper/{conversation_id}`)."""

    client_address: str | None = Field(
        default=None, max_length=100, description="The client's IP address, for rate limits only."
    )
    language: Literal["en", "zh"] | None = None
    chat_account: ChatAccount | None = Field(
        default=None, description="The account that the conversation is held on, where there is one."
    )


def _one_of_their_forms(schema: JsonDict) -> None:
    absent: JsonDict = {"type": "null"}
    given: JsonDict = {"type": "string"}
    forms: list[JsonValue] = []
    for proof in ("postcode", "email", "phone_last4"):
        form: JsonDict = {"reference": given, proof: given, "name": absent}
        forms.append({"required": ["reference", proof], "properties": form})
    for proof, other in (("postcode", "email"), ("email", "postcode")):
        named: JsonDict = {"name": given, proof: given, other: absent, "reference": absent, "phone_last4": absent}
        forms.append({"required": ["name", proof], "properties": named})
    schema["oneOf"] = forms


class VerificationRequest(Schema):
    """Proof of who is asking: an order or tracking number and one thing only the buyer knows; or, for shops that accept
    it (`name_and_postcode` of the policy), a full name and either a postcode or an e-mail address.
    """

    model_config = ConfigDict(json_schema_extra=_one_of_their_forms)

    reference: str | None = Field(
        default=None, min_length=1, max_length=100, description="An order or tracking number, as typed."
    )
    name: str | None = Field(
        default=None, min_length=1, max_length=200, description="The buyer's full name, instead of a number."
    )
    postcode: str | None = Field(
        default=None,
        max_length=20,
        description="With a number, of the order or of an address in the customer's book. With a name, of an order in "
        "that name, or of an address in the book of the customer who is called so.",
    )
    email: str | None = Field(default=None, max_length=254, description="The order's or the customer's.")
    phone_last4: str | None = Field(default=None, pattern=r"^\d{4}$")

    @model_validator(mode="after")
    def _exactly_one_proof(self) -> VerificationRequest:
        if sum(value is not None for value in (self.postcode, self.email, self.phone_last4)) != 1:
            raise ValueError("give exactly one of postcode, email, phone_last4")
        if (self.reference is None) == (self.name is None):
            raise ValueError("give a reference, or a name with a postcode or an e-mail address")
        if self.name is not None and self.phone_last4 is not None:
            raise ValueError("give a postcode or an e-mail address with the name")
        return self


class IdentityTokenRequest(Schema):
    """A shop-signed token of a logged-in shopper."""

    identity_token: str = Field(min_length=1, max_length=4096)


class Verification(Schema):
    """How the conversation is verified now."""

    level: VerificationLevel
    method: str | None = None
    expires_at: datetime | None = None
    order_number: str | None = Field(default=None, description="The order a level `order` opens.")
    display_name: str | None = Field(default=None, description="First name to greet a signed-in customer by.")


class OrderProof(VerificationRequest):
    """A proof of an order that is to be shown at once."""

    language: Literal["en", "zh"] | None = Field(
        default=None, description="Of product and option names; the conversation's own when not given."
    )


class VerificationPolicy(Schema):
    """Which facts the shop accepts as proof, in the order in which to ask for them."""

    references: list[Literal["order_number", "tracking_number"]]
    proofs: list[ProofKind]
    name_and_postcode: bool = Field(
        default=False,
        description="Whether a full name with a postcode or an e-mail address serves without an order number.",
    )
    codes: list[Literal["email", "sms"]] = Field(
        default_factory=list,
        description="Ways in which a one-time code can be sent, in the order in which to offer them.",
    )


class SupportHours(Schema):
    """When people answer: local times by weekday in `timezone`; a weekday that is missing is closed."""

    timezone: str = Field(description="IANA zone of the times.")
    weekly: dict[Weekday, list[tuple[str, str]]] = Field(description="Opening and closing as HH:MM.")
    closed_on: list[date] = Field(default_factory=list)


class ShopPolicy(Schema):
    """Who the shop is, and how to reach its people."""

    name: dict[str, str] = Field(description="By language.")
    languages: list[str]
    default_language: str
    country: str = Field(description="ISO 3166-1 alpha-2.")
    timezone: str
    currency: str
    support_email: str | None
    support_phone: str | None
    support_hours: SupportHours | None


class PolicyExplanation(Schema):
    """The shop's rules as data, for the assistant to speak from (`GET /policies/explain`)."""

    shop: ShopPolicy
    verification: VerificationPolicy
    cancellation: CancellationRules | None = None
    modification: ModificationRules | None = None
    returns: ReturnRules | None = None
    claims: ClaimsRules | None = None
    payments: PaymentRules | None = None
    shipping: ShippingRules | None = None
    invoices: InvoiceRules | None = None
    ordering: Literal["saved_method", "checkout_link", "off"] | None = Field(
        default=None, description="How the chat takes orders."
    )
    account: AccountPlaces | None = None
    changes: dict[str, KindTerms] = Field(default_factory=dict, description="By kind of change.")


class OrderLineView(Schema):
    """One line of an order. `title` is null where the shop's data has no name for the item."""

    line_number: int
    kind: Literal["item", "shipping", "fee", "discount", "adjustment", "sample", "gift_voucher"]
    sku: str | None
    title: str | None
    other_titles: list[str] = Field(
        default_factory=list, description="What shoppers call the product besides, as the shop wrote it."
    )
    category: str | None
    options: dict[str, str]
    other_options: list[dict[str, str]] = Field(
        default_factory=list,
        description="The same once more for each other name that the shop gave one of their values, in any language.",
    )
    quantity: int = Field(description="As ordered.")
    cancelled_quantity: int = Field(default=0, description="How many of them were cancelled.")
    returned_quantity: int = Field(default=0, description="How many came back.")
    unit_price_minor: int | None
    total_minor: int | None
    ship_by: datetime | None = None


class ScanEventView(Schema):
    """One scan of a parcel."""

    at: datetime | None
    code: ScanCode
    place: str | None = None
    description: str | None = None


class ShipmentView(Schema):
    """One parcel. Carrier and tracking number are null where the shop's data has none."""

    carrier: str | None
    tracking_number: str | None
    state: ShipmentState
    handed_over_at: datetime | None
    delivered_at: datetime | None
    promised_on: date | None
    late: bool = Field(description="Past its promised day and not delivered, or delivered after it.")
    predicted_on: date | None = Field(
        default=None,
        description="The likeliest day, for a parcel on its way: half of its like arrive by then. Null where nothing "
        "is foreseen, as before the first analysis.",
    )
    predicted_by: date | None = Field(default=None, description="The day by which nearly all (nine of ten) arrive.")
    late_probability: float | None = Field(
        default=None, ge=0, le=1, description="That it arrives after its promised day. Null where none was promised."
    )
    lines: list[int] = Field(description="Line numbers inside; empty when not known.")
    events: list[ScanEventView]


class OrderSummary(Schema):
    """An order in a list."""

    number: str
    state: OrderState
    placed_at: datetime
    currency: str
    total_minor: int | None
    sales_channel: str | None = Field(default=None, description="Where it was bought: web, store, marketplace, phone …")
    titles: list[str] = Field(description="Names of the items that have one, first three.")
    item_count: int


class RefundView(Schema):
    """Money that goes or went back."""

    amount_minor: int
    currency: str
    state: Literal["requested", "pending", "paid", "failed"]
    target: str | None
    requested_at: datetime | None
    paid_at: datetime | None


class OrderDeliveryView(Schema):
    """Where an order goes, as it was given for this order."""

    recipient: str | None
    phone: str | None
    line1: str | None
    line2: str | None
    district: str | None
    city: str | None
    region: str | None
    postcode: str | None
    country: str | None
    note: str | None = Field(description="What the carrier was asked to know.")


class OrderPaymentView(Schema):
    """Money that came, or was tried, for an order. With one order proved only, brand and digits stay unsaid."""

    method: str = Field(description="card, wallet, bank, gift_card, voucher …, or `unknown`.")
    brand: str | None
    last4: str | None
    amount_minor: int
    currency: str
    state: str = Field(description="authorised, captured, failed, cancelled or unknown.")


class OrderView(Schema):
    """An order with lines, parcels and refunds."""

    number: str
    state: OrderState
    source_state: str | None = Field(description="The state as the shop's own system words it.")
    sales_channel: str | None = Field(default=None, description="Where it was bought: web, store, marketplace, phone …")
    placed_at: datetime
    approved_at: datetime | None
    cancelled_at: datetime | None
    currency: str
    subtotal_minor: int | None
    shipping_minor: int | None
    discount_minor: int | None
    tax_minor: int | None
    total_minor: int | None
    promised_on: date | None = Field(description="The promised or estimated delivery day; null when none was given.")
    timezone: str = Field(description="IANA zone in which to word times of this order.")
    late: bool
    lines: list[OrderLineView]
    lines_known: bool = Field(description="False where the source keeps no lines for an order in this state.")
    shipments: list[ShipmentView]
    refunds: list[RefundView]
    delivery: OrderDeliveryView | None = Field(
        default=None, description="Null where only the order was proved: that does not open its address."
    )
    payments: list[OrderPaymentView] = Field(default_factory=list)


class ProvenOrder(Schema):
    """What came of a proof: how the conversation is verified now, and the order where that is what is open."""

    verification: Verification
    tried: bool = Field(description="Whether the proof was tried: what is open already needs none.")
    order: OrderView | None = Field(description="Null where the customer's whole record is open.")


class OrderList(Schema):
    """A shopper's orders, newest first."""

    orders: list[OrderSummary]


class CatalogueProduct(Schema):
    """A product as the public catalogue shows it."""

    external_id: str
    name: str
    category: str | None
    price_from_minor: int | None
    currency: str | None
    image_url: str | None
    available: bool


class Catalogue(Schema):
    """A page of the catalogue."""

    products: list[CatalogueProduct]
    total: int | None = Field(default=None, description="How many there are on all pages.")
    matched: Literal["all", "some"] | None = Field(
        default=None, description="Of a search: whether the first of them has all that was asked for, or some."
    )
    corrected: dict[str, str] = Field(
        default_factory=dict, description="Words that no product has, and those that were searched for instead."
    )
