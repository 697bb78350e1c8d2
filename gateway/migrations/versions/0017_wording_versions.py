"""The assistant's words as they were changed in the console."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import Id, JsonDocument, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", JsonDocument, nullable=True),
        sa.Column("agent_id", Id, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_wording_versions_agent_id_agents"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_versions")),
        sa.UniqueConstraint("language", "name", "version", name=op.f("uq_wording_versions_language_name_version")),
    )


def downgrade() -> None:
    op.drop_table("wording_versions")
