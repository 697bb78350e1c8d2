"""What is said of things beside what is wanted of others: pauses, faults that name, what is fine, corrections."""

from __future__ import annotations

import pytest

from actions.resolver import Focus, LineCandidate, read_requests
from actions.resolver.pauses import with_pauses
from tests.actions.resolver.candidates import BY_PRODUCT, KETTLE, LAMP, LINES, MUG, RAINCOAT, SCARF, TODAY

Told = list[tuple[str | None, list[tuple[str, int | None]], str | None]]


def told(text: str, lines: list[LineCandidate] = LINES, shown: list[str] | None = None) -> Told:
    """Wish, lines with their numbers, and target of each request."""
    focus = Focus(shown=shown or [])
    return [
        (
            each.wish,
            [(m.candidate.titles[0].split()[-1].rstrip(","), m.quantity) for m in each.lines.matches],
            each.target.first.sku if each.target and each.target.matches else None,
        )
        for each in read_requests(text, lines, variants=BY_PRODUCT, focus=focus, today=TODAY)
    ]


@pytest.mark.parametrize(
    ("text", "paused"),
    [
        ("雨衣取消 地毯换炭灰色", "雨衣取消，地毯换炭灰色"),
        ("两个 杯子", "两个 杯子"),
        ("留两袋 一袋取消", "留两袋，一袋取消"),
        ("换成 炭灰色", "换成 炭灰色"),
        ("send it back — no, keep it", "send it back,  no, keep it"),
        ("a well-made rug", "a well-made rug"),
    ],
)
def test_spaces_and_dashes_where_a_comma_would_stand(text: str, paused: str) -> None:
    assert with_pauses(text) == paused
    assert len(with_pauses(text)) == len(text)


def test_each_thing_gets_its_own_wish_without_any_sign() -> None:
    assert told("围巾取消 雨衣换40") == [
        ("cancel", [("scarf", None)], None),
        ("exchange", [("raincoat", None)], "C-Olive-40"),
    ]
    assert told("雨衣换40 围巾取消") == [
        ("exchange", [("raincoat", None)], "C-Olive-40"),
        ("cancel", [("scarf", None)], None),
    ]


def test_what_is_wanted_still_is_not_called_off() -> None:
    assert told("围巾和杯子都不要了 落地灯要")[-1] == (
        "keep",
        [("brass", None)],
        None,
    )
    cancelled = [line for wish, lines, _ in told("落地灯取消 其他的都要") if wish == "cancel" for line in lines]
    assert cancelled == [("brass", None)]


def test_a_fault_names_what_it_was_said_of() -> None:
    lines = [KETTLE, RAINCOAT, SCARF]
    assert told("手冲壶漏水 雨衣开线 围巾没问题 漏水的退 开线的换40", lines) == [
        ("keep", [("scarf", None)], None),
        ("return", [("kettle", None)], None),
        ("exchange", [("raincoat", None)], "C-Olive-40"),
    ]
    wishes = told("the kettle leaks and the scarf is itchy. return the leaking one", lines)
    assert ("return", [("kettle", None)], None) in wishes
    assert not any(wish == "return" and ("scarf", None) in found for wish, found, _ in wishes)


def test_what_is_fine_stays() -> None:
    for text in ("the mugs came smashed, kettle's ok", "杯子碎了 手冲壶没事"):
        assert ("keep", [("kettle", None)], None) in told(text)


def test_both_and_all_mean_what_was_named_just_before() -> None:
    for text in ("the scarf is itchy and the kettle leaks, return both", "围巾扎人，手冲壶漏水，都退掉"):
        assert told(text) == [("return", [("scarf", None)], None), ("return", [("kettle", None)], None)]


def test_both_of_two_that_were_offered() -> None:
    found = read_requests("both of them", LINES, focus=Focus(shown=[LAMP.key, SCARF.key]), today=TODAY)
    assert {line.key for line in found[0].lines.candidates} == {LAMP.key, SCARF.key}
    unsure = read_requests("both of them, they just don't fit", LINES, today=TODAY)
    assert not any(request.lines.sure for request in unsure)


def test_taken_back_and_corrected() -> None:
    for text in (
        "cancel the rug. wait no, not the rug, the scarf",
        "cancel the rug. no sorry i meant the scarf",
        "取消地毯 不对 是围巾",
    ):
        assert told(text) == [("cancel", [("scarf", None)], None)], text


def test_values_that_are_not_wanted_name_nothing_to_call_off() -> None:
    assert told("雨衣不要藏青色 换橄榄绿40 围巾取消")[-1] == ("cancel", [("scarf", None)], None)
    assert all(wish != "cancel" for wish, lines, _ in told("雨衣不要藏青色") if lines)


def test_how_many_of_several_are_meant() -> None:
    for text, quantity in {
        "三个杯子碎了一个": 1,
        "杯子只有1个是坏的！！其他两个我还要用": 1,
        "only ONE mug is chipped, not 3": 1,
        "one mug is cracked the other two are ok": 1,
        "i want to return 2 of the mugs, not all 3": 2,
        "不要全退，退两个杯子就行": 2,
        "杯子要一个就够了 另外两个取消": 2,
        "杯子留两个 一个取消": 1,
    }.items():
        found = [line for wish, lines, _ in told(text, [MUG, SCARF]) if wish != "keep" for line in lines]
        assert found == [("mug", quantity)], text


def test_what_stays_is_not_done_away_with_by_a_question_about_money() -> None:
    lines = [LAMP, RAINCOAT]
    for text in ("雨衣不要了 落地灯还要 钱退哪里", "雨衣取消 落地灯留着 退款多久"):
        assert told(text, lines) == [("cancel", [("raincoat", None)], None), ("keep", [("brass", None)], None)]


def test_one_of_them_after_all() -> None:
    found = told("I want to send the mugs back — no, just one of them.", [MUG, SCARF])
    assert found == [("return", [("mug", 1)], None)]


def test_together_means_no_more_than_was_named() -> None:
    for text in ("可以 围巾也不要了 一起吧", "围巾不要了 一起取消"):
        assert told(text, [LAMP, SCARF, RAINCOAT]) == [("cancel", [("scarf", None)], None)], text
    found = told("围巾不要了 落地灯也不要 都取消", [LAMP, SCARF, RAINCOAT])
    assert {name for wish, lines, _ in found if wish == "cancel" for name, _ in lines} == {"scarf", "brass"}
