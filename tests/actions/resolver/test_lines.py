"""Which lines of an order words mean."""

from __future__ import annotations

import pytest

from actions.resolver import Focus, LineCandidate, resolve_lines
from tests.actions.resolver.candidates import KETTLE, LAMP, LINES, MUG, RAINCOAT, RUG, SCARF, TODAY


def found(text: str, focus: Focus | None = None) -> tuple[str, dict[str, int | None]]:
    result = resolve_lines(text, LINES, focus=focus or Focus(), today=TODAY)
    return result.status, {match.candidate.titles[0]: match.quantity for match in result.matches}


def names(*lines: object) -> set[str]:
    return {line.titles[0] for line in lines}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I want to return the lamp", {LAMP.titles[0]}),
        ("return the raincoot", names(RAINCOAT)),
        ("退掉围巾", names(SCARF)),
        ("退掉圍巾", names(SCARF)),
        ("carpet", names(RUG)),
        ("手冲壶", names(KETTLE)),
        ("the kettle and the mugs", names(KETTLE, MUG)),
        ("水壶和地毯", names(KETTLE, RUG)),
        ("the most expensive one", names(RUG)),
        ("最便宜的那个", names(MUG)),
        ("the second one", names(MUG)),
        ("第二个", names(MUG)),
        ("the last one", names(KETTLE)),
        ("the first two", names(LAMP, MUG)),
        ("前两个", names(LAMP, MUG)),
        ("the blue one", names(SCARF)),
        ("蓝色的那个", names(SCARF)),
        ("the one that arrived on Monday", names(KETTLE)),
        ("the £45 one", names(SCARF)),
        ("把那条围巾退了", names(SCARF)),
        ("the scarf doesn't match my coat, I want to return it", names(SCARF)),
        ("i'd like to send the scarf back", names(SCARF)),
        ("the floor lamp in brass", names(LAMP)),
        ("the wool rug 120x180", names(RUG)),
        ("SKU-3", names(SCARF)),
        ("not the mug, the scarf", names(SCARF)),
        ("请问围巾可以退吗，雨衣要留着", names(SCARF)),
        ("order A1001 the mug", names(MUG)),
        ("mug 和 围巾 please", names(MUG, SCARF)),
    ],
)
def test_finds_what_was_meant(text: str, meant: set[str]) -> None:
    status, matches = found(text)
    assert status in ("one", "many")
    assert set(matches) == meant


@pytest.mark.parametrize(
    "text",
    [
        "all but the scarf",
        "除了围巾都退了",
        "除了围巾以外全部退掉",
        "send back all of it but the scarf, money onto my gift card",
        "keep the scarf, return the rest",
        "围巾留下，其他都退",
        "everything except the scarf",
        "return all of it but my scarf from my order A1001, put the refund on a gift card",
        "all of it but the scarf, it was the wrong size for me",
        "return the lot except the scarf, my daughter did not like the rest",
        "everything but the scarf goes back, put the money on my gift card please",
    ],
)
def test_leaves_out_what_is_excepted(text: str) -> None:
    status, matches = found(text)
    assert status == "many"
    assert set(matches) == names(LAMP, MUG, RAINCOAT, RUG, KETTLE)


@pytest.mark.parametrize(
    "text", ["all but the scarf, the mug and my rug", "everything except my scarf, rug, mug, goes back"]
)
def test_leaves_out_several(text: str) -> None:
    status, matches = found(text)
    assert (status, set(matches)) == ("many", names(LAMP, RAINCOAT, KETTLE))


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("send back two of the three mugs", 2),
        ("两个杯子退一个", 1),
        ("杯子退一个", 1),
        ("return one mug", 1),
        ("三个杯子里的两个", 2),
        ("2 mugs", 2),
        ("return the mug", None),
    ],
)
def test_counts_pieces(text: str, quantity: int | None) -> None:
    assert found(text) == ("one", {"Stoneware mug": quantity})


def test_everything_takes_every_piece_and_one_of_each_takes_one() -> None:
    assert found("everything") == ("all", {each.titles[0]: each.quantity for each in LINES})
    status, matches = found("one of each")
    assert status in ("all", "many")
    assert set(matches.values()) == {1}


def test_more_than_there_are_is_not_taken_for_all() -> None:
    result = resolve_lines("return 5 mugs", LINES, today=TODAY)
    assert result.status == "unclear"
    assert [(each.kind, each.instead) for each in result.asked_but_absent] == [("quantity", ("3",))]


@pytest.mark.parametrize("text", ["return the toaster", "退烤面包机", "the coffee grinder"])
def test_says_that_a_thing_is_not_there(text: str) -> None:
    result = resolve_lines(text, LINES, today=TODAY)
    assert result.status == "none"
    assert [each.kind for each in result.asked_but_absent] == ["thing"]


def test_a_value_that_the_named_thing_lacks_is_asked_about_not_ignored() -> None:
    denied = resolve_lines("the red scarf", LINES, today=TODAY)
    allowed = resolve_lines("the navy scarf", LINES, today=TODAY)
    assert allowed.status == "one"
    assert denied.status == "unclear"
    assert [(each.kind, each.words) for each in denied.asked_but_absent] == [("value", "red")]


@pytest.mark.parametrize("text", ["it", "这个", "send it back please"])
def test_a_pronoun_means_what_is_in_focus_and_nothing_without_it(text: str) -> None:
    assert found(text, Focus(lines=(KETTLE.key,))) == ("one", {"Gooseneck kettle": None})
    assert resolve_lines(text, LINES, today=TODAY).said_nothing


@pytest.mark.parametrize("text", ["the other one", "另一个"])
def test_the_other_of_two_shown(text: str) -> None:
    focus = Focus(lines=(KETTLE.key,), shown=(KETTLE.key, RUG.key))
    assert found(text, focus) == ("one", {"Wool rug": None})


def test_positions_follow_the_screen() -> None:
    focus = Focus(shown=(RUG.key, LAMP.key, MUG.key))
    assert found("the second", focus) == ("one", {"Arc floor lamp, brass": None})
    assert found("最后一个", focus) == ("one", {"Stoneware mug": None})


def test_two_of_a_name_are_asked_about_and_their_difference_settles_it() -> None:
    from dataclasses import replace

    green = replace(SCARF, line_number=9, options={"colour": "Forest Green"})
    assert resolve_lines("the scarf", [SCARF, green], today=TODAY).status == "unclear"
    assert resolve_lines("the green scarf", [SCARF, green], today=TODAY).candidates == [green]
    assert resolve_lines("the darker scarf", [SCARF, green], today=TODAY).candidates == [SCARF]
    assert resolve_lines("both scarves", [SCARF, green], today=TODAY).status == "many"


def test_spans_are_places_in_the_shoppers_own_words() -> None:
    text = "Please return the ＭＵＧ and the Scarf"
    result = resolve_lines(text, LINES, today=TODAY)
    assert [span.of(text) for span in result.spans] == ["ＭＵＧ", "Scarf"]


def test_a_chinese_title_is_the_sort_of_thing_that_a_name_inside_it_is() -> None:
    bottle = LineCandidate("A", 1, ["316不锈钢保温杯大容量便携"], sku="BWB", categories=["家居"])
    case = LineCandidate("A", 2, ["手机壳液态硅胶防摔"], sku="SJK", categories=["数码配件"])
    both = resolve_lines("手机壳和杯子", [bottle, case], today=TODAY)
    assert {each.line_number for each in both.candidates} == {1, 2}
    assert resolve_lines("杯子", [bottle, case], today=TODAY).candidates == [bottle]


@pytest.mark.parametrize("text", ["send them back", "send one of them back", "把它们退了", "退一个"])
def test_what_was_spoken_of_twice_is_meant_once(text: str) -> None:
    twice = Focus(lines=(KETTLE.key, KETTLE.key), shown=(KETTLE.key, KETTLE.key))
    assert found(text, twice) == found(text, Focus(lines=(KETTLE.key,), shown=(KETTLE.key,)))
