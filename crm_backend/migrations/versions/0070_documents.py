"""Links to documents, tax invoices, whose conversations were, and names for goods that are put aside."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0070"
down_revision: str | None = "0060"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "document_links",
        sa.Column("id", Id, nullable=False),
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('receipt')", name=op.f("ck_document_links_kind")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_document_links_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_links")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_document_links_id_hash")),
    )
    op.create_index(op.f("ix_document_links_order_id"), "document_links", ["order_id"])
    op.create_index(op.f("ix_document_links_expires_at"), "document_links", ["expires_at"])
    op.create_table(
        "invoices",
        sa.Column("id", Id, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("tax_number", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("credit_number", sa.String(), nullable=True),
        sa.Column("corrects", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("issued_at", Instant, nullable=True),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("voided_at", Instant, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_invoices_amount")),
        sa.CheckConstraint(
            "state IN ('requested', 'issued', 'sent', 'failed', 'voided')", name=op.f("ck_invoices_state")
        ),
        sa.CheckConstraint("type IN ('personal', 'company')", name=op.f("ck_invoices_type")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("external_id", name=op.f("uq_invoices_external_id")),
    )
    op.create_index(op.f("ix_invoices_order_id"), "invoices", ["order_id"])
    op.create_index(op.f("ix_invoices_state_requested_at"), "invoices", ["state", "requested_at"])
    op.create_table(
        "conversation_people",
        sa.Column("id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("since", Instant, nullable=False),
        sa.CheckConstraint(
            "customer_id IS NOT NULL OR order_id IS NOT NULL", name=op.f("ck_conversation_people_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_conversation_people_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_conversation_people_order_id_orders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_people")),
    )
    for column in ("conversation_id", "customer_id", "order_id"):
        op.create_index(op.f(f"ix_conversation_people_{column}"), "conversation_people", [column])
    op.execute(
        "INSERT INTO conversation_people (conversation_id, customer_id, order_id, since)"
        " SELECT conversation_id, customer_id, order_id, COALESCE(verified_at, created_at) FROM conversations"
        " WHERE customer_id IS NOT NULL OR order_id IS NOT NULL"
    )
    op.add_column("stock_holds", sa.Column("external_id", sa.String(), server_default="", nullable=False))
    op.execute("UPDATE stock_holds SET external_id = 'hold_' || CAST(id AS TEXT)")


def downgrade() -> None:
    op.drop_column("stock_holds", "external_id")
    op.drop_table("conversation_people")
    op.drop_table("invoices")
    op.drop_table("document_links")
