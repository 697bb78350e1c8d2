"""What one turn takes, split into gateway, Rasa, actions and CRM, beside what Rasa alone takes.

    make run                                        # in another terminal
    .venv/bin/python benchmarks/turn_latency.py

Shoppers talk over the running stack's socket, as the widget does (settings as the programs read them). Each asks for an
order of the store with its postcode, in words that the bot has heard before but for the number, and again in words that
it has not: what it understands by words it works out once. The gateway's own record of each turn says where the time
went. The floor, a bare Rasa turn that only utters, is measured in the same run by bare_rasa_turn.py, and so is an empty
custom action with stock Rasa. The client is a process on the same machine, and its work is inside the gateway's figure.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crm_backend.orders.models import Order  # noqa: E402
from crm_backend.settings import CrmSettings  # noqa: E402
from gateway.conversations.models import Turn  # noqa: E402
from gateway.settings import GatewaySettings  # noqa: E402
from shopdesk.home import prepare_home  # noqa: E402

Sample = dict[str, float]
_SECONDS = 60.0
"""How long a reply may take before the benchmark gives up."""
_WAIT_SECONDS = 20
_PARTS = ("total", "gateway", "rasa", "actions", "crm")
_HEARD = "where is my order {number}, postcode {postcode}"
_UNHEARD = "where is my order {number} with the {which} {what}, postcode {postcode}"
_WHICH = [
    "amber", "azure", "beige", "brass", "bronze", "checked", "cream", "dotted", "frosted", "glazed", "grey", "ivory",
    "lilac", "linen", "maroon", "olive", "ribbed", "striped", "teal", "woven",
]  # fmt: skip
_WHAT = [
    "apron", "basin", "beaker", "bench", "blind", "bolster", "bowl", "cabinet", "coaster", "cot", "cradle", "curtain",
    "easel", "flask", "footstool", "funnel", "ladle", "napkin", "platter", "rack",
]  # fmt: skip
"""Enough pairs of words for a run or two to have some of its own."""


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=60, help="shoppers, one order each")
    parser.add_argument("--poll", action="store_true", help="over HTTP with long polls in place of the widget's socket")
    arguments = parser.parse_args()
    prepare_home()
    gateway = GatewaySettings()
    require_running(gateway)
    bare = bare_rasa(arguments.turns)
    utter, heard, unheard = talk(gateway, orders(arguments.turns), poll=arguments.poll)
    floor = statistics.median(bare["stock_utter"])

    print(f"{'milliseconds':44}{'p50':>8}{'p95':>8}{'× floor':>9}")
    show("bare Rasa, one utterance (the floor)", bare["stock_utter"], floor)
    show("stock Rasa, an empty custom action", bare["stock_action"], floor)
    show("Rasa as adjusted, an empty custom action", bare["adjusted_action"], floor)
    for title, samples in (
        ("Shopdesk, one utterance", utter),
        ("Shopdesk, an order found and shown", heard),
        ("The same in words never heard", unheard),
    ):
        for part in _PARTS:
            show(f"{title}: {part}" if part == "total" else f"  of which {part}", [one[part] for one in samples], floor)


def require_running(settings: GatewaySettings) -> None:
    """Ends with a sentence unless the stack of these settings is ready."""
    url = f"http://{settings.bind}:{settings.gateway_port}/readyz"
    try:
        ready = httpx.get(url).is_success
    except httpx.HTTPError:
        ready = False
    if not ready:
        raise SystemExit(f"Nothing is ready at {url}. Start it with `make run`, with the same settings.")


def bare_rasa(turns: int) -> dict[str, list[float]]:
    """Milliseconds of bare Rasa's turns by kind, measured in the bot's environment."""
    argv = [ROOT / "bot" / ".venv" / "bin" / "python", ROOT / "benchmarks" / "bare_rasa_turn.py", "--turns", str(turns)]
    run = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    result: dict[str, list[float]] = json.loads(run.stdout)
    return result


def orders(count: int) -> list[tuple[str, str]]:
    """Numbers and postcodes of that many orders of the running CRM's store."""
    settings = CrmSettings()
    with Session(create_engine(settings.crm_database_url or "")) as session:
        rows = session.execute(
            select(Order.number, Order.postcode).where(Order.postcode.is_not(None)).order_by(Order.id).limit(count)
        ).all()
    if not rows:
        raise SystemExit("The CRM has no order with a postcode. Run `shopdesk demo` first.")
    return [(number, postcode) for number, postcode in rows if postcode]


def talk(settings: GatewaySettings, references: list[tuple[str, str]], *, poll: bool) -> tuple[list[Sample], ...]:
    """Two conversations for each order, a greeting and a question each. The samples of greetings and of both questions,
    where they brought the order: the shop does not take every postcode as a proof.
    """
    url = f"http://127.0.0.1:{settings.gateway_port}"
    utter, heard, unheard = [], [], []
    things = random.sample([{"which": which, "what": what} for which in _WHICH for what in _WHAT], len(references))
    asked = [
        (question.format(number=number, postcode=postcode, **thing), samples)
        for (number, postcode), thing in zip(references, things, strict=True)
        for question, samples in ((_HEARD, heard), (_UNHEARD, unheard))
    ]
    with (
        httpx.Client(base_url=url, timeout=60) as http,
        Session(create_engine(_sync(settings.database_url()))) as record,
    ):
        for words, of_question in asked:
            session = http.post("/api/chat/sessions", json={"language": "en", "identity_token": None, "page": None})
            session.raise_for_status()
            chat = session.json()
            with closing(_Polling(http, chat) if poll else _Socket(url, chat)) as talk_to:
                for text, samples in (("hello", utter), (words, of_question)):
                    total, said = talk_to.ask(text)
                    if samples is of_question and "order_card" not in said:
                        continue
                    record.rollback()
                    turn = record.scalars(
                        select(Turn)
                        .where(Turn.conversation_id == chat["conversation_id"])
                        .order_by(Turn.received_at.desc())
                    ).first()
                    if turn is None or turn.timings_ms is None:
                        raise SystemExit("The gateway's record has no times of the turn; did the bot answer?")
                    samples.append(_split(total, turn.timings_ms))
    return utter, heard, unheard


class _Socket:
    """A conversation over the chat's socket, as the widget holds it."""

    def __init__(self, url: str, session: Mapping[str, Any]) -> None:
        self._socket = connect(f"{url.replace('http', 'ws', 1)}/api/chat/socket", compression=None)
        self._socket.send(json.dumps({"token": session["token"], "after": session["messages"][-1]["seq"]}))
        self._socket.recv(_SECONDS)

    def ask(self, text: str) -> tuple[float, set[str]]:
        """Milliseconds from sending `text` until the reply is there, and the kinds of message that it is made of."""
        kinds: set[str] = set()
        started = time.perf_counter()
        self._socket.send(json.dumps({"client_id": str(uuid.uuid4()), "text": text}))
        while True:
            frame = json.loads(self._socket.recv(_SECONDS))
            said = [each["content"]["kind"] for each in frame["messages"] if each["author"] == "assistant"]
            kinds |= set(said)
            if kinds and not frame["typing"]:
                return (time.perf_counter() - started) * 1000, kinds

    def close(self) -> None:
        """Ends it."""
        self._socket.close()


class _Polling:
    """A conversation over HTTP: each message is sent, then waited for; the client's own two requests are inside."""

    def __init__(self, http: httpx.Client, session: Mapping[str, Any]) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {session['token']}"}

    def ask(self, text: str) -> tuple[float, set[str]]:
        """The same."""
        started = time.perf_counter()
        body = {"client_id": str(uuid.uuid4()), "text": text}
        sent = self._http.post("/api/chat/messages", headers=self._headers, json=body).raise_for_status()
        after = {"after": sent.json()["seq"], "wait": _WAIT_SECONDS}
        while True:
            page = self._http.get("/api/chat/messages", headers=self._headers, params=after).raise_for_status().json()
            if not page["typing"]:
                total = (time.perf_counter() - started) * 1000
                return total, {message["content"]["kind"] for message in page["messages"]}

    def close(self) -> None:
        """Nothing is held open."""


def _split(total: float, timings: dict[str, Any]) -> Sample:
    """A turn's whole time and what each program itself took of it."""
    bot, actions, crm = (float(timings.get(name, 0.0)) for name in ("total", "actions", "crm"))
    return {"total": total, "gateway": total - bot, "rasa": bot - actions, "actions": actions - crm, "crm": crm}


def _sync(url: str) -> str:
    return url.replace("sqlite+aiosqlite://", "sqlite://")


def show(title: str, milliseconds: list[float], floor: float) -> None:
    """One line of the table."""
    p50 = statistics.median(milliseconds)
    p95 = statistics.quantiles(milliseconds, n=20)[18]
    print(f"{title:44}{p50:8.1f}{p95:8.1f}{p50 / floor:9.1f}")


if __name__ == "__main__":
    main()
