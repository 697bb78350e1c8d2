"""Puts the parts together and serves them: one process, one event loop."""

from __future__ import annotations

import logging
import socket
import sys
from pathlib import Path
from typing import Any, Callable, Optional

import structlog
from channels.gateway import GatewayChannel, answer_errors_with_problems
from components.action_endpoint import ActionEndpoint
from components.importer import topics_of_intents
from rasa.core.channels import channel as rasa_channels
from rasa.core.processor import MAX_NUMBER_OF_PREDICTIONS
from sanic import Sanic
from settings import BotSettings
from sqlalchemy.exc import SQLAlchemyError

from runtime import adjustments
from runtime.lock_store import RedisTurnLockStore, TurnLockStore
from runtime.processor import TurnProcessor
from runtime.serving import CurrentModel
from runtime.tracker_store import EventTrackerStore
from runtime.turns import TurnRunner
from runtime.wording import WordedResponseGenerator

DOMAIN = Path(__file__).resolve().parent.parent / "domain"
RESPONSES = Path(__file__).resolve().parent.parent / "responses"
_REQUEST_BYTES = 256 * 1024
_TURN_OVERHEAD_SECONDS = 10.0

_log = logging.getLogger(__name__)


def create_app(
    settings: BotSettings,
    model: Path,
    responses: Path = RESPONSES,
    newest: Callable[[], Optional[Path]] = lambda: None,
) -> Sanic:
    """The bot as a Sanic app, beginning with `model` and going over to what `newest` names whenever that is another.

    Raises when the model or the tracker store cannot be opened.
    """
    adjustments.apply()
    _quiet_rasa()
    endpoint = ActionEndpoint(
        settings.actions_url.rstrip("/") + "/webhook",
        token=settings.service_token.get_secret_value(),
        seconds=settings.action_seconds,
    )
    trackers = EventTrackerStore(settings.tracker_url)
    # Longer than a turn can take, or a second turn would begin beside a slow first.
    lifetime = MAX_NUMBER_OF_PREDICTIONS * settings.action_seconds + _TURN_OVERHEAD_SECONDS
    locks = RedisTurnLockStore(settings.redis_url, lifetime) if settings.redis_url else TurnLockStore(lifetime)

    generator = WordedResponseGenerator(responses)

    def build(path: Path) -> TurnRunner:
        processor = TurnProcessor(
            model_path=path,
            tracker_store=trackers,
            lock_store=locks,
            generator=generator,
            action_endpoint=endpoint,
        )
        return TurnRunner(processor, trackers, locks, model=path.name[: -len(".tar.gz")])

    current = CurrentModel(model, build, newest, topics_of_intents(DOMAIN))
    trackers.domain = current.runner.processor.domain

    async def trackers_answer() -> None:
        trackers.ping()

    async def actions_answer() -> None:
        async with endpoint.session().get(settings.actions_url.rstrip("/") + "/healthz") as response:
            response.raise_for_status()

    channel = GatewayChannel(
        current.run,
        intents=current.intents,
        responses=generator.texts,
        token=settings.service_token.get_secret_value(),
        checks={"trackers": trackers_answer, "actions": actions_answer},
    )
    app = Sanic("shopdesk_bot", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _REQUEST_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = 75
    app.config.RESPONSE_TIMEOUT = lifetime
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
    app.ctx.current = current
    answer_errors_with_problems(app)
    rasa_channels.register([channel], app, route=None)

    @app.listener("after_server_start")
    async def watch(_app: Sanic, _loop: Any) -> None:
        app.add_task(current.watch(), name="newest-model")

    @app.listener("after_server_stop")
    async def close(_app: Sanic, _loop: Any) -> None:
        await endpoint.close()
        await locks.close()
        trackers.close()

    return app


def serve(settings: BotSettings, model: Path, newest: Callable[[], Optional[Path]]) -> None:
    """Serves until SIGTERM or SIGINT. Raises `SystemExit` with a sentence when it cannot start."""
    try:
        app = create_app(settings, model, newest=newest)
    except SQLAlchemyError as error:
        sys.exit(f"The tracker database does not open ({type(error).__name__}). Is it running?")
    try:
        listener = socket.create_server((settings.bind, settings.bot_port), backlog=128)
    except OSError as error:
        where = f"{settings.bind}:{settings.bot_port}"
        sys.exit(f"The bot cannot listen on {where} ({error.strerror}). Set SHOPDESK_BOT_PORT.")
    _log.info("listening on %s:%d with model %s", settings.bind, settings.bot_port, model.name)
    app.run(sock=listener, workers=1, access_log=False, debug=False, motd=False)
    _log.info("stopped")


def _quiet_rasa() -> None:
    """Rasa's structured log would print every message at its lower levels."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
