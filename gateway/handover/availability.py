"""Agents who say that they are there are given who waits, as far as their capacity goes, the freest of them first.

Given is who looks: the sign of life comes from the agent's open page, and it is that sign which is answered with a
conversation. A page that is hidden or gone sends none, and its agent is given nothing (`AVAILABLE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, update

from gateway.console.models import Agent
from gateway.conversations.models import Conversation
from gateway.database.engine import AnySession, WriteSession
from gateway.handover.service import Handovers
from shopdesk_schemas.clock import Clock

AVAILABLE: Final = timedelta(seconds=20)
"""So long after the last sign of life an agent counts as there."""


@dataclass(frozen=True)
class Load:
    """An agent who is there."""

    agent: Agent
    held: int

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return self.held < self.agent.capacity

    @property
    def share(self) -> float:
        """How full: 0 to 1."""
        return self.held / self.agent.capacity if self.agent.capacity else 1.0


class Availability:
    """Who is there, and whom they are given."""

    def __init__(self, clock: Clock, handovers: Handovers, lease: timedelta) -> None:
        self._clock = clock
        self._handovers = handovers
        self._lease = lease

    async def sign_of_life(self, session: WriteSession, agent_id: int, *, available: bool) -> str | None:
        """The agent is there, or leaves. Keeps what they hold, and gives them who waits first: the conversation's id.

        None when nobody waits, the agent has no room, or a freer colleague is there.
        """
        now = self._clock.wall()
        # Held, so that two pages of one agent are not given more together than fits.
        agent = await session.get_one(Agent, agent_id, with_for_update=True, populate_existing=True)
        agent.available_until = now + AVAILABLE if available else None
        if not available:
            return None
        await session.execute(
            update(Conversation)
            .where(
                Conversation.state == "agent",
                Conversation.holder_id == agent.id,
                Conversation.lease_until > now,
                Conversation.lease_until < now + self._lease,
            )
            .values(lease_until=now + self._lease)
            .execution_options(synchronize_session=False)
        )
        there = await available_agents(session, now)
        own = next((one for one in there if one.agent.id == agent.id), None)
        if own is None or not own.has_room:
            return None
        if any(one.share < own.share for one in there if one.has_room):
            return None
        return await self._handovers.take_next(session, agent)


async def available_agents(session: AnySession, now: datetime) -> list[Load]:
    """Who is there, by name, with what they hold."""
    held = (
        select(func.count())
        .select_from(Conversation)
        .where(Conversation.state == "agent", Conversation.holder_id == Agent.id)
        .correlate(Agent)
        .scalar_subquery()
    )
    query = (
        select(Agent, held)
        .where(Agent.active, Agent.role != "read_only", Agent.available_until > now)
        .order_by(Agent.display_name, Agent.id)
    )
    return [Load(row[0], row[1]) for row in (await session.execute(query)).all()]
