"""One message over several orders, over several versions of the same goods, and all but what is wanted alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from actions.resolver import LineCandidate, OrderCandidate, read_requests
from actions.resolver.in_both import gone_from_both, said_outright
from actions.resolver.listed_orders import without_counted_wishes
from actions.resolver.other_orders import clauses_telling, listed_by_order
from actions.resolver.rest_goes import with_rest_going
from actions.resolver.spelling import spelt
from actions.resolver.text import stem

TODAY = date(2026, 3, 12)


def line(
    order: str, number: int, title: str, options: dict[str, str] | None = None, *, pieces: int = 1
) -> LineCandidate:
    return LineCandidate(order, number, [title], f"{title}-{number}", title, options or {}, quantity=pieces)


TENT = line("#W1", 1, "Canvas Tent")
STOVE = line("#W1", 2, "Camping Stove")
ROPE = line("#W2", 1, "Climbing Rope")
FLASK = line("#W2", 2, "Steel Flask")
ORDERS = [
    OrderCandidate("#W1", TODAY, "open", 100, "GBP", [TENT, STOVE]),
    OrderCandidate("#W2", TODAY - timedelta(days=1), "open", 100, "GBP", [ROPE, FLASK]),
]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("cancel everything else in my order, only the tent should come", "cancel everything in my order except the tent"),  # noqa: E501
        ("just the tent from #W1 please, the other things can be cancelled", "cancel everything from #W1 except the tent"),  # noqa: E501
        ("I only need the tent and the stove out of my order, cancel the rest", "cancel everything in my order except the tent and the stove"),  # noqa: E501
        ("the rest can be returned, I just want the tent", "return everything except the tent"),
        ("keep only the cheapest one, cancel the others", "keep only the cheapest one, cancel the others"),
        ("just cancel the tent, the rest should come", "just cancel the tent, the rest should come"),
        ("I only want to cancel the tent, keep the rest", "I only want to cancel the tent, keep the rest"),
    ],
)  # fmt: skip
def test_all_but_what_is_wanted_alone_is_said_in_one(said: str, read: str) -> None:
    assert " ".join(with_rest_going(said).split()) == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("我帐篷买重了，两单的都取消掉，其余的正常发", "两单里的帐篷都取消掉，其余的正常发"),
        ("两单里都有帐篷，都不要了", "两单里的帐篷都不要了"),
        ("no tents please, not in either order", "cancel the tents in both orders"),
    ],
)
def test_goods_named_before_both_orders_stand_with_them(said: str, read: str) -> None:
    assert gone_from_both(said) == read


def test_what_only_counts_the_wishes_is_left_out() -> None:
    assert without_counted_wishes("Two returns: the tent and the rope") == "return the tent and the rope"
    assert without_counted_wishes("return the tent and the rope, they came in two different parcels") == (
        "return the tent and the rope"
    )
    assert without_counted_wishes("帐篷和绳子都退了，是两个订单的") == "帐篷和绳子都退了"


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("return the stove from #W1 and the flask and rope from #W2", "return the stove from #W1", "the flask and rope from #W2"),  # noqa: E501
        ("return the stove (order #W1) and the flask (order #W2)", "return the stove (order #W1)", "the flask (order #W2)"),  # noqa: E501
        ("退#W1里的炉子和帐篷、#W2的水壶", "退#W1里的炉子和帐篷", "#W2的水壶"),
    ],
)  # fmt: skip
def test_goods_are_listed_with_the_order_of_each(said: str, first: str, second: str) -> None:
    listed = listed_by_order(said, ORDERS, ["#W1", "#W2"], today=TODAY)
    assert listed == {"#W1": first, "#W2": second}


def test_a_list_of_one_order_is_not_cut() -> None:
    assert listed_by_order("return the stove and the tent from #W1", ORDERS, ["#W1", "#W2"], today=TODAY) == {}


def test_a_clause_that_tells_an_order_is_found_by_number_and_by_day() -> None:
    said = "I ordered yesterday, and got it wrong: cancel the tent"
    assert clauses_telling(said, ORDERS, "#W2", today=TODAY) == ["I ordered yesterday"]
    assert clauses_telling("cancel #W1, and the flask", ORDERS, "#W1", today=TODAY) == ["cancel #W1"]


CHAIRS = [
    line("#W1", 1, "Garden Chair", {"Colour": "green"}),
    line("#W1", 2, "Parasol", {"Colour": "red"}),
    line("#W1", 3, "Garden Chair", {"Colour": "brown"}, pieces=2),
]


@pytest.mark.parametrize(
    "said",
    [
        "cancel the green chair and one of the brown ones",
        "cancel the green chair, and one brown one too",
        "the green chair goes, cancel one of the two brown ones",
    ],
)
def test_another_version_called_by_its_value_alone_is_another_thing(said: str) -> None:
    wishes = [wish for wish in read_requests(said, CHAIRS, today=TODAY) if wish.lines.sure]
    pieces = {match.candidate.key: match.quantity for wish in wishes for match in wish.lines.matches}
    assert pieces["#W1/3"] == 1
    assert pieces.keys() <= {"#W1/1", "#W1/3"}


TEAS = [
    LineCandidate("#W1", 1, ["绿茶"], "A", "tea", {"规格": "40包"}),
    LineCandidate("#W1", 2, ["绿茶"], "B", "tea", {"规格": "80包"}, quantity=3),
]


def test_a_number_of_what_is_inside_is_a_value_and_no_count() -> None:
    wishes = read_requests("40包的绿茶取消，80包的取消两盒", TEAS, today=TODAY)
    pieces = {match.candidate.key: match.quantity for wish in wishes for match in wish.lines.matches}
    assert pieces == {"#W1/1": None, "#W1/2": 2}


@pytest.mark.parametrize(
    ("plural", "singular"), [("teas", "tea"), ("cameras", "camera"), ("photos", "photo"), ("gas", "gas")]
)
def test_plurals_in_as_and_os_are_known(plural: str, singular: str) -> None:
    assert stem(plural) == singular


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("#W1这单只要帐篷，别的都取消", "#W1这单除了帐篷其他都取消"),
        ("只留最便宜的那个，其他的取消", "只留最便宜的那个，其他的取消"),
        ("炉子取消，只要帐篷", "炉子取消，帐篷留着"),
        ("cancel the stove, I only want the tent", "cancel the stove, keep the tent"),
        ("cancel the stove. I just want the money back", "cancel the stove. I just want the money back"),
    ],
)
def test_what_is_wanted_alone_never_goes(said: str, read: str) -> None:
    assert with_rest_going(said) == read


def test_of_two_that_are_compared_the_one_that_stays_says_nothing_more() -> None:
    assert said_outright("两个杯子里便宜的那个取消，贵的照发") == "两个杯子里便宜的那个取消"


def test_each_of_the_orders_is_both() -> None:
    assert spelt("cancel the stove in each of my two orders") == "cancel the stove in both orders"
    assert spelt("cancel the order that hasn't shipped") == "cancel the order that hasn't shipped"
