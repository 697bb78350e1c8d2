"""Several wishes with their targets and conditions in one message."""

from __future__ import annotations

import pytest

from actions.resolver import LineCandidate, LineRequest, read_requests, settle_requests
from tests.actions.resolver.candidates import BY_PRODUCT, JACKET, LINES, NAVY_SCARF, TODAY

SHORT = [JACKET, NAVY_SCARF]


def read(text: str, lines: list[LineCandidate] = LINES) -> list[LineRequest]:
    return read_requests(text, lines, variants=BY_PRODUCT, today=TODAY)


def told(requests: list[LineRequest]) -> list[tuple[str | None, list[str], str | None]]:
    return [
        (
            each.wish,
            [line.titles[0] for line in each.lines.candidates],
            each.target.first.sku if each.target and each.target.matches else None,
        )
        for each in requests
    ]


def test_two_exchanges_and_what_to_do_with_one_of_them_otherwise() -> None:
    requests = read(
        "swap the raincoat for the same in a 40 and the rug for a darker one; if there is no dark rug that size, leave the rug"  # noqa: E501
    )
    assert told(requests) == [
        ("exchange", ["Waxed raincoat"], "C-Olive-40"),
        ("exchange", ["Wool rug"], "R-Charcoal-120 × 180 cm"),
    ]
    assert [each.otherwise for each in requests] == [None, "leave"]
    kept = settle_requests(requests, failing={requests[1].lines.first.key: "unavailable"})
    assert [each.wish for each in kept] == ["exchange", "keep"]


def test_a_condition_for_all_takes_every_wish_along() -> None:
    requests = read("把外套换成M码，围巾退掉，要是M没货就都退了", SHORT)
    assert told(requests) == [("exchange", ["Down jacket"], "J-Black-M"), ("return", ["Merino scarf"], None)]
    assert [each.wish for each in settle_requests(requests, failing={})] == ["return", "return"]


def test_a_condition_that_does_not_hold_changes_nothing() -> None:
    requests = read("把外套换成L码，围巾退掉，要是L没货就都退了", SHORT)
    assert [each.wish for each in settle_requests(requests, failing={})] == ["exchange", "return"]


def test_other_orders_of_words() -> None:
    for text, expected in {
        "cancel the lamp and send back two mugs": [("cancel", ["Arc floor lamp, brass"], None), ("return", ["Stoneware mug"], None)],  # noqa: E501
        "the raincoat is too small, I need a 42": [("exchange", ["Waxed raincoat"], "C-Olive-42")],
        "I want the raincoat in a 40 instead": [("exchange", ["Waxed raincoat"], "C-Olive-40")],
        "the lamp I want to return, and the raincoat should be a 40": [
            ("return", ["Arc floor lamp, brass"], None), ("exchange", ["Waxed raincoat"], "C-Olive-40")],
        "swap the raincoat and the rug for bigger ones": [
            ("exchange", ["Waxed raincoat"], "C-Olive-40"), ("exchange", ["Wool rug"], "R-Oatmeal-160 × 230 cm")],
        "return the mug because it does not match my kettle": [("return", ["Stoneware mug"], None)],
    }.items():  # fmt: skip
        assert told(read(text)) == expected, text
    for text, expected in {
        "外套换成绿色的L码": [("exchange", ["Down jacket"], "J-Green-L")],
        "围巾留下，外套退了": [("keep", ["Merino scarf"], None), ("return", ["Down jacket"], None)],
        "我要换一件L的外套": [("exchange", ["Down jacket"], "J-Black-L")],
        "外套和围巾都退了": [("return", ["Down jacket", "Merino scarf"], None)],
        "外套太小了，换成L": [("exchange", ["Down jacket"], "J-Black-L")],
    }.items():
        assert told(read(text, SHORT)) == expected, text


def test_otherwise_in_few_words() -> None:
    assert read("exchange the rug for a bigger one, otherwise return it")[0].otherwise == "return"
    assert read("change the raincoat to navy, or cancel it if there's none")[0].otherwise == "cancel"
    assert read("外套换大一号，没有的话就算了", SHORT)[0].otherwise == "leave"


def test_too_late_is_a_condition_of_its_own() -> None:
    requests = read("cancel the lamp; if it has already been shipped, return it")
    assert [(each.kind, each.otherwise) for each in requests[0].conditions] == [("too_late", "return")]
    key = requests[0].lines.first.key
    assert settle_requests(requests, failing={key: "too_late"})[0].wish == "return"
    assert settle_requests(requests, failing={})[0].wish == "cancel"


def test_exceptions_keep_their_wish() -> None:
    (request,) = read("send back all of it but the scarf, money onto my gift card")
    assert request.wish == "return"
    assert "Merino scarf" not in [line.titles[0] for line in request.lines.candidates]
    assert len(request.lines.matches) == 5


def test_each_line_once_the_last_wish_counting() -> None:
    requests = read("return the scarf and the mug. actually keep the scarf")
    assert told(requests) == [("return", ["Stoneware mug"], None), ("keep", ["Merino scarf"], None)]


def test_words_about_no_line_ask_for_nothing() -> None:
    assert read("thank you very much") == []


def test_taking_back_and_denying() -> None:
    assert told(read("no don't cancel the lamp, cancel the rug")) == [
        ("keep", ["Arc floor lamp, brass"], None),
        ("cancel", ["Wool rug"], None),
    ]
    assert told(read("雨衣退了，不用换")) == [("return", ["Waxed raincoat"], None)]


def test_where_money_goes_is_no_line() -> None:
    assert told(read("return the mug, refund to gift card")) == [("return", ["Stoneware mug"], None)]


@pytest.mark.parametrize(
    "text",
    [
        "send back everything, I don't want it anymore",
        "I no longer want it, please return everything",
        "整单退货，不想要了",
        "不想要了，整单退掉",
    ],
)
def test_not_wanting_it_any_more_beside_a_return_is_why(text: str) -> None:
    assert [(each.wish, each.lines.status) for each in read(text)] == [("return", "all")]


def test_still_wanting_to_do_something_keeps_nothing() -> None:
    wishes = read_requests("我还要退掉围巾和杯子", LINES, today=TODAY)
    assert [(each.wish, len(each.lines.candidates)) for each in wishes] == [("return", 2)]
    assert [each.wish for each in read_requests("围巾我还要", LINES, today=TODAY)] == ["keep"]


def test_send_has_its_back_behind_the_last_of_several_things() -> None:
    wishes = read_requests("could you send the scarf and the mug back, it's too small?", LINES, today=TODAY)
    assert [(each.wish, len(each.lines.candidates)) for each in wishes] == [("return", 2)]
