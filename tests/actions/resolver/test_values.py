"""Payment methods, refund targets, reasons, stores, amounts, days, measures."""

from __future__ import annotations

from datetime import date

import pytest

from actions.resolver import (
    Amount,
    resolve_amount,
    resolve_date,
    resolve_lines,
    resolve_payment_method,
    resolve_reason,
    resolve_refund_target,
    resolve_store,
    without_price_reason,
)
from actions.resolver.measures import measures_in
from tests.actions.resolver.candidates import METHODS, ORDERS, STORES, TODAY, line

REASONS = [
    "changed_mind",
    "does_not_fit",
    "not_as_described",
    "faulty",
    "stopped_working",
    "damaged_in_transit",
    "wrong_item",
    "arrived_late",
    "unwanted_gift",
    "other",
]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("my Visa", "visa"),
        ("the card ending 4242", "visa"),
        ("尾号5100", "mastercard"),
        ("same card as last time", "mastercard"),
        ("paypal", "paypal"),
        ("微信", "wechat"),
        ("用礼品卡", "gift"),
        ("the second one", "mastercard"),
    ],
)
def test_payment_methods(text: str, key: str) -> None:
    result = resolve_payment_method(text, METHODS, orders=ORDERS, today=TODAY)
    assert (result.status, [method.key for method in result.candidates]) == ("one", [key])


def test_a_card_of_which_there_are_two_is_asked_about_and_one_of_none_is_absent() -> None:
    assert resolve_payment_method("card", METHODS, today=TODAY).status == "unclear"
    absent = resolve_payment_method("my amex", METHODS, today=TODAY)
    assert (absent.status, absent.asked_but_absent[0].words) == ("none", "amex")


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("onto my gift card", "gift_card"),
        ("store credit please", "gift_card"),
        ("退到余额", "gift_card"),
        ("原路退回", "original"),
        ("back to my card", "original"),
        ("not a gift card, back to my card", "original"),
        ("I don't want a gift card", "original"),
        ("退回微信", "original"),
    ],
)
def test_refund_targets(text: str, target: str) -> None:
    assert resolve_refund_target(text, ["original", "gift_card"]).candidates == [target]


def test_a_refund_target_that_is_not_offered_is_said_so() -> None:
    result = resolve_refund_target("onto a gift card", ["original"])
    assert (result.status, [each.value for each in result.asked_but_absent]) == ("none", ["gift_card"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("it's too small", "does_not_fit"),
        ("太大了", "does_not_fit"),
        ("changed my mind", "changed_mind"),
        ("不喜欢", "changed_mind"),
        ("arrived broken", "damaged_in_transit"),
        ("碎了", "damaged_in_transit"),
        ("质量问题", "faulty"),
        ("the zip is broken", "faulty"),
        ("it stopped working after a week", "stopped_working"),
        ("发错货了", "wrong_item"),
        ("sent me the wrong colour", "wrong_item"),
        ("too late, the birthday is over", "arrived_late"),
        ("it was a gift", "unwanted_gift"),
        ("it doesn't look like the picture", "not_as_described"),
        ("no reason", "other"),
    ],
)
def test_reasons(text: str, code: str) -> None:
    assert resolve_reason(text, REASONS).candidates == [code]


def test_where_the_money_goes_is_no_reason() -> None:
    assert resolve_reason("send it back, money to the gift card", [*REASONS, "unwanted_gift"]).status == "none"
    assert resolve_reason("it was a gift", [*REASONS, "unwanted_gift"]).candidates == ["unwanted_gift"]


def test_a_shops_own_reason_is_known_by_its_words() -> None:
    result = resolve_reason("the colour bleeds", ["colour_bleeds", "other"])
    assert result.candidates == ["colour_bleeds"]
    assert resolve_reason("掉色严重", ["bleeding", "other"], labels={"bleeding": ["掉色"]}).candidates == ["bleeding"]


def test_the_wider_code_stands_in_where_the_narrower_is_not_offered() -> None:
    assert resolve_reason("too small", ["too_small", "too_large"]).candidates == ["too_small"]
    assert resolve_reason("it broke after a week, stopped working", ["faulty", "other"]).candidates == ["faulty"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("the nearest one", "bath"),
        ("the Leeds store", "leeds"),
        ("上海新天地", "shanghai"),
        ("离我最近的", "bath"),
        ("Milsom Street", "bath"),
    ],
)
def test_stores(text: str, code: str) -> None:
    assert [store.code for store in resolve_store(text, STORES).candidates] == [code]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("£40", Amount(4000, "GBP")),
        ("under fifty quid", Amount(5000, "GBP", "at_most")),
        ("200块以内", Amount(20000, None, "at_most")),
        ("两百五十块", Amount(25000, None)),
        ("99块9", Amount(9990, None)),
        ("30到40块", Amount(3000, None, "between", 4000)),
        ("30 to 40 quid", Amount(3000, "GBP", "between", 4000)),
        ("order 4711 and 40 quid", Amount(4000, "GBP")),
        ("12,50 €", Amount(1250, "EUR")),
        ("between £20 and £30", Amount(2000, "GBP", "between", 3000)),
        ("about 30 quid", Amount(3000, "GBP", "about")),
        ("three hundred and fifty dollars", Amount(35000, "USD")),
        ("under 50", Amount(5000, None, "at_most")),
    ],
)
def test_amounts(text: str, amount: Amount) -> None:
    assert resolve_amount(text, currency="GBP").candidates == [amount]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("next Monday", date(2026, 11, 23), date(2026, 11, 23)),
        ("下周三", date(2026, 11, 25), date(2026, 11, 25)),
        ("后天", date(2026, 11, 20), date(2026, 11, 20)),
        ("tomorrow", date(2026, 11, 19), date(2026, 11, 19)),
        ("3 May", date(2027, 5, 3), date(2027, 5, 3)),
        ("next week", date(2026, 11, 23), date(2026, 11, 29)),
        ("12月24号", date(2026, 12, 24), date(2026, 12, 24)),
        ("between 3 May and 9 May", date(2027, 5, 3), date(2027, 5, 9)),
    ],
)
def test_days_to_come(text: str, first: date, last: date) -> None:
    (match,) = resolve_date(text, today=TODAY).matches
    assert (match.candidate.first, match.candidate.last) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("上个月", date(2026, 10, 1), date(2026, 10, 31)),
        ("上周五", date(2026, 11, 13), date(2026, 11, 13)),
        ("on Monday", date(2026, 11, 16), date(2026, 11, 16)),
        ("三天前", date(2026, 11, 15), date(2026, 11, 15)),
        ("去年12月", date(2025, 12, 1), date(2025, 12, 31)),
        ("on the 3rd", date(2026, 11, 3), date(2026, 11, 3)),
    ],
)
def test_days_gone_by(text: str, first: date, last: date) -> None:
    (match,) = resolve_date(text, today=TODAY, direction="past").matches
    assert (match.candidate.first, match.candidate.last) == (first, last)


@pytest.mark.parametrize("text", ["the 3rd mug", "may I return it", "second one", "两块肥皂"])
def test_other_words_are_no_days_or_amounts(text: str) -> None:
    assert not resolve_date(text, today=TODAY).matches
    assert not resolve_amount(text, currency="CNY").matches


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500ml", "half a litre"),
        ("1 m", "100cm"),
        ("160 x 230 cm", "160×230厘米"),
        ("1 TB", "1024 GB"),
        ("1斤", "500 g"),
        ("2–3 years", "2-3岁"),
    ],
)
def test_measures_in_different_units_are_the_same(one: str, other: str) -> None:
    assert any(a.equals(b) for a in measures_in(one) for b in measures_in(other))


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("because found cheaper", "because"),
        ("I found it cheaper elsewhere", "I elsewhere"),
        ("别家更便宜", ""),
        ("买贵了，别处便宜", "，"),
        ("我在网上看到更便宜的", "我在"),
        ("the cheaper one", "the cheaper one"),
        ("just the cheapest", "just the cheapest"),
        ("只取消更便宜的", "只取消更便宜的"),
        ("便宜点的那件", "便宜点的那件"),
    ],
)
def test_a_price_elsewhere_says_why_and_not_which(said: str, left: str) -> None:
    assert " ".join(without_price_reason(said).split()) == left


def test_a_flavour_is_no_colour() -> None:
    granola = line(1, ["Crunchy Granola", "燕麦片"], 520, options={"Flavour": "honey"})
    vase = line(2, ["Stone vase", "花瓶"], 900, options={"Colour": "chocolate"})
    found = resolve_lines("make it espresso", [granola, vase], today=TODAY)
    assert granola not in [match.candidate for match in found.matches]
    assert resolve_lines("the honey one", [granola, vase], today=TODAY).first is granola
    assert resolve_lines("the dark brown one", [granola, vase], today=TODAY).first is vase
