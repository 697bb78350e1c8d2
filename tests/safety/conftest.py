"""The three databases, on each kind of store, empty or with rows in every table."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_backend.collect.months import make_room
from crm_backend.database.engine import WriteSession
from crm_backend.encryption.columns import bind_row
from crm_backend.migrations import migrate as migrate_crm
from crm_backend.models import Model as CrmModel
from gateway.migrations import migrate as migrate_gateway
from gateway.models import Model as GatewayModel
from shopdesk.backup import sealed
from shopdesk.backup.running import Place
from shopdesk.databases import Store, StoreName
from shopdesk.trackers import EVENTS, create_table
from tests.support.databases import STORES
from tests.support.postgres import PostgresServer
from tests.support.rows import every_row, insert_all

METADATA: dict[StoreName, sa.MetaData] = {
    "crm": CrmModel.metadata,
    "gateway": GatewayModel.metadata,
    "trackers": EVENTS.metadata,
}

_numbers = count(1)


@dataclass
class Places:
    """Makes places with stores of one kind."""

    kind: str
    folder: Path
    new_database: Callable[[str], str]

    def new(self, kind: str | None = None) -> Place:
        """A home with migrated, empty stores."""
        home = self.folder / f"home{next(_numbers)}"
        home.mkdir()
        stores = [Store(name, sa.make_url(self._url(name, home, kind or self.kind))) for name in METADATA]
        return Place(home, home / "shop", stores)

    def _url(self, name: StoreName, home: Path, kind: str) -> str:
        url = f"sqlite:///{home / name}.sqlite3" if kind == "sqlite" else self.new_database(f"{home.name}_{name}")
        if name == "crm":
            migrate_crm(url)
        elif name == "gateway":
            migrate_gateway(url)
        else:
            engine = sa.create_engine(url)
            with engine.begin() as connection:
                create_table(connection)
            engine.dispose()
        return url


@pytest.fixture(autouse=True, scope="session")
def cheap_keys() -> Iterator[None]:
    """Keys of backups that take no time to make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "LOG_N", 14)
        yield


@pytest.fixture(params=STORES)
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    """Places with stores of one kind; the test runs once on each."""
    made: list[str] = []

    def new_database(name: str) -> str:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        made.append(name)
        return server.create_database(name)

    yield Places(request.param, tmp_path, new_database)
    for name in made:
        request.getfixturevalue("postgres_server").drop_database(name)
    shutil.rmtree(tmp_path, ignore_errors=True)


def store(place: Place, name: StoreName) -> Store:
    """One of the place's stores."""
    return next(one for one in place.stores if one.name == name)


def fill(place: Place, rows: int = 3) -> None:
    """Rows in every table of every store."""
    for one in place.stores:
        metadata = METADATA[one.name]
        with one.engine().begin() as connection:
            made = [every_row(metadata, n) for n in range(1, rows + 1)]
            if one.name == "crm":
                with WriteSession(connection, join_transaction_mode="rollback_only") as session:
                    make_room(session, [row["events"]["at"] for row in made])
                # The last pair names a customer beyond them.
                made[-1].pop("match_pairs")
            for table in metadata.sorted_tables:
                for row in made:
                    # The migration noted the key that rows are sealed with; others are none that anybody has.
                    if table.name in row and table.name != "encryption_keys":
                        connection.execute(table.insert().values(bind_row(table, row[table.name])))


def records(place: Place) -> list[tuple[Any, ...]]:
    """All rows but those that every database has."""
    return [row for table, rows in everything(place).items() if table != "crm.encryption_keys" for row in rows]


def everything(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, JSON documents as the text they are stored as where the text is what is stored."""
    found = {}
    for one in place.stores:
        with one.engine().connect() as connection:
            for table in METADATA[one.name].sorted_tables:
                rows = connection.execute(table.select()).all()
                found[f"{one.name}.{table.name}"] = sorted((tuple(row) for row in rows), key=repr)
    return found


__all__ = ["METADATA", "Places", "every_row", "everything", "fill", "insert_all", "records", "store"]
