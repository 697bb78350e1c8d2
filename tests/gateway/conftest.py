"""Fixtures: the gateway's database on both stores, and a desk on it."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from gateway.migrations import migrate
from gateway.models import Model
from tests.gateway.desk import Desk, open_desk
from tests.support.databases import STORES
from tests.support.postgres import PostgresServer, empty


@pytest.fixture
def anyio_backend() -> str:
    """The gateway runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty gateway database as a file to copy."""
    path = tmp_path_factory.mktemp("gateway") / "template.sqlite3"
    migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: PostgresServer) -> str:
    """The process's one gateway database on PostgreSQL."""
    url = postgres_server.create_database(f"gateway_{uuid.uuid4().hex[:8]}")
    migrate(url)
    return url


@pytest.fixture
def postgres_gateway_url(migrated_postgres_url: str) -> Iterator[str]:
    """The same, empty: whoever used it leaves it so."""
    yield migrated_postgres_url
    engine = create_engine(migrated_postgres_url)
    empty(engine, Model.metadata.sorted_tables)
    engine.dispose()


def _sqlite_url(template: Path, folder: Path) -> str:
    target = folder / "gateway.sqlite3"
    shutil.copyfile(template, target)
    return f"sqlite+aiosqlite:///{target}"


@pytest.fixture(params=STORES)
def gateway_url(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated gateway database; the test runs once on each store."""
    if request.param == "sqlite":
        yield _sqlite_url(sqlite_template, tmp_path)
        return
    yield request.getfixturevalue("postgres_gateway_url")


@pytest.fixture
async def desk(gateway_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Desk]:
    """A desk on each store."""
    async with open_desk(gateway_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def sqlite_desk(sqlite_template: Path, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Desk]:
    """A desk on SQLite only, for what does not depend on the store."""
    async with open_desk(_sqlite_url(sqlite_template, tmp_path), tmp_path) as opened:
        yield opened
