"""Customers and what belongs to them: addresses, ways of paying, consents, points and vouchers."""

from __future__ import annotations

from crm_backend.pipeline.canonical.columns import (
    EXTERNAL_ID,
    SOURCE,
    Column,
    RecordType,
    address_columns,
    json_column,
    text_column,
)

CUSTOMERS = RecordType(
    "customers",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("name", "Full name."),
        text_column("given_name", "What to call the customer."),
        text_column("email", "E-mail address as given."),
        text_column("phone", "Phone number as given; E.164 is best."),
        text_column("language", "BCP 47 tag of the language the customer prefers."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        text_column("gender", "As the customer stated it."),
        Column("birth_date", "day", "Date of birth."),
        Column("registered_at", "instant", "When the customer opened an account."),
        json_column("attributes", "Other facts that the shop keeps, by name."),
    ),
    key=("external_id",),
)

ADDRESSES = RecordType(
    "addresses",
    (
        SOURCE,
        text_column("customer_external_id", "The customer whose address book holds it.", required=True),
        text_column("external_id", "The address's id, unique for the customer.", required=True),
        text_column("label", "The customer's name for it: home, work."),
        text_column("phone", "Phone of the recipient."),
        *address_columns(of="the label on a parcel"),
        Column("is_default", "boolean", "Where parcels go unless told otherwise.", default=False),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)

PAYMENT_METHODS = RecordType(
    "payment_methods",
    (
        SOURCE,
        text_column("customer_external_id", "The customer who saved it.", required=True),
        text_column(
            "external_id",
            "The method's id, unique for the customer. Never a card number: one is refused.",
            required=True,
            not_a_card_number=True,
        ),
        text_column("kind", "What it is.", required=True, choices=("card", "wallet", "gift_card", "bank")),
        text_column("brand", "Card brand or wallet name."),
        text_column("last4", "Last four digits or characters; nothing longer is taken.", length=4),
        Column("balance_minor", "minor", "What is left on a gift card, in minor units."),
        Column("currency", "currency", "ISO 4217, of the balance."),
        Column("is_default", "boolean", "Used unless told otherwise.", default=False),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)

CONSENTS = RecordType(
    "consents",
    (
        SOURCE,
        text_column("customer_external_id", "Who said it.", required=True),
        text_column("external_id", "The statement's id, unique for the customer.", required=True),
        text_column("purpose", "What for: marketing, personalisation, stock_notice …", required=True),
        text_column("channel", "email, sms, phone, post; empty where the purpose has none."),
        Column("granted", "boolean", "Yes, or no.", required=True),
        Column("at", "instant", "When it was said. The newest of a purpose and channel holds.", required=True),
        text_column("origin", "Where it was said: web form, store, chat."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
    append_only=True,
)

LOYALTY_ENTRIES = RecordType(
    "loyalty_entries",
    (
        SOURCE,
        text_column("customer_external_id", "Whose points.", required=True),
        text_column("external_id", "The booking's id, unique for the customer.", required=True),
        text_column(
            "kind",
            "Why points came or went.",
            required=True,
            choices=("earned", "redeemed", "expired", "adjusted", "given_back"),
        ),
        Column("points", "integer", "Signed: negative when points went. The balance is the sum.", required=True),
        Column("at", "instant", "When.", required=True),
        text_column("order_number", "The order that it belongs to."),
        text_column("note", "What the shop wants to say of it."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
    append_only=True,
)

VOUCHERS = RecordType(
    "vouchers",
    (
        SOURCE,
        text_column("customer_external_id", "Whose voucher.", required=True),
        text_column("external_id", "The voucher's id, unique for the customer.", required=True),
        text_column("code", "What the customer types.", required=True),
        text_column("kind", "What it gives.", required=True, choices=("amount", "percent", "free_shipping")),
        Column("percent", "integer", "Of a `percent` voucher, 1 to 100.", minimum=1, maximum=100),
        Column("amount_minor", "minor", "Of an `amount` voucher."),
        Column("currency", "currency", "ISO 4217, of the amounts."),
        Column("minimum_order_minor", "minor", "The least that an order must come to."),
        text_column("categories", "For goods of these only, separated by ` | `."),
        Column("valid_from", "instant", "From when it can be used."),
        Column("valid_until", "instant", "Until when."),
        text_column("state", "Whether it can still be used.", default="active", choices=("active", "used", "void")),
        Column("used_at", "instant", "When it was used."),
        text_column("order_number", "The order it was used on."),
    ),
    key=("external_id",),
    parent="customers",
    parent_key="customer_external_id",
)
