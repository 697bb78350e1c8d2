"""How quickly the gateway acknowledges platforms' webhooks while turns are slow: 100 a second, for each channel.

    .venv/bin/python benchmarks/channel_webhooks.py [--channels telegram …] [--rate 100] [--seconds 10] [--turn 3]
                                                    [--database sqlite|postgresql]

The gateway runs as `python -m gateway` does, in a process of its own, with all channels switched on. The bot takes
`--turn` seconds for each turn; bot, CRM and the platforms' APIs are another process. Calls are sent at their times
whether or not those before are answered (an open loop), each of another person, signed as the platform signs, and their
time is counted from when they were due. The clients are a third process on the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request
from pydantic import SecretStr
from starlette.responses import JSONResponse

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crm_reads_and_writes import free_port, serving  # noqa: E402
from gateway.migrations import migrate  # noqa: E402
from shopdesk_schemas.turn import TurnRequest  # noqa: E402
from tests.channels.every import PLATFORMS  # noqa: E402
from tests.channels.platforms import Platform  # noqa: E402
from tests.gateway.doubles import TOKEN, BotDouble, CrmDouble, answer, plain_server, served, text_reply  # noqa: E402
from tests.support.postgres import running_postgres  # noqa: E402

P99_MS = 50.0
"""What is promised."""


def main() -> None:
    """Measures and prints a line for each channel."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [kind.name for kind in PLATFORMS]
    parser.add_argument("--channels", nargs="+", choices=names, default=names)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--turn", type=float, default=3.0, help="seconds that the bot takes")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--doubles", nargs=4, metavar=("BOT", "CRM", "API", "TURN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.doubles:
        bot, crm, api, turn = arguments.doubles
        asyncio.run(serve_doubles(int(bot), int(crm), int(api), float(turn)))
        return
    print(
        f"load of the machine before: {os.getloadavg()[0]:.1f}; {arguments.rate:g} webhooks a second, turns of ", end=""
    )
    print(f"{arguments.turn:g} s, {arguments.database}\n{'milliseconds':16}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}")
    for kind in PLATFORMS:
        if kind.name in arguments.channels:
            times = measure(kind, arguments.database, arguments.rate, arguments.seconds, arguments.turn)
            cuts = statistics.quantiles(times, n=100)
            shown = f"{cuts[49]:8.1f}{cuts[94]:8.1f}{cuts[98]:8.1f}{max(times):8.1f}"
            print(f"{kind.name:16}{shown}   {'within' if cuts[98] < P99_MS else 'OVER'} {P99_MS:g} ms", flush=True)


def measure(kind: type[Platform], database: str, rate: float, seconds: float, turn: float) -> list[float]:
    """Milliseconds from when each call was due to its answer."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        home = Path(scratch)
        url = f"sqlite+aiosqlite:///{home / 'gateway.sqlite3'}"
        if database == "postgresql":
            url = stack.enter_context(running_postgres()).url("postgres")
        migrate(url)
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
        stack.enter_context(serving([sys.executable, "-m", "gateway"], environment, port, home / "gateway.log"))
        calls = [call_of(platform, number) for number in range(int(rate * seconds))]
        return asyncio.run(deliver(f"http://127.0.0.1:{port}/channels/{kind.name}", calls, rate))


def call_of(platform: Platform, number: int) -> dict[str, Any]:
    """Words of one more person, as the platform delivers them."""
    platform.person = f"1{number:08d}" if platform.name != "email" else f"person{number}@home.example"
    return platform.says("where is my order?")[0]


async def deliver(url: str, calls: Sequence[dict[str, Any]], rate: float) -> list[float]:
    """Sends the calls at their times."""
    times: list[float] = []
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=200)) as http:

        async def send(call: dict[str, Any], due: float) -> None:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            response = await http.request(url=url, **call)
            if response.status_code >= 300:
                raise SystemExit(f"The gateway refused a call: {response.status_code} {response.text}")
            times.append((time.perf_counter() - due) * 1000)

        start = time.perf_counter() + 0.5
        async with asyncio.TaskGroup() as group:
            for number, call in enumerate(calls):
                group.create_task(send(call, start + number / rate))
    return times


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
