"""Insight: one judged row a conversation, and what was not understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_UNJUDGED = sa.text("judged_until IS NULL OR judged_until < last_message_at")


def upgrade() -> None:
    op.add_column("conversations", sa.Column("judged_until", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_conversations_unjudged", "conversations", ["last_message_at"],
        postgresql_where=_UNJUDGED, sqlite_where=_UNJUDGED,
    )  # fmt: skip
    op.create_table(
        "conversation_facts",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=True),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("not_understood", sa.Integer(), nullable=False),
        sa.Column("against", sa.String(length=16), nullable=True),
        sa.Column("handover_reason", sa.String(length=200), nullable=True),
        sa.Column("wait_seconds", sa.Double(), nullable=True),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("agent_messages", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answer_seconds", sa.Double(), nullable=True),
        sa.Column("left_at", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], ondelete="CASCADE",
            name=op.f("fk_conversation_facts_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], ondelete="SET NULL", name=op.f("fk_conversation_facts_agent_id_agents")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_facts")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_conversation_facts_ended_at_conversation_id"), "conversation_facts", ["ended_at", "conversation_id"]
    )
    op.create_table(
        "unknown_messages",
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], ondelete="CASCADE", name=op.f("fk_unknown_messages_turn_id_turns")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], ondelete="CASCADE",
            name=op.f("fk_unknown_messages_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_unknown_messages")),
    )  # fmt: skip
    op.create_index(op.f("ix_unknown_messages_at_turn_id"), "unknown_messages", ["at", "turn_id"])
    op.create_index(op.f("ix_unknown_messages_conversation_id"), "unknown_messages", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("unknown_messages")
    op.drop_table("conversation_facts")
    op.drop_index("ix_conversations_unjudged", table_name="conversations")
    op.execute("ALTER TABLE conversations DROP COLUMN judged_until")
