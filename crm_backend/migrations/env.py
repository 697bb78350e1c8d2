"""Run by Alembic: connects as the CRM does and applies the revisions in one transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from crm_backend.database.engine import make_engine
from crm_backend.database.types import ByteOrdered, Id, JsonDocument, UtcDateTime
from crm_backend.models import Model

LOCK_KEY = 5_003_018_001
"""PostgreSQL advisory lock, so that two programs starting at once do not migrate at once."""


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column types out in SQLAlchemy's own, so that a revision stays what it was when they change."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if item is Id:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    if item is ByteOrdered:
        return 'sa.String().with_variant(sa.String(collation="C"), "postgresql")'
    if item is JsonDocument:
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        # Whoever opened the transaction ends it.
        apply(given)
        return
    engine = make_engine(context.config.attributes["url"], pool_size=1)
    try:
        with engine.connect() as connection:
            apply(connection)
            connection.commit()
    finally:
        engine.dispose()


def apply(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        compare_type=True,
        render_item=render_item,
        # SQLite alters tables by rebuilding them.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("the CRM's migrations need a database to connect to")
run()
