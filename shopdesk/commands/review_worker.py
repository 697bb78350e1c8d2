"""`shopdesk review-worker`: compares and publishes what reviewers asked for in the console."""

from __future__ import annotations

import time
from typing import Annotated

import typer

_POLL_SECONDS = 3.0


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(name="review-worker")(review_worker)


def review_worker(
    once: Annotated[bool, typer.Option("--once", help="Do what waits now and end.")] = False,
) -> None:
    """Train for the reviewers in the console; `up` starts it by itself. Runs where the bot and its models are."""
    from gateway.settings import GatewaySettings
    from shopdesk.databases import stores
    from shopdesk.home import ROOT
    from shopdesk.review.store import ReviewStore
    from shopdesk.review.worker import Worker
    from shopdesk.training import TrainingSettings
    from shopdesk_schemas.clock import Clock

    gateway = GatewaySettings()
    address = next(one.address for one in stores() if one.name == "gateway")
    store = ReviewStore(address, Clock(gateway.fixed_now()))
    worker = Worker(store, TrainingSettings(), ROOT, gateway.low_confidence)
    while True:
        done = worker.once()
        if done is not None:
            typer.echo(done)
        if once:
            return
        if done is None:
            time.sleep(_POLL_SECONDS)
