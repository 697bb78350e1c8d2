"""Fixtures of the whole suite: the databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from crm_backend.database.engine import Database
from crm_backend.encryption.keyring import use
from tests.support.databases import STORES, CrmDatabases
from tests.support.postgres import PostgresServer, running_postgres

pytest_plugins = ["tests.support.stack", "tests.support.shared_data"]

# How fast an example runs says how busy the machine is, and nothing about the code.
settings.register_profile("shopdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shopdesk")


@pytest.fixture(autouse=True)
def keys_of_the_settings() -> None:
    """A command that ran in the test before may have left the keys of its own SHOPDESK_HOME."""
    use(None)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A private PostgreSQL, one for each test process. Fails, naming the command to run, where none is installed."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def crm_databases(tmp_path_factory: pytest.TempPathFactory) -> CrmDatabases:
    """Where empty CRM databases come from."""
    return CrmDatabases(tmp_path_factory.mktemp("crm-databases"))


@pytest.fixture(params=STORES)
def crm_database_url(request: pytest.FixtureRequest, crm_databases: CrmDatabases, tmp_path: Path) -> str:
    """The URL of an empty, migrated CRM database; the test runs once on each store.

    PostgreSQL is started by the first test that comes here for it.
    """
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        return crm_databases.postgresql(server)
    return crm_databases.sqlite(tmp_path)


@pytest.fixture
def database(crm_databases: CrmDatabases, crm_database_url: str) -> Iterator[Database]:
    """The CRM's `Database`, empty; the test runs once on each store."""
    with crm_databases.opened(crm_database_url) as opened:
        yield opened


@pytest.fixture
def sqlite_database(crm_databases: CrmDatabases, tmp_path: Path) -> Iterator[Database]:
    """An empty CRM database on SQLite only, for what does not depend on the store."""
    with crm_databases.opened(crm_databases.sqlite(tmp_path)) as opened:
        yield opened
