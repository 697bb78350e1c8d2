"""In what the versions of one product differ: its options with what each value costs, and what is on record of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from actions.desk import Event
from actions.fact_questions.told import entries_of
from actions.goods import GONE, Good
from actions.product_answers import Answer, meant_now
from actions.product_facts import facts_in_words
from actions.resolver.asked_facts import answering, read_asked
from actions.resolver.measures import Measure, measures_in
from actions.resolver.own_options import amount_of, options_asked
from shopdesk_schemas.products import ProductView, VariantView

_CHEAP: Final = re.compile(r"\b(?:cheap\w*|least expensive|costs? (?:less|least))\b|便宜", re.IGNORECASE)
_BEST_VALUE: Final = re.compile(
    r"\b(?:(?:best|better|good) value|(?:best|better) (?:deal|buy))\b(?! for (?!the |my |your )?(?!money)| of\b)"
    r"|\bwhich\b[^.?!]*\bgood (?:deal|buy)\b(?! of\b)|\bvalue for (?:the |my )?money\b|\bbang for\b"
    r"|划算|合算|性价比|值当|实惠",
    re.IGNORECASE,
)
_OTHER_VALUE: Final = re.compile(
    r"\b(?:when|return\w*|refund\w*|ship\w*|deliver\w*|express|instal\w*)\b|什么时候|啥时候|何时|几时|哪天|退|运费|快递|分期",
    re.IGNORECASE,
)
"""It is asked of the time to buy, of a way of sending or of what a return is worth."""
_CONTAINERS: Final = r"(?:bag|bottle|box|can|jar|pack|packet|pouch|refill|tin|tub|tube|袋|瓶|罐|盒|包|桶|装)"
_COUNT: Final = re.compile(
    r"(?P<number>[1-9]\d*)[\s-]*(?P<unit>(?:packs?|pk|pieces?|pcs?|ct|count|sheets?|bags?|sachets?|capsules?|tablets?|pods?"
    r"|rolls?|cans?|bottles?|jars?|bars?|pairs?|refills?|pads?|films?|pans?|colou?rs?|pens?|pencils?|markers?|cards?|servings?"
    r"|wipes?|filters?|blades?|batteries|bulbs?|tubes?|sticks?|cups?|units?|candles?|cartridges?|tiles?|blocks?"
    r"|[件片只个包袋盒瓶罐枚条双卷张粒颗块色抽杯根份]装?|支装)?)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"\b(?:size|volume|capacity|contents?|pieces?|count|packs?|quantity|amount|set|refills?|net weight)\b"
    r"|容量|净含量|净重|规格|片数|件数|数量|装",
    re.IGNORECASE,
)
"""Options that tell how much one gets."""
_PLAIN_COUNT: Final = re.compile(
    r"\b(?:pieces?|packs?|quantity|amount|refills?)\b|^count$|片数|件数|数量", re.IGNORECASE
)
"""Options whose bare numbers count pieces: a size of 38 counts nothing."""
_OF_CONTENT: Final = frozenset({"volume", "mass", "count"})


def tell_apart(answer: Answer, good: Good) -> list[Event] | None:
    """Tells what versions there are of a product, by the option that is asked about or by all; None where it has one.

    What its record says of what is asked comes first: of "which colour blocks most light?" that darker ones do.
    """
    product = good.product
    variants = good.variants if len(good.variants) > 1 else product.variants
    differing = [
        name
        for name in dict.fromkeys(name for each in variants for name in each.options)
        if len({each.options.get(name) for each in variants}) > 1
    ]
    if not differing:
        return None
    text = answer.turn.text
    titles = [each for each in (product.name, *product.other_names) if each]
    read = read_asked(text) if asked_options(text, differing) else read_asked(text, titles)
    found = answering(read, entries_of(product))
    facts = [(each.name, each.value) for each, _ in found if each.kind == "fact"]
    said = [each.value for each, _ in found if each.kind == "sentence"]
    asked = asked_options(text, differing)
    told: list[str | None] = [facts_in_words(facts, product, answer) if facts else None, *said]
    if (value := best_value(good, answer)) is not None:
        told.append(value)
    elif _CHEAP.search(text):
        there = [each for each in variants if each.availability not in GONE] or list(variants)
        first = min(there, key=lambda each: each.price_minor or 0)
        price = answer.money(first.price_minor, product.currency)
        priced = answer.say("priced", name=answer.variant_name(product, first), price=price)
        told.append(answer.say("variants.cheapest_only", first=priced))
    for name in asked or differing:
        values = answer.say("row_separator").join(_priced(product, variants, name, answer))
        told.append(answer.say("variants.values", name=answer.title(product), option=name, values=values))
    answer.utter(told, [good])
    return meant_now(answer.turn, good)


def asked_options(text: str, options: Sequence[str]) -> list[str]:
    """Those of the options that a question names: "which switches"."""
    return [name for name in options_asked(text, dict.fromkeys(options, "")) if name in options]


def asks_best_value(text: str) -> bool:
    """Whether it is asked of which one gets most for the money."""
    return _BEST_VALUE.search(text) is not None and _OTHER_VALUE.search(text) is None


def best_value(good: Good, answer: Answer) -> str | None:
    """The version of which one gets most for the money, where that is asked and an option says how much it is."""
    if not asks_best_value(answer.turn.text):
        return None
    there = [each for each in good.product.variants if each.availability not in GONE and each.price_minor]
    for name in dict.fromkeys(name for each in there for name in each.options):
        amounts = contents({each.sku: each.options.get(name, "") for each in there}, name)
        if len(set(amounts.values())) < 2:
            continue
        best = min(there, key=lambda each: (each.price_minor or 0) / amounts[each.sku])
        price = answer.money(best.price_minor, good.product.currency)
        priced = answer.say("priced", name=answer.variant_name(good.product, best), price=price)
        return answer.say("variants.best_value", option=name, first=priced)
    return None


def contents(values: Mapping[str, str], option: str) -> dict[str, float]:
    """How much of its content each version holds by its value of an option, all in one unit.

    None where one of them does not say it, or where the option tells of a size, a length, seats or threads.
    """
    if not _COUNTED.search(option) or re.search(r"\bthread|支数", option, re.IGNORECASE):
        return {}
    measured = {key: [each for each in measures_in(value) if _wholly(each, value)] for key, value in values.items()}
    if all(measured.values()):
        dimensions = set.intersection(*({each.dimension for each in of} for of in measured.values())) & _OF_CONTENT
        if len(dimensions) != 1:
            return {}
        return {
            key: next(each.amounts[0] for each in of if each.dimension in dimensions) for key, of in measured.items()
        }
    counted = {key: _COUNT.fullmatch(value.strip()) for key, value in values.items()}
    units = {each["unit"].casefold() for each in counted.values() if each}
    if not all(counted.values()) or len(units) > 1 or ("" in units and not _PLAIN_COUNT.search(option)):
        return {}
    return {key: float(each["number"]) for key, each in counted.items() if each}


def _wholly(measure: Measure, value: str) -> bool:
    """Whether a value is no more than one amount, in whatever it comes: "12 oz bag", and not "12 oz canvas"."""
    rest = f"{value[: measure.span.start]} {value[measure.span.end :]}"
    left = re.sub(rf"{_CONTAINERS}s?|\W", "", rest.casefold())
    return len(measure.amounts) == 1 and measure.amounts[0] > 0 and not left


def _priced(product: ProductView, variants: Sequence[VariantView], option: str, answer: Answer) -> list[str]:
    """The values of an option in their order, each with what it costs, or that it is sold out."""
    values = [value for value in dict.fromkeys(each.options.get(option, "") for each in variants) if value]
    known = {value: amount for value in values if (amount := amount_of(value)) is not None}
    values = sorted(values, key=lambda each: known[each]) if len(known) == len(values) else values
    told = []
    for value in values:
        having = [each for each in variants if each.options.get(option) == value]
        there = [each for each in having if each.availability not in GONE]
        price = answer.price(Good(product, there or having))
        priced = answer.say("priced", name=value, price=price) if price else value
        told.append(priced if there else answer.say("variants.gone", variant=priced))
    return told


__all__ = ["asked_options", "asks_best_value", "best_value", "contents", "tell_apart"]
