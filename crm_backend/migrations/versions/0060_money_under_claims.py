"""What of an order's worth went, written down: each line's share and what is gone of it, postage given back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0060"
down_revision: str | None = "0050"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REFUND_SHIPPING = "refund_shipping IN ('never','whole_order','promised')"


def upgrade() -> None:
    # Columns are added, tables never rebuilt: see 0002.
    op.add_column("orders", sa.Column("shipping_gone_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("order_lines", sa.Column("net_minor", sa.BigInteger(), nullable=True))
    op.add_column("order_lines", sa.Column("gone_minor", sa.BigInteger(), nullable=True))
    op.add_column("return_lines", sa.Column("share_minor", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE return_lines SET share_minor = worth_minor")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE returns ADD COLUMN refund_shipping VARCHAR DEFAULT 'never' NOT NULL"
            f" CONSTRAINT ck_returns_refund_shipping CHECK ({REFUND_SHIPPING})"
        )
    else:
        op.add_column("returns", sa.Column("refund_shipping", sa.String(), server_default="never", nullable=False))
        op.create_check_constraint(op.f("ck_returns_refund_shipping"), "returns", REFUND_SHIPPING)
    # Returns from before that were promised postage keep the promise.
    op.execute("UPDATE returns SET refund_shipping = 'promised' WHERE shipping_minor > 0")
    op.execute(
        "UPDATE orders SET shipping_gone_minor = COALESCE((SELECT SUM(returns.shipping_minor) FROM returns"
        " WHERE returns.order_id = orders.id AND returns.settled_at IS NOT NULL), 0)"
        " WHERE EXISTS (SELECT 1 FROM returns WHERE returns.order_id = orders.id AND returns.shipping_minor > 0)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_returns_refund_shipping"), "returns", type_="check")
    op.drop_column("returns", "refund_shipping")
    op.drop_column("return_lines", "share_minor")
    op.drop_column("order_lines", "gone_minor")
    op.drop_column("order_lines", "net_minor")
    op.drop_column("orders", "shipping_gone_minor")
