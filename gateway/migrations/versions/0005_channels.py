"""Chats on messaging platforms, and what came in from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("parts_sent", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "channel_chats",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("last_inbound_at", UtcDateTime(), nullable=False),
        sa.Column("numbered", JsonDocument, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_chats_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_chats")),
        sa.UniqueConstraint("channel", "chat", name=op.f("uq_channel_chats_channel_chat")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_channel_chats_conversation_id")),
    )
    op.create_table(
        "channel_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("chat", sa.String(length=255), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("event", JsonDocument, nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("state IN ('waiting','done','failed')", name=op.f("ck_channel_events_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_channel_events_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_events")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_channel_events_channel_event_id")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_channel_events_waiting",
        "channel_events",
        ["next_try_at", "id"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )
    op.create_index(op.f("ix_channel_events_conversation_id"), "channel_events", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("channel_events")
    op.drop_table("channel_chats")
    op.execute("ALTER TABLE outbox DROP COLUMN parts_sent")
