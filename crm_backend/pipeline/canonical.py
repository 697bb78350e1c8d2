"""The canonical format: what `shopdesk import` reads and `shopdesk export` writes, column by column.

One file per kind of record, named `<kind>.csv` or `<kind>.jsonl` when we write it and known by its columns when we
read it. CSV is UTF-8 with a header; JSON columns hold JSON text. JSON Lines holds one object per line under the same
names. An empty CSV cell, a missing column and a JSON null all mean "not known".

Records are named by the shop's own ids: (`source`, `external_id`) for those that stand alone, the parent's id and an
id of their own for those that belong to another. A record and all that belongs to it form one *aggregate*, which is
compared, written and counted as a whole.

Units: amounts (`*_minor`) are integers in minor units of the currency beside them (pence, cents; whole yen), instants
are ISO 8601 in UTC (`2026-03-12T09:30:00Z`), days are `2026-03-12` in the zone of the record, countries are ISO 3166-1
alpha-2, currencies ISO 4217, languages BCP 47.

In Python a record is a dict with every column of its type: `str`, `int`, `float`, `bool`, aware `datetime`, `date`,
`dict`, or None. `docs/data-format.md` says the same for people; a test keeps the two equal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_backend.documents.models import INVOICE_STATES, INVOICE_TYPES
from crm_backend.orders.models import ORDER_STATES
from crm_backend.returns.models import RETURN_KINDS, RETURN_STATES
from crm_backend.shipments.claim_models import CLAIM_KINDS, CLAIM_STATES
from crm_backend.stores.models import RESERVATION_STATES
from crm_backend.supply.models import PURCHASE_ORDER_STATES

Record = dict[str, Any]
"""One row with every column of its record type, in Python values."""

ColumnType = Literal[
    "text", "integer", "minor", "decimal", "instant", "day", "boolean", "json", "options", "zone", "country", "currency"
]
"""`options` is a JSON object whose values are text; the last three are text of a known form."""

DEFAULT_SOURCE = "shop"
"""The namespace of records whose file has no `source` column and for which no other was asked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type and meaning. `default` is what an empty cell means (None: not known)."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    not_a_card_number: bool = False


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record and so one file. `key` names the columns that identify a row among its siblings."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parent: str | None = None
    parent_key: str | None = None
    """The column that holds the parent's `external_id`."""
    append_only: bool = False
    """History: a row that the database has and a file lacks stays."""
    own: bool = False
    """What the CRM itself keeps of orders, stores and customers: a file adds rows that are not there, and neither
    changes nor removes one that is."""
    names: tuple[str, ...] = field(init=False)
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    def record(self, **values: Any) -> Record:
        """A full record from the columns that are known; the others take their defaults.

        Raises KeyError for a column that this type does not have.
        """
        record = {c.name: (dict(c.default) if isinstance(c.default, dict) else c.default) for c in self.columns}
        for name, value in values.items():
            if name not in record:
                raise KeyError(f"{self.name} has no column {name}")
            record[name] = value
        return record


def _text(name: str, meaning: str, **options: Any) -> Column:
    return Column(name, "text", meaning, **options)


def _json(name: str, meaning: str) -> Column:
    return Column(name, "json", meaning, default={})


_SOURCE = Column(
    "source", "text", "The system that the record comes from: the namespace of its ids.", default=DEFAULT_SOURCE
)
_EXTERNAL_ID = _text("external_id", "The shop's own id of the record, unique within `source`.", required=True)


def _address_columns(*, of: str) -> tuple[Column, ...]:
    return (
        _text("recipient", f"Whom {of} names."),
        _text("line1", "Street and house number."),
        _text("line2", "Flat, floor, company."),
        _text("district", "Part of the city, such as a Chinese 区."),
        _text("city", "City."),
        _text("region", "State, province or county, as the country writes it."),
        _text("postcode", "Postcode with its leading zeros; the first digits where the source keeps no more."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
    )


CUSTOMERS = RecordType(
    "customers",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("name", "Full name."),
        _text("given_name", "What to call the customer."),
        _text("email", "E-mail address as given."),
        _text("phone", "Phone number as given; E.164 is best."),
        _text("language", "BCP 47 tag of the language the customer prefers."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        _text("gender", "As the customer stated it."),
        Column("birth_date", "day", "Date of birth."),
        Column("registered_at", "instant", "When the customer opened an account."),
        _json("attributes", "Other facts that the shop keeps, by name."),
    ),
    key=("external_id",),
)

ADDRESSES = RecordType(
    "addresses",
    (
        _SOURCE,
        _text("customer_external_id", "The customer whose address book holds it.", required=True),
        _text("external_id", "The address's id, unique for the customer.", required=True),
        _text("label", "The customer's name for it: home, work."),
        _text("phone", "Phone of the recipient."),
        *_address_columns(of="the label on a parcel"),
        Column("is_default", "boolean", "Where parcels go unless told otherwise.", default=False),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)

PAYMENT_METHODS = RecordType(
    "payment_methods",
    (
        _SOURCE,
        _text("customer_external_id", "The customer who saved it.", required=True),
        _text(
            "external_id",
            "The method's id, unique for the customer. Never a card number: one is refused.",
            required=True,
            not_a_card_number=True,
        ),
        _text("kind", "What it is.", required=True, choices=("card", "wallet", "gift_card", "bank")),
        _text("brand", "Card brand or wallet name."),
        _text("last4", "Last four digits or characters; nothing longer is taken.", length=4),
        Column("balance_minor", "minor", "What is left on a gift card, in minor units."),
        Column("currency", "currency", "ISO 4217, of the balance."),
        Column("is_default", "boolean", "Used unless told otherwise.", default=False),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)

PRODUCTS = RecordType(
    "products",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("name", "Name in the shop's default language."),
        _text("description", "A few sentences in the shop's default language."),
        _text("category", "Category in the shop's default language; levels joined by ` > `."),
        _text("brand", "Brand."),
        _text("image_url", "Address of a picture."),
        _text("url", "Address of the product's page."),
        _json("attributes", "Other facts by name, such as material."),
        _json(
            "translations",
            'By language: `{"zh": {"name": …, "description": …, "category": …, "other_names": […]}}`; '
            "the last are what shoppers call it besides.",
        ),
    ),
    key=("external_id",),
)

CONSENTS = RecordType(
    "consents",
    (
        _SOURCE,
        _text("customer_external_id", "Who said it.", required=True),
        _text("external_id", "The statement's id, unique for the customer.", required=True),
        _text("purpose", "What for: marketing, personalisation, stock_notice …", required=True),
        _text("channel", "email, sms, phone, post; empty where the purpose has none."),
        Column("granted", "boolean", "Yes, or no.", required=True),
        Column("at", "instant", "When it was said. The newest of a purpose and channel holds.", required=True),
        _text("origin", "Where it was said: web form, store, chat."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
    append_only=True,
)

LOYALTY_ENTRIES = RecordType(
    "loyalty_entries",
    (
        _SOURCE,
        _text("customer_external_id", "Whose points.", required=True),
        _text("external_id", "The booking's id, unique for the customer.", required=True),
        _text(
            "kind",
            "Why points came or went.",
            required=True,
            choices=("earned", "redeemed", "expired", "adjusted", "given_back"),
        ),
        Column("points", "integer", "Signed: negative when points went. The balance is the sum.", required=True),
        Column("at", "instant", "When.", required=True),
        _text("order_number", "The order that it belongs to."),
        _text("note", "What the shop wants to say of it."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
    append_only=True,
)

VOUCHERS = RecordType(
    "vouchers",
    (
        _SOURCE,
        _text("customer_external_id", "Whose voucher.", required=True),
        _text("external_id", "The voucher's id, unique for the customer.", required=True),
        _text("code", "What the customer types.", required=True),
        _text("kind", "What it gives.", required=True, choices=("amount", "percent", "free_shipping")),
        Column("percent", "integer", "Of a `percent` voucher, 1 to 100.", minimum=1, maximum=100),
        Column("amount_minor", "minor", "Of an `amount` voucher."),
        Column("currency", "currency", "ISO 4217, of the amounts."),
        Column("minimum_order_minor", "minor", "The least that an order must come to."),
        _text("categories", "For goods of these only, separated by ` | `."),
        Column("valid_from", "instant", "From when it can be used."),
        Column("valid_until", "instant", "Until when."),
        _text("state", "Whether it can still be used.", default="active", choices=("active", "used", "void")),
        Column("used_at", "instant", "When it was used."),
        _text("order_number", "The order it was used on."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)

VARIANTS = RecordType(
    "variants",
    (
        _SOURCE,
        _text("product_external_id", "The product it is a variant of.", required=True),
        _text("sku", "Stock-keeping unit. Upper and lower case mean the same.", required=True),
        Column("options", "options", 'Chosen options: `{"colour": "blue", "size": "M"}`.', default={}),
        Column("price_minor", "minor", "List price in minor units, tax as the shop shows it."),
        Column("currency", "currency", "ISO 4217, of the price."),
        _text(
            "availability",
            "Whether it can be bought.",
            default="unknown",
            choices=("in_stock", "out_of_stock", "preorder", "discontinued", "unknown"),
        ),
        _json(
            "translations",
            'By language: `{"zh": {"options": {"颜色": "蓝色"}, "other_options": {"颜色": ["孔雀蓝"]}}}`; the last are '
            "what shoppers call its values besides.",
        ),
    ),
    key=("sku",),
    parent="products",
    parent_key="product_external_id",
)

PRICE_HISTORY = RecordType(
    "price_history",
    (
        _SOURCE,
        _text("product_external_id", "The product.", required=True),
        _text("sku", "The variant.", required=True),
        Column("ended_at", "instant", "Until when it cost this; the present price is the variant's.", required=True),
        Column("price_minor", "minor", "What it cost, in minor units.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
    ),
    key=("sku", "ended_at"),
    parent="products",
    parent_key="product_external_id",
    append_only=True,
)

ORDERS = RecordType(
    "orders",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("number", "The order number that the shopper knows.", required=True),
        _text("customer_external_id", "Who bought; empty for a guest."),
        _text("kind", "A sale, or a credit note that takes one back.", default="sale", choices=("sale", "credit_note")),
        _text("sales_channel", "web, store, marketplace, phone …"),
        _text("state", "Where the order stands.", required=True, choices=ORDER_STATES),
        _text("source_state", "The state as the shop's own system words it."),
        Column("placed_at", "instant", "When it was placed.", required=True),
        Column("approved_at", "instant", "When its payment was approved."),
        Column("cancelled_at", "instant", "When it was cancelled."),
        Column("timezone", "zone", "IANA zone in which the shop words its times and days.", default="UTC"),
        Column("currency", "currency", "ISO 4217, of all amounts of the order.", required=True),
        Column("subtotal_minor", "minor", "Goods, before shipping and discounts."),
        Column("shipping_minor", "minor", "Shipping."),
        Column("discount_minor", "minor", "Discounts, as a positive amount."),
        Column("tax_minor", "minor", "Tax included in the total or added to it, as the shop states it."),
        Column("total_minor", "minor", "What the shopper pays; of a credit note, what the shopper gets."),
        Column("promised_on", "day", "Promised or estimated delivery day, in `timezone`."),
        _text("contact_name", "Name given for this order."),
        _text("contact_email", "E-mail given for this order."),
        _text("contact_phone", "Phone given for this order."),
        *_address_columns(of="the parcel"),
        _text("delivery_note", "What the shopper wants the carrier to know; empty: as it is known here."),
    ),
    key=("external_id",),
)

ORDER_LINES = RecordType(
    "order_lines",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        Column("line_number", "integer", "1, 2, 3 … within the order.", required=True),
        _text(
            "kind",
            "What the line is for.",
            default="item",
            choices=("item", "shipping", "fee", "discount", "adjustment", "sample", "gift_voucher"),
        ),
        _text("sku", "The variant sold; empty for lines that are no goods."),
        _text("title", "The item's name as it stood on the order."),
        Column("options", "options", "The options as they stood on the order.", default={}),
        Column("quantity", "integer", "How many; positive on credit notes too.", required=True, minimum=1),
        Column("unit_price_minor", "minor", "Price of one."),
        Column("total_minor", "minor", "Price of the line; negative when it lowers the order's total."),
        Column("ship_by", "instant", "The last moment at which the seller should hand it to the carrier."),
        _text("seller", "The marketplace seller's id."),
        Column(
            "cancelled_quantity", "integer", "How many of them were cancelled; empty: as it is known here.", minimum=0
        ),
        Column("returned_quantity", "integer", "How many came back; empty: as it is known here.", minimum=0),
    ),
    key=("line_number",),
    parent="orders",
    parent_key="order_external_id",
)

PAYMENTS = RecordType(
    "payments",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        _text("external_id", "The payment's id, unique for the order.", required=True),
        _text("method", "card, debit_card, boleto, voucher, wallet, gift_card, bank, or `unknown`.", default="unknown"),
        _text("brand", "Card brand or wallet name."),
        _text("last4", "Last four digits of the card; nothing longer is taken.", length=4),
        _text("payment_method_external_id", "The saved method that was used."),
        Column("amount_minor", "minor", "How much.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
        Column("instalments", "integer", "In how many parts the shopper pays."),
        _text(
            "state",
            "Where the payment stands; `unknown` where the source does not say.",
            default="unknown",
            choices=("authorised", "captured", "failed", "cancelled", "unknown"),
        ),
        Column("paid_at", "instant", "When the money came."),
    ),
    key=("external_id",),
    parent="orders",
    parent_key="order_external_id",
)

REFUNDS = RecordType(
    "refunds",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        _text("external_id", "The refund's id, unique for the order.", required=True),
        _text("payment_external_id", "The payment that is given back."),
        Column("amount_minor", "minor", "How much.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
        _text("target", "Where it goes: `original`, `gift_card`, or a saved method's id."),
        _text("state", "Where the refund stands.", required=True, choices=("requested", "pending", "paid", "failed")),
        _text("reason", "Why, in the shop's words."),
        Column("requested_at", "instant", "When it was asked for."),
        Column("paid_at", "instant", "When the money went."),
    ),
    key=("external_id",),
    parent="orders",
    parent_key="order_external_id",
)

SHIPMENTS = RecordType(
    "shipments",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        _text("external_id", "The parcel's id, unique for the order.", required=True),
        _text("carrier", "Who carries it."),
        _text("tracking_number", "The carrier's number."),
        _text("service", "The carrier's product, such as express."),
        _text(
            "state",
            "Where the parcel stands.",
            required=True,
            choices=(
                "handed_over",
                "in_transit",
                "out_for_delivery",
                "ready_for_pickup",
                "delivered",
                "exception",
                "returned",
            ),
        ),
        Column("handed_over_at", "instant", "When the carrier took it."),
        Column("delivered_at", "instant", "When it arrived."),
        Column("promised_on", "day", "Promised or estimated delivery day, in the order's `timezone`."),
    ),
    key=("external_id",),
    parent="orders",
    parent_key="order_external_id",
)

SHIPMENT_LINES = RecordType(
    "shipment_lines",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        _text("shipment_external_id", "The parcel.", required=True),
        Column("line_number", "integer", "The order line that it holds.", required=True),
        Column("quantity", "integer", "How many of it.", required=True, minimum=1),
    ),
    key=("shipment_external_id", "line_number"),
    parent="orders",
    parent_key="order_external_id",
)

SCAN_EVENTS = RecordType(
    "scan_events",
    (
        _SOURCE,
        _text("order_external_id", "The order.", required=True),
        _text("shipment_external_id", "The parcel.", required=True),
        Column("sequence", "integer", "1, 2, 3 … in the order of happening.", required=True),
        Column("at", "instant", "When; empty where the source does not know."),
        _text(
            "code",
            "What happened.",
            required=True,
            choices=(
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
            ),
        ),
        _text("place", "Where, as the carrier writes it."),
        _text("description", "The carrier's words."),
    ),
    key=("shipment_external_id", "sequence"),
    parent="orders",
    parent_key="order_external_id",
)

STORES = RecordType(
    "stores",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("name", "Name of the store.", required=True),
        _text("line1", "Street and house number."),
        _text("city", "City."),
        _text("region", "State, province or county."),
        _text("postcode", "Postcode."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        Column("latitude", "decimal", "WGS 84 degrees."),
        Column("longitude", "decimal", "WGS 84 degrees."),
        _text("phone", "Phone."),
        Column("timezone", "zone", "IANA zone of the opening hours.", default="UTC"),
        _json("opening_hours", 'Local times: `{"mon": [["09:00", "18:00"]], …, "holidays": {"2026-12-25": []}}`.'),
        _json("translations", 'By language: `{"zh": {"name": …}}`.'),
    ),
    key=("external_id",),
)

STOCK = RecordType(
    "stock",
    (
        _SOURCE,
        _text("store_external_id", "The store.", required=True),
        _text("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many lie there, 0 or more.", required=True, minimum=0),
    ),
    key=("sku",),
    parent="stores",
    parent_key="store_external_id",
)

STOCK_MOVEMENTS = RecordType(
    "stock_movements",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("sku", "The variant.", required=True),
        Column("quantity", "integer", "Signed: negative when goods left.", required=True),
        _text("reason", "Why, as the source words it."),
        Column("moved_at", "instant", "When.", required=True),
        _text("store_external_id", "Where, by the store's id; empty for the warehouse."),
    ),
    key=("external_id",),
)

SUPPLIERS = RecordType(
    "suppliers",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("name", "Name.", required=True),
        _text("email", "E-mail address."),
        _text("phone", "Phone."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        Column("lead_time_days", "integer", "Days from order to arrival, as the supplier promises.", minimum=0),
    ),
    key=("external_id",),
)

PURCHASE_ORDERS = RecordType(
    "purchase_orders",
    (
        _SOURCE,
        _EXTERNAL_ID,
        _text("number", "The number that shop and supplier know it by.", required=True),
        _text("supplier_external_id", "The supplier."),
        _text("store_external_id", "Where the goods go; empty for the warehouse."),
        _text("state", "Where it stands.", required=True, choices=PURCHASE_ORDER_STATES),
        Column("placed_at", "instant", "When it was placed.", required=True),
        Column("promised_on", "day", "The day for which the goods are promised, in `timezone`."),
        Column("received_at", "instant", "When the last of them came."),
        Column("timezone", "zone", "IANA zone of its days.", default="UTC"),
        Column("currency", "currency", "ISO 4217, of the costs."),
    ),
    key=("external_id",),
)

PURCHASE_ORDER_LINES = RecordType(
    "purchase_order_lines",
    (
        _SOURCE,
        _text("purchase_order_external_id", "The purchase order.", required=True),
        Column("line_number", "integer", "1, 2, 3 … within it.", required=True),
        _text("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many were ordered.", required=True, minimum=1),
        Column("received_quantity", "integer", "How many came.", default=0, minimum=0),
        Column("unit_cost_minor", "minor", "What one costs the shop."),
    ),
    key=("line_number",),
    parent="purchase_orders",
    parent_key="purchase_order_external_id",
)

PURCHASE_ORDER_EVENTS = RecordType(
    "purchase_order_events",
    (
        _SOURCE,
        _text("purchase_order_external_id", "The purchase order.", required=True),
        Column("sequence", "integer", "1, 2, 3 … in the order of happening.", required=True),
        Column("at", "instant", "When; empty where the source does not know."),
        _text("code", "What happened, as the shop's system codes it: placed, confirmed, shipped …", required=True),
        _text("place", "Where."),
        _text("description", "In the source's words."),
    ),
    key=("sequence",),
    parent="purchase_orders",
    parent_key="purchase_order_external_id",
)


def _of_order(*, required: bool = True) -> tuple[Column, Column]:
    return _SOURCE, _text("order_external_id", "The order.", required=required)


_OWN_ID = _text("external_id", "The record's id, unique in the whole shop.", required=True)

RETURNS = RecordType(
    "returns",
    (
        *_of_order(),
        _OWN_ID,
        _text("number", "What the shopper writes on the parcel, unique in the whole shop.", required=True),
        _text("kind", "What the shopper wants for the goods.", required=True, choices=RETURN_KINDS),
        _text("state", "Where it stands.", required=True, choices=RETURN_STATES),
        _text("reason", "Why, by the key of its words.", required=True),
        _text("law", "The law under which it comes back, by the key of its words."),
        _text("condition", "What the inspection looks for: any, as_new, unopened.", default="any"),
        Column("currency", "currency", "ISO 4217, of its amounts.", required=True),
        Column("goods_minor", "minor", "What the goods are worth.", default=0),
        Column("shipping_minor", "minor", "Postage that goes back with them.", default=0),
        _text(
            "refund_shipping",
            "Whether the order's postage goes back when nothing of it is left.",
            default="never",
            choices=("never", "whole_order", "promised"),
        ),
        Column("restocking_minor", "minor", "The fee for taking them back.", default=0),
        Column("freight_minor", "minor", "What the shopper pays for the way back.", default=0),
        Column("refund_minor", "minor", "What goes back in the end.", default=0, minimum=0),
        Column("charge_minor", "minor", "What the new variant costs more.", default=0, minimum=0),
        Column("insured_minor", "minor", "Up to how much an insurance pays for the way back.", default=0),
        _text("target", "Where a refund goes: `original`, `gift_card`, or a saved method's id."),
        _text("method", "How it comes back.", default="own", choices=("label", "pickup", "own", "store")),
        _text("carrier", "Who carries it."),
        _text("tracking_number", "The carrier's number."),
        Column("send_by", "instant", "Until when it has to be on its way."),
        _json("fraud_signals", "For the shop's people alone."),
        Column("requested_at", "instant", "When it was asked for.", required=True),
        Column("approved_at", "instant", "When it was approved."),
        Column("sent_at", "instant", "When it was sent."),
        Column("received_at", "instant", "When it arrived."),
        Column("inspected_at", "instant", "When it was looked at."),
        Column("settled_at", "instant", "When its goods began to count as given back."),
        Column("closed_at", "instant", "When it was over."),
        _text("refund_external_ids", "The refunds of the order that pay for it, separated by ` | `."),
    ),
    key=("external_id",),
    own=True,
)

RETURN_LINES = RecordType(
    "return_lines",
    (
        *_of_order(),
        _text("return_external_id", "The return.", required=True),
        Column("line_number", "integer", "The order's line.", required=True),
        Column("quantity", "integer", "How many of it.", required=True, minimum=1),
        _text("reason", "Why, by the key of its words.", required=True),
        Column("worth_minor", "minor", "What was paid for these, discounts shared out.", required=True),
        Column("share_minor", "minor", "What of the line's share of the order these are.", default=0),
        Column("restocking_minor", "minor", "The fee for taking these back.", default=0),
        Column("accepted_quantity", "integer", "How many the inspection took; empty before it.", minimum=0),
        _text("found_condition", "as_new, opened, used, damaged, wrong_item, missing."),
        _text("new_sku", "Of an exchange: the variant that is wanted instead."),
        Column("new_unit_price_minor", "minor", "What one of it costs."),
        Column("new_total_minor", "minor", "What this quantity of it costs, discounts as promised."),
        Column("new_line_number", "integer", "The line of the order that it became."),
    ),
    key=("return_external_id", "line_number"),
    own=True,
)

CLAIMS = RecordType(
    "claims",
    (
        *_of_order(),
        _OWN_ID,
        _text("shipment_external_id", "The parcel; empty where the order has none."),
        _text("kind", "What was wrong.", required=True, choices=CLAIM_KINDS),
        _text("state", "Where it stands.", required=True, choices=CLAIM_STATES),
        _text("resolution", "What is, or was, done.", required=True, choices=("trace", "refund", "resend")),
        _json("quantities", "How many, by line number."),
        _json("evidence", "The shopper's words, and ids of images."),
        Column("refund_minor", "minor", "What goes back.", default=0),
        Column("currency", "currency", "ISO 4217, of that.", required=True),
        _text("target", "Where it goes."),
        Column("created_at", "instant", "When it was made.", required=True),
        Column("settled_at", "instant", "When it was granted or refused."),
    ),
    key=("external_id",),
    own=True,
)

CHASES = RecordType(
    "chases",
    (
        *_of_order(),
        _text("shipment_external_id", "The parcel.", required=True),
        Column("asked_at", "instant", "When the carrier was asked about it.", required=True),
    ),
    key=("order_external_id", "shipment_external_id", "asked_at"),
    own=True,
)

STOCK_HOLDS = RecordType(
    "stock_holds",
    (
        *_of_order(),
        _OWN_ID,
        _text("return_external_id", "The exchange that it is for."),
        _text("store_external_id", "Where the goods lie.", required=True),
        _text("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many.", required=True, minimum=1),
        _text("state", "Whether they still lie there.", default="held", choices=("held", "released")),
        Column("created_at", "instant", "Since when.", required=True),
    ),
    key=("external_id",),
    own=True,
)

RESERVATIONS = RecordType(
    "reservations",
    (
        Column("source", "text", "The namespace of the store's id.", default=DEFAULT_SOURCE),
        _text("store_external_id", "Where the goods lie.", required=True),
        _OWN_ID,
        _text("customer_source", "The namespace of the customer's id; empty: `source`."),
        _text("customer_external_id", "Who fetches them.", required=True),
        _text("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many.", required=True, minimum=1),
        _text("state", "Where it stands.", default="reserved", choices=RESERVATION_STATES),
        Column("hold_until", "instant", "Until when they are kept.", required=True),
        Column("created_at", "instant", "When it was made.", required=True),
        Column("settled_at", "instant", "When it ended."),
    ),
    key=("external_id",),
    own=True,
)

INVOICES = RecordType(
    "invoices",
    (
        *_of_order(),
        _OWN_ID,
        _text("type", "Whom it is made out to.", default="personal", choices=INVOICE_TYPES),
        _text("title", "抬头: the name on it."),
        _text("tax_number", "Of a company."),
        _text("email", "Where it goes."),
        _text("state", "Where it stands.", required=True, choices=INVOICE_STATES),
        Column("amount_minor", "minor", "Over how much.", required=True, minimum=1),
        Column("currency", "currency", "ISO 4217.", required=True),
        _text("number", "The provider's number of it."),
        _text("credit_number", "Of the red-letter invoice that took it back."),
        _text("corrects", "The id of the invoice in whose place it comes."),
        _text("error", "Why it failed."),
        Column("requested_at", "instant", "When it was asked for.", required=True),
        Column("issued_at", "instant", "When it was issued."),
        Column("sent_at", "instant", "When it went to the buyer."),
        Column("voided_at", "instant", "When it was taken back."),
    ),
    key=("external_id",),
    own=True,
)

RECORD_TYPES: tuple[RecordType, ...] = (
    CUSTOMERS,
    ADDRESSES,
    PAYMENT_METHODS,
    CONSENTS,
    LOYALTY_ENTRIES,
    VOUCHERS,
    PRODUCTS,
    VARIANTS,
    PRICE_HISTORY,
    STORES,
    STOCK,
    ORDERS,
    ORDER_LINES,
    PAYMENTS,
    REFUNDS,
    SHIPMENTS,
    SHIPMENT_LINES,
    SCAN_EVENTS,
    STOCK_MOVEMENTS,
    SUPPLIERS,
    PURCHASE_ORDERS,
    PURCHASE_ORDER_LINES,
    PURCHASE_ORDER_EVENTS,
    RETURNS,
    RETURN_LINES,
    CLAIMS,
    CHASES,
    STOCK_HOLDS,
    RESERVATIONS,
    INVOICES,
)
"""Every kind of record, parents before children, in the order in which they are loaded."""

BY_NAME: Mapping[str, RecordType] = {kind.name: kind for kind in RECORD_TYPES}
OWN_TYPES: tuple[RecordType, ...] = tuple(kind for kind in RECORD_TYPES if kind.own)
ROOTS: tuple[RecordType, ...] = tuple(kind for kind in RECORD_TYPES if kind.parent is None and not kind.own)


def children_of(root: RecordType) -> tuple[RecordType, ...]:
    """The kinds of record that belong to `root`, in loading order."""
    return tuple(kind for kind in RECORD_TYPES if kind.parent == root.name)


@dataclass(slots=True)
class Aggregate:
    """A record and all that belongs to it: compared, written and counted as a whole.

    `children` has lists by record type name. Shipment lines and scan events lie beside their shipments and name them.
    """

    kind: RecordType
    record: Record
    children: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The namespace of its ids."""
        return str(self.record["source"])

    @property
    def external_id(self) -> str:
        """Its id within the namespace."""
        return str(self.record["external_id"])

    def sort_children(self) -> None:
        """Put children in the order of their keys, so that equal aggregates are written equally."""
        for name, rows in self.children.items():
            key = BY_NAME[name].key
            rows.sort(key=lambda row: tuple(row[column] for column in key))

    def content_hash(self) -> str:
        """SHA-256 of the canonical form, children included: hex, first 32 characters. Sorts the children."""
        self.sort_children()
        form: list[Any] = [[self.record[name] for name in self.kind.names]]
        for kind in _CHILDREN[self.kind.name]:
            rows = self.children.get(kind.name)
            if rows:
                # The parent's names are the same for all its children and say nothing more.
                names = _OWN_NAMES[kind.name]
                form.append([kind.name, [[row[name] for name in names] for row in rows]])
        text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_hash_form)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _check_return(record: Record) -> None:
    if record["refund_minor"] and record["charge_minor"]:
        raise BadValue("charge_minor", "and refund_minor are both given")


def _check_return_line(record: Record) -> None:
    if record["accepted_quantity"] is not None and record["accepted_quantity"] > record["quantity"]:
        raise BadValue("accepted_quantity", "is more than quantity")


def _check_claim(record: Record) -> None:
    for line, quantity in record["quantities"].items():
        if not line.isdecimal() or not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
            raise BadValue("quantities", "is not a count by line number")


def _check_line(record: Record) -> None:
    gone = (record["cancelled_quantity"] or 0) + (record["returned_quantity"] or 0)
    if gone > record["quantity"]:
        raise BadValue("quantity", "is less than cancelled_quantity and returned_quantity together")


_CHECKS: Mapping[str, Callable[[Record], None]] = {
    "order_lines": _check_line,
    "returns": _check_return,
    "return_lines": _check_return_line,
    "claims": _check_claim,
}
"""What the columns of one record must be to each other."""

_CHILDREN: Mapping[str, tuple[RecordType, ...]] = {root.name: children_of(root) for root in ROOTS}
_OWN_NAMES: Mapping[str, tuple[str, ...]] = {
    kind.name: tuple(name for name in kind.names if name not in ("source", kind.parent_key)) for kind in RECORD_TYPES
}


def _hash_form(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a canonical value")


class BadValue(ValueError):
    """A cell that cannot be read: `column` and the reason, in words fit for a report."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


def format_value(value: Any) -> Any:
    """A value as JSON Lines holds it: instants and days as text, the rest as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def format_cell(value: Any) -> str:
    """A value as a CSV cell holds it. None and {} are the empty cell."""
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return str(format_value(value))


def parse_instant(text: str, zone: tzinfo | None = None) -> datetime:
    """An instant from ISO 8601, in UTC. A time without an offset is read in `zone`; without one it is an error."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        if zone is None:
            raise ValueError("has no offset from UTC; add one (…Z) or give --timezone")
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def _parse_whole(bits: int) -> Callable[[Any, tzinfo | None], int]:
    def parse(value: Any, _zone: tzinfo | None) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError("is not a whole number")
        number = int(value)
        if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise ValueError("is too large")
        return number

    return parse


def _parse_decimal(value: Any, _zone: tzinfo | None) -> float:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("is not a number")
    return number + 0.0  # -0.0 and 0.0 are one place


def _parse_boolean(value: Any, _zone: tzinfo | None) -> bool:
    if isinstance(value, bool):
        return value
    match str(value).strip().lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
    raise ValueError("is neither true nor false")


def _plain_json(value: Any) -> Any:
    # 1e2, 100.0 and 100 are one number; stores differ in which of them they give back.
    match value:
        case str():
            return _parse_text(value)
        case bool() | None:
            return value
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain_json(item) for item in value]
        case dict():
            return {_parse_text(key): _plain_json(item) for key, item in value.items()}
    return value


def _parse_json(value: Any, _zone: tzinfo | None) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        raise ValueError("is not a JSON object")
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    plain = _plain_json(found)
    return plain if isinstance(plain, dict) else {}


def _parse_options(value: Any, zone: tzinfo | None) -> dict[str, Any]:
    found = _parse_json(value, zone)
    if not all(isinstance(item, str) for item in found.values()):
        raise ValueError("holds an option that is not text")
    return found


def _parse_text(value: Any, _zone: tzinfo | None = None) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("is not text")
    text = str(value)
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    if not text.isascii():
        text.encode()
    return text


@lru_cache(maxsize=1024)
def _parse_zone(value: Any, _zone: tzinfo | None) -> str:
    text = _parse_text(value)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not an IANA time zone") from error
    return text


def _parse_code(pattern: str, complaint: str) -> Callable[[Any, tzinfo | None], str]:
    form = re.compile(pattern)

    def parse(value: Any, _zone: tzinfo | None) -> str:
        text = _parse_text(value)
        if not form.fullmatch(text):
            raise ValueError(complaint)
        return text

    return parse


def is_card_number(text: str) -> bool:
    """Whether the text is 13 to 19 digits that pass the Luhn check, as every card number does."""
    digits = [int(character) for character in text if character.isascii() and character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(digits) != len(re.sub(r"[ -]", "", text)):
        return False
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_PARSERS: Mapping[str, Callable[[Any, tzinfo | None], Any]] = {
    "text": _parse_text,
    "integer": _parse_whole(32),
    "minor": _parse_whole(64),
    "decimal": _parse_decimal,
    "instant": lambda value, zone: parse_instant(str(value), zone),
    "day": lambda value, _zone: date.fromisoformat(str(value)),
    "boolean": _parse_boolean,
    "json": _parse_json,
    "options": _parse_options,
    "zone": _parse_zone,
    "country": _parse_code("[A-Z]{2}", "is not a two-letter country code such as GB"),
    "currency": _parse_code("[A-Z]{3}", "is not a three-letter currency code such as GBP"),
}

_EXPECTED: Mapping[str, str] = {
    "integer": "is not a whole number",
    "minor": "is not a whole number of minor units",
    "decimal": "is not a number",
    "instant": "is not an ISO 8601 time",
    "day": "is not a day such as 2026-03-12",
    "json": "is not JSON",
    "options": "is not JSON",
}


def parse_record(
    kind: RecordType, row: Mapping[str, Any], *, source: str = DEFAULT_SOURCE, zone: tzinfo | None = None
) -> Record:
    """A record from a CSV row or JSON object.

    `source` stands in where the row names none. Times without an offset are read in `zone`. Raises BadValue naming
    the first column that cannot be read, is missing, or holds a word outside its list. Unknown columns are left out.
    """
    record: Record = {}
    for column in kind.columns:
        value = row.get(column.name)
        if value is None or value == "":
            if column.required:
                raise BadValue(column.name, "is missing")
            if column.name == "source":
                record["source"] = source
            else:
                default = column.default
                record[column.name] = dict(default) if isinstance(default, dict) else default
            continue
        try:
            parsed = _PARSERS[column.type](value, zone)
        except (ValueError, TypeError, OverflowError) as error:
            reason = str(error)
            known = reason.startswith(("is ", "has ", "holds "))
            raise BadValue(column.name, reason if known else _EXPECTED.get(column.type, "is not valid text")) from error
        if column.choices and parsed not in column.choices:
            raise BadValue(column.name, f"is none of {', '.join(column.choices)}")
        if column.minimum is not None and parsed < column.minimum:
            raise BadValue(column.name, f"is less than {column.minimum}")
        if column.maximum is not None and parsed > column.maximum:
            raise BadValue(column.name, f"is more than {column.maximum}")
        if column.length is not None and len(parsed) != column.length:
            raise BadValue(column.name, f"is not {column.length} characters long")
        if column.not_a_card_number and is_card_number(parsed):
            raise BadValue(column.name, "is a card number; give the payment provider's token")
        record[column.name] = parsed
    check = _CHECKS.get(kind.name)
    if check is not None:
        check(record)
    return record
