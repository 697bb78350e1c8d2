"""Returns that the shopper brings to a store."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0150"
down_revision: str | None = "0140"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = "method IN ('label','pickup','own')"
AFTER = "method IN ('label','pickup','own','store')"


def _allow(before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_returns_method"), "returns", type_="check")
        op.create_check_constraint(op.f("ck_returns_method"), "returns", after)
        return
    # Rebuilding the table would take along what points at it. The rows do not change, so SQLite's documented way for
    # checks serves: https://www.sqlite.org/lang_altertable.html#making_other_kinds_of_table_schema_changes
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    connection.execute(sa.text("PRAGMA writable_schema=ON"))
    connection.execute(
        sa.text(
            "UPDATE sqlite_schema SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'returns'"
        ),
        {"before": before, "after": after},
    )
    connection.execute(sa.text(f"PRAGMA schema_version={version + 1}"))
    connection.execute(sa.text("PRAGMA writable_schema=OFF"))


def upgrade() -> None:
    _allow(BEFORE, AFTER)


def downgrade() -> None:
    op.execute("UPDATE returns SET method = 'own' WHERE method = 'store'")
    _allow(AFTER, BEFORE)
