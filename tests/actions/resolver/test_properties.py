"""What holds whatever is written and whatever there is to choose from."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.resolver import LineCandidate, parse_address, read_requests, resolve_lines, resolve_orders, resolve_variant
from actions.resolver.text import distance, fold, tokenise
from tests.actions.resolver.candidates import LINES, ORDERS, TEES, TODAY

WORDS = st.sampled_from(
    [
        "return",
        "the",
        "mug",
        "scarf",
        "lamp",
        "rug",
        "and",
        "except",
        "all",
        "two",
        "first",
        "one",
        "of",
        "blue",
        "£45",
        "last",
        "week",
        "退",
        "围巾",
        "杯子",
        "都",
        "除了",
        "和",
        "两个",
        "第二个",
        "it",
        "换成",
        "M",
        "if",
        "not",
        ",",
        ";",
        "？",
    ]
)
MESSAGES = st.one_of(st.lists(WORDS, max_size=14).map(" ".join), st.text(max_size=60))
SOME_LINES = st.lists(st.sampled_from(LINES), min_size=1, max_size=6, unique_by=lambda line: line.key)


@given(MESSAGES, SOME_LINES)
@settings(max_examples=150, deadline=None)
def test_only_candidates_within_bounds_and_the_same_each_time(text: str, lines: list[LineCandidate]) -> None:
    result = resolve_lines(text, lines, today=TODAY)
    assert resolve_lines(text, lines, today=TODAY) == result
    keys = [line.key for line in result.candidates]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {line.key for line in lines}
    for match in result.matches:
        assert 0 < match.score <= 1
        assert match.quantity is None or 1 <= match.quantity <= match.candidate.changeable
    assert all(0 <= span.start < span.end <= len(text) for span in result.spans)
    assert (result.status == "none") == (not result.matches)
    if result.status == "one":
        assert len(result.matches) == 1


@given(
    st.sampled_from(
        ["the scarf", "退围巾", "the mug and the lamp", "two of the mugs", "the blue one", "the dearest one"]
    ),
    st.permutations(LINES),
)
@settings(max_examples=60, deadline=None)
def test_the_candidates_order_does_not_matter_unless_it_is_spoken_of(text: str, lines: list[LineCandidate]) -> None:
    expected = resolve_lines(text, LINES, today=TODAY)
    found = resolve_lines(text, lines, today=TODAY)
    assert found.status == expected.status
    assert {(m.candidate.key, m.quantity) for m in found.matches} == {
        (m.candidate.key, m.quantity) for m in expected.matches
    }


@given(
    st.sampled_from(LINES),
    st.sampled_from(["all but the {}", "everything except the {}", "keep the {}, return the rest"]),
)
@settings(max_examples=40, deadline=None)
def test_what_is_excepted_is_never_matched(line: LineCandidate, pattern: str) -> None:
    result = resolve_lines(pattern.format(line.titles[0].split(",")[0].lower()), LINES, today=TODAY)
    assert line.key not in [each.key for each in result.candidates]
    assert len(result.matches) == len(LINES) - 1


@given(st.sampled_from(["the scarf", "退围巾", "the mug", "return the lamp"]), st.integers(1, 9))
@settings(max_examples=30, deadline=None)
def test_an_unrelated_candidate_does_not_change_a_clear_match(text: str, number: int) -> None:
    before = resolve_lines(text, LINES, today=TODAY)
    stranger = LineCandidate("Z9", number, ["Cordless drill", "充电钻"], unit_price_minor=9999)
    after = resolve_lines(text, [*LINES, stranger], today=TODAY)
    assert after.candidates == before.candidates
    assert after.status == before.status == "one"


@given(MESSAGES)
@settings(max_examples=100, deadline=None)
def test_no_message_breaks_any_reader(text: str) -> None:
    resolve_orders(text, ORDERS, today=TODAY)
    found = resolve_variant(text, TEES, current=TEES[5])
    assert TEES[5].sku not in [variant.sku for variant in found.candidates]
    for request in read_requests(text, LINES, today=TODAY):
        assert {line.key for line in request.lines.candidates} <= {line.key for line in LINES}
    parse_address(text)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_folding_keeps_every_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert all(folded[token.start : token.end] == token.text for token in tokenise(text))


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
@settings(max_examples=100, deadline=None)
def test_distance_is_symmetric_and_zero_only_for_the_same(one: str, other: str) -> None:
    assert distance(one, other, 9) == distance(other, one, 9)
    assert (distance(one, other, 9) == 0) == (one == other)
