"""Runs other programs as a group that is started and stopped together: for `shopdesk up` and the tests' whole stack.

Every program gets a process group of its own, so that a Ctrl-C on the terminal reaches only us and we stop the
programs in order, and so that a stop also reaches what a program started. A small watchdog ends them when we are
killed without a chance to.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shopdesk import watchdog
from shopdesk_schemas.problems import ShopdeskError

STOP_SECONDS = 10.0
"""How long a program may take to stop by itself before it is killed."""

_POLL_SECONDS = 0.05
_PROBE_SECONDS = 2.0
_TAIL_LINES = 20


class ProcessError(ShopdeskError):
    """A program did not do what it should. The detail is a sentence, with the end of its log."""


class Stopped(Exception):
    """A person, or the system, asked to stop."""


class StopSignals:
    """Turns Ctrl-C, SIGTERM and SIGHUP into a flag that waiting code looks at, so that no start is cut in two.

    `check` raises `Stopped` once a signal came. A second signal makes `impatient` true: kill, do not wait.
    """

    def __init__(self) -> None:
        self._count = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> StopSignals:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def check(self) -> None:
        """Raises `Stopped` when a stop was asked for."""
        if self._count:
            raise Stopped

    @property
    def impatient(self) -> bool:
        """Whether a stop was asked for more than once."""
        return self._count > 1

    def _receive(self, number: int, frame: object) -> None:
        self._count += 1


@dataclass
class Child:
    """A program that was started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def log_tail(self) -> str:
        """The last lines it wrote, indented."""
        text = self.log.read_bytes()[-65536:].decode("utf-8", "replace")
        lines = [line.rstrip() for line in text.splitlines() if line.strip()]
        return "\n".join("    " + line for line in lines[-_TAIL_LINES:]) or "    (it wrote nothing)"


class Supervisor:
    """Starts programs with their output in `log_directory/NAME.log` and stops them all when its block ends."""

    def __init__(self, log_directory: Path) -> None:
        self._log_directory = log_directory
        self._children: list[Child] = []
        self._watchdog: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Supervisor:
        self._log_directory.mkdir(parents=True, exist_ok=True)
        self._watchdog = subprocess.Popen(  # noqa: S603  (our own file)
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.close()
            self._watchdog.wait()

    def start(self, name: str, argv: Sequence[str], *, cwd: Path, env: Mapping[str, str]) -> Child:
        """Starts a program. Raises `ProcessError` when it cannot be started at all."""
        log = self._log_directory / f"{name}.log"
        with log.open("ab") as out:  # appending, so that a log may be cut while the program runs
            child = Child(name, self._spawn(name, argv, cwd, env, out), log)
        self._children.append(child)
        self._tell_watchdog(f"+{child.process.pid}")
        return child

    def dead(self) -> Child | None:
        """A program that has ended by itself, if any."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def clear_away(self, child: Child) -> None:
        """Takes a program that has ended by itself from the list, and ends what it may have left in its group."""
        _signal_group(child, signal.SIGKILL)
        self.finished(child)

    def kill(self, name: str) -> None:
        """Kills a program that should be up and is not; it has then ended like any other."""
        for child in self._children:
            if child.name == name:
                _signal_group(child, signal.SIGKILL)
                child.process.wait()

    def write(self, name: str, line: str) -> None:
        """Adds a line of ours to a program's log."""
        with (self._log_directory / f"{name}.log").open("ab") as log:
            log.write(line.encode() + b"\n")

    def finished(self, child: Child) -> None:
        """Takes a program that has ended as it should from the list."""
        self._children.remove(child)
        self._tell_watchdog(f"-{child.process.pid}")

    def stop(self, impatient: Callable[[], bool] = lambda: False) -> None:
        """Asks every program to stop, all at once, and kills what has not after `STOP_SECONDS`."""
        for child in self._children:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process.poll() is None for child in self._children):
            if time.monotonic() > deadline or impatient():
                break
            time.sleep(_POLL_SECONDS)
        for child in list(self._children):
            # Also when the program itself is gone: it may have left something running in its group.
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            self.finished(child)

    def _spawn(
        self, name: str, argv: Sequence[str], cwd: Path, env: Mapping[str, str], out: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603  (argv is ours, no shell)
                list(argv),
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ProcessError(f"{name} could not be started: {argv[0]}: {error.strerror}") from error

    def _tell_watchdog(self, line: str) -> None:
        if self._watchdog is not None and self._watchdog.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watchdog.stdin.write(line.encode() + b"\n")
                self._watchdog.stdin.flush()


def how_it_ended(child: Child) -> str:
    """The words for it, of a program that has ended: `ended with code 3`, `was killed by SIGKILL`."""
    code = child.process.returncode
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def died(child: Child) -> ProcessError:
    """The sentence for a program that ended by itself."""
    return ProcessError(f"{child.name} {how_it_ended(child)}. The end of {child.log}:\n{child.log_tail()}")


def run_steps(
    supervisor: Supervisor,
    signals: StopSignals,
    children: Iterable[Child],
    on_end: Callable[[Child, bool], None],
) -> None:
    """Waits until every one of `children` has ended well; tells `on_end` of each.

    Raises `ProcessError` at the first that fails and `Stopped` when asked to stop; the others then still run.
    """
    running = list(children)
    while running:
        signals.check()
        for child in [child for child in running if child.process.poll() is not None]:
            running.remove(child)
            on_end(child, child.process.returncode == 0)
            if child.process.returncode != 0:
                raise died(child)
            supervisor.finished(child)
        time.sleep(_POLL_SECONDS)


@dataclass(frozen=True)
class Readiness:
    """What a program answered on `/readyz`: `missing` names what it still waits for."""

    ready: bool
    missing: tuple[str, ...] = ()


def probe(host: str, port: int, path: str = "/readyz") -> Readiness:
    """Asks once, within two seconds."""
    connection = http.client.HTTPConnection(host, port, timeout=_PROBE_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(65536)
    except (OSError, http.client.HTTPException):
        return Readiness(ready=False)
    finally:
        connection.close()
    if answer.status == http.HTTPStatus.OK:
        return Readiness(ready=True)
    with contextlib.suppress(ValueError):
        told = json.loads(body)
        if isinstance(told, dict) and isinstance(told.get("missing"), list):
            return Readiness(ready=False, missing=tuple(str(part) for part in told["missing"]))
    return Readiness(ready=False)


def wait_until_ready(
    supervisor: Supervisor,
    signals: StopSignals,
    addresses: Mapping[str, tuple[str, int]],
    *,
    seconds: float,
    path: str = "/readyz",
    on_ready: Callable[[str], None] = lambda name: None,
    on_missing: Callable[[str, tuple[str, ...]], None] = lambda name, missing: None,
) -> None:
    """Waits until each program (name to host and port) answers 200 on `path`.

    Raises `ProcessError` when one ends or `seconds` pass, and `Stopped` when asked to stop.
    """
    waiting = dict(addresses)
    deadline = time.monotonic() + seconds
    while waiting:
        for name, (host, port) in list(waiting.items()):
            signals.check()
            if (child := supervisor.dead()) is not None:
                raise died(child)
            answer = probe(host, port, path)
            if answer.ready:
                del waiting[name]
                on_ready(name)
            elif answer.missing:
                on_missing(name, answer.missing)
        if waiting and time.monotonic() > deadline:
            names = ", ".join(sorted(waiting))
            raise ProcessError(f"not ready after {seconds:.0f} s: {names}. Their logs say why.")
        time.sleep(_POLL_SECONDS)


def port_is_free(host: str, port: int) -> bool:
    """Whether a program could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # As servers do: a port whose last connection closed a moment ago is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def _signal_group(child: Child, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, number)
