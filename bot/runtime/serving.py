"""The model that turns run on, and its successor: a model that becomes the store's newest is loaded beside the one in
use and takes over between two turns. Nothing restarts, and a model that does not load changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Callable, Dict, Optional

from channels.turn_request import TurnRequest

from runtime.turns import TurnRunner

WATCH_SECONDS = 5.0
"""How often the store is looked at."""

_log = logging.getLogger(__name__)


class CurrentModel:
    """Runs turns on the newest model that loads. `build` makes the runner of a model; `newest` names the store's."""

    def __init__(
        self,
        model: Path,
        build: Callable[[Path], TurnRunner],
        newest: Callable[[], Optional[Path]] = lambda: None,
        topics: Optional[Dict[str, str]] = None,
    ) -> None:
        self._build = build
        self._newest = newest
        self._topics = topics or {}
        self._seen = _identity(model)
        self.runner = build(model)

    async def run(self, request: TurnRequest) -> Dict[str, Any]:
        """One turn. One that has begun ends on the model on which it began."""
        return await self.runner.run(request)

    def intents(self) -> Dict[str, Optional[str]]:
        """What the model in use tells apart, with the topic in whose domain file it stands."""
        return {intent: self._topics.get(intent) for intent in self.runner.processor.domain.intents}

    async def look(self) -> bool:
        """Load the store's newest model if it is another one than was last seen; whether it is in use now."""
        newest = self._newest()
        if newest is None or _identity(newest) == self._seen:
            return False
        self._seen = _identity(newest)
        try:
            runner = await asyncio.get_running_loop().run_in_executor(None, self._build, newest)
        except Exception as error:
            _log.error("%s does not load (%s); %s stays in use", newest.name, type(error).__name__, self.runner.model)
            return False
        runner.trackers.domain = runner.processor.domain
        self.runner = runner
        _log.info("turns run on %s from now on", newest.name)
        return True

    async def watch(self) -> None:
        """Look for a newer model every few seconds, for ever."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self.look()


def _identity(model: Path) -> str:
    # By name alone: it carries the hash of all that the model is made of.
    return model.name
