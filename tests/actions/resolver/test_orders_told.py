"""Which order and which line are meant by what is said beside the goods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.resolver import LineCandidate, OrderCandidate, resolve_lines
from actions.resolver.denied import affirmed
from actions.resolver.kept_apart import others_than_kept
from actions.resolver.more_of import having_more
from actions.resolver.orders_told import companions_in, narrowed, without_companions

TODAY = date(2026, 5, 20)


def _line(
    order: str, number: int, title: str, han: str, options: dict[str, str], other: dict[str, str]
) -> LineCandidate:
    return LineCandidate(order, number, [title, han], options=options, other_options=[other], unit_price_minor=1000)


TENT_OPEN = _line("#A1", 1, "Tent", "帐篷", {"sleeps": "2", "windproof": "no"}, {"人数": "2", "防风": "否"})
STOVE = _line("#A1", 2, "Stove", "炉子", {"fuel": "gas"}, {"燃料": "燃气"})
TENT_YESTERDAY = _line("#B2", 1, "Tent", "帐篷", {"sleeps": "4", "windproof": "yes"}, {"人数": "4", "防风": "是"})
LANTERN = _line("#B2", 2, "Lantern", "营灯", {"colour": "red"}, {"颜色": "红色"})
TENT_HERE = _line("#C3", 1, "Tent", "帐篷", {"sleeps": "3", "windproof": "yes"}, {"人数": "3", "防风": "是"})
HAMMOCK = _line("#C3", 2, "Hammock", "吊床", {"colour": "green"}, {"颜色": "绿色"})
ORDERS = [
    OrderCandidate("#A1", TODAY, "open", 2000, "USD", [TENT_OPEN, STOVE]),
    OrderCandidate("#B2", TODAY - timedelta(days=1), "open", 2000, "USD", [TENT_YESTERDAY, LANTERN]),
    OrderCandidate("#C3", TODAY - timedelta(days=9), "delivered", 2000, "USD", [TENT_HERE, HAMMOCK]),
]
UNSENT = ORDERS[:2]
LINES = [line for order in ORDERS for line in order.lines]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the tents on order: four people please", ["#A1", "#B2"]),
        ("the tent I ordered today, could it be windproof?", ["#A1"]),
        ("the tent from yesterday in a size for two", ["#B2"]),
        ("my tent arrived. swap it for a bigger one", ["#C3"]),
        ("the tent I already have: a two person one instead", ["#C3"]),
        ("the one I received, in blue", ["#C3"]),
        ("没发货的帐篷换成四人的", ["#A1", "#B2"]),
        ("昨天下单的帐篷换成两人的", ["#B2"]),
        ("收到的那个帐篷换成两人的", ["#C3"]),
        ("the tent, the one with the lantern, for three", ["#B2"]),
        ("和吊床一起买的那个帐篷", ["#C3"]),
        ("swap the tent once it has arrived", ["#A1", "#B2", "#C3"]),
        ("can you change my order today", ["#A1", "#B2", "#C3"]),
        ("the hammock I ordered today", ["#A1", "#B2", "#C3"]),
        ("昨晚下单的时候没看清楚。可以把金额小的那单整单取消吗", ["#A1", "#B2", "#C3"]),
        ("I was tired yesterday when I ordered. cancel the smaller order", ["#A1", "#B2", "#C3"]),
    ],
)
def test_orders_are_told_by_state_day_and_companions(text: str, left: list[str]) -> None:
    assert [order.number for order in narrowed(text, ORDERS, today=TODAY)] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("send back the green one, the one with the tent", "send back the green one, the one"),
        ("return the tent that came with the hammock", "return the tent"),
        ("退掉和吊床一起买的帐篷", "退掉帐篷"),
        ("return the tent with the hammock", "return the tent with the hammock"),
        ("the one with the gift card", "the one with the gift card"),
    ],
)
def test_what_an_order_is_told_by_is_not_wanted(text: str, left: str) -> None:
    assert "".join(without_companions(text, LINES, today=TODAY).split()) == "".join(left.split())
    assert bool(companions_in(text, LINES, today=TODAY)) == (text.split() != left.split())


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("keep the one in the order with the lantern, cancel the other", "#A1/1"),
        ("I ordered two tents, keep the windproof one and cancel the other", "#A1/1"),
        ("keep the tent I ordered today, cancel the other one", "#B2/1"),
        ("cancel the other tent, I'll keep the one with the stove", "#B2/1"),
        ("留着营灯那单的帐篷，另一个取消", "#A1/1"),
        ("防风的留着，另一顶取消", "#A1/1"),
        ("今天下单的帐篷留着，另一个不要了", "#B2/1"),
    ],
)
def test_what_is_kept_is_never_what_goes(text: str, gone: str) -> None:
    assert [line.key for line in others_than_kept(text, UNSENT, today=TODAY)] == [gone]


@pytest.mark.parametrize("text", ["cancel the tent", "keep the tent", "keep the stove, cancel the rest", "留着帐篷"])
def test_nothing_goes_where_it_is_not_said_beside_what_stays(text: str) -> None:
    assert others_than_kept(text, UNSENT, today=TODAY) == []


def test_what_one_has_more_of() -> None:
    small = _line("#A1", 1, "Notebook", "笔记本", {"memory": "512MB"}, {"内存": "512MB"})
    large = _line("#B2", 1, "Notebook", "笔记本", {"memory": "2GB"}, {"内存": "2GB"})
    assert having_more("the one with more memory", [small, large]) == [large]
    assert having_more("the one with less memory", [small, large]) == [small]
    assert having_more("内存大的那个", [small, large]) == [large]
    assert having_more("内存小一点的", [small, large]) == [small]
    assert having_more("the one with more pages", [small, large]) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("not the red one, the green one", "the green one"),
        ("no, I meant the green one", "the green one"),
        ("that's wrong, it's the one for three", "the one for three"),
        ("不是两人的，是四人的", "四人的"),
        ("不对，是四人的那个，两人的留着", "四人的那个"),
        ("不是这个，是防风的", "防风的"),
        ("哦两人的啊。那四人的取消", "那四人的取消"),
        ("the big one, keep the small one", "the big one"),
        ("cancel the big one, keep the small one", "cancel the big one, keep the small one"),
        ("no, the lamps stay! everything else goes", "no, the lamps stay! everything else goes"),
        ("cancel it", "cancel it"),
    ],
)
def test_what_is_turned_down_is_not_meant(text: str, meant: str) -> None:
    assert "".join(affirmed(text).split()).strip("，,") == "".join(meant.split())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("cancel the windproof tent", "#B2/1"),
        ("the tent that isn't windproof", "#A1/1"),
        ("cancel the non-windproof tent", "#A1/1"),
        ("取消防风的帐篷", "#B2/1"),
        ("不防风的那个取消", "#A1/1"),
    ],
)
def test_an_option_of_yes_or_no_is_named_by_itself(text: str, key: str) -> None:
    found = resolve_lines(text, [line for order in UNSENT for line in order.lines], today=TODAY)
    assert [match.candidate.key for match in found.matches] == [key]
    assert found.status == "one"


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("tents in two orders. keep the windproof one and cancel the two person one", ["#A1/1"]),
        ("keep the two person tent, cancel the windproof one", ["#B2/1"]),
        ("cancel the tent from today and keep the one with the lantern. the stove on gas please", ["#A1/1"]),
        ("帐篷两单都有，两人的取消，防风的留着，炉子换成酒精的", ["#A1/1"]),
        ("帐篷买了两顶，留防风的，取消两人的", ["#A1/1"]),
        ("keep the tent, cancel the stove", []),
        ("keep the cheaper order and cancel the dearer order", []),
        ("keep the windproof tent and cancel the windproof one", []),
        ("炉子留着，帐篷取消", []),
    ],
)
def test_what_goes_may_be_described_too(text: str, gone: list[str]) -> None:
    assert [line.key for line in others_than_kept(text, UNSENT, today=TODAY)] == gone


def test_other_goods_said_behind_are_not_what_stays_or_goes() -> None:
    said = "tents in two orders, keep the windproof one, cancel the other. and the lanterns I want in green"
    assert [line.key for line in others_than_kept(said, UNSENT, today=TODAY)] == ["#A1/1"]
