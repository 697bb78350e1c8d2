"""Ends the programs of `shopdesk up` when `shopdesk up` itself was killed without a chance to do so.

Started by `processes.Supervisor` with a pipe as standard input. Each line says that a process group was started
(`+123`) or has ended (`-123`). The pipe closes when `up` is gone, however it went; what is still running then is
stopped. Standard library only, so that it starts at once and weighs little.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

_STOP_SECONDS = 10.0


def main() -> None:
    """Reads the pipe to its end, then stops the groups that are left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        if line.startswith("+"):
            groups.add(int(line[1:]))
        else:
            groups.discard(int(line[1:]))
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while any(_alive(group) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)


def _signal(groups: set[int], number: signal.Signals) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
