"""An index of turns that were given up, and one of when conversations were judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_GIVEN_UP = sa.text("state = 'given_up'")


def upgrade() -> None:
    op.create_index(
        "ix_turns_given_up", "turns", ["conversation_id"], postgresql_where=_GIVEN_UP, sqlite_where=_GIVEN_UP
    )
    op.create_index(op.f("ix_conversation_facts_judged_at"), "conversation_facts", ["judged_at"])


def downgrade() -> None:
    op.drop_index("ix_conversation_facts_judged_at", table_name="conversation_facts")
    op.drop_index("ix_turns_given_up", table_name="turns")
