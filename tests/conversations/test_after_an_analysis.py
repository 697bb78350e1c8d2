"""What the assistant knows after `shopdesk analyse`: when a parcel will probably come, and what came of a shelf."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from shopdesk.demo.settings import load_settings
from shopdesk.demo.shop import DEFAULT_CUSTOMERS, DEFAULT_SEED, generate
from tests.support.stack import DEMO_NOW, Stack

ANALYSIS_SECONDS = 180.0
"""How long another analysis may take before the test gives up."""


@pytest.fixture(scope="module")
def stack(demo_stack: Stack) -> Stack:
    """The demo shop, analysed: the CRM does so by itself after it has started, or is doing it just now."""
    deadline = time.monotonic() + ANALYSIS_SECONDS
    while (done := demo_stack.shopdesk("analyse")).returncode and time.monotonic() < deadline:
        assert "by another process" in done.stderr, done.stdout + done.stderr
        time.sleep(1)
    assert done.returncode == 0, done.stdout + done.stderr
    return demo_stack


@pytest.fixture(scope="module")
def parcel() -> Mapping[str, Any]:
    """The demo shop's order that is on its way, and its customer."""
    shop = generate(
        load_settings(), seed=DEFAULT_SEED, customers=DEFAULT_CUSTOMERS, now=datetime.fromisoformat(DEMO_NOW)
    )
    order = next(each for each in shop.orders if each.story == "on-its-way")
    return {"number": order.number, "customer": order.person.external_id}


@pytest.fixture
def log(stack: Stack) -> Iterator[Any]:
    """Reads the log of a conversation: kind, shelf, place and product, oldest first."""
    engine = create_engine(f"sqlite:///{stack.home / 'crm.sqlite3'}")

    def read(conversation: str) -> list[tuple[Any, ...]]:
        query = (
            "SELECT e.kind, e.shelf, e.position, p.name FROM recommendation_events e JOIN products p "
            "ON p.id = e.product_id WHERE e.conversation_id = :conversation ORDER BY e.id"
        )
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), {"conversation": conversation})]

    yield read
    engine.dispose()


def words(replies: list[dict[str, Any]]) -> str:
    return "\n".join(reply["content"]["text"] for reply in replies)


@pytest.mark.parametrize(
    ("language", "asked", "told"),
    [
        (
            "en",
            "when will {number} get here?",
            r"will probably arrive on \w+day, \d+ March(, by \w+day, \d+ March at the latest)?\.",
        ),
        ("zh", "{number}什么时候能到", r"估计周.（3月\d+日）送到(，最晚周.（3月\d+日）)?。"),
    ],
)
def test_a_parcel_on_its_way_has_a_likely_day(
    stack: Stack, parcel: Mapping[str, Any], language: str, asked: str, told: str
) -> None:
    with stack.chat() as chat:
        chat.open(language, identity_token=stack.identity_token(parcel["customer"]))
        said = words(chat.say(asked.format(number=parcel["number"])))
    assert re.search(told, said), said


@pytest.mark.parametrize(
    ("language", "recommend", "about"),
    [
        ("en", "what do you recommend for me?", "tell me more about the second one"),
        ("zh", "给我推荐点东西吧", "第二个介绍一下"),
    ],
)
def test_what_is_shown_and_what_is_chosen_are_in_the_log(
    stack: Stack, parcel: Mapping[str, Any], log: Any, language: str, recommend: str, about: str
) -> None:
    with stack.chat() as chat:
        chat.open(language, identity_token=stack.identity_token(parcel["customer"]))
        replies = chat.say(recommend)
        [cards] = [reply["content"] for reply in replies if reply["content"]["kind"] == "product_cards"]
        titles = [card["title"] for card in cards["products"]]
        shown = log(chat.conversation_id)
        assert [entry[:3] for entry in shown] == [("shown", "for_you", place) for place in range(1, len(titles) + 1)]
        chat.say(about)
        chat.press(cards["buttons"][0]["id"])
        # The same one again is no second choice.
        chat.press(cards["buttons"][0]["id"])
        chosen = log(chat.conversation_id)[len(shown) :]
        assert [entry[:3] for entry in chosen] == [("clicked", "for_you", 2), ("clicked", "for_you", 1)]
        assert [entry[3] for entry in chosen] == [shown[1][3], shown[0][3]]


@pytest.mark.parametrize(
    ("language", "asked", "cheaper", "none"),
    [
        ("en", "I need a gift for a friend", "something cheaper?", "costs less than what I showed you"),
        ("zh", "想给朋友买个礼物", "有没有便宜点的", "没有比刚才那些更便宜的"),
    ],
)
def test_something_cheaper_after_gifts_is_a_cheaper_gift(
    stack: Stack, language: str, asked: str, cheaper: str, none: str
) -> None:
    def shown(replies: list[dict[str, Any]]) -> list[int]:
        cards = [each for reply in replies for each in reply["content"].get("products", [])]
        return [card["price"]["amount"] for card in cards]

    with stack.chat() as chat:
        chat.open(language)
        first = shown(chat.say(asked))
        replies = chat.say(cheaper)
    assert len(first) > 1
    further = shown(replies)
    assert all(price < min(first) for price in further)
    assert further or none in words(replies)


GREETED = {"en": ("hello", "Good to see you again, as ever!"), "zh": ("你好", "老朋友，欢迎回来！")}
OFFERED = {"en": "Delivery is free for you this week.", "zh": "本周您下单免运费。"}


@pytest.fixture(scope="module")
def regulars(stack: Stack) -> Iterator[None]:
    """A segment of the shop's own with everybody who ever ordered, who are greeted and offered something."""
    lead = {"X-Shopdesk-Staff": "ada;lead", "Authorization": f"Bearer {stack.secret('SERVICE_TOKEN')}"}
    use = {
        "queue_priority": 20,
        "greeting": {language: told for language, (_, told) in GREETED.items()},
        "offer": OFFERED,
    }
    rule = {"trait": "orders", "is": "at_least", "value": 1}
    segment = {"key": "own_regulars", "name": {"en": "Regulars"}, "rule": rule, "use": use}
    with httpx.Client(base_url=stack.crm_url, headers=lead) as staff:
        made = staff.post("/staff/segments", json=segment)
        assert made.status_code == 201, made.text
        yield
        assert staff.delete("/staff/segments/own_regulars").status_code == 204


@pytest.mark.usefixtures("regulars")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_is_in_a_segment_is_greeted_and_offered_as_the_shop_wants_it_once(
    stack: Stack, parcel: Mapping[str, Any], language: str
) -> None:
    hello, greeting = GREETED[language]
    with stack.chat() as chat:
        chat.open(language)
        said = words(chat.say(hello))
        assert greeting not in said
        assert OFFERED[language] not in said
    with stack.chat() as chat:
        chat.open(language, identity_token=stack.identity_token(parcel["customer"]))
        said = words(chat.say(hello))
        assert said.startswith(greeting), said
        assert said.count(OFFERED[language]) == 1
        assert OFFERED[language] not in words(chat.say(hello))
