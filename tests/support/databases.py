"""The CRM's database on both stores, built by its migrations, empty for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text

from crm_backend.database.engine import Database, make_engine
from crm_backend.migrations import migrate
from crm_backend.models import Model
from tests.support.postgres import PostgresServer

STORES = ("sqlite", "postgresql")


class CrmDatabases:
    """Hands out an empty, migrated CRM database per test. One for each test process.

    The schema is built once for each store: SQLite gets a copy of that file, PostgreSQL has its tables emptied.
    """

    def __init__(self, folder: Path) -> None:
        self._template = folder / "crm-template.sqlite3"
        self._postgres_url: str | None = None

    def sqlite(self, folder: Path) -> str:
        """The URL of a fresh file in `folder`."""
        if not self._template.exists():
            migrate(f"sqlite:///{self._template}")
        target = folder / "crm.sqlite3"
        shutil.copyfile(self._template, target)
        return f"sqlite:///{target}"

    def postgresql(self, server: PostgresServer) -> str:
        """The URL of the process's one CRM database on `server`, emptied."""
        if self._postgres_url is None:
            url = server.create_database("crm")
            migrate(url)
            self._postgres_url = url
            return url
        engine = make_engine(self._postgres_url, pool_size=1)
        tables = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        engine.dispose()
        return self._postgres_url


def open_database(url: str) -> Database:
    """A `Database` on `url`; the caller disposes of it."""
    return Database(make_engine(url))
