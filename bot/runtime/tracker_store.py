"""Trackers in SQLite or PostgreSQL, in the table Rasa uses.

Rasa's own SQL store waits for ever for a database that is away, and is wrapped so that a failing database turns into
a private memory: a repeated message would then run again. This one raises, and the turn fails as a whole. One
session per tracker (expiry is off), so that reading and saving need no sub-query for the session's start.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, Dict, Iterable, Optional

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

_BUSY_MILLISECONDS = 5000


class EventTrackerStore(SQLTrackerStore):
    """Keeps every tracker's events as rows, in order."""

    def __init__(self, url: str, domain: Optional[Domain] = None) -> None:
        """Opens the database at `url` (SQLAlchemy 1.4) and creates the table when it is not there.

        Raises `sqlalchemy.exc.SQLAlchemyError` when the database is away.
        """
        self.engine = _engine(url)
        self.Base.metadata.create_all(self.engine)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        self._events = self.SQLEvent.__table__
        TrackerStore.__init__(self, domain)

    def ping(self) -> None:
        """Asks the database for one value; raises when it is away."""
        with self.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Closes the database's connections."""
        self.engine.dispose()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with all its events, None when there is none."""
        query = sa.select(self._events.c.data).where(self._events.c.sender_id == sender_id).order_by(self._events.c.id)
        with self.engine.connect() as connection:
            stored = [json.loads(row.data) for row in connection.execute(query)]
        if not stored:
            return None
        return DialogueStateTracker.from_dict(sender_id, stored, self.domain.slots)

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """As `retrieve`: a tracker has one session."""
        return await self.retrieve(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the events that are not stored yet, all of them or none."""
        of_tracker = self._events.c.sender_id == tracker.sender_id
        with self.engine.begin() as connection:
            stored = connection.execute(sa.select(sa.func.count()).where(of_tracker)).scalar_one()
            rows = [self._row(tracker.sender_id, event) for event in itertools.islice(tracker.events, stored, None)]
            if rows:
                connection.execute(self._events.insert(), rows)

    async def keys(self) -> Iterable[str]:
        """The ids of all trackers."""
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(self._events.c.sender_id).distinct()).scalars())

    @staticmethod
    def _row(sender_id: str, event: Any) -> Dict[str, Any]:
        data = event.as_dict()
        return {
            "sender_id": sender_id,
            "type_name": event.type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }


def _engine(url: str) -> sa.engine.Engine:
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=5)
    database = sa.engine.make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    # One kept connection: all turns run in the event loop's thread, and opening a file costs as much as reading it.
    engine = sa.create_engine(url, poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_MILLISECONDS}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
