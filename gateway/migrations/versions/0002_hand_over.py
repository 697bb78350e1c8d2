"""The queue, the lease, requests for a person, and the agents' audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("lease_until", UtcDateTime(), nullable=True))
    op.add_column(
        "conversations", sa.Column("assistant_paused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("conversations", sa.Column("queued_at", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("queue_key", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("agent_typing_until", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("contact_email", sa.String(length=254), nullable=True))
    for name, columns, state in (
        ("ix_conversations_queue", ["queue_key", "id"], "queued"),
        ("ix_conversations_leases", ["lease_until"], "agent"),
    ):
        where = sa.text(f"state = '{state}'")
        op.create_index(name, "conversations", columns, postgresql_where=where, sqlite_where=where)
    op.create_table(
        "handovers",
        sa.Column("id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("in_hours", sa.Boolean(), nullable=False),
        sa.Column("promised_at", UtcDateTime(), nullable=True),
        sa.Column("first_taken_at", UtcDateTime(), nullable=True),
        sa.Column("first_answered_at", UtcDateTime(), nullable=True),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("leases_lost", sa.Integer(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("outcome IN ('handed_back','resolved','left_queue')", name=op.f("ck_handovers_outcome")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handovers_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_handovers_agent_id_agents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_handovers_open",
        "handovers",
        ["conversation_id"],
        unique=True,
        postgresql_where=still_open,
        sqlite_where=still_open,
    )
    op.create_index(op.f("ix_handovers_requested_at"), "handovers", ["requested_at"])
    op.create_table(
        "audit_log",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=True),
        sa.Column("details", JsonDocument, nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_audit_log_agent_id_agents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_conversation_id_id"), "audit_log", ["conversation_id", "id"])
    op.create_index(op.f("ix_audit_log_agent_id_id"), "audit_log", ["agent_id", "id"])


def downgrade() -> None:
    op.drop_table("audit_log")
    op.drop_table("handovers")
    for name in ("ix_conversations_leases", "ix_conversations_queue"):
        op.drop_index(name, table_name="conversations")
    # Never by copying the table: on SQLite dropping the old one would delete what refers to it.
    for column in ("contact_email", "agent_typing_until", "queue_key", "queued_at", "assistant_paused", "lease_until"):
        op.execute(f"ALTER TABLE conversations DROP COLUMN {column}")
