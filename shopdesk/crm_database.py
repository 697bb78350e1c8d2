"""The CRM's database for commands: migrated, opened, closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shopdesk_schemas.problems import Unavailable

if TYPE_CHECKING:
    from crm_backend.database.engine import Database


@contextmanager
def crm_database() -> Iterator[Database]:
    """The database that SHOPDESK_CRM_DATABASE_URL names. Raises Unavailable, with why, when it cannot be used."""
    from sqlalchemy.exc import OperationalError

    from crm_backend.database.engine import Database, make_engine
    from crm_backend.migrations import migrate
    from crm_backend.settings import CrmSettings

    url = CrmSettings().crm_database_url
    try:
        migrate(url)
        database = Database(make_engine(url))
        try:
            yield database
        finally:
            database.dispose()
    except OperationalError as error:
        raise Unavailable(f"The CRM's database cannot be used: {error.orig}") from error
