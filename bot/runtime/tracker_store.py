"""Trackers in SQLite or PostgreSQL, in the table Rasa uses.

Rasa's own SQL store waits for ever for a database that is away, and is wrapped so that a failing database turns into
a private memory: a repeated message would then run again. This one raises, and the turn fails as a whole. One
session per tracker (expiry is off), so that reading and saving need no sub-query for the session's start.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from runtime.checkpoints import checkpoint

_BUSY_MILLISECONDS = 5000
_CHECKPOINT = "checkpoint"
"""The `type_name` of rows that hold no event but a checkpoint: `since`, a row's id, and the `events` that stand in."""
_PAGE = 400
"""Rows read at once: about the events of thirty messages."""
_STORED = "_shopdesk_stored"
"""On a tracker: for each of its events that are stored the row's id, or one of the two below."""
_STANDS_IN = 0
"""For an event that stands in for earlier ones."""
_UNKNOWN = -1
"""For an event that was stored just now."""


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
        # Every turn reads and adds by these: they are put together once.
        self._newest = (
            sa.select(self._events.c.id, self._events.c.type_name, self._events.c.data)
            .where(self._events.c.sender_id == sa.bindparam("sender"))
            .order_by(self._events.c.id.desc())
            .limit(_PAGE)
        )
        self._insertion = self._events.insert()
        TrackerStore.__init__(self, domain)

    def ping(self) -> None:
        """Asks the database for one value; raises when it is away."""
        with self.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Closes the database's connections."""
        self.engine.dispose()

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The tracker from its last checkpoint on, None when there is none."""
        standing_in: List[Dict[str, Any]] = []
        since = 0
        rows: List[Any] = []
        with self.engine.connect() as connection:
            page = connection.execute(self._newest, {"sender": sender_id}).all()
            while page:
                for row in page:
                    if row.type_name == _CHECKPOINT and not since:
                        stored = json.loads(row.data)
                        since, standing_in = stored["since"], stored["events"]
                    elif row.type_name != _CHECKPOINT and row.id >= since:
                        rows.append(row)
                oldest = page[-1].id
                if len(page) < _PAGE or oldest <= since:
                    break
                older = self._newest.where(self._events.c.id < oldest)
                page = connection.execute(older, {"sender": sender_id}).all()
        return self._tracker(sender_id, standing_in, rows[::-1])

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The tracker with all its events, None when there is none."""
        query = (
            sa.select(self._events.c.id, self._events.c.data)
            .where(self._events.c.sender_id == conversation_id, self._events.c.type_name != _CHECKPOINT)
            .order_by(self._events.c.id)
        )
        with self.engine.connect() as connection:
            return self._tracker(conversation_id, [], connection.execute(query).all())

    def _tracker(
        self, sender_id: str, standing_in: List[Dict[str, Any]], rows: Sequence[Any]
    ) -> Optional[DialogueStateTracker]:
        if not rows:
            return None
        events = [*standing_in, *(json.loads(row.data) for row in rows)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        setattr(tracker, _STORED, [*([_STANDS_IN] * len(standing_in)), *(row.id for row in rows)])
        return tracker

    async def is_before_checkpoint(self, tracker: DialogueStateTracker, message_id: str) -> bool:
        """Whether a message with this id is stored among what `tracker` was not made of."""
        stored: List[int] = getattr(tracker, _STORED, [])
        if not stored or stored[0] != _STANDS_IN:
            return False
        first = next(row for row in stored if row != _STANDS_IN)
        query = sa.select(sa.func.count()).where(
            self._events.c.sender_id == tracker.sender_id,
            self._events.c.type_name == UserUttered.type_name,
            self._events.c.id < first,
            self._events.c.data.contains(json.dumps(message_id), autoescape=True),
        )
        with self.engine.connect() as connection:
            return bool(connection.execute(query).scalar_one())

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Adds the events that are not stored yet, all of them or none, and a checkpoint once in a while."""
        stored: Optional[List[int]] = getattr(tracker, _STORED, None)
        with self.engine.begin() as connection:
            if stored is None:
                of_tracker = (self._events.c.sender_id == tracker.sender_id) & (self._events.c.type_name != _CHECKPOINT)
                known = connection.execute(sa.select(self._events.c.id).where(of_tracker).order_by(self._events.c.id))
                stored = list(known.scalars())
            rows = [
                self._row(tracker.sender_id, event) for event in itertools.islice(tracker.events, len(stored), None)
            ]
            if rows:
                connection.execute(self._insertion, rows)
            found = checkpoint(tracker, self.domain)
            if found is not None and found.position < len(stored) and stored[found.position] > 0:
                data = {"since": stored[found.position], "events": found.standing_in}
                row = {"sender_id": tracker.sender_id, "type_name": _CHECKPOINT, "data": json.dumps(data)}
                connection.execute(self._insertion, [row])
        setattr(tracker, _STORED, [*stored, *([_UNKNOWN] * len(rows))])

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
