"""Where the three databases are: the CRM's, the gateway's, and Rasa's trackers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from shopdesk_schemas.settings import CommonSettings

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

StoreName = Literal["crm", "gateway", "trackers"]
STORES: tuple[StoreName, ...] = ("crm", "gateway", "trackers")


class TrackerSettings(CommonSettings):
    """Where the bot keeps its trackers; the same variable that the bot reads."""

    tracker_database_url: str = Field(
        default="",
        description="The trackers' database: `postgresql+psycopg://…`; default the file `trackers.sqlite3` under "
        "SHOPDESK_HOME.",
    )


@dataclass(frozen=True)
class Store:
    """One database. `url` is for synchronous use."""

    name: StoreName
    url: URL

    @property
    def is_sqlite(self) -> bool:
        """True on the embedded default."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.url.database or "")

    @property
    def address(self) -> str:
        """The URL as text, its password included."""
        return self.url.render_as_string(hide_password=False)

    def engine(self) -> Engine:
        """An engine without our programs' pragmas and time-outs, whose errors quote no parameters."""
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        return create_engine(self.url, poolclass=NullPool, hide_parameters=True)

    def exists(self) -> bool:
        """False for an SQLite file that nobody has made yet."""
        return not self.is_sqlite or self.path.exists()


def stores() -> list[Store]:
    """The three databases that the settings name."""
    from crm_backend.settings import CrmSettings
    from gateway.settings import GatewaySettings

    trackers = TrackerSettings()
    return [
        _store("crm", CrmSettings().crm_database_url),
        _store("gateway", GatewaySettings().database_url()),
        _store("trackers", trackers.tracker_database_url or f"sqlite:///{trackers.home / 'trackers.sqlite3'}"),
    ]


def _store(name: StoreName, url: str) -> Store:
    from sqlalchemy import make_url

    parsed = make_url(url)
    backend = parsed.get_backend_name()
    return Store(name, parsed.set(drivername="sqlite" if backend == "sqlite" else f"{backend}+psycopg"))
