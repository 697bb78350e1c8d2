"""Orders with their lines, payments, refunds and shipments."""

from __future__ import annotations

from crm_backend.orders.models import ORDER_STATES
from crm_backend.pipeline.canonical.columns import EXTERNAL_ID, SOURCE, Column, RecordType, address_columns, text_column

ORDERS = RecordType(
    "orders",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("number", "The order number that the shopper knows.", required=True),
        text_column("customer_external_id", "Who bought; empty for a guest."),
        text_column(
            "kind", "A sale, or a credit note that takes one back.", default="sale", choices=("sale", "credit_note")
        ),
        text_column("sales_channel", "web, store, marketplace, phone …"),
        text_column("state", "Where the order stands.", required=True, choices=ORDER_STATES),
        text_column("source_state", "The state as the shop's own system words it."),
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
        text_column("contact_name", "Name given for this order."),
        text_column("contact_email", "E-mail given for this order."),
        text_column("contact_phone", "Phone given for this order."),
        *address_columns(of="the parcel"),
        text_column("delivery_note", "What the shopper wants the carrier to know; empty: as it is known here."),
    ),
    key=("external_id",),
)

ORDER_LINES = RecordType(
    "order_lines",
    (
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        Column("line_number", "integer", "1, 2, 3 … within the order.", required=True),
        text_column(
            "kind",
            "What the line is for.",
            default="item",
            choices=("item", "shipping", "fee", "discount", "adjustment", "sample", "gift_voucher"),
        ),
        text_column("sku", "The variant sold; empty for lines that are no goods."),
        text_column("title", "The item's name as it stood on the order."),
        Column("options", "options", "The options as they stood on the order.", default={}),
        Column("quantity", "integer", "How many; positive on credit notes too.", required=True, minimum=1),
        Column("unit_price_minor", "minor", "Price of one."),
        Column("total_minor", "minor", "Price of the line; negative when it lowers the order's total."),
        Column("ship_by", "instant", "The last moment at which the seller should hand it to the carrier."),
        text_column("seller", "The marketplace seller's id."),
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
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        text_column("external_id", "The payment's id, unique for the order.", required=True),
        text_column(
            "method", "card, debit_card, boleto, voucher, wallet, gift_card, bank, or `unknown`.", default="unknown"
        ),
        text_column("brand", "Card brand or wallet name."),
        text_column("last4", "Last four digits of the card; nothing longer is taken.", length=4),
        text_column("payment_method_external_id", "The saved method that was used."),
        Column("amount_minor", "minor", "How much.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
        Column("instalments", "integer", "In how many parts the shopper pays."),
        text_column(
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
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        text_column("external_id", "The refund's id, unique for the order.", required=True),
        text_column("payment_external_id", "The payment that is given back."),
        Column("amount_minor", "minor", "How much.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
        text_column("target", "Where it goes: `original`, `gift_card`, or a saved method's id."),
        text_column(
            "state", "Where the refund stands.", required=True, choices=("requested", "pending", "paid", "failed")
        ),
        text_column("reason", "Why, in the shop's words."),
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
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        text_column("external_id", "The parcel's id, unique for the order.", required=True),
        text_column("carrier", "Who carries it."),
        text_column("tracking_number", "The carrier's number."),
        text_column("service", "The carrier's product, such as express."),
        text_column(
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
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        text_column("shipment_external_id", "The parcel.", required=True),
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
        SOURCE,
        text_column("order_external_id", "The order.", required=True),
        text_column("shipment_external_id", "The parcel.", required=True),
        Column("sequence", "integer", "1, 2, 3 … in the order of happening.", required=True),
        Column("at", "instant", "When; empty where the source does not know."),
        text_column(
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
        text_column("place", "Where, as the carrier writes it."),
        text_column("description", "The carrier's words."),
    ),
    key=("shipment_external_id", "sequence"),
    parent="orders",
    parent_key="order_external_id",
)
