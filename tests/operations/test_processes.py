"""The group of programs that is started and stopped together, tried with small programs of its own."""

from __future__ import annotations

import contextlib
import http.server
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from shopdesk import processes
from shopdesk.processes import (
    ProcessError,
    Readiness,
    Stopped,
    StopSignals,
    Supervisor,
    died,
    port_is_free,
    probe,
    run_steps,
    wait_until_ready,
)
from shopdesk.progress import Progress
from tests.support.stack import ROOT, free_ports

PATIENCE_SECONDS = 60.0

ANNOUNCE = "import os, sys; print(os.getpid(), flush=True); "
FOREVER = ANNOUNCE + "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + FOREVER
# A program that starts another, ignores nothing, and tells both numbers.
PARENT = (
    "import subprocess, sys, os, signal; "
    f"child = subprocess.Popen([sys.executable, '-c', {FOREVER!r}], stdout=subprocess.PIPE); "
    "child.stdout.readline(); print(os.getpid(), child.pid, flush=True); signal.pause()"
)


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def announced(log: Path) -> list[int]:
    """The process numbers that a program wrote to its log."""
    eventually(lambda: log.exists() and log.read_text().endswith("\n"))
    return [int(word) for word in log.read_text().split()]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path) as running:
        yield running


@pytest.fixture
def signals() -> Iterator[StopSignals]:
    with StopSignals() as handling:
        yield handling


def start(supervisor: Supervisor, name: str, code: str) -> processes.Child:
    return supervisor.start(name, [sys.executable, "-c", code], cwd=ROOT, env=os.environ)


def test_stop_reaches_what_a_program_started_itself(supervisor: Supervisor) -> None:
    pids = announced(start(supervisor, "parent", PARENT).log)
    assert len(pids) == 2
    supervisor.stop()
    eventually(lambda: not any(is_running(pid) for pid in pids))


def test_a_program_that_ignores_the_stop_is_killed(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.1)
    child = start(supervisor, "stubborn", STUBBORN)
    announced(child.log)
    supervisor.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_a_second_ctrl_c_does_not_wait(supervisor: Supervisor) -> None:
    child = start(supervisor, "stubborn", STUBBORN)
    announced(child.log)
    supervisor.stop(impatient=lambda: True)
    assert child.process.returncode == -signal.SIGKILL


def test_the_end_of_the_block_stops_everything(tmp_path: Path) -> None:
    with contextlib.suppress(RuntimeError), Supervisor(tmp_path) as supervisor:
        (pid,) = announced(start(supervisor, "program", FOREVER).log)
        raise RuntimeError("something else")
    assert not is_running(pid)


def test_programs_end_when_their_starter_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, signal; from pathlib import Path; from shopdesk.processes import Supervisor\n"
        f"with Supervisor(Path({str(tmp_path)!r})) as supervisor:\n"
        f"    supervisor.start('parent', [sys.executable, '-c', {PARENT!r}], cwd=Path('/'), env=os.environ)\n"
        "    signal.pause()\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    pids = announced(tmp_path / "parent.log")
    assert all(is_running(pid) for pid in pids)
    starter.kill()
    starter.wait()
    eventually(lambda: not any(is_running(pid) for pid in pids))


def test_a_killed_program_is_said_to_be_killed(supervisor: Supervisor) -> None:
    child = start(supervisor, "program", FOREVER)
    announced(child.log)
    child.process.kill()
    child.process.wait()
    assert "program was killed by SIGKILL" in str(died(child))


def test_a_program_that_cannot_be_started_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="nothing could not be started"):
        supervisor.start("nothing", [str(tmp_path / "nothing")], cwd=ROOT, env={})


def test_steps_run_at_once_and_each_end_is_told(supervisor: Supervisor, signals: StopSignals) -> None:
    ended = []
    steps = [start(supervisor, name, "pass") for name in ("one", "two")]
    run_steps(supervisor, signals, steps, lambda child, well: ended.append((child.name, well)))
    assert sorted(ended) == [("one", True), ("two", True)]
    assert supervisor.dead() is None


def test_a_step_that_fails_ends_the_wait_for_the_others(supervisor: Supervisor, signals: StopSignals) -> None:
    steps = [start(supervisor, "long", FOREVER), start(supervisor, "short", "import sys; sys.exit('no luck')")]
    with pytest.raises(ProcessError, match="short ended with code 1"):
        run_steps(supervisor, signals, steps, lambda child, well: None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_wait(supervisor: Supervisor, signals: StopSignals, number: signal.Signals) -> None:
    steps = [start(supervisor, "program", FOREVER)]
    os.kill(os.getpid(), number)
    with pytest.raises(Stopped):
        run_steps(supervisor, signals, steps, lambda child, well: None)
    assert not signals.impatient
    os.kill(os.getpid(), number)
    assert signals.impatient


class _Door(http.server.BaseHTTPRequestHandler):
    """Answers `/readyz` with 503 and then 200."""

    answers: list[tuple[int, object]]

    def do_GET(self) -> None:
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def door() -> Iterator[tuple[type[_Door], int]]:
    handler = type("Door", (_Door,), {"answers": [(200, {})]})
    (port,) = free_ports(1)
    server = http.server.HTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield handler, port
    server.shutdown()
    thread.join()
    server.server_close()


def test_ready_comes_after_what_was_missing(
    supervisor: Supervisor, signals: StopSignals, door: tuple[type[_Door], int]
) -> None:
    handler, port = door
    handler.answers = [(503, {"missing": ["model"]}), (503, ["not ours"]), (200, {})]
    told: list[object] = []
    wait_until_ready(
        supervisor,
        signals,
        {"bot": ("127.0.0.1", port)},
        seconds=PATIENCE_SECONDS,
        on_ready=told.append,
        on_missing=lambda name, missing: told.append((name, missing)),
    )
    assert told == [("bot", ("model",)), "bot"]


def test_a_program_that_is_never_ready_is_named(
    supervisor: Supervisor, signals: StopSignals, door: tuple[type[_Door], int]
) -> None:
    handler, port = door
    handler.answers = [(503, {"missing": ["model"]})]
    with pytest.raises(ProcessError, match="not ready after 0 s: bot"):
        wait_until_ready(supervisor, signals, {"bot": ("127.0.0.1", port)}, seconds=0.0)


def test_nobody_there_is_not_ready() -> None:
    (port,) = free_ports(1)
    assert probe("127.0.0.1", port) == Readiness(ready=False)
    assert port_is_free("127.0.0.1", port)


def test_a_listened_port_is_not_free(door: tuple[type[_Door], int]) -> None:
    assert not port_is_free("127.0.0.1", door[1])


def test_progress_in_a_log_is_plain_lines() -> None:
    out = io.StringIO()
    with Progress(out) as progress:
        with progress.step("first"):
            pass
        with contextlib.suppress(RuntimeError), progress.step("second"):
            raise RuntimeError
    lines = out.getvalue().splitlines()
    assert lines[0].strip() == "first …"
    assert "first (" in lines[1]
    assert lines[3].split()[0] != lines[1].split()[0]  # a failure has another mark
    assert "\x1b" not in out.getvalue()


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_shows_what_is_waited_for() -> None:
    out = _Terminal()
    with Progress(out) as progress:
        progress.begin("bot")
        progress.note("bot", "waits for model")
        eventually(lambda: "waits for model" in out.getvalue())
        progress.finish("bot", done=True)
    assert out.getvalue().rstrip().splitlines()[-1].startswith("\x1b") or "✓ bot" in out.getvalue()
