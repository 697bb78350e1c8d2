"""Room for sealed offers, work for other systems, cases, messages and kept answers.

Their rows are sealed by the next start, in batches (`crm_backend/encryption/rows.py`), which `tables_to_seal` tells to:
keys are noted already, so that it would otherwise take plain words for a forgery.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0230"
down_revision: str | None = "0220"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
DOCUMENTS = (
    ("proposals", "details", False),
    ("proposals", "offer", False),
    ("proposals", "outcome", True),
    ("effects", "payload", False),
    ("cases", "details", False),
)
"""Table, column, and whether it may be null."""
TABLES = ("proposals", "effects", "cases", "outgoing_messages", "idempotency_keys")


def upgrade() -> None:
    op.create_table(
        "tables_to_seal",
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tables_to_seal")),
    )
    for table, column, nullable in DOCUMENTS:
        _as(table, column, sa.String(), nullable=nullable)
    # The document `null` was no document.
    op.execute("UPDATE proposals SET outcome = NULL WHERE outcome = 'null'")
    op.add_column("outgoing_messages", sa.Column("public_id", sa.String(), nullable=True))
    op.add_column("outgoing_messages", sa.Column("recipient_key", sa.String(), nullable=True))
    op.execute("UPDATE outgoing_messages SET public_id = 'msg_' || id")
    with op.batch_alter_table("outgoing_messages") as batch:
        batch.alter_column("public_id", existing_type=sa.String(), nullable=False)
        batch.create_unique_constraint(op.f("uq_outgoing_messages_public_id"), ["public_id"])
        batch.create_index(op.f("ix_outgoing_messages_recipient_key"), ["recipient_key"])
    for table in TABLES:
        op.execute(f"INSERT INTO tables_to_seal SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})")  # noqa: S608


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first():  # noqa: S608
            raise RuntimeError("rows whose personal data is sealed cannot be brought to a version that cannot open it")
    with op.batch_alter_table("outgoing_messages") as batch:
        batch.drop_index(op.f("ix_outgoing_messages_recipient_key"))
        batch.drop_constraint(op.f("uq_outgoing_messages_public_id"), type_="unique")
        batch.drop_column("recipient_key")
        batch.drop_column("public_id")
    for table, column, nullable in reversed(DOCUMENTS):
        _as(table, column, Json, nullable=nullable)
    op.drop_table("tables_to_seal")


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
