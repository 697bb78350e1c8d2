"""What something may cost more, what it is said of, and what is wanted otherwise."""

from __future__ import annotations

import pytest

from actions.resolver import too_dear


@pytest.mark.parametrize(
    ("text", "limit", "otherwise", "instead"),
    [
        ("the rug in red, but not if that is more than 30 dollars extra", 3000, "leave", ""),
        (
            "the oak one, only if it isn't over £15 more, otherwise the cheapest pine one",
            1500,
            "leave",
            "the cheapest pine one",
        ),
        ("the big one if it is under 12 dollars more, otherwise cancel it", 1200, "cancel", ""),
        ("the plain one, if it's at least 40 cheaper", -4000, "leave", ""),
        ("the desk in oak. If that's more than $25 extra in all, cancel it", 2500, "cancel", ""),
        ("便宜30以上才换", -3000, "leave", ""),
        ("台灯换亮的，差价不超过20块就换，不然不换", 2000, "leave", ""),
        ("超过15块就不换了", 1500, "leave", ""),
        ("差价40以内就换", 4000, "leave", ""),
        ("最多补15块", 1500, "leave", ""),
        ("不过另外要补钱就算了", 0, "leave", ""),
        ("if thats more than 12 dollars extra just cancel it", 1200, "cancel", ""),
        ("the jug in blue, and no more than $9 extra", 900, "leave", ""),
        ("a linen one, max 25 more", 2500, "leave", ""),
        ("the oak stool, provided it isn't dearer", 0, "leave", ""),
        ("in green if it costs the same or less", 0, "leave", ""),
        ("in green without paying extra", 0, "leave", ""),
        ("I don't want to pay more than 15 extra for it", 1500, "leave", ""),
        ("the big one. More than 20 extra and I cancel", 2000, "cancel", ""),
        ("swap it, but not if red costs over 30 more", 3000, "leave", ""),
        ("换成亚麻的，差价别超过30", 3000, "leave", ""),
        ("换大的，别贵超过25块", 2500, "leave", ""),
        ("换绿的，贵了就取消", 0, "cancel", ""),
        ("换橡木的，但别比原来贵", 0, "leave", ""),
    ],
)
def test_conditions_of_price(text: str, limit: int, otherwise: str, instead: str) -> None:
    dear, rest = too_dear(text)
    assert dear is not None
    assert (dear.limit_minor, dear.otherwise, dear.instead) == (limit, otherwise, instead)
    assert len(rest) == len(text)


def test_it_is_said_of_its_own_sentence() -> None:
    text = "the jug in blue, but not if it's more than $9 extra. The bowl in green in any case"
    dear, _ = too_dear(text)
    assert dear is not None
    assert text[slice(*dear.sentence)].startswith("the jug")
    assert "bowl" not in text[slice(*dear.sentence)]


def test_a_small_limit_is_one_of_the_difference() -> None:
    dear, _ = too_dear("that's fine unless it's over 20")
    assert dear is not None
    assert not dear.holds(10500, 9200)
    assert dear.holds(11500, 9200)


def test_what_all_pieces_may_cost_more() -> None:
    dear, _ = too_dear("both in oak, if it's over 20 dollars more in total cancel them")
    assert dear is not None
    assert dear.in_all
    assert not dear.holds(10900, 10000, pieces=2)
    assert dear.holds(11100, 10000, pieces=2)
