"""Who is started again after an end, when, and when it is given up: small programs and a clock of the test's own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopdesk.processes import ProcessError, Stopped, StopSignals, Supervisor
from shopdesk.restarting import Keeper, Recipe, RestartLimits, keep_running
from tests.operations.test_processes import FOREVER, announced, eventually, is_running
from tests.support.stack import ROOT, free_ports

BROKEN = "import sys; print('cannot open the box'); sys.exit(3)"


class Watch:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Kept:
    """A supervisor with programs and the keeper that looks after them."""

    def __init__(self, supervisor: Supervisor, programs: dict[str, str], limits: RestartLimits) -> None:
        self.supervisor, self.clock, self.said = supervisor, Watch(), list[str]()
        recipes = {
            name: Recipe((sys.executable, "-c", code), ROOT, os.environ, "127.0.0.1", free_ports(1)[0])
            for name, code in programs.items()
        }
        self.keeper = Keeper(supervisor, recipes, limits=limits, say=self.said.append, now=self.clock)
        for name, recipe in recipes.items():
            supervisor.start(name, recipe.argv, cwd=recipe.cwd, env=recipe.env)

    def see_an_end(self) -> None:
        """Waits until something has ended and looks."""
        eventually(lambda: self.supervisor.dead() is not None)
        self.keeper.look()

    def pass_time(self, seconds: float) -> None:
        self.clock.now += seconds
        self.keeper.look()


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path) as running:
        yield running


def test_the_end_is_said_and_the_start_waits_longer_each_time(supervisor: Supervisor, tmp_path: Path) -> None:
    kept = Kept(supervisor, {"steady": FOREVER, "broken": BROKEN}, RestartLimits(times=3))
    for wait in (1, 2, 4):
        kept.see_an_end()
        assert f"broken ended with code 3; it is started again in {wait} s" in kept.said[-1]
        kept.pass_time(wait - 0.1)
        assert supervisor.dead() is None
        kept.pass_time(0.2)
    with pytest.raises(ProcessError) as failure:
        kept.see_an_end()
    assert "broken ended 4 times within 5 minutes and is given up" in str(failure.value)
    assert "cannot open the box" in str(failure.value)
    assert len(kept.said) == 3
    assert kept.said[0] in (tmp_path / "broken.log").read_text()
    assert is_running(announced(tmp_path / "steady.log")[0])


def test_ends_of_long_ago_are_forgotten(supervisor: Supervisor) -> None:
    kept = Kept(supervisor, {"broken": BROKEN}, RestartLimits(times=1))
    for _ in range(3):
        kept.see_an_end()
        kept.pass_time(301)
    assert all("started again in 1 s (end 1 of at most 1" in one for one in kept.said)


def test_no_restarts_is_the_end_at_once(supervisor: Supervisor) -> None:
    kept = Kept(supervisor, {"broken": BROKEN}, RestartLimits(times=0))
    with pytest.raises(ProcessError, match=r"broken ended with code 3\. The end of"):
        kept.see_an_end()


def test_a_program_that_does_not_come_up_is_killed_and_counts(supervisor: Supervisor, tmp_path: Path) -> None:
    kept = Kept(supervisor, {"deaf": FOREVER}, RestartLimits(times=2))
    pids = announced(tmp_path / "deaf.log")
    os.kill(pids[0], signal.SIGKILL)
    kept.see_an_end()
    kept.pass_time(1)
    kept.pass_time(239)
    assert supervisor.dead() is None
    kept.pass_time(2)
    assert "deaf is not up 241 s after it was started and is killed." in kept.said
    kept.see_an_end()
    assert "deaf was killed by SIGKILL; it is started again in 2 s" in kept.said[-1]


def test_a_signal_stops_the_keeping(supervisor: Supervisor) -> None:
    kept = Kept(supervisor, {"program": FOREVER}, RestartLimits())
    with StopSignals() as signals:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Stopped):
            keep_running(kept.keeper, signals)


@given(ends=st.integers(1, 1000), first=st.floats(0.1, 10), longest=st.floats(10, 100))
def test_waits_double_up_to_the_longest(ends: int, first: float, longest: float) -> None:
    limits = RestartLimits(first_wait=first, longest_wait=longest)
    assert limits.wait(1) == first
    assert limits.wait(ends) <= limits.wait(ends + 1) <= min(longest, 2 * limits.wait(ends))
