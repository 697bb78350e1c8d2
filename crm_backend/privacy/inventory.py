"""Where personal data is in the CRM's tables, and what an erasure does with it.

Every table is in `HELD` or in `NOT_PERSONAL`; a test fails for one that is in neither, and another fills every column
of every table with a mark and looks for marks after an erasure. So a table that comes later has to be thought about.

What stays of an order is what tax and commercial law make a shop keep: numbers, times, amounts, lines, payments
without the card, the country of supply. Nothing of it says who it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ERASED_OFFER: dict[str, Any] = {"lines": [{"key": "erased", "values": {}}]}
"""What stands for an offer that nobody needs any more."""


@dataclass(frozen=True)
class Held:
    """One table with rows about people."""

    table: str
    links: tuple[tuple[str, str], ...]
    """(column, set): a row is the person's when the column is in that set of the person's. Sets are named like the
    tables whose ids they hold; `conversations`, `contacts` and `callers` hold texts."""
    erasure: Literal["delete", "clear", "keep"]
    cleared: Mapping[str, Any] = field(default_factory=dict)
    """With `clear`: columns, and what takes the place of what is in them."""
    told: bool = True
    """Whether an export has it; not what only the machinery has, or what would tell of others."""


HELD: tuple[Held, ...] = (
    # Of a customer.
    Held("chat_notices", (("customer_id", "customers"),), "delete"),
    Held("chat_accounts", (("customer_id", "customers"),), "delete"),
    Held("addresses", (("customer_id", "customers"),), "delete"),
    Held("payment_methods", (("customer_id", "customers"),), "delete"),
    Held("consents", (("customer_id", "customers"),), "delete"),
    Held("preferences", (("customer_id", "customers"),), "delete"),
    Held("reviews", (("customer_id", "customers"),), "delete"),
    Held("loyalty_entries", (("customer_id", "customers"),), "delete"),
    Held("vouchers", (("customer_id", "customers"),), "delete"),
    Held("stock_notices", (("customer_id", "customers"),), "delete"),
    Held("reservations", (("customer_id", "customers"),), "delete"),
    Held("person_recommendations", (("customer_id", "customers"),), "delete"),
    Held("profile_members", (("customer_id", "customers"),), "delete", told=False),
    Held("match_pairs", (("low_id", "customers"), ("high_id", "customers")), "delete", told=False),
    Held("customer_traits", (("customer_id", "customers"),), "delete"),
    Held("customer_affinities", (("customer_id", "customers"),), "delete"),
    Held("segment_members", (("customer_id", "customers"),), "delete"),
    Held("segment_moves", (("customer_id", "customers"),), "delete"),
    # Of an order.
    Held(
        "orders",
        (("id", "orders"),),
        "clear",
        dict.fromkeys(
            (
                "customer_id",
                "contact_name",
                "contact_email",
                "contact_email_key",
                "name_postcode_key",
                "name_key",
                "contact_phone",
                "recipient",
                "line1",
                "line2",
                "district",
                "city",
                "region",
                "postcode",
                "delivery_note",
            )
        ),
    ),
    Held("order_lines", (("order_id", "orders"),), "keep"),
    Held(
        "payments",
        (("order_id", "orders"),),
        "clear",
        dict.fromkeys(("brand", "last4", "payment_method_external_id")),
    ),
    Held("refunds", (("order_id", "orders"),), "clear", dict.fromkeys(("target", "reason"))),
    Held("shipments", (("order_id", "orders"),), "clear", dict.fromkeys(("tracking_number", "tracking_key"))),
    Held("shipment_lines", (("shipment_id", "shipments"),), "keep"),
    Held("scan_events", (("shipment_id", "shipments"),), "delete"),
    Held("delivery_curves", (("shipment_id", "shipments"),), "delete", told=False),
    Held(
        "returns",
        (("order_id", "orders"),),
        "clear",
        {"tracking_number": None, "target": None, "fraud_signals": {}},
    ),
    Held("return_lines", (("return_id", "returns"),), "keep"),
    Held("shipment_claims", (("order_id", "orders"),), "clear", {"evidence": {}, "target": None}),
    Held("shipment_chases", (("order_id", "orders"),), "keep"),
    # The law keeps that an invoice was issued, and over how much; to whom is the provider's to keep.
    Held("invoices", (("order_id", "orders"),), "clear", dict.fromkeys(("title", "tax_number", "email", "error"))),
    Held("held_back_orders", (("order_id", "orders"),), "delete"),
    Held("document_links", (("order_id", "orders"),), "delete", told=False),
    # What was asked for. Who gave how much stays: it is the shop's money.
    Held(
        "goodwill",
        (("order_id", "orders"), ("customer_id", "customers")),
        "clear",
        dict.fromkeys(("note", "decision_note", "conversation_id", "customer_id")),
    ),
    Held(
        "proposals",
        (("order_id", "orders"), ("customer_id", "customers")),
        "clear",
        {"details": {}, "offer": ERASED_OFFER, "outcome": None, "customer_id": None},
    ),
    Held(
        "effects",
        (("order_id", "orders"), ("proposal_id", "proposals")),
        "clear",
        {"payload": {}, "last_error": None},
    ),
    Held(
        "cases",
        (("order_id", "orders"), ("customer_id", "customers")),
        "clear",
        {"details": {}, "outcome": None, "note": None, "customer_id": None},
    ),
    Held("case_links", (("case_id", "cases"),), "delete", told=False),
    # What was said.
    Held("outgoing_messages", (("recipient_key", "contacts"),), "delete"),
    Held(
        "one_time_codes",
        (("customer_id", "customers"), ("conversation_id", "conversations")),
        "delete",
        told=False,
    ),
    Held("verification_attempts", (("scope_key", "conversations"),), "delete", told=False),
    Held("idempotency_keys", (("caller", "callers"),), "delete", told=False),
    Held(
        "conversation_people",
        (("conversation_id", "conversations"), ("customer_id", "customers"), ("order_id", "orders")),
        "delete",
        told=False,
    ),
    Held(
        "conversations",
        (("conversation_id", "conversations"), ("customer_id", "customers"), ("order_id", "orders")),
        "delete",
    ),
    Held("recommendation_events", (("customer_id", "customers"), ("conversation_id", "conversations")), "delete"),
    Held("recommendation_dismissals", (("customer_id", "customers"), ("conversation_id", "conversations")), "delete"),
    # As it was received. Found by the external ids of customers and orders.
    Held("events", (("customer_external_id", "customer_keys"), ("order_external_id", "order_keys")), "delete"),
    Held("raw_records", (("customer_external_id", "customer_keys"), ("external_id", "order_keys")), "delete"),
    # Last, for the others are found by it.
    Held("customers", (("id", "customers"),), "delete"),
)
"""In the order in which rows are looked for; erasing goes from the first to the last."""

BY_TABLE: Mapping[str, Held] = {held.table: held for held in HELD}

NOT_PERSONAL: Mapping[str, str] = {
    "analysis_parts": "amounts of rows",
    "analysis_publication": "which run is read",
    "analysis_runs": "times and ids of runs",
    "analysis_steps": "parameters and scores fitted on all customers together",
    "api_keys": "keys of systems",
    "audit_log": "holds no personal data: ids of conversations and of records, names, amounts; append-only",
    "deliveries": "amounts of rows",
    "encryption_keys": "which keys there are; nothing of the keys, nor of people",
    "erasures": "hashes and amounts: the receipt",
    "popular_recommendations": "goods, by part of the shop",
    "price_history": "goods",
    "product_recommendations": "goods",
    "product_terms": "goods",
    "products": "goods",
    "profiles": "an id; those that are left with one member go with an erasure",
    "purchase_order_events": "goods",
    "purchase_order_lines": "goods",
    "purchase_orders": "goods",
    "help_page_versions": "pages that the shop wrote; who wrote them is one of its people",
    "other_names_versions": "names of goods that the shop wrote; who wrote them is one of its people",
    "policy_versions": "rules that the shop wrote; who wrote them is one of its people",
    "recommendation_rules": "rules that the shop wrote; who wrote them is one of its people",
    "segment_rules": "rules that the shop wrote; who wrote them is one of its people",
    "segments": "amounts and medians of many together",
    "stock": "goods",
    "stock_holds": "goods, of an order",
    "stock_movements": "goods",
    "stores": "the shop's own places",
    "suppliers": "businesses, not customers",
    "tables_to_seal": "names of tables",
    "tombstones": "keyed hashes, that nobody comes back",
    "used_identity_tokens": "the id of a token, until it has expired: without it the token could be used again",
    "variants": "goods",
}
"""Tables without data about customers, and why."""
