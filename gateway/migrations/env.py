"""Alembic's entry: runs on the connection that `gateway.migrations.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger

from gateway.database.base import UtcDateTime
from gateway.models import Model


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Name our own column types in generated migrations, instead of spelling out their variants."""
    if kind == "type":
        for shape, name in ((UtcDateTime, "UtcDateTime()"), (JSON, "JsonDocument"), (BigInteger, "Id")):
            if isinstance(item, shape):
                return name
    return False


connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("run the gateway's migrations with gateway.migrations.migrate(url)")

context.configure(connection=connection, target_metadata=Model.metadata, render_as_batch=True, render_item=render_type)
context.run_migrations()
