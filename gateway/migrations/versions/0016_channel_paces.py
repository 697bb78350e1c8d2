"""Several gateways keep a platform's limits together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_chats", sa.Column("next_send_at", UtcDateTime(), nullable=True))
    op.create_table(
        "channel_paces",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("next_send_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_paces")),
    )


def downgrade() -> None:
    op.drop_table("channel_paces")
    op.execute("ALTER TABLE channel_chats DROP COLUMN next_send_at")
