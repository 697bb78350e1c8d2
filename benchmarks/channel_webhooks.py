"""How quickly the gateway acknowledges platforms' webhooks while turns are slow: 100 a second, for each channel.

    .venv/bin/python benchmarks/channel_webhooks.py [--channels telegram …] [--rate 100] [--seconds 10] [--turn 3]
                                                    [--database sqlite|postgresql]

The gateway runs as `python -m gateway` does, in a process of its own, with all channels switched on. The bot takes
`--turn` seconds for each turn; bot, CRM and the platforms' APIs are another process. Calls are sent at their times
whether or not those before are answered (an open loop), each of another person, signed as the platform signs, and their
time is counted from when they were due. The clients are a third process on the same machine.

So that a figure can be read on a machine that others use, each run begins with a baseline: a bare Starlette application
that reads the body and inserts it into a table of its own in one transaction, with the same driver and the same
durability, and answers; under the same calls, and with nothing else to do. "cpu" is what the program used for each
call, while they came; the gateway's has the work on what came before in it.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from pydantic import SecretStr
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crm_reads_and_writes import free_port, serving  # noqa: E402
from gateway.database.engine import make_engine  # noqa: E402
from gateway.migrations import migrate  # noqa: E402
from shopdesk_schemas.turn import TurnRequest  # noqa: E402
from tests.channels.every import PLATFORMS  # noqa: E402
from tests.channels.platforms import Platform  # noqa: E402
from tests.gateway.doubles import TOKEN, BotDouble, CrmDouble, answer, plain_server, served, text_reply  # noqa: E402
from tests.support.postgres import running_postgres  # noqa: E402

P99_MS = 50.0
"""What is promised."""


@dataclass(frozen=True)
class Measured:
    """Milliseconds from when each call was due to its answer, and of CPU for a call."""

    times: list[float]
    cpu: float


def main() -> None:
    """Measures and prints a line for each channel."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [kind.name for kind in PLATFORMS]
    parser.add_argument("--channels", nargs="+", choices=names, default=names)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--turn", type=float, default=3.0, help="seconds that the bot takes")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--bare", nargs=2, metavar=("PORT", "URL"), help=argparse.SUPPRESS)
    parser.add_argument("--doubles", nargs=4, metavar=("BOT", "CRM", "API", "TURN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare:
        asyncio.run(serve_bare(int(arguments.bare[0]), arguments.bare[1]))
        return
    if arguments.doubles:
        bot, crm, api, turn = arguments.doubles
        asyncio.run(serve_doubles(int(bot), int(crm), int(api), float(turn)))
        return
    print(
        f"load of the machine before: {os.getloadavg()[0]:.1f}; {arguments.rate:g} webhooks a second, turns of ", end=""
    )
    print(f"{arguments.turn:g} s, {arguments.database}")
    print(f"{'milliseconds':16}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}{'cpu':>8}")
    load = (arguments.database, arguments.rate, arguments.seconds)
    kinds = [kind for kind in PLATFORMS if kind.name in arguments.channels]
    _show("baseline", measure_bare(kinds[0], *load))
    for kind in kinds:
        _show(kind.name, measure(kind, *load, arguments.turn))


def _show(name: str, measured: Measured) -> None:
    cuts = statistics.quantiles(measured.times, n=100)
    shown = f"{cuts[49]:8.1f}{cuts[94]:8.1f}{cuts[98]:8.1f}{max(measured.times):8.1f}{measured.cpu:8.1f}"
    print(f"{name:16}{shown}   {'within' if cuts[98] < P99_MS else 'OVER'} {P99_MS:g} ms", flush=True)


def measure_bare(kind: type[Platform], database: str, rate: float, seconds: float) -> Measured:
    """The baseline, under this platform's calls."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        url = _database(stack, Path(scratch), database)
        port = free_port()
        platform = kind()
        platform.settings("http://127.0.0.1:9")
        command = [sys.executable, str(Path(__file__).resolve()), "--bare", str(port), url]
        process = stack.enter_context(serving(command, {}, port, Path(scratch) / "bare.log"))
        calls = [call_of(platform, number) for number in range(int(rate * seconds))]
        return asyncio.run(deliver(f"http://127.0.0.1:{port}/channels/{kind.name}", calls, rate, process.pid))


def _database(stack: ExitStack, home: Path, kind: str) -> str:
    """The address of an empty database of the gateway's."""
    url = f"sqlite+aiosqlite:///{home / 'gateway.sqlite3'}"
    if kind == "postgresql":
        url = stack.enter_context(running_postgres()).url("postgres")
    migrate(url)
    return url


def measure(kind: type[Platform], database: str, rate: float, seconds: float, turn: float) -> Measured:
    """The gateway under this platform's calls."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        home = Path(scratch)
        url = _database(stack, home, database)
        bot, crm, api, port = free_port(), free_port(), free_port(), free_port()
        platform = kind()
        settings = {
            name: value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            for name, value in platform.settings(f"http://127.0.0.1:{api}").items()
        }
        environment = {
            **{f"SHOPDESK_{name.upper()}": value for name, value in settings.items()},
            "SHOPDESK_ENVIRONMENT": "development",
            "SHOPDESK_HOME": str(home),
            "SHOPDESK_GATEWAY_DATABASE_URL": url,
            "SHOPDESK_GATEWAY_PORT": str(port),
            "SHOPDESK_BOT_URL": f"http://127.0.0.1:{bot}",
            "SHOPDESK_CRM_URL": f"http://127.0.0.1:{crm}",
            "SHOPDESK_SERVICE_TOKEN": TOKEN,
        }
        doubles = [sys.executable, str(Path(__file__).resolve()), "--doubles", *map(str, (bot, crm, api, turn))]
        stack.enter_context(serving(doubles, {}, bot, home / "doubles.log"))
        gateway = [sys.executable, "-m", "gateway"]
        process = stack.enter_context(serving(gateway, environment, port, home / "gateway.log"))
        calls = [call_of(platform, number) for number in range(int(rate * seconds))]
        return asyncio.run(deliver(f"http://127.0.0.1:{port}/channels/{kind.name}", calls, rate, process.pid))


def call_of(platform: Platform, number: int) -> dict[str, Any]:
    """Words of one more person, as the platform delivers them."""
    platform.person = f"1{number:08d}" if platform.name != "email" else f"person{number}@home.example"
    return platform.says("where is my order?")[0]


async def deliver(url: str, calls: Sequence[dict[str, Any]], rate: float, process: int) -> Measured:
    """Sends the calls at their times to a process."""
    # What is imported here is large: one whole collection stops the client for 140 ms, and calls would leave late.
    gc.collect()
    gc.freeze()
    times: list[float] = []
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as http:

        async def send(call: dict[str, Any], due: float) -> None:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            response = await http.request(url=url, **call)
            if response.status_code >= 300:
                raise SystemExit(f"The gateway refused a call: {response.status_code} {response.text}")
            times.append((time.perf_counter() - due) * 1000)

        before = _cpu_seconds(process)
        start = time.perf_counter() + 0.5
        async with asyncio.TaskGroup() as group:
            for number, call in enumerate(calls):
                group.create_task(send(call, start + number / rate))
    return Measured(times, (_cpu_seconds(process) - before) * 1000 / len(calls))


def _cpu_seconds(process: int) -> float:
    """What a process has used of the processors (proc(5): fields 14 and 15 of its stat)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def serve_bare(port: int, url: str) -> None:
    """The baseline, until stopped."""
    engine = make_engine(url)
    table = Table("bare_calls", MetaData(), Column("id", Integer, primary_key=True), Column("body", LargeBinary))

    async def taken(request: Request) -> Response:
        async with engine.begin() as connection:
            await connection.execute(table.insert(), {"body": await request.body()})
        return Response()

    async with engine.begin() as connection:
        await connection.run_sync(table.create)
    routes = [Route("/healthz", lambda _request: Response()), Route("/channels/{name}", taken, methods=["POST"])]
    async with served(plain_server(Starlette(routes=routes), port)):
        await asyncio.Event().wait()


async def serve_doubles(bot_port: int, crm_port: int, api_port: int, turn: float) -> None:
    """A slow bot, a CRM and platforms that take whatever they are sent, until stopped."""
    bot, crm, api = BotDouble(), CrmDouble(), FastAPI()

    async def slowly(_request: TurnRequest) -> dict[str, Any]:
        await asyncio.sleep(turn)
        return answer(text_reply("Hello."))

    bot.brain = slowly

    @api.api_route("/{path:path}", methods=["GET", "POST"])
    async def taken(path: str, request: Request) -> JSONResponse:
        return JSONResponse(
            {"ok": True, "errcode": 0, "access_token": "x", "result": {}, "msg_list": [], "has_more": 0}
        )

    async with AsyncExitStack() as stack:
        for app, port in ((api, api_port), (crm.app, crm_port), (bot.app, bot_port)):
            await stack.enter_async_context(served(plain_server(app, port)))
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
