"""The CRM's schema, one revision after another.

`migrate(url)` brings a database to the newest revision; `shopdesk up`, import, demo and tests all call it, so that
every database in use was built by the migrations.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from crm_backend.database.engine import make_engine
from crm_backend.encryption.rows import prepare
from crm_backend.products.index import index_missing

_HERE = Path(__file__).parent


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at `url`. There is no ini file to keep in step with the settings."""
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` (SQLAlchemy form) to `revision`. Running it again changes nothing.

    Creates the folder of a SQLite file. Raises SQLAlchemy's errors when the database cannot be reached, and
    EncryptionError when the keys are not those that its personal data is sealed with.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(url), revision)
    if revision == "head":
        engine = make_engine(url, pool_size=1)
        try:
            index_missing(engine)
            prepare(engine)
        finally:
            engine.dispose()
