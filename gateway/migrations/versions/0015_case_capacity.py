"""How many cases an agent is given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("case_capacity", sa.Integer(), nullable=False, server_default="20"))


def downgrade() -> None:
    op.execute("ALTER TABLE agents DROP COLUMN case_capacity")
