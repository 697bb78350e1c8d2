"""What was received, events, data quality, profiles; the bucket of each customer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from crm_backend.database.buckets import bucket_of

revision: str = "0020"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 5000


def upgrade() -> None:
    op.create_table(
        "raw_records",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("customer_external_id", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.Column("body", JSON, nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_records")),
        sa.UniqueConstraint(
            "source", "kind", "external_id", "revision", name=op.f("uq_raw_records_source_kind_external_id_revision")
        ),
    )
    op.create_index(
        op.f("ix_raw_records_source_customer_external_id"), "raw_records", ["source", "customer_external_id"]
    )

    # The months' partitions lie in a schema of their own, where no comparison of tables stumbles over them.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SCHEMA events_by_month")
    op.create_table(
        "events",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("customer_external_id", sa.String(), nullable=True),
        sa.Column("order_external_id", sa.String(), nullable=True),
        sa.Column("shipment_external_id", sa.String(), nullable=True),
        sa.Column("store_external_id", sa.String(), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.CheckConstraint(
            "kind IN ('order_placed', 'order_paid', 'order_packed', 'carrier_scan', 'delivered', 'returned',"
            " 'page_visit', 'store_visit')",
            name=op.f("ck_events_kind"),
        ),
        sa.PrimaryKeyConstraint("source", "external_id", "at", name=op.f("pk_events")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(
        op.f("ix_events_source_customer_external_id_at"), "events", ["source", "customer_external_id", "at"]
    )
    op.create_index(op.f("ix_events_source_order_external_id_at"), "events", ["source", "order_external_id", "at"])

    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("calls", "received", "inserted", "updated", "unchanged", "rejected")
        ),
        sa.Column("cleaned", JSON, nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.CheckConstraint("channel IN ('files','backoffice')", name=op.f("ck_deliveries_channel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "channel", "source", "kind", "day", "part", name=op.f("uq_deliveries_channel_source_kind_day_part")
        ),
    )
    op.create_index(op.f("ix_deliveries_last_at"), "deliveries", ["last_at"])

    op.create_table(
        "profiles",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("public_id", name=op.f("uq_profiles_public_id")),
    )
    op.create_table(
        "profile_members",
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_profile_members_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profiles.id"], name=op.f("fk_profile_members_profile_id_profiles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_profile_members")),
    )
    op.create_index(op.f("ix_profile_members_profile_id"), "profile_members", ["profile_id"])
    op.create_table(
        "match_pairs",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("low_id", ID, nullable=False),
        sa.Column("high_id", ID, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("conflict", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_match_pairs_order")),
        sa.CheckConstraint("verdict IN ('same','doubtful','different')", name=op.f("ck_match_pairs_verdict")),
        sa.CheckConstraint("decision IN ('same','apart')", name=op.f("ck_match_pairs_decision")),
        sa.ForeignKeyConstraint(
            ["low_id"], ["customers.id"], name=op.f("fk_match_pairs_low_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["customers.id"], name=op.f("fk_match_pairs_high_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_pairs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_pairs_public_id")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_match_pairs_low_id_high_id")),
    )
    op.create_index(op.f("ix_match_pairs_high_id"), "match_pairs", ["high_id"])
    op.create_index(op.f("ix_match_pairs_verdict_decision"), "match_pairs", ["verdict", "decision"])

    # Added with a default and without a rebuild: dropping the old `customers` would remove by cascade what is theirs.
    op.add_column("customers", sa.Column("bucket", sa.Integer(), server_default="0", nullable=False))
    _fill_buckets()
    op.create_index(op.f("ix_customers_bucket"), "customers", ["bucket"])


def _fill_buckets() -> None:
    customers = sa.table(
        "customers", sa.column("id"), sa.column("source"), sa.column("external_id"), sa.column("bucket")
    )
    connection = op.get_bind()
    last = 0
    while True:
        query = sa.select(customers.c.id, customers.c.source, customers.c.external_id).where(customers.c.id > last)
        rows = connection.execute(query.order_by(customers.c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        last = rows[-1].id
        connection.execute(
            sa.update(customers)
            .where(customers.c.id == sa.bindparam("row_id"))
            .values(bucket=sa.bindparam("row_bucket")),
            [{"row_id": row.id, "row_bucket": bucket_of(row.source, row.external_id)} for row in rows],
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_customers_bucket"), "customers")
    op.drop_column("customers", "bucket")
    op.drop_table("match_pairs")
    op.drop_table("profile_members")
    op.drop_table("profiles")
    op.drop_table("deliveries")
    op.drop_table("events")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SCHEMA events_by_month CASCADE")
    op.drop_table("raw_records")
