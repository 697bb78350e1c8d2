"""Room for sealed personal data, and the keys that it is sealed with.

The rows themselves are sealed afterwards, in batches (`crm_backend/encryption/rows.py`): the keys are no part of a
schema.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0200"
down_revision: str | None = "0190"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SEALED_TABLES = ("customers", "addresses", "orders", "invoices", "raw_records", "held_back_orders")


def upgrade() -> None:
    op.create_table(
        "encryption_keys",
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_encryption_keys")),
    )
    op.add_column("orders", sa.Column("contact_email_key", sa.String(), nullable=True))
    op.create_index(op.f("ix_orders_contact_email_key"), "orders", ["contact_email_key"])
    _as_text("customers", "birth_date", nullable=True)
    _as_text("raw_records", "body", nullable=False)
    _as_text("held_back_orders", "said", nullable=False)


def downgrade() -> None:
    for table in SEALED_TABLES:
        if op.get_bind().execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError("rows whose personal data is sealed cannot be brought to a version that cannot open it")
    _as("customers", "birth_date", sa.Date(), nullable=True)
    _as("held_back_orders", "said", Json, nullable=False)
    _as("raw_records", "body", Json, nullable=False)
    op.drop_index(op.f("ix_orders_contact_email_key"), "orders")
    op.drop_column("orders", "contact_email_key")
    op.drop_table("encryption_keys")


def _as_text(table: str, column: str, *, nullable: bool) -> None:
    _as(table, column, sa.String(), nullable=nullable)


def _as(table: str, column: str, kind: sa.types.TypeEngine[Any], *, nullable: bool) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        name = kind.compile(connection.dialect)
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {name} USING {column}::text::{name}")
        return
    # Rebuilding a table, SQLite's other way, would remove what hangs on its rows by ON DELETE CASCADE.
    default = None if nullable else sa.text("''")
    op.add_column(table, sa.Column(f"{column}_new", kind, nullable=nullable, server_default=default))
    op.execute(f"UPDATE {table} SET {column}_new = {column}")  # noqa: S608
    op.drop_column(table, column)
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {column}_new TO {column}")
