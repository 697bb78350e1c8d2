"""Gives cases that nobody has to who is there and has room, and knows what is overdue: the background half of cases.

Every gateway does it. A case is given under the version that was read, so that of two only one succeeds, and nothing is
taken from anybody: an owner who is written down stays until a person changes that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from gateway.audit.service import note
from gateway.cases.reply_timers import reply_timers
from gateway.clients.staff import StaffClient, StaffMember
from gateway.console.models import Agent
from gateway.database.engine import Database
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.handover.availability import available_agents
from gateway.tasks import end
from shopdesk_schemas.cases import CaseChange, CaseLoad, CaseView, OwnedCases
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.crm import SupportHours

EVERY_SECONDS: Final = 15.0
LOOKED_AT: Final = 500
"""Cases whose reply timers are watched, those due first."""

_GIVEN_AT_ONCE: Final = 50
_FOR_LEADS: Final = frozenset({"goodwill_approval"})
"""What an agent may not decide."""

_DESK: Final = StaffMember("desk", "agent")
_log = logging.getLogger("shopdesk.cases")


@dataclass(frozen=True)
class CaseAlert:
    """So many, the oldest since then."""

    kind: Literal["cases_overdue", "cases_unanswered"]
    count: int
    since: datetime


@dataclass
class Owner:
    """An agent who is there, with what they have to see to."""

    agent: Agent
    owned: int

    @property
    def share(self) -> float:
        """How full: 0 to 1."""
        return self.owned / self.agent.case_capacity if self.agent.case_capacity else 1.0

    def may_have(self, case: CaseView) -> bool:
        """Whether there is room, and the case is one that their role decides."""
        suits = case.kind not in _FOR_LEADS or self.agent.role in {"lead", "admin"}
        return suits and self.owned < self.agent.case_capacity


def freest(owners: list[Owner], case: CaseView) -> Owner | None:
    """Who is given the case: the least share of their capacity, then the fewest cases, then by name."""
    able = [one for one in owners if one.may_have(case)]
    return min(able, key=lambda one: (one.share, one.owned, one.agent.username), default=None)


class CaseKeeper:
    """Looks after cases from `start` to `stop`."""

    def __init__(
        self,
        database: Database,
        staff: StaffClient,
        clock: Clock,
        hours: Callable[[], SupportHours | None],
        within: timedelta,
    ) -> None:
        """`within`: opening time within which a case's customer is answered."""
        self._database = database
        self._staff = staff
        self._clock = clock
        self._hours = hours
        self._within = within
        self._load = CaseLoad(owners={}, nobody=None)
        self._unanswered: list[datetime] = []
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._watch(), name="case-keeper")

    async def stop(self) -> None:
        """Stop at once."""
        if self._task is not None:
            await end([self._task])

    def alerts(self) -> list[CaseAlert]:
        """What is late, as it was when last looked at."""
        found: list[CaseAlert] = []
        now = self._clock.wall()
        groups = [*self._load.owners.values(), *([self._load.nobody] if self._load.nobody else [])]
        if overdue := sum(one.overdue for one in groups):
            found.append(CaseAlert("cases_overdue", overdue, min(one.first_due_at for one in groups)))
        if late := [due for due in self._unanswered if due < now]:
            found.append(CaseAlert("cases_unanswered", len(late), min(late)))
        return found

    def owned_by(self, owner: str) -> OwnedCases | None:
        """What an agent has to see to, as it was when last looked at; `owner` as the CRM is told."""
        return self._load.owners.get(owner)

    async def timers(self, cases: list[CaseView]) -> dict[str, datetime]:
        """By case id, until when its customer is to be answered."""
        async with self._database.read() as session:
            return await reply_timers(session, cases, self._hours(), self._within)

    async def check(self) -> int:
        """Look at all and give what nobody has; how many were given. Raises `UpstreamError`."""
        self._load = await self._staff.case_load(_DESK)
        given = await self._give() if self._load.nobody else 0
        unsettled = (await self._staff.cases(_DESK, ["open", "waiting"], limit=LOOKED_AT)).cases
        self._unanswered = sorted((await self.timers(unsettled)).values())
        if given:
            self._load = await self._staff.case_load(_DESK)
        return given

    async def _give(self) -> int:
        async with self._database.read() as session:
            there = [one.agent for one in await available_agents(session, self._clock.wall())]
        owners = [Owner(agent, self._owned(agent)) for agent in there]
        if not owners:
            return 0
        given = 0
        for case in (await self._staff.cases(_DESK, ["open"], unowned=True, limit=_GIVEN_AT_ONCE)).cases:
            owner = freest(owners, case)
            if owner is None:
                continue
            change = CaseChange(version=case.version, owner=_name(owner.agent))
            try:
                await self._staff.change_case(_DESK, case.id, change)
            except UpstreamRejected as error:
                if error.status not in {404, 409}:
                    raise
                continue
            owner.owned += 1
            given += 1
            async with self._database.write() as session:
                note(session, self._clock, agent_id=None, action="case.given", case=case.id, owner=owner.agent.id)
        return given

    def _owned(self, agent: Agent) -> int:
        owned = self.owned_by(_name(agent))
        return owned.count if owned is not None else 0

    async def _watch(self) -> None:
        while True:
            try:
                await self.check()
            except UpstreamError as error:
                _log.info("cases cannot be looked at yet", extra={"fields": {"why": str(error)}})
            except Exception:
                _log.exception("could not look after cases")
            await asyncio.sleep(EVERY_SECONDS)


def _name(agent: Agent) -> str:
    return StaffMember.of(agent.id, agent.username, agent.role).id
