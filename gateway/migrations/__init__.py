"""The gateway's schema, as Alembic migrations run from code: `migrate(url)`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, text

_ADVISORY_LOCK = 7_204_518_366
"""Any fixed number: two programs that migrate one PostgreSQL at once take turns."""


_SQLITE_SECONDS = 60.0
"""How long one program waits for another that migrates the same file."""


def alembic_config() -> Config:
    """Alembic's configuration without an ini file, so that it works from any directory."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str) -> None:
    """Bring the database at `url` (as in `SHOPDESK_GATEWAY_DATABASE_URL`) to the newest schema; create it if absent."""
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        target = target.set(drivername="sqlite")
        if target.database and target.database != ":memory:":
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    is_sqlite = target.get_backend_name() == "sqlite"
    engine = create_engine(target, connect_args={"timeout": _SQLITE_SECONDS} if is_sqlite else {})
    try:
        with _alone(target.database if is_sqlite else None), engine.begin() as connection:
            if is_sqlite:
                # Going over to the write-ahead log waits for nobody: a program that did so later, while another one
                # migrates, would be told that the database is locked.
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                # Python's driver begins none for DDL: without it two first starts at once create the same tables.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


@contextmanager
def _alone(path: str | None) -> Iterator[None]:
    """One program at a time on the folder of an SQLite file; the lock goes with the program."""
    if not path or path == ":memory:":
        yield
        return
    folder = os.open(Path(path).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def is_current(connection: Connection) -> bool:
    """Whether the schema that `connection` sees is the one this program was written for."""
    return MigrationContext.configure(connection).get_current_revision() == newest()


@cache
def newest() -> str | None:
    """The newest migration of this program: read from its files once, since every readiness check asks for it."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()
