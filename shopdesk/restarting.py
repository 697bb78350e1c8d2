"""Keeps programs running after their start: one that ends by itself is started again, within limits.

What happened is said at once, in a sentence with the reason, to whoever runs `shopdesk up` and in the program's own
log. The other programs go on meanwhile: what a shopper writes is kept and answered when all are there again.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shopdesk.processes import Child, ProcessError, StopSignals, Supervisor, died, how_it_ended, probe

_POLL_SECONDS = 0.2
_PROBE_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class RestartLimits:
    """How often and how fast. Times in seconds.

    A program may end `times` times within `within`; the next end in that time stops everything. The wait before a
    start doubles with each end within that time, from `first_wait` to at most `longest_wait`.
    """

    times: int = 6
    within: float = 300.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    start_within: float = 240.0
    """A program that is not up so long after a start is killed, which counts as an end."""

    def wait(self, ends: int) -> float:
        """How long to wait after the last of `ends` ends in a row, the first being 1."""
        return min(self.longest_wait, self.first_wait * 2.0 ** (ends - 1))


@dataclass(frozen=True)
class Recipe:
    """How a program is started, and where it says that it is up."""

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    host: str
    port: int


@dataclass
class _Record:
    """What is known of one program: when it ended lately, when it is due again, since when it starts."""

    ends: deque[float] = field(default_factory=deque)
    due_at: float | None = None
    starting_since: float | None = None
    probed_at: float = 0.0


class Keeper:
    """Looks after the programs of a supervisor. `say` is told each sentence; `now` is a monotonic clock in seconds."""

    def __init__(
        self,
        supervisor: Supervisor,
        recipes: Mapping[str, Recipe],
        *,
        limits: RestartLimits,
        say: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._supervisor = supervisor
        self._recipes = recipes
        self._limits = limits
        self._say = say
        self._now = now
        self._records = {name: _Record() for name in recipes}

    def look(self) -> None:
        """One look: notes who has ended, starts who is due, tells who is up again.

        Raises `ProcessError`, naming the program, when one has ended more often than the limits allow.
        """
        while (child := self._supervisor.dead()) is not None:
            self._ended(child)
        for name, record in self._records.items():
            if record.due_at is not None and self._now() >= record.due_at:
                self._start(name, record)
            elif record.starting_since is not None and self._now() >= record.probed_at + _PROBE_EVERY_SECONDS:
                self._ask(name, record)

    def _ended(self, child: Child) -> None:
        record, limits = self._records[child.name], self._limits
        now = self._now()
        record.ends.append(now)
        while record.ends[0] < now - limits.within:
            record.ends.popleft()
        ends = len(record.ends)
        if ends > limits.times:
            if limits.times == 0:
                raise died(child)
            raise ProcessError(
                f"{child.name} ended {ends} times within {limits.within / 60:.0f} minutes and is given up. "
                f"The last time: {died(child).detail}"
            )
        self._supervisor.clear_away(child)
        wait = limits.wait(ends)
        record.due_at, record.starting_since = now + wait, None
        self._tell(
            child.name,
            f"{child.name} {how_it_ended(child)}; it is started again in {wait:g} s "
            f"(end {ends} of at most {limits.times} within {limits.within / 60:.0f} minutes). "
            "The other programs go on.",
        )

    def _start(self, name: str, record: _Record) -> None:
        recipe = self._recipes[name]
        record.due_at, record.starting_since, record.probed_at = None, self._now(), self._now()
        self._supervisor.start(name, recipe.argv, cwd=recipe.cwd, env=recipe.env)

    def _ask(self, name: str, record: _Record) -> None:
        recipe = self._recipes[name]
        record.probed_at = self._now()
        if record.starting_since is None:
            return
        seconds = self._now() - record.starting_since
        if probe(recipe.host, recipe.port, "/healthz").ready:
            record.starting_since = None
            self._tell(name, f"{name} is up again, {seconds:.0f} s after it was started.")
        elif seconds > self._limits.start_within:
            record.starting_since = None
            self._tell(name, f"{name} is not up {seconds:.0f} s after it was started and is killed.")
            self._supervisor.kill(name)

    def _tell(self, name: str, sentence: str) -> None:
        self._supervisor.write(name, f"shopdesk up: {sentence}")
        self._say(sentence)


def keep_running(keeper: Keeper, signals: StopSignals) -> None:
    """Returns never: raises `Stopped` when asked to stop and `ProcessError` when a program is given up."""
    while True:
        signals.check()
        keeper.look()
        time.sleep(_POLL_SECONDS)
