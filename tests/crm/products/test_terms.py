"""Words and Chinese runs as terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.products.terms import distance, fold, questions, stem, terms


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stoneware mugs", {"stoneware", "mug"}),
        ("CAFÉ crème", {"cafe", "creme"}),
        ("蓝色围巾", {"蓝", "色", "围", "巾", "蓝色", "色围", "围巾"}),
        ("T恤 100%", {"t", "恤", "100"}),
        ("women's boots", {"women", "boot"}),
        ("ＴＥＡ", {"tea"}),
    ],
)
def test_a_text_has_these_terms(text: str, found: set[str]) -> None:
    assert terms(text) == found


def test_a_question_keeps_what_says_something() -> None:
    assert [run.text for run in questions("do you have any blue kettles please")] == ["blue", "kettle"]
    assert [run.text for run in questions("do you have any")] == ["do", "you", "have", "any"]
    assert [run.text for run in questions("有 围巾 吗")] == ["围巾"]
    assert questions("?!") == []


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [
        ("kettle", "kettle", 0),
        ("ketle", "kettle", 1),
        ("kettel", "kettle", 1),
        ("xettle", "kettle", 1),
        ("a", "abcd", 3),
    ],
)
def test_slips_are_counted(left: str, right: str, slips: int) -> None:
    assert distance(left, right, 2) == slips


@given(st.text(max_size=12), st.text(max_size=12))
def test_distance_is_symmetric_and_zero_only_for_equals(left: str, right: str) -> None:
    assert distance(left, right, 3) == distance(right, left, 3)
    assert (distance(left, right, 3) == 0) == (left == right)


@given(st.text(max_size=40))
def test_terms_do_not_depend_on_case_or_width(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(term and "\0" not in term for term in terms(text))


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)
