"""Erasures that agents asked for, or that were cut off, finished by themselves while the programs run.

An agent erases the CRM's part; only what reaches all three databases can do the rest. `shopdesk up` does, and where the
programs run apart, in containers, this module as a program of its own: `python -m shopdesk.people.following`.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shopdesk.beside import beside

if TYPE_CHECKING:
    from shopdesk_schemas.privacy import ErasureReceipt

EVERY_SECONDS = 300.0


def finish_open() -> list[ErasureReceipt]:
    """Erase in the gateway's and the bot's databases what erasures still have there; their receipts."""
    from crm_backend.changes.kind import Actor
    from crm_backend.privacy import service
    from crm_backend.settings import CrmSettings
    from shopdesk.crm_database import crm_database
    from shopdesk.databases import stores
    from shopdesk.people.erasing import finish
    from shopdesk_schemas.clock import Clock

    clock, actor = Clock(CrmSettings().fixed_now()), Actor("system", "command line")
    with crm_database(forget=True) as database:
        with database.read() as session:
            waiting = [service.find_receipt(session, one) for one in service.unfinished(session)]
        return [finish(database, stores(), one, clock, actor) for one in waiting]


@contextmanager
def following(every_seconds: float = EVERY_SECONDS, round_done: threading.Event | None = None) -> Iterator[None]:
    """Finish open erasures every so often until the block ends. `round_done` is set after each time."""

    def work(ended: threading.Event) -> None:
        while not ended.wait(every_seconds):
            _try_to_finish()
            if round_done is not None:
                round_done.set()

    with beside("erasures", work):
        yield


def main() -> int:
    """Finish open erasures at once and every so often, until SIGTERM or SIGINT. Returns the exit status."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    _try_to_finish()
    with following():
        ended.wait()
    return 0


def _try_to_finish() -> None:
    try:
        finish_open()
    except Exception as error:
        # The next time may do: a database that is away comes back. What went wrong may quote nobody.
        sys.stderr.write(f"shopdesk: open erasures could not be finished ({type(error).__name__})\n")


if __name__ == "__main__":
    sys.exit(main())
