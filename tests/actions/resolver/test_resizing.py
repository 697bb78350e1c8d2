"""Another number of the same, told from sizes, measures and other variants."""

from __future__ import annotations

import pytest

from actions.resolver.resizing import resized


@pytest.mark.parametrize(
    ("text", "to", "more", "was"),
    [
        ("order 4 mugs instead of 2", 4, None, 2),
        ("i need only one keyboard not three", 1, None, 3),
        ("reduce the coffee to one", 1, None, None),
        ("speaker quantity from 1 to 2", 2, None, 1),
        ("I put 3 coffees by accident, I need only one", 1, None, 3),
        ("one more of the same please", None, 1, None),
        ("杯子2个拍多了 改成1个", 1, None, 2),
        ("数量2改1", 1, None, 2),
        ("咖啡3袋改成2袋", 2, None, 3),
        ("充电器数量改成2", 2, None, None),
        ("再加一个一样的", None, 1, None),
        ("two would be enough", 2, None, None),
        ("one is enough, not three", 1, None, 3),
        ("枕头一个就够了", 1, None, None),
        ("那条围巾减成一条行吗", 1, None, None),
    ],
)
def test_another_number(text: str, to: int | None, more: int | None, was: int | None) -> None:
    said = resized(text)
    assert said is not None
    assert (said.to, said.more, said.was) == (to, more, was)


@pytest.mark.parametrize(
    "text",
    [
        "make it 500 ml not 1 litre",
        "change the boots to 39",
        "swap the coat for a 40",
        "size 5 instead of 4",
        "just cancel 2 of the 3 keyboards",
        "change my order from the blue one to the red",
        "皮带80换90",
        "1升换成500毫升 两瓶",
        "换成M码",
        "改成2米的",
    ],
)
def test_sizes_and_measures_are_no_numbers_of_pieces(text: str) -> None:
    assert resized(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "we don't think two is enough",
        "if only one was enough",
        "you told me one is enough",
        "is one enough?",
        "three months warranty is plenty",
        "four stars is enough",
        "two photos are enough",
        "ten euros is enough",
        "我看一个不够",
        "两盏哪够",
        "他说一个够了",
        "一盏够不够",
        "一张截图就够了",
        "两个月够用了",
        "一袋够吃一周",
    ],
)
def test_what_is_not_enough_or_no_pieces(text: str) -> None:
    assert resized(text) is None


@pytest.mark.parametrize(
    "text",
    ["throw another one out", "add another one to the return", "再加一条一起退", "add a second one to the refund"],
)
def test_one_more_that_goes_as_well(text: str) -> None:
    assert resized(text) is None


def test_a_size_of_the_goods_is_none_either() -> None:
    assert resized("change it to 2", sizes={"2", "4"}) is None


def test_how_many_are_wanted() -> None:
    more = resized("two more mugs")
    assert more is not None
    assert more.of(3) == 5
