"""News for shoppers on messaging platforms."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0170"
down_revision: str | None = "0160"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "chat_notices",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", Id, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('parcel_delayed', 'parcel_delivered', 'refund_paid')", name=op.f("ck_chat_notices_kind")
        ),
        sa.CheckConstraint("state IN ('waiting','told')", name=op.f("ck_chat_notices_state")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_chat_notices_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_chat_notices_public_id")),
        sa.UniqueConstraint(
            "kind", "about", "conversation_id", name=op.f("uq_chat_notices_kind_about_conversation_id")
        ),
    )
    op.create_index(op.f("ix_chat_notices_customer_id"), "chat_notices", ["customer_id"])
    op.create_index(op.f("ix_chat_notices_state_id"), "chat_notices", ["state", "id"])


def downgrade() -> None:
    op.drop_table("chat_notices")
