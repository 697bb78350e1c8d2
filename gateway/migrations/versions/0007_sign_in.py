"""Second factors, single sign-on, and what is shown of an agent's sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gateway.database.base import JsonDocument, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("totp_secret", sa.String(length=255), nullable=True))
    op.add_column("agents", sa.Column("totp_since", UtcDateTime(), nullable=True))
    op.add_column("agents", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.add_column("agents", sa.Column("recovery_codes", JsonDocument, nullable=True))
    op.add_column("agents", sa.Column("oidc_subject", sa.String(length=400), nullable=True))
    op.create_index(op.f("ix_agents_oidc_subject"), "agents", ["oidc_subject"], unique=True)
    op.add_column("agent_sessions", sa.Column("address", sa.String(length=64), nullable=True))
    op.add_column("agent_sessions", sa.Column("browser", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_index("ix_agents_oidc_subject", table_name="agents")
    for column in ("browser", "address"):
        op.execute(f"ALTER TABLE agent_sessions DROP COLUMN {column}")
    for column in ("oidc_subject", "recovery_codes", "totp_step", "totp_since", "totp_secret"):
        op.execute(f"ALTER TABLE agents DROP COLUMN {column}")
