"""What "it" of a message means where a word of another product's name stands beside it, and what a question is told."""

from __future__ import annotations

import pytest

from actions.asked_of_another import other_goods
from actions.fact_questions.asked import asks_barely, looks_for_one
from actions.goods_called import called_last, of_kind
from actions.resolver.asked_facts import Entry, answering, read_asked, with_ends
from actions.resolver.points_back import other_of, points_back
from actions.variant_questions import asks_kinds
from shopdesk_schemas.products import ProductView


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("how heavy a cat can it take", {"cat"}),
        ("how many brush heads come with it", {"head"}),
        ("will a laptop fit in this one", {"laptop"}),
        ("does it hold a camera", {"camera"}),
        ("它能装多重的猫", {"猫"}),
        ("这款能放电脑吗", {"电脑"}),
    ],
)
def test_it_is_what_was_spoken_of(text: str, words: set[str]) -> None:
    assert points_back(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is the lamp brighter than it", {"lamp"}),
        ("does the cat backpack close, is it heavy", {"cat", "backpack"}),
        ("is it possible to get a robe in blue", {"robe"}),
        ("do you have a robe", {"robe"}),
        ("how much is it for your tent", {"tent"}),
        ("这个猫包多重", {"猫包"}),
        ("有猫包吗", {"猫包"}),
    ],
)
def test_what_is_named_is_meant(text: str, words: set[str]) -> None:
    assert not points_back(text, words)


@pytest.mark.parametrize(
    "text", ["what about the other one", "is the other one lighter?", "另一款呢", "那另外那个多重"]
)
def test_the_other_one_of_two(text: str) -> None:
    assert other_of(text, ["lamp", "torch"], "lamp") == "torch"
    assert other_of(text, ["lamp", "torch"], "torch") == "lamp"
    assert other_of(text, ["lamp", "torch", "candle"], "lamp") is None
    assert other_of(text, ["lamp"], "lamp") is None


@pytest.mark.parametrize(
    "text", ["any other colours?", "on the other hand, is it light", "其他颜色有吗", "the one in red"]
)
def test_others_that_are_no_goods(text: str) -> None:
    assert other_of(text, ["lamp", "torch"], "lamp") is None


def test_a_number_says_nothing_of_another_number() -> None:
    record = [Entry("Outside", "17 x 11 x 10 in"), Entry("Pet up to", "16 lb")]
    assert not answering(read_asked("hes 17"), record)
    assert not answering(read_asked("17 pounds"), record)


def test_both_ends_of_a_range_are_told() -> None:
    low, high, other = Entry("Baby from", "7 lb"), Entry("Baby to", "45 lb"), Entry("Carrier", "2 lb")
    assert [each for each, _ in with_ends([(low, 2.0)], [low, high, other])] == [low, high]
    assert [each for each, _ in with_ends([(high, 2.0)], [low, high, other])] == [high, low]
    assert [each for each, _ in with_ends([(other, 2.0)], [low, high, other])] == [other]
    warm = Entry("Use from", "6 months")
    assert [each for each, _ in with_ends([(low, 2.0)], [low, warm])] == [low], "of another unit"


@pytest.mark.parametrize(
    "text", ["does it need a plug?", "do they have pockets", "does this need an app", "has it got a lid"]
)
def test_what_one_thing_needs_is_asked_of_it(text: str) -> None:
    assert not looks_for_one(text)


@pytest.mark.parametrize("text", ["i need a plug", "do you have one with pockets", "which one needs no app"])
def test_what_somebody_needs_is_looked_for(text: str) -> None:
    assert looks_for_one(text)


@pytest.mark.parametrize(
    "text", ["which kinds", "what sizes do you have?", "ok what flavours are there", "有哪些口味", "有几种规格可选"]
)
def test_bare_kinds(text: str) -> None:
    assert asks_kinds(text)


@pytest.mark.parametrize(
    "text", ["what kind of people shop here", "which sizes are cheaper online than in store", "你们是什么店"]
)
def test_other_questions_with_kinds(text: str) -> None:
    assert not asks_kinds(text)


def test_what_goes_on_names_something() -> None:
    assert other_goods("and the mug?") == "mug"
    assert other_goods("and is it heavy?") == ""


def test_something_for_a_use_has_no_kind() -> None:
    assert of_kind("something to keep my tea warm", "tea warm", [], kind="tea warm", nearly=True) == []


@pytest.mark.parametrize("text", ["how many yards", "and what fuel?", "what kind of wood", "how much memory"])
def test_no_more_than_how_much(text: str) -> None:
    assert asks_barely(text)


@pytest.mark.parametrize(
    "text", ["what time", "what else", "how much is it", "what about you", "what now", "how many stores do you have"]
)
def test_more_than_how_much(text: str) -> None:
    assert not asks_barely(text)


@pytest.mark.parametrize(
    ("goods", "name"), [("camp stove", "Twin Two-Burner Stove"), ("帽子", "宽檐防晒帽"), ("stoves", "Camp Stove, red")]
)
def test_called_by_the_last_word(goods: str, name: str) -> None:
    assert called_last(goods, [_product(name)])
    assert not called_last(goods, [_product("Stove Cover 炉罩")])


def _product(name: str) -> ProductView:
    return ProductView.model_construct(name=name, other_names=[], external_id="x")
