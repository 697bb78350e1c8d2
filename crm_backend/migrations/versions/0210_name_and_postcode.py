"""What a full name with a postcode finds orders by.

Existing orders get an empty key, which the next start works out: names and postcodes are sealed, and the keys are no
part of a schema (`crm_backend/encryption/rows.py`).
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0210"
down_revision: str | None = "0200"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("name_postcode_key", sa.String(), nullable=True))
    op.execute("UPDATE orders SET name_postcode_key = '' WHERE postcode IS NOT NULL")
    op.create_index(op.f("ix_orders_name_postcode_key"), "orders", ["name_postcode_key"])


def downgrade() -> None:
    op.drop_index(op.f("ix_orders_name_postcode_key"), "orders")
    op.drop_column("orders", "name_postcode_key")
