"""Runs other programs for set-up: quietly into a log, stoppable as a whole, and with failures said in a sentence.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "log"

# What set-up shares with the command line: `shopdesk.progress`, which needs nothing installed.
sys.path.append(str(ROOT))

_TAIL_LINES = 20
_STOP_SECONDS = 5.0

# The caller's own environment must not redirect ours: an activated virtual environment, for one.
_FOREIGN = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_PROJECT", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX")

_FULL_DISK = ("No space left on device", "ENOSPC", "Disk quota exceeded")
_NO_NETWORK = (
    "Temporary failure in name resolution",
    "Name or service not known",
    "dns error",
    "failed to lookup address",
    "error sending request",
    "Failed to fetch",
    "Connection refused",
    "Network is unreachable",
    "operation timed out",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ETIMEDOUT",
    "No matching distribution found for",
    "Max retries exceeded",
)
_NO_COMPILER = (
    "unable to execute 'gcc'",
    "unable to execute 'cc'",
    "command 'gcc' failed: No such file",
    "cc: not found",
)


class StepFailed(Exception):
    """A step could not be done. The message is a sentence that says what to do."""


class Stopped(Exception):
    """The person asked to stop."""


_children: set[subprocess.Popen[bytes]] = set()
_children_lock = threading.Lock()
_stopping = threading.Event()


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The caller's environment without what would redirect ours, and with `extra`."""
    env = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    env.update(extra or {})
    return env


def run_logged(
    name: str,
    argv: Sequence[str],
    *,
    advice: str,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> None:
    """Runs `argv` with its output in `var/log/NAME.log`.

    Raises `StepFailed` with the log's tail, the reason if it is a known one, and `advice` otherwise.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (name + ".log")
    with log.open("wb") as out:
        out.write(("$ " + " ".join(argv) + "\n").encode())
        out.flush()
        try:
            with _children_lock:
                if _stopping.is_set():
                    raise Stopped
                # A session of its own, so that stopping reaches what the program itself started.
                child = subprocess.Popen(
                    list(argv),
                    cwd=str(cwd),
                    env=dict(env if env is not None else environment()),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                _children.add(child)
        except OSError as error:
            raise StepFailed(f"{argv[0]} could not be started: {error.strerror}. {advice}") from error
    code = child.wait()
    with _children_lock:
        _children.discard(child)
    if _stopping.is_set():
        raise Stopped
    if code != 0:
        raise StepFailed(_explain(log, code, advice))


def stop_children() -> None:
    """Ends every program that `run_logged` started, and starts no more."""
    _stopping.set()
    with _children_lock:
        children = list(_children)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        for child in children:
            if child.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, sign)
        deadline = time.monotonic() + _STOP_SECONDS
        while any(child.poll() is None for child in children) and time.monotonic() < deadline:
            time.sleep(0.05)


def tail(log: Path, lines: int = _TAIL_LINES) -> list[str]:
    """The last lines of a log, terminal codes and overwritten progress lines left out."""
    text = log.read_bytes()[-65536:].decode("utf-8", "replace")
    kept = [line.rsplit("\r", 1)[-1].rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return [line for line in kept if line][-lines:]


def _explain(log: Path, code: int, advice: str) -> str:
    lines = tail(log)
    words = "\n".join(lines)
    shown = "\n".join("    " + line for line in lines)
    if any(sign in words for sign in _FULL_DISK):
        advice = disk_full_sentence(ROOT)
    elif any(sign in words for sign in _NO_COMPILER):
        advice = "A C compiler is missing. Install one, for example with: apt-get install build-essential"
    elif any(sign in words for sign in _NO_NETWORK):
        advice = (
            "The package index could not be reached, or does not have what was asked for. Check the network and the "
            "proxy (HTTPS_PROXY), or name your own mirror (UV_DEFAULT_INDEX, PIP_INDEX_URL, NPM_CONFIG_REGISTRY), "
            "then run the same command again: it continues where it stopped."
        )
    return f"it ended with code {code}. The end of {_shown_path(log)}:\n{shown}\n{advice}"


def disk_full_sentence(place: Path) -> str:
    """What to say when a disk is full."""
    return f"The disk that holds {place} is full. Free some space, then run the same command again."


def _shown_path(path: Path) -> str:
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)
