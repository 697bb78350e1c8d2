"""What routes ask FastAPI for: a session for the request's one transaction, the clock, the shop's policies.

Sessions end with scope "function": the transaction is committed before the response is sent, so that nobody is told
of a change that then fails to be stored.

A request waits for its turn at the database in the event loop, before it takes a thread or a connection. Were it to
wait in a thread, all threads could end up waiting for connections whose holders wait for a thread. So a route asks
for one session, `Reading` or `Writing`, never both.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Annotated, Any, cast

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends, Path, Query, Request

from crm_backend.database.engine import Database, ReadSession, WriteSession
from crm_backend.pages.service import Pages
from crm_backend.policies.in_force import PoliciesInForce
from crm_backend.policies.policy import Policies
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.turn import Language


@dataclass(frozen=True)
class Resources:
    """What the program holds for all requests."""

    settings: CrmSettings
    database: Database
    clock: Clock
    rules: PoliciesInForce
    turns: CapacityLimiter
    """As many as the database has connections."""
    pages: Pages
    stopping: Event = field(default_factory=Event)
    """Set when the program is told to leave: long work in threads looks at it."""

    @property
    def policies(self) -> Policies:
        """The shop's policies as they hold now."""
        return self.rules.now.policies


async def resources(request: Request) -> Resources:
    """The application's resources."""
    return cast(Resources, request.app.state.resources)


Held = Annotated[Resources, Depends(resources)]


# What most routes ask for takes the resources off the request: FastAPI walks the tree of dependencies anew for each
# mention, and a step less in each of these is a third of the tree.
def held_by(request: Request) -> Resources:
    """The resources, for dependencies that are asked for with most requests."""
    return cast(Resources, request.app.state.resources)


async def _read_session(request: Request) -> AsyncIterator[ReadSession]:
    held = held_by(request)
    if held.database.is_sqlite:
        # Its end lets go of a snapshot, which waits for nobody there.
        async with held.turns:
            with held.database.read() as session:
                yield session
        return
    async with held.turns, _ended_in_thread(held.database.read()) as session:
        yield session


async def _write_session(request: Request) -> AsyncIterator[WriteSession]:
    held = held_by(request)
    async with held.turns, _ended_in_thread(held.database.write()) as session:
        yield session


@asynccontextmanager
async def _ended_in_thread[S](block: AbstractContextManager[S]) -> AsyncIterator[S]:
    """The session of a block that takes no connection before its first statement: only its end, which commits, waits
    for the database. Every thread that a request does not need is a switch it does not pay for.
    """
    session = block.__enter__()
    try:
        yield session
    except BaseException as error:
        if not await _end(block, error):
            raise
    else:
        await _end(block)


async def _end(block: AbstractContextManager[Any], error: BaseException | None = None) -> bool:
    ended: bool | None = False
    # Shielded, and not counted against the threads of requests: what began must end, whoever else is waiting.
    with CancelScope(shield=True):
        said = (type(error), error, error.__traceback__) if error else (None, None, None)
        ended = await to_thread.run_sync(block.__exit__, *said, limiter=CapacityLimiter(1))
    return bool(ended)


async def in_one_thread[T](held: Resources, work: Callable[[WriteSession], T]) -> T:
    """What `work` gives, its transaction committed; rolled back when it raises.

    For routes that shoppers wait for most: with `Writing` the route takes one thread and the transaction's end another.
    """

    def whole() -> T:
        with held.database.write() as session:
            return work(session)

    async with held.turns:
        return await to_thread.run_sync(whole)


# Asynchronous, though they wait for nothing: FastAPI sends every plain function through the thread pool.
async def _clock(request: Request) -> Clock:
    return held_by(request).clock


async def _policies(request: Request) -> Policies:
    return held_by(request).policies


Reading = Annotated[ReadSession, Depends(_read_session, scope="function")]
"""The request's session for reading."""

Writing = Annotated[WriteSession, Depends(_write_session, scope="function")]
"""The request's session for writing: committed when the route returns, rolled back when it raises."""

BusinessClock = Annotated[Clock, Depends(_clock)]
ShopPolicies = Annotated[Policies, Depends(_policies)]

ConversationId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9._~:-]+$",
        description="The gateway's id of the conversation. It is the only thing that says who is asking.",
    ),
]

RequestedLanguage = Annotated[
    Language | None, Query(description="Of product and option names; the conversation's own when not given.")
]
