"""What is on record of a product, in words: its facts, and the chart of its sizes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.goods import Goods
from actions.product_answers import Answer
from actions.resolver.asked_facts import names_concept
from actions.resolver.products import speaks_of
from actions.resolver.text import fold
from shopdesk_schemas.products import ComparedFact, ProductView

_SENTENCE = re.compile(r"^[^\u4e00-\u9fff]*[A-Za-z]{2,}[^\u4e00-\u9fff]* [A-Za-z]{2,}[^\u4e00-\u9fff]*$")
"""Several words without a Chinese character."""
_NAMED = 8
"""How many facts on record are told at most."""
_DESCRIBED = 300
"""Longer descriptions are not told whole, in characters."""
_NOT_SAID = frozenset({"gift", "market_prices", "fit"})
"""Attributes that are for the shop's own use, or say nothing without others."""


def spoken_attributes(product: ProductView) -> dict[str, str]:
    """The facts on record that can be said as they stand; tables and the shop's own marks are left out."""
    return {
        name: str(value)
        for name, value in product.attributes.items()
        if isinstance(value, str | int | float)
        and not isinstance(value, bool)
        and str(value).strip()
        and plain_name(name) not in _NOT_SAID
    }


def facts_known(goods: Goods) -> dict[str, str]:
    """Of the first product the facts on record that are asked for."""
    return {
        name: value
        for fact in goods.words.facts
        for name, value in spoken_attributes(goods.found[0].product).items()
        if names_concept(name, fact) or speaks_of(fact, value)
    }


def unrecorded(goods: Goods) -> bool:
    """Whether something is asked of the first product that no fact, option or word of its description tells."""
    product = goods.found[0].product
    told = [
        product.name or "",
        product.description or "",
        *(value for each in product.options for value in each.values),
    ]
    speaks = any(speaks_of(fact, text) for fact in goods.words.facts for text in told)
    return bool(goods.words.facts) and not facts_known(goods) and not speaks


def colour_not_on_record(goods: Goods) -> str | None:
    """A colour that is asked of the first product, which has none to choose and nowhere speaks of it; None for none."""
    product, colour = goods.found[0].product, goods.words.colours
    if not colour or goods.words.facts or goods.found[0].absent is not None or goods.found[0].narrowed:
        return None
    options = [name for each in product.variants for of in (each.options, *each.other_options) for name in of]
    if any(names_concept(name, "colour") for name in options):
        return None
    told = [
        *(each for each in (product.name, *product.other_names, product.description, product.category) if each),
        *(str(part) for pair in product.attributes.items() for part in pair),
        *(value for each in product.variants for of in (each.options, *each.other_options) for value in of.values()),
    ]
    joined = fold(" ".join(told))
    return None if any(word.rstrip("色") in joined for word in fold(colour).split()) else colour


def size_chart(product: ProductView) -> dict[str, dict[str, tuple[float, float]]]:
    """The chart on record: by size, the least and most of each measure in cm. Empty when there is none."""
    for name, rows in product.attributes.items():
        if "size" in name.casefold() and isinstance(rows, Mapping):
            chart = {str(size): _row(parts) for size, parts in rows.items() if isinstance(parts, Mapping)}
            if any(chart.values()):
                return chart
    return {}


def _row(parts: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    row: dict[str, tuple[float, float]] = {}
    for part, value in parts.items():
        ends = value if isinstance(value, list) else [value]
        if ends and all(isinstance(each, int | float) and not isinstance(each, bool) for each in ends):
            row[str(part)] = (float(min(ends)), float(max(ends)))
    return row


def fits(parts: Mapping[str, tuple[float, float]], given: Sequence[float]) -> bool:
    """Whether each measure given lies in some part's range."""
    return bool(given and parts) and all(any(low <= each <= high for low, high in parts.values()) for each in given)


def chart_parts(parts: Mapping[str, tuple[float, float]], answer: Answer) -> list[str]:
    """Each measure of one size with its range in cm."""
    return [
        answer.say("chart_part", part=_part(part, answer), range=f"{low:g}" if low == high else f"{low:g}–{high:g}")
        for part, (low, high) in parts.items()
    ]


def chart_part_names(chart: Mapping[str, Mapping[str, tuple[float, float]]], answer: Answer) -> list[str]:
    """The measures that a chart gives, each once."""
    return list(dict.fromkeys(_part(part, answer) for parts in chart.values() for part in parts))


def _part(part: str, answer: Answer) -> str:
    key = f"products.body.{plain_name(part)}"
    return answer.wording.say(key) if answer.wording.has(key) else part.replace("_", " ")


def fact_name(name: str, answer: Answer) -> str:
    """An attribute's or option's name in the reader's language, where it is a usual one."""
    key = f"products.fact_names.{plain_name(name)}"
    return answer.wording.say(key) if answer.wording.has(key) else name.replace("_", " ")


def plain_name(name: str) -> str:
    """An attribute's name as the vocabulary writes it."""
    return name.strip().casefold().replace(" ", "_")


def quoted(value: str, answer: Answer) -> bool:
    """Whether a value is in another language than the answer: it is told as the shop wrote it, and said to be."""
    return answer.wording.language == "zh" and _SENTENCE.search(value) is not None


def fact_in_words(name: str, value: str, product: ProductView, answer: Answer) -> str:
    """One fact of a product as a sentence."""
    key = "fact_quoted" if quoted(value, answer) else "fact"
    return answer.say(key, name=answer.title(product), fact=fact_name(name, answer), value=value.rstrip(".。"))


def facts_in_words(facts: Sequence[tuple[str, str]], product: ProductView, answer: Answer) -> str | None:
    """Facts of one product, in one sentence; None where there are none."""
    if len(facts) < 2:
        return fact_in_words(*facts[0], product, answer) if facts else None
    told = [
        answer.say("fact_said", fact=_labelled(name, value, answer), value=value.rstrip(".。")) for name, value in facts
    ]
    return answer.say("facts", name=answer.title(product), facts=answer.say("row_separator").join(told))


def description_told(product: ProductView, answer: Answer) -> str:
    """What a product's description says, where it is short and in the reader's language; else an empty text."""
    described = (product.description or "").strip()
    return described if len(described) <= _DESCRIBED and not quoted(described, answer) else ""


def unknown_told(product: ProductView, answer: Answer, *, told: Sequence[str] = ()) -> list[str | None]:
    """All that is on record of a product, where it is not known which of it answers what is asked.

    It is not said that the record says nothing: it may say it in words that nobody thought of. `told` are the names of
    facts that were told already.
    """
    spoken = spoken_attributes(product)
    facts = [(name, value) for name, value in spoken.items() if name not in told][:_NAMED]
    rows = [
        answer.say("fact_said", fact=_labelled(name, value, answer), value=value.rstrip(".。")) for name, value in facts
    ]
    described = description_told(product, answer)
    name = answer.title(product)
    if not (rows or described or told):
        return [answer.say("fact_unknown", name=name)]
    listed = answer.say("row_separator").join(rows)
    known = answer.say("record_else" if told else "record", name=name, facts=listed) if rows else None
    known = known or (None if told else answer.say("record_of", name=name))
    shops_own = [each for each in product.attributes if plain_name(each) in _NOT_SAID]
    whole = len(spoken) + len(shops_own) == len(product.attributes) and len(facts) + len(told) >= len(spoken)
    whole = whole and bool(described or not product.description)
    return [known, described or None, options_told(product, answer), answer.say("record_ends") if whole else None]


def options_told(product: ProductView, answer: Answer) -> str | None:
    """In which versions a product comes; None where there is only one."""
    told = [
        answer.say("option", name=option.name, values=answer.wording.listed(list(option.values)))
        for option in product.options
        if len(option.values) > 1
    ]
    return answer.say("options", options=answer.say("row_separator").join(told)) if told else None


def _labelled(name: str, value: str, answer: Answer) -> str:
    label = fact_name(name, answer)
    return answer.say("quoted", fact=label) if quoted(value, answer) else label


def can_be_said(fact: ComparedFact) -> bool:
    """Whether a fact is plain words, and not the shop's own mark."""
    return plain_name(fact.name) not in _NOT_SAID and not any(
        isinstance(value, Mapping | bool) for value in fact.values
    )


def fact_value(value: Any, answer: Answer) -> str:
    """A fact's value in words; empty where there is none."""
    if isinstance(value, list):
        return answer.wording.listed([str(each) for each in value])
    return "" if value is None else str(value).rstrip(".。")
