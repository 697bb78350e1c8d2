"""What the CRM itself keeps of orders, stores and customers: returns, claims, chased orders, goods put aside,
reservations and invoices.
"""

from __future__ import annotations

from crm_backend.documents.models import INVOICE_STATES, INVOICE_TYPES
from crm_backend.pipeline.canonical.columns import (
    DEFAULT_SOURCE,
    Column,
    RecordType,
    json_column,
    of_order,
    text_column,
)
from crm_backend.returns.models import RETURN_KINDS, RETURN_STATES
from crm_backend.shipments.claim_models import CLAIM_KINDS, CLAIM_STATES
from crm_backend.stores.models import RESERVATION_STATES

_OWN_ID = text_column("external_id", "The record's id, unique in the whole shop.", required=True)

RETURNS = RecordType(
    "returns",
    (
        *of_order(),
        _OWN_ID,
        text_column("number", "What the shopper writes on the parcel, unique in the whole shop.", required=True),
        text_column("kind", "What the shopper wants for the goods.", required=True, choices=RETURN_KINDS),
        text_column("state", "Where it stands.", required=True, choices=RETURN_STATES),
        text_column("reason", "Why, by the key of its words.", required=True),
        text_column("law", "The law under which it comes back, by the key of its words."),
        text_column("condition", "What the inspection looks for: any, as_new, unopened.", default="any"),
        Column("currency", "currency", "ISO 4217, of its amounts.", required=True),
        Column("goods_minor", "minor", "What the goods are worth.", default=0),
        Column("shipping_minor", "minor", "Postage that goes back with them.", default=0),
        text_column(
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
        text_column("target", "Where a refund goes: `original`, `gift_card`, or a saved method's id."),
        text_column("method", "How it comes back.", default="own", choices=("label", "pickup", "own", "store")),
        text_column("carrier", "Who carries it."),
        text_column("tracking_number", "The carrier's number."),
        Column("send_by", "instant", "Until when it has to be on its way."),
        json_column("fraud_signals", "For the shop's people alone."),
        Column("requested_at", "instant", "When it was asked for.", required=True),
        Column("approved_at", "instant", "When it was approved."),
        Column("sent_at", "instant", "When it was sent."),
        Column("received_at", "instant", "When it arrived."),
        Column("inspected_at", "instant", "When it was looked at."),
        Column("settled_at", "instant", "When its goods began to count as given back."),
        Column("closed_at", "instant", "When it was over."),
        text_column("refund_external_ids", "The refunds of the order that pay for it, separated by ` | `."),
    ),
    key=("external_id",),
    own=True,
)

RETURN_LINES = RecordType(
    "return_lines",
    (
        *of_order(),
        text_column("return_external_id", "The return.", required=True),
        Column("line_number", "integer", "The order's line.", required=True),
        Column("quantity", "integer", "How many of it.", required=True, minimum=1),
        text_column("reason", "Why, by the key of its words.", required=True),
        Column("worth_minor", "minor", "What was paid for these, discounts shared out.", required=True),
        Column("share_minor", "minor", "What of the line's share of the order these are.", default=0),
        Column("restocking_minor", "minor", "The fee for taking these back.", default=0),
        Column("accepted_quantity", "integer", "How many the inspection took; empty before it.", minimum=0),
        text_column("found_condition", "as_new, opened, used, damaged, wrong_item, missing."),
        text_column("new_sku", "Of an exchange: the variant that is wanted instead."),
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
        *of_order(),
        _OWN_ID,
        text_column("shipment_external_id", "The parcel; empty where the order has none."),
        text_column("kind", "What was wrong.", required=True, choices=CLAIM_KINDS),
        text_column("state", "Where it stands.", required=True, choices=CLAIM_STATES),
        text_column("resolution", "What is, or was, done.", required=True, choices=("trace", "refund", "resend")),
        json_column("quantities", "How many, by line number."),
        json_column("evidence", "The shopper's words, and ids of images."),
        Column("refund_minor", "minor", "What goes back.", default=0),
        Column("currency", "currency", "ISO 4217, of that.", required=True),
        text_column("target", "Where it goes."),
        Column("created_at", "instant", "When it was made.", required=True),
        Column("settled_at", "instant", "When it was granted or refused."),
    ),
    key=("external_id",),
    own=True,
)

CHASES = RecordType(
    "chases",
    (
        *of_order(),
        text_column("shipment_external_id", "The parcel.", required=True),
        Column("asked_at", "instant", "When the carrier was asked about it.", required=True),
    ),
    key=("order_external_id", "shipment_external_id", "asked_at"),
    own=True,
)

STOCK_HOLDS = RecordType(
    "stock_holds",
    (
        *of_order(),
        _OWN_ID,
        text_column("return_external_id", "The exchange that it is for."),
        text_column("store_external_id", "Where the goods lie.", required=True),
        text_column("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many.", required=True, minimum=1),
        text_column("state", "Whether they still lie there.", default="held", choices=("held", "released")),
        Column("created_at", "instant", "Since when.", required=True),
    ),
    key=("external_id",),
    own=True,
)

RESERVATIONS = RecordType(
    "reservations",
    (
        Column("source", "text", "The namespace of the store's id.", default=DEFAULT_SOURCE),
        text_column("store_external_id", "Where the goods lie.", required=True),
        _OWN_ID,
        text_column("customer_source", "The namespace of the customer's id; empty: `source`."),
        text_column("customer_external_id", "Who fetches them.", required=True),
        text_column("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many.", required=True, minimum=1),
        text_column("state", "Where it stands.", default="reserved", choices=RESERVATION_STATES),
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
        *of_order(),
        _OWN_ID,
        text_column("type", "Whom it is made out to.", default="personal", choices=INVOICE_TYPES),
        text_column("title", "抬头: the name on it."),
        text_column("tax_number", "Of a company."),
        text_column("email", "Where it goes."),
        text_column("state", "Where it stands.", required=True, choices=INVOICE_STATES),
        Column("amount_minor", "minor", "Over how much.", required=True, minimum=1),
        Column("currency", "currency", "ISO 4217.", required=True),
        text_column("number", "The provider's number of it."),
        text_column("credit_number", "Of the red-letter invoice that took it back."),
        text_column("corrects", "The id of the invoice in whose place it comes."),
        text_column("error", "Why it failed."),
        Column("requested_at", "instant", "When it was asked for.", required=True),
        Column("issued_at", "instant", "When it was issued."),
        Column("sent_at", "instant", "When it went to the buyer."),
        Column("voided_at", "instant", "When it was taken back."),
    ),
    key=("external_id",),
    own=True,
)
