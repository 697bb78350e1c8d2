"""A shop with other rules than the demo's: a full name and a postcode serve where no number is at hand, and what is
bought in the chat is paid at the shop's own checkout.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from typing import Any

import pytest

from tests.conversations.shoppers import Bought, Shopper, facts_of, stack_now, write_shoppers
from tests.support.chat import words
from tests.support.stack import DEMO_NOW, ROOT, Stack

PEOPLE = {"en": ("Edith Marlowe", "BN1 4JH"), "zh": ("陈思远", "238801")}
ORDERS = {"en": ("NP-1001", "GB"), "zh": ("NP-1002", "SG")}
WITHOUT_NUMBER = {
    "en": ["Where is my parcel?", "I don't have the order number"],
    "zh": ["我的快递到哪了？", "我没有订单号"],
}
NOT_FOUND = {"en": "which order is yours from that alone", "zh": "还确定不了是您的哪一单"}

CHECKOUT = "https://shop.example/basket?item={sku}&pieces={quantity}"
BUYER = "buys at the checkout"
NOW = stack_now(DEMO_NOW)
WANTED = {
    "en": ["I'd like to buy two Heather Scarves in grey", "I want to buy three grey Heather Scarves"],
    "zh": ["我想买两条灰色的石楠围巾", "我要买三条灰色的石楠围巾"],
}


@pytest.fixture(scope="module")
def stack(start_stack: Callable[..., Stack], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """The demo shop's policy with these rules, one order of each person, and the goods of the other conversations."""
    shop = tmp_path_factory.mktemp("shops") / "shop"
    shutil.copytree(ROOT / "data" / "demo" / "shop", shop)
    policies = shop / "policies.yml"
    said = policies.read_text("utf-8")
    allowed = re.sub(r"(?m)^  name_and_postcode: false$", "  name_and_postcode: true", said)
    assert allowed != said
    elsewhere = re.sub(r"(?m)^  mode: saved_method$", f"  mode: checkout_link\n  checkout_url: '{CHECKOUT}'", allowed)
    assert elsewhere != allowed
    policies.write_text(elsewhere, "utf-8")
    folder = tmp_path_factory.mktemp("orders")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["external_id", "number", "state", "placed_at", "currency", "contact_name", "postcode", "country"]
        )
        for language, (name, postcode) in PEOPLE.items():
            number, country = ORDERS[language]
            rows.writerow([number, number, "processing", "2026-03-02T09:00:00Z", "GBP", name, postcode, country])
    stack = start_stack(imports=folder, SHOPDESK_NOW=DEMO_NOW, SHOPDESK_SHOP=str(shop))
    goods = tmp_path_factory.mktemp("goods")
    write_shoppers(goods, {BUYER: Shopper(orders=[Bought(key="a", state="delivered", lines=["JUMP-M"])])}, NOW)
    done = stack.shopdesk("import", str(goods))
    assert done.returncode == 0, done.stdout + done.stderr
    return stack


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


@pytest.mark.parametrize(
    ("language", "story"),
    [("en", "never got the order, postcode is {}"), ("zh", "这不是我第一次下单了，邮编{}")],
)
def test_a_number_stays_whatever_is_told_with_the_postcode(stack: Stack, language: str, story: str) -> None:
    number, (_, postcode) = ORDERS[language][0], PEOPLE[language]
    replies, verification = _ask(stack, language, number, story.format(postcode))
    assert (verification["level"], verification["order_number"]) == ("order", number), words(replies)


@pytest.mark.parametrize(
    ("language", "feelings"), [("en", ["sounds good", "I'm SO FED UP"]), ("zh", ["我是老会员", "快点"])]
)
def test_what_is_said_meanwhile_is_no_name_and_the_name_still_serves(
    stack: Stack, language: str, feelings: list[str]
) -> None:
    name, postcode = PEOPLE[language]
    said = {"en": "I'm {}, {}", "zh": "我是{}，邮编{}"}[language]
    _replies, verification = _ask(stack, language, *feelings, said.format(name, postcode))
    assert verification["level"] == "order"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_bought_is_paid_at_the_shops_checkout(stack: Stack, language: str, known: bool) -> None:
    shopper = Shopper(orders=[Bought(key="a", state="delivered", lines=["JUMP-M"])])
    token = stack.identity_token(facts_of(BUYER, shopper)["customer"]) if known else None
    with stack.chat() as chat:
        chat.open(language, identity_token=token)
        for said, pieces in zip(WANTED[language], (2, 3), strict=True):
            replies = chat.say(said)
            assert f"item=SCARF-GREY&pieces={pieces}" in words(replies), words(replies)
        if known:
            orders = stack.crm_get(f"/shopper/{chat.conversation_id}/orders")["orders"]
            assert len(orders) == 1, "nothing is ordered in the chat itself"
