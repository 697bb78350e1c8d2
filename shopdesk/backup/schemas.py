"""The schemas of the three databases: making one at a given revision, and taking one away."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from shopdesk.backup.errors import BackupError
from shopdesk.databases import StoreName

NAMES: dict[StoreName, str] = {"crm": "the CRM's", "gateway": "the gateway's", "trackers": "the trackers'"}
"""Whose database, as sentences have it."""


def check_revision(store: StoreName, revision: str | None) -> None:
    """Raises BackupError for a revision that this version of Shopdesk does not know."""
    if store == "trackers":
        known = revision is None
    else:
        try:
            known = (
                revision is not None and ScriptDirectory.from_config(_config(store)).get_revision(revision) is not None
            )
        except CommandError:
            known = False
    if not known:
        raise BackupError(
            f"The backup has {NAMES[store]} database in revision {revision}, which this version of Shopdesk does not "
            "know: the backup is of a newer one. Restore it with that version, or a later one."
        )


def build(store: StoreName, connection: Connection, revision: str | None = None) -> None:
    """Bring the schema to `revision`, to the newest when none is given, in the connection's transaction."""
    if store == "trackers":
        from shopdesk.trackers import create_table

        create_table(connection)
        return
    config = _config(store)
    config.attributes["connection"] = connection
    command.upgrade(config, revision or "head")


def remove(store: StoreName, connection: Connection) -> None:
    """Take the schema away, and everything in it, in the connection's transaction."""
    if store == "trackers":
        from shopdesk.trackers import drop_table

        drop_table(connection)
        return
    config = _config(store)
    config.attributes["connection"] = connection
    try:
        command.downgrade(config, "base")
    except CommandError as error:
        raise BackupError(
            f"What is in {NAMES[store]} database is of a newer version of Shopdesk, which alone can take it away. "
            "Nothing was changed."
        ) from error


def _config(store: StoreName) -> Config:
    if store == "crm":
        from crm_backend.migrations import alembic_config

        return alembic_config("")
    from gateway.migrations import alembic_config as gateway_config

    return gateway_config()
