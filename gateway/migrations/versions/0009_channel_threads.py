"""Chats remember their thread and quota, messages go out together, channels that are asked for news have a cursor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("channel_chats", sa.Column("thread", JsonDocument, nullable=True))
    op.add_column("channel_chats", sa.Column("quota_used", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("merged_into", Id, nullable=True))
    op.create_table(
        "channel_cursors",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("cursor", sa.String(length=500), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_cursors")),
    )


def downgrade() -> None:
    op.drop_table("channel_cursors")
    op.execute("ALTER TABLE outbox DROP COLUMN merged_into")
    op.execute("ALTER TABLE channel_chats DROP COLUMN quota_used")
    op.execute("ALTER TABLE channel_chats DROP COLUMN thread")
