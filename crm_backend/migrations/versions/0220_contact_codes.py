"""Codes that go to a new contact, and let it take effect."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0220"
down_revision: str | None = "0210"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("one_time_codes") as batch:
        batch.add_column(sa.Column("proposal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch.create_foreign_key(
            op.f("fk_one_time_codes_proposal_id_proposals"), "proposals", ["proposal_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(op.f("ix_one_time_codes_proposal_id"), ["proposal_id"])


def downgrade() -> None:
    with op.batch_alter_table("one_time_codes") as batch:
        batch.drop_index(op.f("ix_one_time_codes_proposal_id"))
        batch.drop_constraint(op.f("fk_one_time_codes_proposal_id_proposals"), type_="foreignkey")
        batch.drop_column("proposal_id")
