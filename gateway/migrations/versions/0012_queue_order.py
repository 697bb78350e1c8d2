"""Why somebody goes before others in the queue; an index of what could not be delivered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.add_column("handovers", sa.Column("weighed_at", UtcDateTime(), nullable=True))
    op.add_column("handovers", sa.Column("preferred", sa.String(length=64), nullable=True))
    op.create_index("ix_outbox_failed", "outbox", ["next_try_at"], postgresql_where=_FAILED, sqlite_where=_FAILED)


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", table_name="outbox")
    for column in ("preferred", "weighed_at"):
        op.execute(f"ALTER TABLE handovers DROP COLUMN {column}")
