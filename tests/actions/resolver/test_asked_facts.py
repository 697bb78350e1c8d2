"""What is asked of goods, and what a record of theirs says of it, by names and words that no list of ours has."""

from __future__ import annotations

import pytest

from actions.resolver.asked_facts import SURE, Entry, answering, read_asked
from actions.resolver.fact_filters import fit_of, wants_none
from actions.resolver.ranked_facts import extreme_asked, ranked

TENT = [
    Entry("Weight", "4 lb 6 oz (2-person)"),
    Entry("Waterproof rating", "3000 mm fly"),
    Entry("Setup time", "about 6 minutes"),
    Entry("Warranty", "2 years"),
    Entry("Capacity", "2-person / 3-person", "option"),
    Entry("", "Two doors keep gear out of the rain.", "sentence"),
]
ESPRESSO = [
    Entry("水箱容量", "1.5升"),
    Entry("预热时间", "约40秒"),
    Entry("包装清单", "粉碗、压粉锤"),
    Entry("质保", "3年"),
    Entry("", "蒸汽打奶泡，一个人也能轻松上手。", "sentence"),
]


@pytest.mark.parametrize(
    ("record", "asked", "name"),
    [
        (TENT, "does it take long to put up?", "Setup time"),
        (TENT, "hows the weight on that", "Weight"),
        (TENT, "will it keep me dry in heavy rain", "Waterproof rating"),
        (TENT, "is it guaranteed", "Warranty"),
        (ESPRESSO, "保修多久", "质保"),
        (ESPRESSO, "预热要多长时间", "预热时间"),
        (ESPRESSO, "送压粉锤吗", "包装清单"),
        (ESPRESSO, "水箱能装多少水", "水箱容量"),
    ],
)
def test_the_entry_that_says_it_answers(record: list[Entry], asked: str, name: str) -> None:
    found = answering(read_asked(asked), record)
    assert found, asked
    assert found[0][0].name == name
    assert found[0][1] >= SURE - 0.5


def test_each_of_two_questions_has_its_answer() -> None:
    found = answering(read_asked("how heavy is it and is there a warranty"), TENT)
    assert {entry.name for entry, _ in found} == {"Weight", "Warranty"}


def test_a_sentence_answers_what_no_fact_does() -> None:
    found = answering(read_asked("has it got two doors"), TENT)
    assert [entry.kind for entry, _ in found] == ["sentence"]


@pytest.mark.parametrize(
    "said", ["how long does delivery take", "can i return it", "is it in stock", "多少钱", "有货吗"]
)
def test_what_is_no_fact_asks_for_none(said: str) -> None:
    assert not [entry for entry, score in answering(read_asked(said), TENT + ESPRESSO) if score >= SURE]


def test_the_name_of_goods_asks_nothing() -> None:
    assert read_asked("is the rain jacket warm", ["Drizzle Rain Jacket"]).concepts == ("warmth",)
    assert read_asked("rain jacket for heavy rain", ["Drizzle Rain Jacket"]).concepts == ("waterproof",)


@pytest.mark.parametrize(
    ("said", "concept", "degree"),
    [
        ("which of them is the lightest", "weight", "least"),
        ("whats the warmest one", "warmth", "most"),
        ("the one with the longest warranty", "warranty", "most"),
        ("哪个最安静", "noise", "least"),
        ("哪款续航最长", "battery", "most"),
        ("电钻哪个轻一点", "weight", "least"),
    ],
)
def test_the_most_or_the_least_is_asked(said: str, concept: str, degree: str) -> None:
    extreme = extreme_asked(said, read_asked(said).concepts)
    assert extreme is not None
    assert (extreme.concepts[0], extreme.degree) == (concept, degree)


@pytest.mark.parametrize(
    ("values", "concept", "degree", "first"),
    [
        ({"a": "4 lb 6 oz (2-person)", "b": "24 lb", "c": "4.2 lb"}, "weight", "least", "c"),
        ({"a": "1.2 kg", "b": "900 g"}, "weight", "least", "b"),
        ({"a": "about 6 minutes", "b": "1 hour"}, "setup", "most", "b"),
        ({"a": "2年", "b": "终身", "c": "5年"}, "warranty", "most", "b"),
        ({"a": "40°F", "b": "0°F", "c": "20°F"}, "warmth", "most", "b"),
    ],
)
def test_what_is_on_record_is_put_in_order(values: dict[str, str], concept: str, degree: str, first: str) -> None:
    assert ranked(values, concept, degree)[0] == first  # type: ignore[arg-type]


def test_what_cannot_be_compared_is_not() -> None:
    assert ranked({"a": "4 lb", "b": "about as heavy as a cat"}, "weight", "least") == []
    assert ranked({"a": "4 lb", "b": "30 cm"}, "weight", "least") == []


CREAM = [
    Entry("Fragrance", "none"),
    Entry("Skin type", "dry and sensitive"),
    Entry("Suitable for babies", "from 3 months"),
]
PAN = [Entry("Dishwasher safe", "no"), Entry("Base", "standard / induction", "option")]
TOY = [Entry("Age range", "6 months to 4 years")]
SOAP = [Entry("香味", "无添加")]


@pytest.mark.parametrize(
    ("record", "said", "fits"),
    [
        (CREAM, "any cream without fragrance", True),
        (CREAM, "a cream with fragrance", False),
        (CREAM, "something for sensitive skin", True),
        (CREAM, "a cream for a 4 month old", True),
        (CREAM, "a cream for a 1 month old", False),
        (PAN, "which pans work on induction", True),
        (PAN, "are any dishwasher safe", False),
        (TOY, "a toy for a 3 year old", True),
        (TOY, "a toy for a 6 year old", False),
        (SOAP, "哪个不含香味", True),
        (TENT, "a tent for 3 people", True),
        (PAN, "which of them is blue", None),
    ],
)
def test_a_record_says_yes_or_no_or_nothing(record: list[Entry], said: str, fits: bool | None) -> None:
    fit = fit_of(read_asked(said), said, record)
    assert (None if fit is None else fit.yes) is fits


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ([Entry("Gluten free", "No")], "which snacks are gluten-free?"),
        ([Entry("Allergens", "Contains nuts")], "I'm allergic to nuts, which can I eat?"),
        ([Entry("过敏原", "坚果")], "我对坚果过敏，哪些能吃"),
        ([Entry("Pregnancy", "Unsuitable for pregnant women")], "which serum is safe while pregnant?"),
        ([Entry("提示", "孕妇慎用")], "哪些孕妇能用"),
        ([Entry("适用灶具", "电磁炉不适用")], "哪个能用电磁炉"),
        ([Entry("Hobs", "All except induction")], "which work on induction?"),
        ([Entry("Care", "Hand wash only. Dishwasher will ruin the finish")], "which are dishwasher safe"),
        ([Entry("Leak proof", "Yes")], "which bottles don't leak"),
        ([Entry("Waterproof", "Yes")], "jackets that won't get wet"),
        ([Entry("Nut free", "No")], "which granola has no nuts"),
    ],
)
def test_what_may_hurt_or_is_put_with_a_no_is_never_concluded(record: list[Entry], said: str) -> None:
    fit = fit_of(read_asked(said), said, record)
    assert fit is None or not fit.yes


@pytest.mark.parametrize(
    ("said", "fits"), [("ok for a 2 year old", False), ("ok for a 4 year old", True), ("两岁能玩吗", False)]
)
def test_what_is_not_for_the_young_is_for_who_is_older(said: str, fits: bool) -> None:
    for value in ("Not for children under 3 years", "3岁以下禁用"):
        fit = fit_of(read_asked(said), said, [Entry("Age", value)])
        assert fit is not None
        assert fit.yes is fits


@pytest.mark.parametrize(
    ("values", "concept", "degree", "first"),
    [
        ({"a": "-10℃", "b": "零下20℃"}, "warmth", "most", "b"),
        ({"a": "1,000 pieces", "b": "500 pieces"}, "pieces", "most", "a"),
        ({"a": "medium firm, 6.5 of 10", "b": "4/10"}, "firmness", "most", "a"),
    ],
)
def test_amounts_are_read_as_they_are_written(values: dict[str, str], concept: str, degree: str, first: str) -> None:
    assert ranked(values, concept, degree)[0] == first  # type: ignore[arg-type]


@pytest.mark.parametrize("said", ["哪个最轻的不要", "不要最重的", "not the heaviest one", "the lowest price"])
def test_what_is_not_wanted_is_no_extreme(said: str) -> None:
    assert extreme_asked(said, read_asked(said).concepts) is None


@pytest.mark.parametrize(
    ("said", "word", "none"),
    [
        ("without fragrance", "fragrance", True),
        ("fragrance-free please", "fragrance", True),
        ("with fragrance", "fragrance", False),
        ("不含酒精的", "酒精", True),
        ("含酒精的", "酒精", False),
    ],
)
def test_what_is_not_to_be_in_it(said: str, word: str, none: bool) -> None:
    assert wants_none(said, word) is none


@pytest.mark.parametrize(
    ("said", "record", "told"),
    [
        ("how heavy is it", [Entry("Top rider weight", "66 lb"), Entry("Lifted with one hand", "7.3 lb")], "7.3 lb"),
        ("how heavy is it", [Entry("Rider limit", "230 lb"), Entry("On the scale", "9 oz")], "9 oz"),
        ("有多沉", [Entry("最大承重", "30公斤"), Entry("单手可提", "3.3公斤")], "3.3公斤"),
        ("how loud is it", [Entry("Moving part", "45 dB"), Entry("Lifts", "265 lb")], "45 dB"),
        ("hows the warranty", [Entry("Best before", "2 years"), Entry("We stand by it", "8 years")], "8 years"),
        ("质保几年", [Entry("保质期", "2年"), Entry("质量承诺", "8年")], "8年"),
        ("is there sugar in it", [Entry("Added sugar", "none"), Entry("Weight", "6 oz")], "none"),
    ],
)
def test_a_fact_under_any_name_is_known_by_its_unit(said: str, record: list[Entry], told: str) -> None:
    assert [entry.value for entry, _ in answering(read_asked(said), record)] == [told]


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("how heavy is it", Entry("Carries", "230 lb")),
        ("有多重", Entry("承重上限", "104公斤")),
        ("hows the warranty", Entry("Shelf life", "2 years")),
        ("how warm is it", Entry("Oven safe", "up to 500 °F")),
    ],
)
def test_an_amount_of_something_else_answers_nothing(said: str, entry: Entry) -> None:
    assert answering(read_asked(said), [entry]) == []


@pytest.mark.parametrize(
    ("said", "concept", "degree"),
    [
        ("哪个头盔轻", "weight", "least"),
        ("哪把椅子更安静", "noise", "least"),
        ("哪款净化器声音小", "noise", "least"),
        ("哪个比较防水", "waterproof", "most"),
    ],
)
def test_which_one_is_so_asks_which_is_more_so(said: str, concept: str, degree: str) -> None:
    extreme = extreme_asked(said, read_asked(said).concepts)
    assert extreme is not None
    assert (extreme.concepts[0], extreme.degree) == (concept, degree)


@pytest.mark.parametrize("said", ["哪个大小合适", "哪个轻便", "哪个高度可以调", "哪个小号有货", "哪个快递便宜"])
def test_which_one_with_another_word_asks_no_more(said: str) -> None:
    assert extreme_asked(said) is None
