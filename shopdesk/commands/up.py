"""`shopdesk up`: prepares what the programs need, runs them, restarts one that ends, and stops them all together."""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from shopdesk import home as home_module
from shopdesk.desk import NAMES, Desk, check_machine, describe_desk, hold
from shopdesk.people.following import following
from shopdesk.processes import (
    Child,
    ProcessError,
    Stopped,
    StopSignals,
    Supervisor,
    run_steps,
    wait_until_ready,
)
from shopdesk.progress import Progress
from shopdesk.restarting import Keeper, Recipe, RestartLimits, keep_running
from shopdesk.review.following import reviewing
from shopdesk_schemas.clock import wall_now

READY_SECONDS = 240.0
"""How long all programs together may take to become ready. Rasa's imports are the longest part."""

INTERRUPTED = 130

# As `shopdesk.demo.files` names it, repeated so that a start need not load the generator; a test keeps them equal.
DEMO_CARD = "demo-card.json"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(up)


def up(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=f"Run only this program; may be repeated. One of: {', '.join(NAMES)}."),
    ] = None,
    shop: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The shop's own directory: policies.yml, pages/, data/.")
    ] = None,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo",
            help="Fill an empty store with the demo shop. Default: in development, unless --shop names another.",
            show_default=False,
        ),
    ] = None,
    restarts: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            max=1000,
            help="Start a program that ends again, up to N times within five minutes; then, and with 0 at once, "
            "stop everything.",
        ),
    ] = RestartLimits.times,
) -> None:
    """Run gateway, crm_backend, actions and bot until Ctrl-C."""
    names = _chosen(only)
    if shop is not None:
        os.environ["SHOPDESK_SHOP"] = str(shop.expanduser().absolute())
    desk = describe_desk()
    home = desk.settings.home
    ready = False
    with hold(home, names), StopSignals() as signals, Supervisor(home / "log") as supervisor:
        try:
            check_machine(desk, names)
            with Progress() as progress:
                _prepare(desk, names, demo, supervisor, signals, progress)
                _start(desk, names, supervisor, signals, progress)
            ready = True
            _say_where(desk, names)
            # Only here are all databases within reach.
            whole = len(names) == len(NAMES)
            with following() if whole else nullcontext(), reviewing(desk.environment()) if whole else nullcontext():
                keep_running(_keeper(desk, names, supervisor, RestartLimits(times=restarts)), signals)
        except Stopped:
            typer.echo("Stopping …")
        except ProcessError:
            typer.echo("Stopping everything, because a program failed.", err=True)
            raise
        finally:
            supervisor.stop(impatient=lambda: signals.impatient)
    typer.echo("Stopped." if ready else "Stopped before everything had started.")
    if not ready:
        raise typer.Exit(INTERRUPTED)


def _chosen(only: list[str] | None) -> list[str]:
    for name in only or ():
        if name not in NAMES:
            raise typer.BadParameter(
                f"there is no program {name!r}; choose from {', '.join(NAMES)}", param_hint="--only"
            )
    return [name for name in NAMES if not only or name in only]


def _prepare(
    desk: Desk, names: list[str], demo: bool | None, supervisor: Supervisor, signals: StopSignals, progress: Progress
) -> None:
    """Brings databases, the demo shop and the assistant's model up to date, at once where they are apart."""
    env = desk.environment()
    python = desk.programs["crm_backend"].argv[0]
    steps: dict[str, list[str]] = {}
    stores = [name for name in ("crm_backend", "gateway") if name in names]
    if stores:
        fill = [] if demo is None else ["--demo" if demo else "--no-demo"]
        steps["stores"] = [python, "-m", "shopdesk.stores", *fill, *stores]
    if "bot" in names:
        steps["train"] = [python, "-m", "shopdesk", "train"]
    titles = {"stores": "Databases and demo shop", "train": "Assistant's model (training only if its data changed)"}
    children = []
    for name, argv in steps.items():
        progress.begin(titles[name])
        children.append(supervisor.start(name, argv, cwd=home_module.ROOT, env=env))

    def ended(child: Child, well: bool) -> None:
        progress.finish(titles[child.name], done=well)

    run_steps(supervisor, signals, children, ended)


def _start(desk: Desk, names: list[str], supervisor: Supervisor, signals: StopSignals, progress: Progress) -> None:
    env = desk.environment()
    for name in names:
        program = desk.programs[name]
        progress.begin(name)
        supervisor.start(name, program.argv, cwd=program.cwd, env=env)
    wait_until_ready(
        supervisor,
        signals,
        {name: (desk.programs[name].host, desk.programs[name].port) for name in names},
        seconds=READY_SECONDS,
        # Where only some run, they may be waiting for others that are started elsewhere.
        path="/readyz" if len(names) == len(NAMES) else "/healthz",
        on_ready=lambda name: progress.finish(name, done=True),
        on_missing=lambda name, missing: progress.note(name, "waits for " + ", ".join(missing)),
    )


def _keeper(desk: Desk, names: list[str], supervisor: Supervisor, limits: RestartLimits) -> Keeper:
    """Looks after the programs once all were ready, and says on standard error what happens to them."""
    env = desk.environment()
    recipes = {
        name: Recipe(program.argv, program.cwd, env, program.host, program.port)
        for name, program in desk.programs.items()
        if name in names
    }
    return Keeper(supervisor, recipes, limits=limits, say=_say_now)


def _say_now(sentence: str) -> None:
    typer.echo(f"{wall_now():%Y-%m-%d %H:%M:%SZ} {sentence}", err=True)


def _say_where(desk: Desk, names: list[str]) -> None:
    lines = ["", "Shopdesk is ready."]
    if "gateway" in names:
        url = desk.programs["gateway"].url
        lines += ["", f"  Shop page with the chat   {url}/", f"  Agents' console           {url}/console"]
        lines += [*_demo_agent(desk), *_order_to_try(desk)]
    else:
        lines += [f"  {name:12} {desk.programs[name].url}" for name in names]
    lines += ["", f"  Logs are in {desk.settings.home / 'log'}. Ctrl-C stops everything.", ""]
    typer.echo("\n".join(lines))


def _demo_agent(desk: Desk) -> list[str]:
    from shopdesk.stores import read_demo_agent

    agent = read_demo_agent(desk.settings)
    return (
        [f"    log in as               {agent.login}", f"    with password           {agent.password}"] if agent else []
    )


def _order_to_try(desk: Desk) -> list[str]:
    """An order of the demo shop to ask about, from the card that `shopdesk demo` leaves."""
    card = desk.settings.home / DEMO_CARD
    if desk.settings.environment != "development" or not card.is_file():
        return []
    order = json.loads(card.read_text("utf-8"))[0]
    return ["", f"  An order to ask about     {order['order_number']}, postcode {order['postcode']} (more: {card})"]
