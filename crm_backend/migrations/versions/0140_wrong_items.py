"""Claims that something else came in the place of what was ordered."""

from collections.abc import Sequence

from alembic import op

revision: str = "0140"
down_revision: str | None = "0130"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE = "kind IN ('late', 'lost', 'damaged', 'missing_item', 'not_received')"
AFTER = "kind IN ('late', 'lost', 'damaged', 'missing_item', 'wrong_item', 'not_received')"


def _allow(kinds: str) -> None:
    # SQLite rebuilds the table for it: no other one points at it, so that nothing is taken along (see 0002).
    with op.batch_alter_table("shipment_claims") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_shipment_claims_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_shipment_claims_kind"), kinds)


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("UPDATE shipment_claims SET kind = 'missing_item' WHERE kind = 'wrong_item'")
    _allow(BEFORE)
