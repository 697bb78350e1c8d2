"""What a full name finds people by, beside a postcode of their address book or an e-mail address.

Existing rows get empty keys, which the next start works out, as with 0210.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0270"
down_revision: str | None = "0260"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("customers", sa.Column("name_key", sa.String(), nullable=True))
    op.add_column("addresses", sa.Column("postcode_key", sa.String(), nullable=True))
    op.add_column("orders", sa.Column("name_key", sa.String(), nullable=True))
    op.execute("UPDATE customers SET name_key = '' WHERE name IS NOT NULL")
    op.execute("UPDATE addresses SET postcode_key = '' WHERE postcode IS NOT NULL")
    op.execute("UPDATE orders SET name_key = '' WHERE contact_name IS NOT NULL OR recipient IS NOT NULL")
    op.create_index(op.f("ix_customers_name_key"), "customers", ["name_key"])


def downgrade() -> None:
    op.drop_index(op.f("ix_customers_name_key"), "customers")
    op.drop_column("orders", "name_key")
    op.drop_column("addresses", "postcode_key")
    op.drop_column("customers", "name_key")
