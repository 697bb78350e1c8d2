"""Indexes by which demand, conversations of a customer and customers of any source are found in large shops."""

from collections.abc import Sequence

from alembic import op

revision: str = "0080"
down_revision: str | None = "0070"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_orders_placed_at"), "orders", ["placed_at"], unique=False)
    op.create_index(op.f("ix_customers_external_id"), "customers", ["external_id"], unique=False)
    op.create_index(
        op.f("ix_conversations_customer_id_created_at"), "conversations", ["customer_id", "created_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_conversations_customer_id_created_at"), table_name="conversations")
    op.drop_index(op.f("ix_customers_external_id"), table_name="customers")
    op.drop_index(op.f("ix_orders_placed_at"), table_name="orders")
