"""The CRM's database for commands: migrated, opened, closed again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from shopdesk_schemas.problems import Unavailable

if TYPE_CHECKING:
    from crm_backend.database.engine import Database


@contextmanager
def crm_database(*, forget: bool = False) -> Iterator[Database]:
    """The database that SHOPDESK_CRM_DATABASE_URL names. Raises Unavailable, with why, when it cannot be used.

    With `forget`, what is deleted leaves no bytes in an SQLite file, nor in its log once this ends.
    """
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    from crm_backend.database.engine import Database, make_engine
    from crm_backend.encryption.keyring import use
    from crm_backend.migrations import migrate
    from crm_backend.settings import CrmSettings

    # A process that runs several commands may have another SHOPDESK_HOME for each.
    use(None)
    url = CrmSettings().crm_database_url
    try:
        migrate(url)
        engine = make_engine(url)
        forget = forget and engine.dialect.name == "sqlite"
        if forget:
            event.listen(engine, "connect", _delete_securely)
        database = Database(engine)
        try:
            yield database
            if forget:
                with closing(engine.raw_connection()) as connection:
                    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            database.dispose()
    except OperationalError as error:
        raise Unavailable(f"The CRM's database cannot be used: {error.orig}") from error


def _delete_securely(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")
