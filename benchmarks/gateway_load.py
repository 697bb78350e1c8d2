"""What the gateway adds to a turn, and how many messages a second it carries, with 1 to 1,000 open sockets.

    .venv/bin/python benchmarks/gateway_load.py [--sockets 1 10 100 1000] [--database sqlite|postgresql] [--seconds 10]

The gateway runs as `python -m gateway` does, in a process of its own, between a bot and a CRM that answer at once
(another process): what is left of a turn is the gateway's. For each number of open sockets, first one shopper at a time
speaks (the time a message takes), then up to 32 at once without pause (the rate). The clients are a third process on
the same machine and their work is inside the figures. A bare Rasa turn is measured in the same run, as the floor.
The PostgreSQL that this starts does not wait for the disk; SQLite does, as in service.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, select
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crm_reads_and_writes import free_port, serving  # noqa: E402
from benchmarks.turn_latency import bare_rasa, show  # noqa: E402
from gateway.conversations.models import Message, Turn  # noqa: E402
from gateway.migrations import migrate  # noqa: E402
from tests.gateway.doubles import TOKEN, BotDouble, CrmDouble, answer, plain_server, served, text_reply  # noqa: E402
from tests.support.postgres import running_postgres  # noqa: E402

SPEAKERS = 32
"""At most so many speak at once when the rate is measured: as many turns as the gateway runs at once by default."""

ADDS_AT_MOST_MS = 5.0
"""What is promised of the gateway at the median, over the floor's own time."""


@dataclass
class Load:
    """Milliseconds of turns with so many sockets open, by part, and the rate at full speed."""

    sockets: int
    alone: dict[str, list[float]]
    together: dict[str, list[float]] = field(default_factory=dict)
    per_second: float = 0.0


def main() -> None:
    """Measures and prints tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sockets", type=int, nargs="+", default=[1, 10, 100, 1000])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--messages", type=int, default=300, help="messages of one shopper at a time")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long all speak at once")
    parser.add_argument("--doubles", type=int, nargs=2, metavar=("BOT", "CRM"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.doubles:
        asyncio.run(serve_doubles(*arguments.doubles))
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    bare = bare_rasa(arguments.messages)
    floor = statistics.median(bare["stock_utter"])
    print(
        f"load of the machine before: {os.getloadavg()[0]:.1f}\n{'milliseconds':58}{'p50':>8}{'p95':>8}{'× floor':>9}"
    )
    show("bare Rasa, one utterance (the floor)", bare["stock_utter"], floor)
    for count in arguments.sockets:
        report(measure(count, arguments.database, arguments.messages, arguments.seconds), floor)


def report(load: Load, floor: float) -> None:
    """One size's lines."""
    ways = (("one at a time", load.alone), (f"at once, {load.per_second:.0f} messages a second", load.together))
    for way, parts in ways:
        title = f"{load.sockets} sockets, {way}"
        show(title, parts["total"], floor)
        print(f"{'  p99':44}{statistics.quantiles(parts['total'], n=100)[98]:16.1f}")
        show("  of which the gateway", parts["gateway"], floor)
        show("    of that, until the turn began", parts["waited"], floor)
        show("  of which the bot that answers at once", parts["bot"], floor)
    added = statistics.median(load.alone["gateway"])
    print(f"  the gateway adds {added:.1f} ms at the median (promised: under {ADDS_AT_MOST_MS:.0f})")


def measure(sockets: int, database: str, messages: int, seconds: float) -> Load:
    """A gateway of its own with so many sockets open."""
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        home = Path(scratch)
        url = f"sqlite+aiosqlite:///{home / 'gateway.sqlite3'}"
        if database == "postgresql":
            url = stack.enter_context(running_postgres()).url("postgres")
        migrate(url)
        gateway = stack.enter_context(running(url, home))
        load, spoken = asyncio.run(converse(gateway, sockets, messages, seconds))
        recorded = parts_of(url)
    for samples in (load.alone, load.together):
        which = spoken["alone" if samples is load.alone else "together"]
        for client_id, total in which.items():
            times = recorded.get(client_id)
            if times is None:
                continue
            samples.setdefault("total", []).append(total)
            samples.setdefault("waited", []).append(times["waited"])
            samples.setdefault("bot", []).append(times["bot"])
            samples.setdefault("gateway", []).append(total - times["bot"])
    return load


@contextmanager
def running(database_url: str, home: Path) -> Iterator[str]:
    """The doubles and a gateway; the gateway's address."""
    bot, crm, port = free_port(), free_port(), free_port()
    doubles = [sys.executable, str(Path(__file__).resolve()), "--doubles", str(bot), str(crm)]
    environment = {
        "SHOPDESK_ENVIRONMENT": "development",
        "SHOPDESK_HOME": str(home),
        "SHOPDESK_GATEWAY_DATABASE_URL": database_url,
        "SHOPDESK_GATEWAY_PORT": str(port),
        "SHOPDESK_BOT_URL": f"http://127.0.0.1:{bot}",
        "SHOPDESK_CRM_URL": f"http://127.0.0.1:{crm}",
        "SHOPDESK_SERVICE_TOKEN": TOKEN,
        "SHOPDESK_SESSIONS_PER_MINUTE": "1000000",
    }
    with (
        serving(doubles, {}, bot, home / "doubles.log"),
        serving([sys.executable, "-m", "gateway"], environment, port, home / "gateway.log"),
    ):
        yield f"127.0.0.1:{port}"


async def serve_doubles(bot_port: int, crm_port: int) -> None:
    """A bot and a CRM that answer at once, until stopped."""
    bot, crm = BotDouble(), CrmDouble()
    bot.brain = lambda _request: answer(text_reply("Hello."))
    async with served(plain_server(crm.app, crm_port)), served(plain_server(bot.app, bot_port)):
        await asyncio.Event().wait()


class Talker:
    """One shopper's open socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def ask(self, spoken: dict[str, float]) -> None:
        """Says one thing and waits for the reply; its milliseconds go into `spoken` by client id."""
        client_id = str(uuid.uuid4())
        started = time.perf_counter()
        await self._socket.send(json.dumps({"client_id": client_id, "text": "where is my order?"}))
        while True:
            frame: dict[str, Any] = json.loads(await self._socket.recv())
            if "messages" not in frame:
                raise SystemExit(f"The gateway refused a message: {frame}")
            if any(message["author"] == "assistant" for message in frame["messages"]) and not frame["typing"]:
                spoken[client_id] = (time.perf_counter() - started) * 1000
                return


@asynccontextmanager
async def talkers(gateway: str, count: int) -> Any:
    """So many shoppers with conversations of their own and open sockets."""
    sockets: list[ClientConnection] = []
    async with httpx.AsyncClient(base_url=f"http://{gateway}", timeout=60) as http:
        try:
            for _ in range(count):
                session = (await http.post("/api/chat/sessions", json={})).raise_for_status().json()
                socket = await connect(f"ws://{gateway}/api/chat/socket", compression=None)
                after = session["messages"][-1]["seq"]
                await socket.send(json.dumps({"token": session["token"], "after": after}))
                await socket.recv()
                sockets.append(socket)
            yield [Talker(socket) for socket in sockets]
        finally:
            await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)


async def converse(
    gateway: str, sockets: int, messages: int, seconds: float
) -> tuple[Load, dict[str, dict[str, float]]]:
    """Both ways of speaking; client ids and milliseconds of what was said in each."""
    chance = random.Random(7)
    spoken: dict[str, dict[str, float]] = {"first": {}, "alone": {}, "together": {}}
    async with talkers(gateway, sockets) as open_ones:
        # The first turn of a conversation also tells the CRM about it; it is said before anything is measured.
        for talker in open_ones:
            await talker.ask(spoken["first"])
        for _ in range(messages):
            await chance.choice(open_ones).ask(spoken["alone"])
        until = time.perf_counter() + seconds

        async def speak(talker: Talker) -> None:
            while time.perf_counter() < until:
                await talker.ask(spoken["together"])

        started = time.perf_counter()
        await asyncio.gather(*(speak(talker) for talker in chance.sample(open_ones, min(SPEAKERS, sockets))))
        taken = time.perf_counter() - started
    return Load(sockets, alone={}, per_second=len(spoken["together"]) / taken), spoken


def parts_of(database_url: str) -> dict[str, dict[str, float]]:
    """The gateway's own record: what each turn waited and how long the bot took, by the message's client id."""
    engine = create_engine(database_url.replace("sqlite+aiosqlite:", "sqlite:"))
    try:
        with engine.connect() as connection:
            rows: Sequence[Any] = connection.execute(
                select(Message.client_id, Turn.timings_ms).join(
                    Turn, (Turn.conversation_id == Message.conversation_id) & (Turn.first_seq == Message.seq)
                )
            ).all()
    finally:
        engine.dispose()
    return {str(client_id): timings for client_id, timings in rows if client_id and timings}


if __name__ == "__main__":
    main()
