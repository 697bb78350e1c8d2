"""Some pieces of a line: how many are meant, what the others come to, a variant for each."""

from __future__ import annotations

import pytest

from actions.resolver.portions import leaves_as_is, portion, portions_apart, without_others_kept


@pytest.mark.parametrize(
    ("text", "pieces", "total", "rest", "filled"),
    [
        ("swap one of the two kettles for a green one", 1, 2, None, "swap the kettles for a green one"),
        ("exchange one for a steel handle and send the other back", 1, None, "return", "exchange X for a steel handle"),
        ("one in green please, the other one stays as it is", 1, None, "keep", "X in green please"),
        ("I'd like to send one back, she keeps hers", 1, None, "keep", "I'd like to send X back"),
        ("two of them can go back", 2, None, None, "X can go back"),
        ("change just one to size 40", 1, None, None, "change X to size 40"),
        ("只换一条，另一条留着", 1, None, "keep", "X只换"),
        ("换一盏成黄铜的", 1, None, None, "X换成黄铜的"),
        ("毛毯退一条，不喜欢", 1, None, None, "毛毯X退，不喜欢"),
        ("一条想换成灰色，另一条不动", 1, None, "keep", "X换成灰色"),
        ("一个要绿的，另一个不变", 1, None, "keep", "X换成绿的"),
        ("其中一条退掉", 1, None, None, "X退掉"),
        ("换一条灰色的，另一条退了", 1, None, "return", "X换灰色的"),
    ],
)
def test_some_of_them(text: str, pieces: int, total: int | None, rest: str | None, filled: str) -> None:
    said = portion(text)
    assert said is not None
    assert (said.wanted, said.total, said.rest) == (pieces, total, rest)
    assert said.filled("X").replace(" ", "") in (filled.replace(" ", ""), f"X{filled}".replace(" ", ""))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("just one", 1), ("one!", 1), ("only one of the two please", 1), ("not 3, 2", 2), ("no, not both, just the one", 1),  # noqa: E501
        ("1", 1), ("一条就行", 1), ("只要两条", 2), ("数量改成一条", 1), ("不是两条，是一条", 1), ("我只退一条，你写的是两条", 1),  # noqa: E501
    ],
)  # fmt: skip
def test_nothing_but_a_number(text: str, pieces: int) -> None:
    said = portion(text)
    assert said is not None
    assert said.alone
    assert said.pieces == pieces


@pytest.mark.parametrize(
    "text",
    [
        "send the rug back",
        "change it to the green one",
        "I want one with a longer handle",
        "换一个颜色",
        "换大一号的",
        "my other order should stay as it is",
        "keep it",
        "the scarf and the rug go back",
        "在4月3日的订单里",
        "one more thing",
        "i'll keep one of the mugs",
        "留一件",
    ],
)
def test_no_pieces(text: str) -> None:
    said = portion(text)
    assert said is None or said.rest is not None and said.pieces is None  # noqa: RUF021


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("a green one and a grey one", [(1, "green"), (1, "grey")]),
        ("change the rugs: one in oatmeal, one in navy", [(1, "oatmeal"), (1, "navy")]),
        ("can one of the two scarves become grey and the other brown", [(1, "grey"), (1, "brown")]),
        ("two in green and one in grey", [(2, "green"), (1, "grey")]),
        ("一灰一棕", [(1, "灰"), (1, "棕")]),
        ("一条换成灰的，另一条换成棕的", [(1, "灰"), (1, "棕")]),
        ("围巾换成一条灰的一条棕的", [(1, "灰"), (1, "棕")]),
    ],
)
def test_a_variant_for_each(text: str, each: list[tuple[int, str]]) -> None:
    assert each in [list(said.each) for said in portions_apart(text)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("swap one for grey, the other one stays", "swap one for grey"),
        ("keep the other", ""),
        ("只退一条，另一条留着", "只退一条"),
        ("keep my order", "keep my order"),
    ],
)
def test_what_is_said_of_the_others_turns_nothing_down(text: str, left: str) -> None:
    assert without_others_kept(text).strip(" ,，") == left


@pytest.mark.parametrize(
    "text",
    [
        "keep one",
        "the scarf... hm, keep one",
        "the rest can stay",
        "the rug stays",
        "I'll keep the other",
        "留一件",
        "T恤留着",
        "其他的不动",
        "毯子保留",
    ],
)
def test_leftovers_ask_no_shop(text: str) -> None:
    assert leaves_as_is(text)


@pytest.mark.parametrize(
    "text",
    [
        "keep one for me until friday",
        "can you hold one in the Leeds store",
        "给我留一件",
        "帮我在店里留着",
        "which rugs do you keep?",
    ],
)
def test_a_thing_kept_in_a_shop(text: str) -> None:
    assert not leaves_as_is(text)


def test_what_the_other_one_becomes_is_read_in_both_languages() -> None:
    for text, wanted in (("send one back, the other should be blue", "blue"), ("退一个，另一个换成蓝色的", "蓝色")):
        said = portion(text)
        assert said is not None
        assert (said.rest, said.rest_wanted) == ("exchange", wanted)
