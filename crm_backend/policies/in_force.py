"""The policies that hold now: the shop's file with what the console saved over it, the same in every process.

Whoever saves looks at once; other processes look every second, and each offer of a change is worked out by the version
that its own transaction reads.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from crm_backend.database.engine import Database, ReadSession
from crm_backend.policies.models import PolicyVersion
from crm_backend.policies.overlay import ValueProblems, laid_over
from crm_backend.policies.policy import Policies, PolicyError

LOOKED_AT_SECONDS = 1.0

_log = logging.getLogger("crm_backend.policies")


@dataclass(frozen=True)
class Held:
    """The policies at a version."""

    version: int
    policies: Policies
    unusable: str | None = None


class PoliciesInForce:
    """The policies that hold now.

    `file` is what the shop's file says; `check` raises PolicyError for what cannot be.
    """

    def __init__(self, file: Policies, database: Database, check: Callable[[Policies], None]) -> None:
        self.file = file
        self._database = database
        self.check = check
        self._lock = Lock()
        self._held = Held(0, file)

    async def keep_looking(self) -> None:
        """Look every second, until cancelled; then it waits for its thread: the database is closed next."""
        while True:
            looking = asyncio.create_task(asyncio.to_thread(self.look))
            try:
                await asyncio.shield(looking)
            except asyncio.CancelledError:
                await looking
                raise
            await asyncio.sleep(LOOKED_AT_SECONDS)

    @property
    def now(self) -> Held:
        """What was found when this process last looked."""
        return self._held

    def look(self) -> Policies:
        """Look for a newer version. Without a database, or with one that has no schema yet, what was there holds."""
        try:
            with self._database.read() as session:
                return self.of(session)
        except SQLAlchemyError:
            return self._held.policies

    def of(self, session: ReadSession) -> Policies:
        """The policies by what this transaction reads."""
        newest = session.scalar(select(PolicyVersion.version).order_by(PolicyVersion.version.desc()).limit(1)) or 0
        held = self._held
        if newest == held.version:
            return held.policies
        values = session.scalar(select(PolicyVersion.values).where(PolicyVersion.version == newest)) or {}
        made = self.make(newest, values)
        with self._lock:
            # A transaction that began before another's commit reads the older version: it is right for itself alone.
            if made.version > self._held.version:
                self._held = made
        return made.policies

    def make(self, version: int, values: dict[str, Any]) -> Held:
        """The file with values over it; the file alone where they do not fit it any more."""
        try:
            policies = laid_over(self.file, values) if values else self.file
            self.check(policies)
        except (ValueProblems, PolicyError) as error:
            _log.error("saved policies cannot be used", extra={"fields": {"version": version, "why": str(error)}})
            return Held(version, self.file, str(error))
        return Held(version, policies)
