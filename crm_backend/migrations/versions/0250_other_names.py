"""Other names of products and options' values, as the console gives them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0250"
down_revision: str | None = "0240"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "other_names_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('product','option')", name=op.f("ck_other_names_versions_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_names_versions")),
        sa.UniqueConstraint(
            "kind", "source", "name", "value", "version",
            name=op.f("uq_other_names_versions_kind_source_name_value_version"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("other_names_versions")
