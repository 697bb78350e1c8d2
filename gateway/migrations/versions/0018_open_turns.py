"""The open turns of a conversation, and of all, without those that are finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('waiting','running','deferred')")


def upgrade() -> None:
    op.create_index(
        "ix_turns_open_of_conversation",
        "turns",
        ["conversation_id", "first_seq"],
        postgresql_where=_OPEN,
        sqlite_where=_OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_turns_open_of_conversation", table_name="turns")
