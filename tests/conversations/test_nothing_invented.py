"""Every amount, day, number, name and state that the assistant says comes from the CRM or from the shopper's own words.

The CRM is reached through a door that writes down what it answers. What a reply says is compared with all that was
answered in its conversation: money in minor units, days as the CRM's moments fall (a window's last day is the one
before its end), order, return and tracking numbers letter by letter. Names are those that the shop knows: goods,
carriers, people, streets; one of them that the CRM did not answer in the conversation was taken from elsewhere. How
far an order is, is read off the sentences that tell it, and compared with the state that the CRM gave for that order.
"""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.conversations.runner import Conversation, button_id, conversations, filled
from tests.conversations.shoppers import ADDRESSES, PEOPLE, facts_of, stack_now, write_shoppers
from tests.support.chat import words
from tests.support.stack import DEMO_NOW, ROOT, Stack, free_ports, running_stack

_LOCALES = ROOT / "actions" / "locales"
_EACH = 30
"""One of so many conversations is held again here, the same ones whatever others are added."""
_AMOUNT = re.compile(r"[£¥€$]\s?(\d[\d,]*(?:\.\d{2})?)")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAY = re.compile(rf"(\d{{1,2}}) ({'|'.join(_MONTHS)})|(\d{{1,2}})月(\d{{1,2}})日")
_NUMBER = re.compile(r"(?<![\w£¥€$.,:-])(?=[A-Z0-9-]*\d{3})[A-Z0-9][A-Z0-9-]{6,}(?![\w-])")
_CARRIERS = (
    "Royal Mail",
    "DPD",
    "Evri",
    "UPS",
    "DHL",
    "FedEx",
    "Yodel",
    "顺丰",
    "圆通",
    "中通",
    "韵达",
    "京东快递",
    "EMS",
)
_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Said:
    """What the CRM has answered so far."""

    def __init__(self) -> None:
        self.text = ""
        self.bodies: list[Any] = []
        self._rules = ""

    def forget(self) -> None:
        """Begins anew: another conversation. The shop's rules hold for all; the actions read them now and then."""
        self.text, self.bodies = "", []
        self.hear(self._rules)

    def hear(self, body: str, *, rules: bool = False) -> None:
        """Takes in an answer, JSON or nothing; `rules`: it is the shop's policies."""
        self.text += body
        if body:
            self.bodies.append(json.loads(body))
        if rules:
            self._rules = body

    def gives_state(self, order: str, state: str) -> bool:
        """Whether an answer had the order with that state, or something of the order in it."""
        return any(
            each.get("number") == order and state in _states(each) for body in self.bodies for each in _objects(body)
        )

    def has_amount(self, shown: str) -> bool:
        """Whether an amount of money, as it is shown, is one of its numbers, or what an order is without some lines."""
        minor = round(float(shown.replace(",", "")) * 100)
        return re.search(rf"(?<!\d){minor}(?!\d)", self.text) is not None or minor in self._without_lines()

    def _without_lines(self) -> set[int]:
        """What its orders come to without one or two of their lines: "what would it be without the lamp?"."""
        left: set[int] = set()
        for body in self.bodies:
            for order in _objects(body):
                lines = [each["total_minor"] for each in order.get("lines") or () if "total_minor" in each]
                for count in (1, 2):
                    left |= {order.get("total_minor", 0) - sum(gone) for gone in combinations(lines, count)}
        return left

    def has_day(self, month: int, day: int) -> bool:
        """Whether one of its moments falls on that day, or ends it."""
        for each in _MOMENT.finditer(self.text):
            moment = date(*map(int, each.groups()))
            if any((near.month, near.day) == (month, day) for near in _around(moment)):
                return True
        # "Ordered today it is there between …": days from order to delivery, counted from the shop's day.
        took = [each["days"] for body in self.bodies for each in _objects(body) if "carriers" in each]
        counted = {stack_now(DEMO_NOW).date() + timedelta(days=n) for days in took for n in days or ()}
        return any((each.month, each.day) == (month, day) for each in counted)


def _objects(body: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer, however deep."""
    if isinstance(body, dict):
        yield body
    for each in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from _objects(each)


def _states(body: Any) -> set[str]:
    return {str(each[key]) for each in _objects(body) for key in ("state", "status") if key in each}


@cache
def _names() -> tuple[str, ...]:
    """What the shop of these conversations knows by name, in both languages."""
    goods = yaml.safe_load((Path(__file__).parent / "catalogue.yml").read_text("utf-8"))["products"]
    streets = [line for address in ADDRESSES.values() for line in address[:1]]
    return (*(name for product in goods for name in product["name"].values()), *streets, *_CARRIERS, *PEOPLE)


@cache
def _tellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences that tell how far an order is, and the state that each tells, in both languages."""
    found = []
    for language in ("en", "zh"):
        locale = yaml.safe_load((_LOCALES / language / "orders.yml").read_text("utf-8"))
        for key, sentence in locale["status"].items():
            state = key.removesuffix("_undated").removesuffix("_unplaced").removesuffix("_without_parcel")
            if state.startswith("parcels"):
                continue
            pattern = re.sub(r"\\\{(\w+)\\\}", _hole, re.escape(sentence))
            found.append((re.compile(pattern), state))
    return tuple(found)


def _hole(match: re.Match[str]) -> str:
    return r"(?P<order>[A-Z0-9-]+)" if match[1] == "order" else ".+?"


def _around(moment: date) -> Iterator[date]:
    return (moment + timedelta(days=days) for days in (-1, 0, 1))


@contextmanager
def _door(port: int, crm: str, said: Said) -> Iterator[None]:
    """Passes calls on to the CRM and keeps what it answers."""
    client = httpx.Client(base_url=crm, timeout=60)

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            self.raw_requestline = self.rfile.readline()
            if not self.raw_requestline or not self.parse_request():
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = client.request(self.command, self.path, content=body, headers=headers)
            if "json" in answer.headers.get("content-type", ""):
                said.hear(
                    answer.text, rules=self.path.partition("?")[0].endswith("/policies/explain") and answer.is_success
                )
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "content-encoding", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 - the base class's name
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Passing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        client.close()


def _chosen() -> dict[str, Conversation]:
    """Some of the conversations that need no story of the demo shop."""
    fit = {name: each for name, each in conversations() if each.order is None}
    return {name: each for name, each in fit.items() if zlib.crc32(name.encode()) % _EACH == 0}


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_DATE = re.compile(rf"\b({'|'.join(_WEEKDAYS)}), (\d{{1,2}}) ({'|'.join(_MONTHS)})", re.IGNORECASE)


def _named(said: re.Match[str], told: str) -> bool:
    """Whether a day is the next one of the name that the shopper said: "by Sunday"."""
    today = stack_now(DEMO_NOW).date()
    coming = today + timedelta(days=(_WEEKDAYS.index(said[1].lower()) - today.weekday()) % 7)
    date_said = (coming.month, coming.day) == (_MONTHS.index(said[3].title()) + 1, int(said[2]))
    return date_said and said[1].lower() in told.lower()


def unfounded(reply: str, said: Said, told: str) -> list[str]:
    """What a reply says that neither the CRM nor the shopper (`told`) has said."""
    found = [each for each in _AMOUNT.findall(reply) if not said.has_amount(each) and each not in told]
    for match in _DAY.finditer(_WEEKDAY_DATE.sub(lambda said: "" if _named(said, told) else said.group(), reply)):
        day, month = match[1] or match[4], _MONTHS.index(match[2]) + 1 if match[2] else match[3]
        if not said.has_day(int(month), int(day)) and match.group() not in told:
            found.append(match.group())
    found += [name for name in _names() if name in reply and name not in said.text and name not in told]
    for telling, state in _tellings():
        orders = {match["order"] for match in telling.finditer(reply)}
        found += [f"{order} {state}" for order in sorted(orders) if not said.gives_state(order, state)]
    return found + [each for each in _NUMBER.findall(reply) if each not in said.text and each not in told]


def test_what_is_said_was_answered(tmp_path: Path) -> None:
    said = Said()
    chosen = _chosen()
    own = {name: each.shopper for name, each in chosen.items() if each.shopper is not None}
    (tmp_path / "shoppers").mkdir()
    write_shoppers(tmp_path / "shoppers", own, stack_now(DEMO_NOW))
    crm, port = free_ports(2)
    settings = {
        "SHOPDESK_NOW": DEMO_NOW,
        "SHOPDESK_CRM_PORT": str(crm),
        "SHOPDESK_CRM_URL": f"http://127.0.0.1:{port}",
    }
    with (
        _door(port, f"http://127.0.0.1:{crm}", said),
        running_stack(tmp_path / "home", imports=tmp_path / "shoppers", options=(), **settings) as stack,
    ):
        for name, conversation in chosen.items():
            facts = facts_of(name, conversation.shopper) if conversation.shopper else {}
            problems = _hold(stack, conversation, facts, said)
            assert not problems, f"{name}: {problems}"


def _hold(stack: Stack, conversation: Conversation, facts: Mapping[str, str], said: Said) -> list[str]:
    """Holds a conversation; what was said in it that nothing supports."""
    said.forget()
    told = ""
    problems: list[str] = []
    token = stack.identity_token(facts["customer"]) if facts else None
    with stack.chat() as chat:
        replies = chat.open(conversation.language, identity_token=token)
        for turn in conversation.turns:
            if turn.say is not None:
                told += filled(turn.say, facts) + "\n"
                replies = chat.say(filled(turn.say, facts))
            elif turn.press is not None:
                replies = chat.press(button_id(replies, turn.press))
            else:
                continue
            labels = [button["label"] for reply in replies for button in reply["content"].get("buttons", [])]
            problems += unfounded("\n".join([words(replies), *labels]), said, told)
    return problems


def test_what_nobody_said_is_found() -> None:
    said = Said()
    order = {"number": "TS-0722530", "state": "cancelled", "lines": [{"title": "Heather Scarf"}]}
    said.hear(json.dumps({"total_minor": 7200, "until": "2026-04-07T00:00:00Z", "order": order}))
    assert not unfounded("£72.00 until 6 April for TS-0722530", said, "")
    assert not unfounded("共¥72.00，4月6日前，订单TS-0722530", said, "")
    assert unfounded("£71.00", said, "") == ["71.00"]
    assert unfounded("until 9 April", said, "") == ["9 April"]
    assert unfounded("order TS-0722531", said, "") == ["TS-0722531"]
    assert not unfounded("order TS-0722531", said, "where is TS-0722531")
    assert not unfounded("Order TS-0722530 was cancelled on 6 April. It had the Heather Scarf.", said, "")
    assert not unfounded("订单TS-0722530已取消，取消日期未记录。", said, "")
    assert unfounded("It had the Meadow Rug.", said, "") == ["Meadow Rug"]
    assert unfounded("Your order TS-0722530 was delivered on 6 April.", said, "") == ["TS-0722530 delivered"]
