"""Agents who say that they are there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("available_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.execute("ALTER TABLE agents DROP COLUMN available_until")
