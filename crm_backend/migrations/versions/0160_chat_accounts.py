"""Accounts on messaging platforms that were verified once, and the account that a conversation is held on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0160"
down_revision: str | None = "0150"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("conversations", sa.Column("chat_channel", sa.String(), nullable=True))
    op.add_column("conversations", sa.Column("chat_account_key", sa.String(), nullable=True))
    op.create_index(op.f("ix_conversations_chat_account_key"), "conversations", ["chat_account_key"])
    op.create_table(
        "chat_accounts",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_chat_accounts_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_accounts")),
        sa.UniqueConstraint("account_key", name=op.f("uq_chat_accounts_account_key")),
    )
    op.create_index(op.f("ix_chat_accounts_customer_id"), "chat_accounts", ["customer_id"])


def downgrade() -> None:
    op.drop_table("chat_accounts")
    op.drop_index(op.f("ix_conversations_chat_account_key"), table_name="conversations")
    op.execute("ALTER TABLE conversations DROP COLUMN chat_account_key")
    op.execute("ALTER TABLE conversations DROP COLUMN chat_channel")
