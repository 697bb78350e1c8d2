"""Recommended products by person, by product and by part of the shop; what was shown and clicked; "not interested"."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0100"
down_revision: str | None = "0090"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _of(column: str, table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    table = "person_recommendations"
    op.create_table(
        table,
        sa.Column("run_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("lists", Json, nullable=False),
        _of("run_id", table, "analysis_runs"),
        _of("customer_id", table, "customers"),
        sa.PrimaryKeyConstraint("run_id", "customer_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f("ix_person_recommendations_customer_id"), table, ["customer_id"], unique=False)
    table = "product_recommendations"
    op.create_table(
        table,
        sa.Column("run_id", Id, nullable=False),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("lists", Json, nullable=False),
        _of("run_id", table, "analysis_runs"),
        _of("product_id", table, "products"),
        sa.PrimaryKeyConstraint("run_id", "product_id", name=op.f(f"pk_{table}")),
    )
    table = "popular_recommendations"
    op.create_table(
        table,
        sa.Column("run_id", Id, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lists", Json, nullable=False),
        _of("run_id", table, "analysis_runs"),
        sa.PrimaryKeyConstraint("run_id", "scope", "key", name=op.f(f"pk_{table}")),
    )
    table = "recommendation_events"
    op.create_table(
        table,
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("shelf", sa.String(), nullable=False),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('shown', 'clicked')", name=op.f(f"ck_{table}_kind")),
        _of("customer_id", table, "customers"),
        _of("product_id", table, "products"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for columns in (["customer_id", "at"], ["at"], ["conversation_id"], ["product_id"]):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=False)
    table = "recommendation_dismissals"
    op.create_table(
        table,
        sa.Column("id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("product_id", Id, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(customer_id IS NULL) <> (conversation_id IS NULL)", name=op.f(f"ck_{table}_whose")),
        _of("customer_id", table, "customers"),
        _of("product_id", table, "products"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("customer_id", "product_id", name=op.f(f"uq_{table}_customer_id_product_id")),
        sa.UniqueConstraint("conversation_id", "product_id", name=op.f(f"uq_{table}_conversation_id_product_id")),
    )
    op.create_index(op.f(f"ix_{table}_product_id"), table, ["product_id"], unique=False)


def downgrade() -> None:
    for table in (
        "recommendation_dismissals",
        "recommendation_events",
        "popular_recommendations",
        "product_recommendations",
        "person_recommendations",
    ):
        op.drop_table(table)
