"""Returns and exchanges, goods held for them, claims about parcels."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0040"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "returns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("law", sa.String(), nullable=True),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("restocking_minor", sa.BigInteger(), nullable=False),
        sa.Column("freight_minor", sa.BigInteger(), nullable=False),
        sa.Column("refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("charge_minor", sa.BigInteger(), nullable=False),
        sa.Column("insured_minor", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("carrier", sa.String(), nullable=True),
        sa.Column("tracking_number", sa.String(), nullable=True),
        sa.Column("send_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fraud_signals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("kind IN ('refund', 'exchange', 'repair')", name=op.f("ck_returns_kind")),
        sa.CheckConstraint("method IN ('label','pickup','own')", name=op.f("ck_returns_method")),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'in_transit', 'received', 'inspected', 'refunded', 'exchanged', "
            "'repaired', 'rejected', 'cancelled')",
            name=op.f("ck_returns_state"),
        ),
        sa.CheckConstraint(
            "refund_minor >= 0 AND charge_minor >= 0 AND (refund_minor = 0 OR charge_minor = 0)",
            name=op.f("ck_returns_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_returns_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returns")),
        sa.UniqueConstraint("number", name=op.f("uq_returns_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_returns_public_id")),
    )
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_returns_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_returns_state_requested_at"), ["state", "requested_at"], unique=False)

    op.create_table(
        "shipment_chases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shipment_external_id", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_shipment_chases_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_chases")),
    )
    with op.batch_alter_table("shipment_chases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shipment_chases_order_id_asked_at"), ["order_id", "asked_at"], unique=False
        )

    op.create_table(
        "return_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("restocking_minor", sa.BigInteger(), nullable=False),
        sa.Column("accepted_quantity", sa.Integer(), nullable=True),
        sa.Column("found_condition", sa.String(), nullable=True),
        sa.Column("new_variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("new_unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("new_total_minor", sa.BigInteger(), nullable=True),
        sa.Column("new_line_number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "accepted_quantity IS NULL OR accepted_quantity BETWEEN 0 AND quantity",
            name=op.f("ck_return_lines_accepted"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_return_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["new_variant_id"],
            ["variants.id"],
            name=op.f("fk_return_lines_new_variant_id_variants"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_return_lines_return_id_returns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_lines")),
        sa.UniqueConstraint("return_id", "line_number", name=op.f("uq_return_lines_return_id_line_number")),
    )
    op.create_table(
        "shipment_claims",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shipment_external_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("quantities", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("refund_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('late', 'lost', 'damaged', 'missing_item', 'not_received')", name=op.f("ck_shipment_claims_kind")
        ),
        sa.CheckConstraint("resolution IN ('trace','refund','resend')", name=op.f("ck_shipment_claims_resolution")),
        sa.CheckConstraint("state IN ('open', 'granted', 'refused')", name=op.f("ck_shipment_claims_state")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_shipment_claims_case_id_cases"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_shipment_claims_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_claims")),
        sa.UniqueConstraint("public_id", name=op.f("uq_shipment_claims_public_id")),
    )
    with op.batch_alter_table("shipment_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_claims_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_shipment_claims_order_id_created_at"), ["order_id", "created_at"], unique=False
        )

    op.create_table(
        "stock_holds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("effect_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("store_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('held','released')", name=op.f("ck_stock_holds_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_holds_quantity")),
        sa.ForeignKeyConstraint(
            ["effect_id"], ["effects.id"], name=op.f("fk_stock_holds_effect_id_effects"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_stock_holds_order_id_orders"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["returns.id"], name=op.f("fk_stock_holds_return_id_returns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_stock_holds_store_id_stores"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_holds")),
    )
    with op.batch_alter_table("stock_holds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_holds_effect_id"), ["effect_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_holds_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_holds_return_id"), ["return_id"], unique=False)

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("items_changed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("effect_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_index(batch_op.f("ix_payments_effect_id"), ["effect_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_payments_effect_id_effects"), "effects", ["effect_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_index(batch_op.f("ix_refunds_return_id"), ["return_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_refunds_return_id_returns"), "returns", ["return_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("refunds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_refunds_return_id_returns"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_refunds_return_id"))
        batch_op.drop_column("return_id")

    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_payments_effect_id_effects"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_payments_effect_id"))
        batch_op.drop_column("effect_id")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("items_changed_at")

    with op.batch_alter_table("stock_holds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_holds_return_id"))
        batch_op.drop_index(batch_op.f("ix_stock_holds_order_id"))
        batch_op.drop_index(batch_op.f("ix_stock_holds_effect_id"))

    op.drop_table("stock_holds")
    with op.batch_alter_table("shipment_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_claims_order_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_shipment_claims_case_id"))

    op.drop_table("shipment_claims")
    op.drop_table("return_lines")
    with op.batch_alter_table("shipment_chases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_chases_order_id_asked_at"))

    op.drop_table("shipment_chases")
    with op.batch_alter_table("returns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_returns_state_requested_at"))
        batch_op.drop_index(batch_op.f("ix_returns_order_id"))

    op.drop_table("returns")
