"""Ending what runs beside the requests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

_AGAIN_SECONDS: Final = 3.0


async def end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel the tasks and return when none of them runs any more; what they raise is nobody's concern now.

    A cancellation can be lost: whatever fails while it passes through replaces it, and a loop that goes on after every
    failure then goes on for ever. So who still runs after a moment is told again.
    """
    running = {task for task in tasks if not task.done()}
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_AGAIN_SECONDS)
