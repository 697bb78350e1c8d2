"""The bot: `python -m run_bot` in `bot/`. Loads the newest model and answers turns until it is told to stop."""

from __future__ import annotations

import environment  # isort: skip # noqa: F401 - before Rasa

import logging
import sys
from pathlib import Path
from typing import Optional, Tuple

from pydantic import ValidationError
from settings import load_settings


def newest_model(store: Path) -> Optional[Path]:
    """The model that `shopdesk train` wrote or confirmed last, None when there is none."""
    models = [path for path in store.glob("*.tar.gz") if path.is_file()]
    return max(models, key=lambda path: path.stat().st_mtime_ns, default=None)


def configure_logs(level: str) -> None:
    """Ours at `level`; Rasa's own only from warnings on, for below that they hold shoppers' words."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Python's warnings are for whoever changes the code (Rasa quotes messages in some); DEBUG shows them.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.WARNING if level == "DEBUG" else logging.ERROR)
    for name in ("shopdesk", "channels", "runtime", "components", "run_bot"):
        logging.getLogger(name).setLevel(level)
    for name in ("rasa", "sanic", "sanic.root", "sanic.error", "sanic.access", "aiohttp", "sqlalchemy"):
        logging.getLogger(name).setLevel(logging.WARNING)


def main() -> None:
    """Starts the bot and returns after a clean stop. Raises `SystemExit` with a sentence when it cannot start."""
    try:
        settings = load_settings()
    except ValidationError as error:
        sys.exit("\n".join(_setting_problem(problem["loc"], problem["msg"]) for problem in error.errors()))
    configure_logs(settings.log_level)
    model = newest_model(settings.models)
    if model is None:
        sys.exit(f"There is no trained model in {settings.models}. Run `shopdesk train` first.")
    # Rasa takes seconds to import; what can be wrong in the settings has been said by now.
    from runtime.server import serve

    serve(settings, model, lambda: newest_model(settings.models))


def _setting_problem(location: Tuple[object, ...], message: str) -> str:
    name = "_".join(str(part) for part in location if part != "__root__").upper()
    return f"SHOPDESK_{name}: {message}" if name else message


if __name__ == "__main__":
    main()
