"""News that nobody asked for keeps its kind and values, for a template."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import JsonDocument

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("notice", JsonDocument, nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE outbox DROP COLUMN notice")
