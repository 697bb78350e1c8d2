"""Products are found by their facts in every language: what they are found by is worked out anew at the next start."""

from collections.abc import Sequence

from alembic import op

revision: str = "0280"
down_revision: str | None = "0270"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.execute("DELETE FROM product_terms")


def downgrade() -> None:
    op.execute("DELETE FROM product_terms")
