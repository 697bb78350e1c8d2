"""Labels, notes, mentions, canned replies; snoozed and merged conversations; how many an agent can hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = ("mentions", "notes", "conversation_segments", "conversation_labels", "labels", "canned_replies")


def _reference(table: str, column: str, parent: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.add_column("conversations", sa.Column("snoozed_at", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("snoozed_until", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("merged_into", sa.String(length=64), nullable=True))
    op.add_column("conversations", sa.Column("merged_at", UtcDateTime(), nullable=True))
    op.create_index(op.f("ix_conversations_merged_into"), "conversations", ["merged_into"])
    op.add_column("agents", sa.Column("capacity", sa.Integer(), nullable=False, server_default="5"))
    op.create_table(
        "labels",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("folded", name=op.f("uq_labels_folded")),
    )
    op.create_table(
        "conversation_labels",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("label_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        _reference("conversation_labels", "conversation_id", "conversations"),
        _reference("conversation_labels", "label_id", "labels"),
        _reference("conversation_labels", "agent_id", "agents", "SET NULL"),
        sa.PrimaryKeyConstraint("conversation_id", "label_id", name=op.f("pk_conversation_labels")),
    )
    op.create_index(
        op.f("ix_conversation_labels_label_id_conversation_id"), "conversation_labels", ["label_id", "conversation_id"]
    )
    op.create_table(
        "conversation_segments",
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        _reference("conversation_segments", "conversation_id", "conversations"),
        sa.PrimaryKeyConstraint("conversation_id", "key", name=op.f("pk_conversation_segments")),
    )
    op.create_index(
        op.f("ix_conversation_segments_key_conversation_id"), "conversation_segments", ["key", "conversation_id"]
    )
    op.create_table(
        "notes",
        sa.Column("id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _reference("notes", "conversation_id", "conversations"),
        _reference("notes", "agent_id", "agents", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_conversation_id_id"), "notes", ["conversation_id", "id"])
    op.create_table(
        "mentions",
        sa.Column("note_id", Id, nullable=False),
        sa.Column("agent_id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        _reference("mentions", "note_id", "notes"),
        _reference("mentions", "agent_id", "agents"),
        _reference("mentions", "conversation_id", "conversations"),
        sa.PrimaryKeyConstraint("note_id", "agent_id", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_agent_id_seen_at"), "mentions", ["agent_id", "seen_at"])
    op.create_index(op.f("ix_mentions_conversation_id"), "mentions", ["conversation_id"])
    op.create_table(
        "canned_replies",
        sa.Column("id", Id, nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("intents", sa.String(length=400), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("language IN ('en','zh')", name=op.f("ck_canned_replies_language")),
        _reference("canned_replies", "agent_id", "agents", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
    )
    op.create_index(op.f("ix_canned_replies_language_title"), "canned_replies", ["language", "title"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE agents DROP COLUMN capacity")
    op.drop_index("ix_conversations_merged_into", table_name="conversations")
    for column in ("merged_at", "merged_into", "snoozed_until", "snoozed_at"):
        op.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
