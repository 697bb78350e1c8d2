"""Keeps inbox and outbox of all channels moving, from `start` to `stop`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from gateway.channels.inbox import Inbox
from gateway.channels.intake import Intake
from gateway.channels.outgoing import Outgoing
from gateway.channels.pulling import Pulling
from gateway.tasks import end

POLL_SECONDS: Final = 0.5
STOP_SECONDS: Final = 2.0
_IN_AT_ONCE: Final = 4
"""Few, so that calls of platforms are answered between them; what is worked on is in the database, not far away."""
_OUT_AT_ONCE: Final = 16
_PER_POLL: Final = 200
_FEW: Final = 50
"""With more under way there is no need to look for more."""
_log = logging.getLogger("shopdesk.channels")


class ChannelWorker:
    """Loops: what came in, what goes out, what is asked for. The database knows what is due; `wake` makes it quick."""

    def __init__(self, intake: Intake, inbox: Inbox, outgoing: Outgoing, pulling: Pulling, *, enabled: bool) -> None:
        self._intake = intake
        self._inbox = inbox
        self._outgoing = outgoing
        self._pulling = pulling
        self._enabled = enabled
        self._news = (asyncio.Event(), asyncio.Event())
        self._tasks: list[asyncio.Task[None]] = []
        self._asking: list[asyncio.Task[None]] = []
        self._carrying: set[asyncio.Task[None]] = set()
        """What is being worked off or sent."""
        self._stopping = False

    def start(self) -> None:
        """Begin, where any channel is switched on."""
        if not self._enabled:
            return
        self._tasks = [
            asyncio.create_task(
                self._loop(self._news[0], self._inbox.due, self._inbox.work_off, _IN_AT_ONCE), name="channels-in"
            ),
            asyncio.create_task(
                self._loop(self._news[1], self._outgoing.due, self._outgoing.send, _OUT_AT_ONCE), name="channels-out"
            ),
        ]
        self._asking = [
            asyncio.create_task(self._pull(name), name=f"channels-pull-{name}") for name in self._pulling.names
        ]
        self._tasks += self._asking

    async def stop(self) -> None:
        """Stop; what is under way and quick finishes, the rest is tried again when its lease has run out."""
        self._stopping = True
        for name in self._pulling.names:
            self.called(name)
        await end(task for task in self._tasks if task not in self._asking)
        if finishing := [*self._asking, *self._carrying]:
            await asyncio.wait(finishing, timeout=STOP_SECONDS)
        await end([*self._asking, *self._carrying])
        await self._intake.stop()
        await self._inbox.stop()

    def wake(self) -> None:
        """There may be something to do."""
        for news in self._news:
            news.set()

    def came(self) -> None:
        """Something came in; what goes out will say so itself."""
        self._news[0].set()

    def called(self, name: str) -> None:
        """A platform says that there is something to ask for."""
        self._pulling.news[name].set()

    async def _pull(self, name: str) -> None:
        news = self._pulling.news[name]
        while not self._stopping:
            news.clear()
            try:
                more = await self._pulling.pull(name)
                self.wake()
            except Exception:
                _log.exception("could not ask %s for news", name)
                more = False
            if more or self._stopping:
                continue
            try:
                async with asyncio.timeout(self._pulling.every(name)):
                    await news.wait()
            except TimeoutError:
                continue

    async def _loop(
        self,
        news: asyncio.Event,
        due: Callable[[int], Awaitable[Sequence[int]]],
        work: Callable[[int], Awaitable[None]],
        at_once: int,
    ) -> None:
        slots = asyncio.Semaphore(at_once)
        running: dict[int, asyncio.Task[None]] = {}
        while True:
            # Looking costs as much as a small piece of work.
            await self._intake.quiet()
            news.clear()
            try:
                for each in await due(_PER_POLL) if len(running) < _FEW else ():
                    if each not in running:
                        task = running[each] = asyncio.create_task(self._one(work, each, slots))
                        self._carrying.add(task)
                        task.add_done_callback(self._carrying.discard)
                        task.add_done_callback(partial(_done, running, each, news))
            except Exception:
                _log.exception("could not look for what is due on channels")
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await news.wait()
            except TimeoutError:
                continue

    async def _one(self, work: Callable[[int], Awaitable[None]], each: int, slots: asyncio.Semaphore) -> None:
        async with slots:
            await self._intake.quiet()
            try:
                await work(each)
            except Exception:
                # Its lease brings it back.
                _log.exception("something on a channel could not be carried out")


def _done(running: dict[int, asyncio.Task[None]], each: int, news: asyncio.Event, _task: asyncio.Task[None]) -> None:
    """One is finished: what follows it in its chat may be due now."""
    running.pop(each, None)
    news.set()
