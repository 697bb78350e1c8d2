"""What the console's pages hear by themselves: one stream of server-sent events for each page that is open and seen.

An event carries no words of anybody: `desk:changed` has the page read again what it shows, `desk:standing` tells the
island who holds the conversation, `desk:signed-out` sends the browser to the sign-in page. An event's id is what the
page knows once it has read again; after a break the browser sends it back and hears of a change only if there was one.
A stream reads the record when the live bus wakes it and, for what no wake-up tells (minutes of waiting, a colleague's
note, a message to another gateway while Redis was away), every `PULSE_SECONDS`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Final, Literal

from anyio import CancelScope
from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gateway.console.access import ConversationId, SignedInAgent
from gateway.console.models import Agent
from gateway.console.repository import QUEUE_SHOWN, newest_activity
from gateway.console.signing_in import SessionCookie
from gateway.conversations.live import ANYTHING, Listener, agent_topic
from gateway.conversations.models import Conversation
from gateway.database.engine import ReadSession
from gateway.dependencies import GatewayServices
from gateway.handover.repository import holder_name, queue
from gateway.services import Services
from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import NotFound

PULSE_SECONDS: Final = 20.0
"""So long a page may show what no wake-up tells; also how soon a session that ran out ends its streams."""

INBOX_PAUSE_SECONDS: Final = 3.0
"""The least time between two changes that one inbox hears of: on a busy day every message is one."""

WAKE_PAUSE_SECONDS: Final = 0.2
"""Wake-ups within it are one reading."""

RETRY_MS: Final = 1_000
FULL_RETRY_MS: Final = 10_000
"""A page that finds no room is told to read again and to come back so much later."""

Known = Annotated[str, Query(max_length=100, description="What the page was drawn from.")]
LastEventId = Annotated[str | None, Header(max_length=100)]


class Standing(Schema):
    """Who may speak in a conversation, for the page's island."""

    state: Literal["assistant", "queued", "agent"]
    holder: str | None
    mine: bool
    fencing_number: int
    newest: int


async def existing_conversation(conversation_id: ConversationId, services: GatewayServices) -> str:
    """The id, if there is such a conversation. Raises `NotFound`."""
    async with services.database.read(brief=True) as session:
        if await session.get(Conversation, conversation_id) is None:
            raise NotFound
    return conversation_id


router = APIRouter(prefix="/events")


@router.get("/inbox", response_class=EventSourceResponse)
async def inbox(
    services: GatewayServices,
    agent: SignedInAgent,
    session_token: SessionCookie = None,
    known: Known = "",
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """When the queue or any conversation has changed."""
    shown = known if last_event_id is None else last_event_id
    with (
        services.console_streams.place(agent.id) as admitted,
        _watch(services, agent, session_token, ANYTHING) as watch,
    ):
        async for version, pulse in watch.looks(inbox_version):
            if version is None:
                yield _signed_out()
                return
            if version != shown or pulse:
                shown = version
                yield ServerSentEvent(event="desk:changed", raw_data="", id=version, retry=RETRY_MS)
                await watch.pause(INBOX_PAUSE_SECONDS)
            if not admitted:
                yield _no_room()
                return


@router.get("/conversations/{conversation_id}", response_class=EventSourceResponse)
async def conversation(
    services: GatewayServices, agent: SignedInAgent, conversation_id: Annotated[str, Depends(existing_conversation)],
    session_token: SessionCookie = None, known: Known = "", last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:  # fmt: skip
    """When something was said in the conversation or another person holds it."""

    async def read(session: ReadSession) -> tuple[str, Standing | None]:
        found = await session.get(Conversation, conversation_id)
        if found is None:  # Erased meanwhile: the page shows that when it reads again.
            return "", None
        return conversation_version(found), Standing(
            state=found.state,
            holder=await holder_name(session, found),
            mine=found.holder_id == agent.id,
            fencing_number=found.fencing_number,
            newest=found.next_seq - 1,
        )

    shown = known if last_event_id is None else last_event_id
    with (
        services.console_streams.place(agent.id) as admitted,
        _watch(services, agent, session_token, conversation_id) as watch,
    ):
        async for look, pulse in watch.looks(read):
            if look is None:
                yield _signed_out()
                return
            version, standing = look
            if version != shown:
                shown = version
                if standing is not None:
                    yield ServerSentEvent(event="desk:standing", data=standing, retry=RETRY_MS)
                yield ServerSentEvent(event="desk:changed", raw_data="", id=version)
            elif pulse:
                yield ServerSentEvent(event="desk:changed", raw_data="")
            if not admitted:
                yield _no_room()
                return


async def inbox_version(session: ReadSession) -> str:
    """What the inbox is drawn from, in short: the newest activity anywhere, and who waits in which order."""
    newest = await newest_activity(session)
    waiting = [one.id for one in await queue(session, QUEUE_SHOWN)]
    return hashlib.sha256(f"{newest} {' '.join(waiting)}".encode()).hexdigest()[:16]


def conversation_version(conversation: Conversation) -> str:
    """What a conversation's page is drawn from, in short: the newest message and who holds it."""
    return f"{conversation.next_seq - 1}.{conversation.fencing_number}.{conversation.state}"


class _Watch:
    """Looks at the record for one stream. No transaction is open while the browser is told of what was seen."""

    def __init__(self, services: Services, token: str, news: Listener, urgent: Listener) -> None:
        self._services = services
        self._token = token
        self._news = news
        self._urgent = urgent

    async def looks[Seen](
        self, read: Callable[[ReadSession], Awaitable[Seen]]
    ) -> AsyncIterator[tuple[Seen | None, bool]]:
        """What `read` finds: at once, after each wake-up, at each pulse; None when the session has ended.

        The second is whether the pulse was due, which comes however often there is news. Ends with the program.
        """
        due = time.monotonic() + PULSE_SECONDS
        while True:
            self._news.rearm()
            self._urgent.rearm()
            pulse = time.monotonic() >= due
            if pulse:
                due = time.monotonic() + PULSE_SECONDS
            # Begun, a look is finished: the end of a stream is told again at every await, and a transaction that is cut
            # short that way would leave its connection to nobody.
            with CancelScope(shield=True):
                async with self._services.database.read(brief=True) as session:
                    agent = await self._services.accounts.signed_in(session, self._token)
                    seen = await read(session) if agent is not None else None
            yield seen, pulse
            if self._services.live.closing:
                return
            if await self._news.wait(max(0.0, due - time.monotonic())):
                await self.pause(WAKE_PAUSE_SECONDS)

    async def pause(self, seconds: float) -> None:
        """Lets news gather; cut short by the end of a session and of the program."""
        await self._urgent.wait(seconds)


@contextmanager
def _watch(services: Services, agent: Agent, token: str | None, topic: str) -> Iterator[_Watch]:
    own = agent_topic(agent.id)
    with services.live.listen(topic, own) as news, services.live.listen(own) as urgent:
        yield _Watch(services, token or "", news, urgent)


def _signed_out() -> ServerSentEvent:
    return ServerSentEvent(event="desk:signed-out", raw_data="")


def _no_room() -> ServerSentEvent:
    return ServerSentEvent(event="desk:changed", raw_data="", retry=FULL_RETRY_MS)
