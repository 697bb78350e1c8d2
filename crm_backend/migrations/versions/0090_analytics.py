"""Runs of the analysis with the pointer to the one that is read; traits of customers; segments and their rules."""

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
    op.create_table(
        "segment_rules",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", Json, nullable=False),
        sa.Column("description", Json, nullable=False),
        sa.Column("rule", Json, nullable=False),
        sa.Column("use", Json, nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_rules")),
        sa.UniqueConstraint("key", name=op.f("uq_segment_rules_key")),
    )
    op.create_table(
        "customer_affinities",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('category', 'brand', 'option', 'channel', 'store')", name=op.f("ck_customer_affinities_kind")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_affinities_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["analysis_runs.id"],
            name=op.f("fk_customer_affinities_run_id_analysis_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "customer_id", "kind", "name", "value", name=op.f("pk_customer_affinities")),
    )
    op.create_index(op.f("ix_customer_affinities_customer_id"), "customer_affinities", ["customer_id"], unique=False)
    op.create_table(
        "customer_traits",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("order_days", sa.Integer(), nullable=False),
        sa.Column("first_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recency_days", sa.Integer(), nullable=True),
        sa.Column("tenure_days", sa.Integer(), nullable=True),
        sa.Column("cadence_days", sa.Double(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("spend_365_minor", sa.BigInteger(), nullable=False),
        sa.Column("average_order_minor", sa.BigInteger(), nullable=True),
        sa.Column("basket_units", sa.Double(), nullable=True),
        sa.Column("basket_items", sa.Double(), nullable=True),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_band", sa.String(), nullable=True),
        sa.Column("return_rate", sa.Double(), nullable=True),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_orders", sa.Integer(), nullable=False),
        sa.Column("favourite_category", sa.String(), nullable=True),
        sa.Column("favourite_brand", sa.String(), nullable=True),
        sa.Column("favourite_channel", sa.String(), nullable=True),
        sa.Column("favourite_store", sa.String(), nullable=True),
        sa.Column("visits_30", sa.Integer(), nullable=False),
        sa.Column("last_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("contacts_365", sa.Integer(), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("open_cases", sa.Integer(), nullable=False),
        sa.Column("csat", sa.Double(), nullable=True),
        sa.Column("p_active", sa.Double(), nullable=True),
        sa.Column("expected_orders_30", sa.Double(), nullable=True),
        sa.Column("expected_orders_90", sa.Double(), nullable=True),
        sa.Column("expected_orders_365", sa.Double(), nullable=True),
        sa.Column("expected_order_minor", sa.BigInteger(), nullable=True),
        sa.Column("expected_spend_30_minor", sa.BigInteger(), nullable=True),
        sa.Column("expected_spend_90_minor", sa.BigInteger(), nullable=True),
        sa.Column("expected_spend_365_minor", sa.BigInteger(), nullable=True),
        sa.Column("churn_risk", sa.Double(), nullable=True),
        sa.Column("next_order_on", sa.Date(), nullable=True),
        sa.Column("next_order_from", sa.Date(), nullable=True),
        sa.Column("next_order_until", sa.Date(), nullable=True),
        sa.Column("loyalty_state", sa.String(), nullable=False),
        sa.Column("recency_score", sa.Integer(), nullable=True),
        sa.Column("frequency_score", sa.Integer(), nullable=True),
        sa.Column("monetary_score", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "loyalty_state IN ('prospect', 'new', 'active', 'loyal', 'at_risk', 'lost')",
            name=op.f("ck_customer_traits_loyalty_state"),
        ),
        sa.CheckConstraint("price_band IN ('low', 'middle', 'high')", name=op.f("ck_customer_traits_price_band")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_traits_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_customer_traits_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "customer_id", name=op.f("pk_customer_traits")),
    )
    op.create_index(op.f("ix_customer_traits_customer_id"), "customer_traits", ["customer_id"], unique=False)
    op.create_table(
        "segment_members",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_segment_members_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_segment_members_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", "customer_id", name=op.f("pk_segment_members")),
    )
    op.create_index(op.f("ix_segment_members_customer_id"), "segment_members", ["customer_id"], unique=False)
    op.create_table(
        "segment_moves",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.CheckConstraint("direction IN ('entered','left')", name=op.f("ck_segment_moves_direction")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_segment_moves_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_segment_moves_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", "customer_id", name=op.f("pk_segment_moves")),
    )
    op.create_index(op.f("ix_segment_moves_customer_id"), "segment_moves", ["customer_id"], unique=False)
    op.create_index(op.f("ix_segment_moves_key"), "segment_moves", ["key"], unique=False)
    op.create_table(
        "segments",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("typical", Json, nullable=False),
        sa.CheckConstraint("kind IN ('rfm', 'cluster', 'own')", name=op.f("ck_segments_kind")),
        sa.ForeignKeyConstraint(
            ["run_id"], ["analysis_runs.id"], name=op.f("fk_segments_run_id_analysis_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", name=op.f("pk_segments")),
    )
    op.create_index(op.f("ix_segments_key"), "segments", ["key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_segments_key"), table_name="segments")
    op.drop_table("segments")
    op.drop_index(op.f("ix_segment_moves_key"), table_name="segment_moves")
    op.drop_index(op.f("ix_segment_moves_customer_id"), table_name="segment_moves")
    op.drop_table("segment_moves")
    op.drop_index(op.f("ix_segment_members_customer_id"), table_name="segment_members")
    op.drop_table("segment_members")
    op.drop_index(op.f("ix_customer_traits_customer_id"), table_name="customer_traits")
    op.drop_table("customer_traits")
    op.drop_index(op.f("ix_customer_affinities_customer_id"), table_name="customer_affinities")
    op.drop_table("customer_affinities")
    op.drop_table("segment_rules")
    op.drop_table("analysis_publication")
    op.drop_table("analysis_parts")
    op.drop_index(op.f("ix_analysis_steps_rows_run_id"), table_name="analysis_steps")
    op.drop_table("analysis_steps")
    op.drop_index(op.f("ix_analysis_runs_state"), table_name="analysis_runs")
    op.drop_table("analysis_runs")
