"""A shopper without a number at hand, in a shop whose policy lets a full name and a postcode serve instead."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.chat import words
from tests.support.stack import DEMO_NOW, ROOT, Stack

PEOPLE = {"en": ("Edith Marlowe", "BN1 4JH"), "zh": ("陈思远", "238801")}
ORDERS = {"en": ("NP-1001", "GB"), "zh": ("NP-1002", "SG")}
WITHOUT_NUMBER = {
    "en": ["Where is my parcel?", "I don't have the order number"],
    "zh": ["我的快递到哪了？", "我没有订单号"],
}
NOT_FOUND = {"en": "couldn't find an order with that name and postcode", "zh": "用这个姓名和邮编没有查到订单"}


@pytest.fixture(scope="module")
def stack(start_stack: Callable[..., Stack], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The demo shop's policy with this proof allowed, and one order of each person."""
    shop = tmp_path_factory.mktemp("shops") / "shop"
    shutil.copytree(ROOT / "data" / "demo" / "shop", shop)
    policies = shop / "policies.yml"
    said = policies.read_text("utf-8")
    allowed = re.sub(r"(?m)^  name_and_postcode: false$", "  name_and_postcode: true", said)
    assert allowed != said
    policies.write_text(allowed, "utf-8")
    folder = tmp_path_factory.mktemp("orders")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["external_id", "number", "state", "placed_at", "currency", "contact_name", "postcode", "country"]
        )
        for language, (name, postcode) in PEOPLE.items():
            number, country = ORDERS[language]
            rows.writerow([number, number, "processing", "2026-03-02T09:00:00Z", "GBP", name, postcode, country])
    return start_stack(imports=folder, SHOPDESK_NOW=DEMO_NOW, SHOPDESK_SHOP=str(shop))


def _ask(stack: Stack, language: str, *answers: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What the last answer brought, and how far the conversation is verified then."""
    with stack.chat() as chat:
        chat.open(language)
        for said in (*WITHOUT_NUMBER[language], *answers):
            replies = chat.say(said)
        return replies, stack.crm_get(f"/shopper/{chat.conversation_id}/verification")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_name_and_postcode_open_that_order_and_a_wrong_postcode_opens_none(stack: Stack, language: str) -> None:
    name, postcode = PEOPLE[language]
    other = PEOPLE["zh" if language == "en" else "en"][1]
    said = {"en": "My name is {}, postcode {}", "zh": "我叫{}，邮编{}"}[language]
    replies, verification = _ask(stack, language, said.format(name, postcode))
    cards = [each["content"] for each in replies if each["content"]["kind"] == "order_card"]
    assert [card["order_number"] for card in cards] == [ORDERS[language][0]], words(replies)
    assert (verification["level"], verification["order_number"]) == ("order", ORDERS[language][0])

    replies, verification = _ask(stack, language, said.format(name, other))
    assert NOT_FOUND[language] in words(replies)
    assert ORDERS[language][0] not in words(replies)
    assert verification["level"] == "none"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_name_and_postcode_may_come_one_after_the_other(stack: Stack, language: str) -> None:
    name, postcode = PEOPLE[language]
    _replies, verification = _ask(stack, language, {"en": "I'm {}", "zh": "我叫{}"}[language].format(name), postcode)
    assert verification["level"] == "order"
