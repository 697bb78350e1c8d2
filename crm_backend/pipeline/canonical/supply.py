"""Where goods come from: movements of stock, suppliers and what was ordered from them."""

from __future__ import annotations

from crm_backend.pipeline.canonical.columns import EXTERNAL_ID, SOURCE, Column, RecordType, text_column
from crm_backend.supply.models import PURCHASE_ORDER_STATES

STOCK_MOVEMENTS = RecordType(
    "stock_movements",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("sku", "The variant.", required=True),
        Column("quantity", "integer", "Signed: negative when goods left.", required=True),
        text_column("reason", "Why, as the source words it."),
        Column("moved_at", "instant", "When.", required=True),
        text_column("store_external_id", "Where, by the store's id; empty for the warehouse."),
    ),
    key=("external_id",),
)

SUPPLIERS = RecordType(
    "suppliers",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("name", "Name.", required=True),
        text_column("email", "E-mail address."),
        text_column("phone", "Phone."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        Column("lead_time_days", "integer", "Days from order to arrival, as the supplier promises.", minimum=0),
    ),
    key=("external_id",),
)

PURCHASE_ORDERS = RecordType(
    "purchase_orders",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("number", "The number that shop and supplier know it by.", required=True),
        text_column("supplier_external_id", "The supplier."),
        text_column("store_external_id", "Where the goods go; empty for the warehouse."),
        text_column("state", "Where it stands.", required=True, choices=PURCHASE_ORDER_STATES),
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
        SOURCE,
        text_column("purchase_order_external_id", "The purchase order.", required=True),
        Column("line_number", "integer", "1, 2, 3 … within it.", required=True),
        text_column("sku", "The variant.", required=True),
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
        SOURCE,
        text_column("purchase_order_external_id", "The purchase order.", required=True),
        Column("sequence", "integer", "1, 2, 3 … in the order of happening.", required=True),
        Column("at", "instant", "When; empty where the source does not know."),
        text_column(
            "code", "What happened, as the shop's system codes it: placed, confirmed, shipped …", required=True
        ),
        text_column("place", "Where."),
        text_column("description", "In the source's words."),
    ),
    key=("sequence",),
    parent="purchase_orders",
    parent_key="purchase_order_external_id",
)
