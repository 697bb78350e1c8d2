"""What agents give without owing it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0190"
down_revision: str | None = "0180"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "goodwill",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("order_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("proposal_id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("worth_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("told_state", sa.String(), nullable=True),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'declined', 'requested', 'done', 'failed')", name=op.f("ck_goodwill_state")
        ),
        sa.CheckConstraint("form IN ('voucher','points','refund')", name=op.f("ck_goodwill_form")),
        sa.CheckConstraint("worth_minor > 0", name=op.f("ck_goodwill_worth")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_goodwill_order_id_orders"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_goodwill_customer_id_customers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_goodwill_proposal_id_proposals"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goodwill")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goodwill_public_id")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_goodwill_proposal_id")),
    )
    op.create_index(op.f("ix_goodwill_order_id"), "goodwill", ["order_id"])
    op.create_index(op.f("ix_goodwill_customer_id"), "goodwill", ["customer_id"])
    op.create_index(op.f("ix_goodwill_conversation_id"), "goodwill", ["conversation_id"])
    op.create_index(op.f("ix_goodwill_state_asked_at"), "goodwill", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("goodwill")
