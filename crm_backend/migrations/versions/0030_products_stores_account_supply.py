"""What products, stores, accounts and supply need: terms, prices, reservations, consents, points, codes, suppliers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worthless_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email','sms')", name=op.f("ck_outgoing_messages_channel")),
        sa.CheckConstraint("state IN ('pending', 'sent', 'failed')", name=op.f("ck_outgoing_messages_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_messages")),
    )
    op.create_index(
        op.f("ix_outgoing_messages_state_next_try_at"), "outgoing_messages", ["state", "next_try_at"], unique=False
    )

    op.create_table(
        "purchase_orders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("number_key", sa.String(), nullable=False),
        sa.Column("supplier_external_id", sa.String(), nullable=True),
        sa.Column("store_external_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'placed', 'confirmed', 'shipped', 'partly_received', 'received', 'cancelled')",
            name=op.f("ck_purchase_orders_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_orders")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_purchase_orders_source_external_id")),
    )
    op.create_index(op.f("ix_purchase_orders_number_key"), "purchase_orders", ["number_key"], unique=False)

    op.create_table(
        "suppliers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("lead_time_days", sa.Integer(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_suppliers_source_external_id")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("customer_id", "external_id", name=op.f("uq_consents_customer_id_external_id")),
    )
    op.create_index(
        op.f("ix_consents_customer_id_purpose_at"), "consents", ["customer_id", "purpose", "at"], unique=False
    )

    op.create_table(
        "loyalty_entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_number", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('earned','redeemed','expired','adjusted','given_back')", name=op.f("ck_loyalty_entries_kind")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_loyalty_entries_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loyalty_entries")),
        sa.UniqueConstraint("customer_id", "external_id", name=op.f("uq_loyalty_entries_customer_id_external_id")),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_one_time_codes_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(
        op.f("ix_one_time_codes_conversation_id_created_at"),
        "one_time_codes",
        ["conversation_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_one_time_codes_customer_id"), "one_time_codes", ["customer_id"], unique=False)
    op.create_index(op.f("ix_one_time_codes_expires_at"), "one_time_codes", ["expires_at"], unique=False)

    op.create_table(
        "price_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_price_history_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_history")),
        sa.UniqueConstraint("product_id", "sku", "ended_at", name=op.f("uq_price_history_product_id_sku_ended_at")),
    )
    op.create_table(
        "product_terms",
        sa.Column("term", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_terms_product_id_products"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "product_id", name=op.f("pk_product_terms")),
    )
    op.create_index(op.f("ix_product_terms_product_id"), "product_terms", ["product_id"], unique=False)

    op.create_table(
        "purchase_order_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["purchase_order_id"],
            ["purchase_orders.id"],
            name=op.f("fk_purchase_order_events_purchase_order_id_purchase_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order_events")),
        sa.UniqueConstraint(
            "purchase_order_id", "sequence", name=op.f("uq_purchase_order_events_purchase_order_id_sequence")
        ),
    )
    op.create_table(
        "purchase_order_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purchase_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("sku_key", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("received_quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cost_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_purchase_order_lines_quantity")),
        sa.CheckConstraint("received_quantity >= 0", name=op.f("ck_purchase_order_lines_received_quantity")),
        sa.ForeignKeyConstraint(
            ["purchase_order_id"],
            ["purchase_orders.id"],
            name=op.f("fk_purchase_order_lines_purchase_order_id_purchase_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order_lines")),
        sa.UniqueConstraint(
            "purchase_order_id", "line_number", name=op.f("uq_purchase_order_lines_purchase_order_id_line_number")
        ),
    )
    op.create_index(op.f("ix_purchase_order_lines_sku_key"), "purchase_order_lines", ["sku_key"], unique=False)

    op.create_table(
        "vouchers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("minimum_order_minor", sa.BigInteger(), nullable=True),
        sa.Column("categories", sa.String(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("order_number", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('amount','percent','free_shipping')", name=op.f("ck_vouchers_kind")),
        sa.CheckConstraint("state IN ('active','used','void')", name=op.f("ck_vouchers_state")),
        sa.CheckConstraint("percent IS NULL OR (percent > 0 AND percent <= 100)", name=op.f("ck_vouchers_percent")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_vouchers_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouchers")),
        sa.UniqueConstraint("customer_id", "external_id", name=op.f("uq_vouchers_customer_id_external_id")),
    )
    op.create_table(
        "reservations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "state IN ('reserved', 'ready', 'collected', 'expired', 'cancelled')", name=op.f("ck_reservations_state")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservations_quantity")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_reservations_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_reservations_store_id_stores"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_reservations_variant_id_variants"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reservations_public_id")),
    )
    op.create_index(op.f("ix_reservations_customer_id"), "reservations", ["customer_id"], unique=False)
    op.create_index(op.f("ix_reservations_state_hold_until"), "reservations", ["state", "hold_until"], unique=False)
    op.create_index(op.f("ix_reservations_store_id"), "reservations", ["store_id"], unique=False)

    op.create_table(
        "stock_notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('email','sms')", name=op.f("ck_stock_notices_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'requested', 'notified', 'cancelled')", name=op.f("ck_stock_notices_state")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_stock_notices_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name=op.f("fk_stock_notices_variant_id_variants"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stock_notices_public_id")),
    )
    op.create_index(op.f("ix_stock_notices_customer_id"), "stock_notices", ["customer_id"], unique=False)
    op.create_index(op.f("ix_stock_notices_state_variant_id"), "stock_notices", ["state", "variant_id"], unique=False)

    op.add_column("stock", sa.Column("sku_key", sa.String(), server_default="", nullable=False))
    # Not rebuilt on SQLite, where a check can only come with its column.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE stock ADD COLUMN reserved INTEGER DEFAULT '0' NOT NULL"
            " CONSTRAINT ck_stock_reserved CHECK (reserved >= 0)"
        )
    else:
        op.add_column("stock", sa.Column("reserved", sa.Integer(), server_default="0", nullable=False))
        op.create_check_constraint(op.f("ck_stock_reserved"), "stock", "reserved >= 0")
    op.execute("UPDATE stock SET sku_key = upper(sku)")
    op.create_index(op.f("ix_stock_sku_key"), "stock", ["sku_key"], unique=False)

    op.add_column("stock_movements", sa.Column("store_external_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("stock_movements", "store_external_id")

    op.drop_index(op.f("ix_stock_sku_key"), "stock")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_stock_reserved"), "stock", type_="check")
    op.drop_column("stock", "reserved")
    op.drop_column("stock", "sku_key")

    op.drop_index(op.f("ix_stock_notices_state_variant_id"), "stock_notices")
    op.drop_index(op.f("ix_stock_notices_customer_id"), "stock_notices")

    op.drop_table("stock_notices")
    op.drop_index(op.f("ix_reservations_store_id"), "reservations")
    op.drop_index(op.f("ix_reservations_state_hold_until"), "reservations")
    op.drop_index(op.f("ix_reservations_customer_id"), "reservations")

    op.drop_table("reservations")
    op.drop_table("vouchers")
    op.drop_index(op.f("ix_purchase_order_lines_sku_key"), "purchase_order_lines")

    op.drop_table("purchase_order_lines")
    op.drop_table("purchase_order_events")
    op.drop_index(op.f("ix_product_terms_product_id"), "product_terms")

    op.drop_table("product_terms")
    op.drop_table("price_history")
    op.drop_index(op.f("ix_one_time_codes_expires_at"), "one_time_codes")
    op.drop_index(op.f("ix_one_time_codes_customer_id"), "one_time_codes")
    op.drop_index(op.f("ix_one_time_codes_conversation_id_created_at"), "one_time_codes")

    op.drop_table("one_time_codes")
    op.drop_table("loyalty_entries")
    op.drop_index(op.f("ix_consents_customer_id_purpose_at"), "consents")

    op.drop_table("consents")
    op.drop_table("suppliers")
    op.drop_index(op.f("ix_purchase_orders_number_key"), "purchase_orders")

    op.drop_table("purchase_orders")
    op.drop_index(op.f("ix_outgoing_messages_state_next_try_at"), "outgoing_messages")

    op.drop_table("outgoing_messages")
