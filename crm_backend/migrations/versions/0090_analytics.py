"""Runs of the analysis: their steps and partitions, and the pointer to the one that is read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0090"
down_revision: str | None = "0080"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "analysis_runs",
        sa.Column("id", Id, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'published', 'failed')", name=op.f("ck_analysis_runs_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_runs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_analysis_runs_public_id")),
    )
    op.create_index(op.f("ix_analysis_runs_state"), "analysis_runs", ["state"], unique=False)
    op.create_table(
        "analysis_steps",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("rows_run_id", Id, nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("card", Json, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done')", name=op.f("ck_analysis_steps_state")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_analysis_steps_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["rows_run_id"],
            ["analysis_runs.id"],
            name=op.f("fk_analysis_steps_rows_run_id_analysis_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "step", name=op.f("pk_analysis_steps")),
    )
    op.create_index(op.f("ix_analysis_steps_rows_run_id"), "analysis_steps", ["rows_run_id"], unique=False)
    op.create_table(
        "analysis_parts",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_analysis_parts_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "step", "part", name=op.f("pk_analysis_parts")),
    )
    op.create_table(
        "analysis_publication",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_analysis_publication_one")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_analysis_publication_run_id_analysis_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_publication")),
    )


def downgrade() -> None:
    op.drop_table("analysis_publication")
    op.drop_table("analysis_parts")
    op.drop_index(op.f("ix_analysis_steps_rows_run_id"), table_name="analysis_steps")
    op.drop_table("analysis_steps")
    op.drop_index(op.f("ix_analysis_runs_state"), table_name="analysis_runs")
    op.drop_table("analysis_runs")
