"""Review: turns to look at, corrections, published versions, jobs; up to when a conversation was looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_UNSCANNED = sa.text("scanned_until IS NULL OR scanned_until < last_message_at")
_RIGHT = sa.text("cause = 'right'")


def _reference(table: str, column: str, parent: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"), ondelete=ondelete
    )


def upgrade() -> None:
    op.add_column("conversations", sa.Column("scanned_until", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_conversations_unscanned", "conversations", ["last_message_at"],
        postgresql_where=_UNSCANNED, sqlite_where=_UNSCANNED,
    )  # fmt: skip
    op.create_table(
        "review_items",
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("signals", JsonDocument, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('open','to_mend','closed')", name=op.f("ck_review_items_state")),
        sa.CheckConstraint(
            "cause IN ('understanding','wrong_item','action','policy','wording','help_page','right')",
            name=op.f("ck_review_items_cause"),
        ),
        _reference("review_items", "turn_id", "turns"),
        _reference("review_items", "conversation_id", "conversations"),
        _reference("review_items", "agent_id", "agents", "SET NULL"),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_review_items")),
    )
    op.create_index(op.f("ix_review_items_state_score_turn_id"), "review_items", ["state", "score", "turn_id"])
    op.create_index(op.f("ix_review_items_conversation_id"), "review_items", ["conversation_id"])
    op.create_index("ix_review_items_right", "review_items", ["at"], postgresql_where=_RIGHT, sqlite_where=_RIGHT)
    op.create_table(
        "corrections",
        sa.Column("id", Id, nullable=False),
        sa.Column("conversation_id", sa.String(length=64), nullable=False),
        sa.Column("turn_id", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=200), nullable=False),
        sa.Column("was", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('proposed','published','withdrawn')", name=op.f("ck_corrections_state")),
        _reference("corrections", "conversation_id", "conversations"),
        _reference("corrections", "turn_id", "turns"),
        _reference("corrections", "agent_id", "agents", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_corrections_turn_id")),
    )
    op.create_index(op.f("ix_corrections_state_id"), "corrections", ["state", "id"])
    op.create_index(op.f("ix_corrections_conversation_id"), "corrections", ["conversation_id"])
    op.create_table(
        "understanding_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("examples", JsonDocument, nullable=False),
        sa.Column("restores", Id, nullable=True),
        _reference("understanding_versions", "agent_id", "agents", "SET NULL"),
        _reference("understanding_versions", "restores", "understanding_versions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_understanding_versions")),
    )
    op.create_table(
        "review_jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("under_way", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("examples", JsonDocument, nullable=False),
        sa.Column("corrections", JsonDocument, nullable=False),
        sa.Column("restores", Id, nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("beat_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("result", JsonDocument, nullable=True),
        sa.Column("failure", sa.String(length=2000), nullable=True),
        sa.CheckConstraint("kind IN ('compare','publish')", name=op.f("ck_review_jobs_kind")),
        sa.CheckConstraint("state IN ('asked','running','done','failed')", name=op.f("ck_review_jobs_state")),
        _reference("review_jobs", "agent_id", "agents", "SET NULL"),
        _reference("review_jobs", "restores", "understanding_versions", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_jobs")),
        sa.UniqueConstraint("under_way", name=op.f("uq_review_jobs_under_way")),
    )


def downgrade() -> None:
    for table in ("review_jobs", "understanding_versions", "corrections", "review_items"):
        op.drop_table(table)
    op.drop_index("ix_conversations_unscanned", table_name="conversations")
    op.execute("ALTER TABLE conversations DROP COLUMN scanned_until")
