"""`python -m actions`: serves the actions until it is told to stop (SIGTERM, SIGINT)."""

from __future__ import annotations

import gc
import logging
import sys
from typing import Any

from pydantic import ValidationError


def main() -> int:
    """Reads the settings and serves. A setting that cannot be used is named, and nothing starts."""
    from actions.server import build_app
    from actions.settings import ActionsSettings

    try:
        settings = ActionsSettings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            where = ".".join(str(part) for part in problem["loc"]) or "settings"
            print(f"actions: {where}: {problem['msg']}", file=sys.stderr)  # noqa: T201
        return 2
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # rasa-sdk warns in every call that Rasa's version is another one; docs/decisions says why it is meant.
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    app = build_app(settings)
    app.register_listener(_set_memory_aside, "after_server_start")
    app.run(
        host=settings.bind,
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
        debug=False,
    )
    return 0


async def _set_memory_aside(*_: Any) -> None:
    """Have the garbage collector leave alone what is there for as long as the program runs (docs/decisions/033)."""
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
