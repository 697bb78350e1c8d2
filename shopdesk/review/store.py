"""The gateway's tables of review as the worker reads and writes them. Synchronous, one short transaction a call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Engine, create_engine, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

# From where every table is known: what these refer to has to be there when a row is written.
from gateway.models import Correction, ReviewItem, ReviewJob, Turn, UnderstandingVersion
from gateway.review.examples import Example
from gateway.review.masking import mask
from shopdesk_schemas.clock import Clock

LOST: Final = timedelta(minutes=2)
"""A running job without a sign of life for so long is taken up again."""

REPLAYED: Final = 3000
"""How many past messages are understood anew, the newest."""

CONFIRMED: Final = 2000


@dataclass(frozen=True)
class Job:
    """A claimed job."""

    id: int
    kind: str
    examples: list[Example]
    restores: int | None


class ReviewStore:
    """The gateway's database."""

    def __init__(self, url: str, clock: Clock) -> None:
        options: dict[str, Any] = {"connect_args": {"timeout": 15.0}} if url.startswith("sqlite") else {}
        self._engine: Engine = create_engine(url, poolclass=NullPool, hide_parameters=True, **options)
        self._clock = clock

    def is_asked(self) -> bool:
        """Whether a job waits or was left; False also where the database is away or not made yet."""
        try:
            with self._engine.connect() as connection:
                return connection.execute(text("SELECT 1 FROM review_jobs WHERE under_way = 1")).first() is not None
        except SQLAlchemyError:
            return False

    def claim(self) -> Job | None:
        """The job that waits, from now on running."""
        now = self._clock.wall()
        with self._write() as session:
            query = select(ReviewJob).where(
                or_(ReviewJob.state == "asked", (ReviewJob.state == "running") & (ReviewJob.beat_at < now - LOST))
            )
            job = session.execute(query.limit(1).with_for_update(skip_locked=True)).scalar_one_or_none()
            if job is None:
                return None
            job.state, job.started_at, job.beat_at = "running", now, now
            return Job(job.id, job.kind, [Example.read(one) for one in job.examples], job.restores)

    def beat(self, job: Job) -> None:
        """A sign of life."""
        with self._write() as session:
            session.execute(update(ReviewJob).where(ReviewJob.id == job.id).values(beat_at=self._clock.wall()))

    def fail(self, job: Job, why: str) -> None:
        """It could not be done."""
        with self._write() as session:
            self._end(session, job, "failed").failure = why[-2000:]

    def compared(self, job: Job, result: dict[str, Any]) -> None:
        """The comparison is done."""
        with self._write() as session:
            self._end(session, job, "done").result = result

    def in_force(self) -> list[Example]:
        """The examples of the newest version."""
        with Session(self._engine) as session:
            query = select(UnderstandingVersion).order_by(UnderstandingVersion.id.desc()).limit(1)
            version = session.execute(query).scalar_one_or_none()
            return [Example.read(one) for one in version.examples] if version else []

    def published(self, job: Job, model: str) -> None:
        """The job's examples are in force: a new version; its corrections are settled."""
        with self._write() as session:
            stored = self._end(session, job, "done")
            stored.result = {"model": model}
            version = UnderstandingVersion(
                at=self._clock.wall(), agent_id=stored.agent_id, examples=stored.examples, restores=job.restores
            )
            session.add(version)
            done = select(Correction.turn_id).where(Correction.id.in_(stored.corrections))
            session.execute(
                update(ReviewItem)
                .where(ReviewItem.turn_id.in_(done), ReviewItem.cause == "understanding")
                .values(state="closed")
            )
            session.execute(update(Correction).where(Correction.id.in_(stored.corrections)).values(state="published"))

    def confirmed(self) -> list[dict[str, Any]]:
        """Messages that reviewers called rightly understood, newest first."""
        query = (
            select(Turn.id, Turn.input, Turn.intent)
            .join(ReviewItem, ReviewItem.turn_id == Turn.id)
            .where(ReviewItem.cause == "right", Turn.intent.is_not(None))
            .order_by(ReviewItem.at.desc())
            .limit(CONFIRMED)
        )
        with Session(self._engine) as session:
            rows = session.execute(query).all()
        return [
            {"turn": turn, "words": mask(words), "intent": intent}
            for turn, given, intent in rows
            if (words := _said(given))
        ]

    def replay(self) -> list[dict[str, Any]]:
        """The newest messages of conversations that were looked through and against which nothing spoke."""
        suspected = select(ReviewItem.turn_id).where(ReviewItem.conversation_id == Turn.conversation_id).exists()
        query = (
            select(Turn.id, Turn.input)
            .where(Turn.state == "answered", ~suspected)
            .order_by(Turn.received_at.desc())
            .limit(REPLAYED)
        )
        with Session(self._engine) as session:
            rows = session.execute(query).all()
        return [{"turn": turn, "words": words} for turn, given in rows if (words := _said(given))]

    def _end(self, session: Session, job: Job, state: str) -> ReviewJob:
        stored = session.get_one(ReviewJob, job.id)
        stored.state, stored.under_way, stored.finished_at = state, None, self._clock.wall()
        return stored

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session


def _said(given: dict[str, Any]) -> str:
    return str(given.get("text") or "") if given.get("kind") == "text" else ""
