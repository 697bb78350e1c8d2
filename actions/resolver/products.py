"""What a message about goods says: words to search by, options, a price range, the cheapest, what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Literal

from babel.numbers import get_currency_precision

from actions.resolver.amounts import Amount, amounts_in, bounded_number
from actions.resolver.candidates import VariantCandidate
from actions.resolver.focus import NO_FOCUS
from actions.resolver.goods_words import goods_places, goods_words
from actions.resolver.measures import measures_in
from actions.resolver.options import letter_terms
from actions.resolver.reading import Element, Reader
from actions.resolver.resolution import Span
from actions.resolver.text import HAN, fold, stems_of
from actions.resolver.variants import variant_pool
from actions.resolver.vocabulary import read

PriceOrder = Literal["price_asc", "price_desc"]

_POINTING = ("ordinal", "pronoun", "slice")
_ATTACHED = re.compile(r"(?<![\d.])\d{1,4}$")
_SUFFIX = 2
_WORD = re.compile(r"[a-z]+|[^a-z\s]+")
_EM = re.compile(r"(?<![\w'’])['’]?em\b(?!-)")
_NO_DAY: date | None = None


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A message about goods, taken apart.

    `goods` are the words that name them, `options` colours, sizes and the like (`colours` alone, too), `points` whether
    something on the screen is pointed at ("it", "the second"). `order` is by price.
    """

    goods: str = ""
    options: str = ""
    colours: str = ""
    points: bool = False
    amount: Amount | None = None
    order: PriceOrder | None = None
    facts: Sequence[str] = field(default=())
    """Keys of `vocabulary/products.yml` for what is asked of them."""
    things: str = ""
    """`goods` without the words of those facts: "leather" of "leather bag" may be its name or what is asked of it."""
    compared: PriceOrder | None = None
    """Whether it is to cost less (`price_asc`) or more than something else."""

    @property
    def said_nothing(self) -> bool:
        """Whether neither names nor pointers nor bounds say what is meant."""
        return not (self.goods or self.points or self.amount or self.order)


_RUSTS = re.compile(
    r"(?P<before>\b(?:(?:will|would|do|does|did|can|could|might|may)(?:n['’]?t)?"
    r" (?:it|they|this|that|these|those|the \w+)"
    r"|to|not|never|n['’]t|won['’]?t|doesn['’]?t|easily|ever) )(?P<verb>rust(?:s|ing)?)\b"
)
"""What happens to iron is no colour."""


def read_product_words(text: str, *, currency: str, known: Sequence[VariantCandidate] = ()) -> ProductWords:
    """What `text` says of goods. `known` are those on the screen, whose words are names; `currency` is the shop's."""
    folded = _RUSTS.sub(lambda said: f"{said['before']}{' ' * len(said['verb'])}", _EM.sub("them", fold(text)))
    amount = None
    for found, span in amounts_in(text, currency=currency):
        amount = amount or found
        folded = folded[: span.start] + " " * (span.end - span.start) + folded[span.end :]
        amount = _with_lower(amount, folded[: span.start], currency)
    if amount is None and (bounded := bounded_number(folded, currency=currency)) is not None:
        amount, span = bounded
        folded = folded[: span.start] + " " * (span.end - span.start) + folded[span.end :]
    for measure in measures_in(folded):
        start, end = measure.span.start, measure.span.end
        # "A tent for two" measures a tent, which is named all the same.
        kept = _WORD.sub(lambda word: word[0] if goods_words(word[0]) else " " * len(word[0]), folded[start:end])
        folded = folded[:start] + kept + folded[end:]
    pool = variant_pool(known, NO_FOCUS)
    reader: Reader[VariantCandidate] = Reader(pool.catalogue, currency=currency, size_expected=True, today=_NO_DAY)
    elements = reader.read(folded)
    order = _price_order(elements)
    points = any(element.has(role) for element in elements for role in _POINTING if not element.names)
    # The washing of 洗发水 is not asked for.
    named = [place for word, place in goods_places(folded).items() if not word.isascii()]

    def blank(said: re.Match[str]) -> str:
        start, end = said.span()
        within = any(first <= start and end <= last and end - start < last - first for first, last in named)
        return said.group() if within else " " * (end - start)

    plain = _asking().sub(blank, folded)
    goods: list[Element] = []
    options: list[Element] = []
    whole = [Span(*said.span()) for said in _whole_words().finditer(plain)]
    for element in reader.read(plain):
        if any(each.start <= element.span.start and element.span.end <= each.end for each in whole):
            # The blue of 蓝牙 is no colour.
            goods.append(element)
        elif element.kind == "option" or stems_of(element.span.of(plain)) in letter_terms():
            options.append(element)
        elif element.names or element.kind == "unknown":
            goods.append(element)
    without_facts = _facts_words().sub(lambda match: " " * len(match.group()), plain)
    things = [each for each in goods if each.span.of(without_facts).strip() == each.span.of(plain).strip()]
    return ProductWords(
        goods=_joined(goods, plain),
        things=_joined(things, plain),
        options=_joined(options, plain),
        colours=_joined([each for each in options if each.has("colour")], plain),
        points=points,
        amount=amount,
        order=order,
        facts=[key for key, words in _facts().items() if words.search(folded)],
        compared=_price_order([element for element in elements if element.has("comp")]),
    )


_LOWER = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?:-|to|and|到|至|~)\s*$")


def _with_lower(amount: Amount, before: str, currency: str) -> Amount:
    """The range that "between 30 and 60 pounds" says, where only the second number has a currency."""
    lower = _LOWER.search(before)
    if lower is None or amount.bound not in ("exact", "at_most"):
        return amount
    minor = round(float(lower["number"]) * 10 ** get_currency_precision(amount.currency or currency))
    return Amount(minor, amount.currency, "between", amount.minor) if minor < amount.minor else amount


def speaks_of(fact: str, text: str) -> bool:
    """Whether a text says something about a fact."""
    return _facts()[fact].search(fold(text)) is not None


def _price_order(elements: Sequence[Element]) -> PriceOrder | None:
    for element in elements:
        said = str(element.roles.get("sup") or element.roles.get("comp") or "")
        if said.startswith("price"):
            return "price_asc" if said.endswith("min") else "price_desc"
    return None


def _joined(elements: Sequence[Element], text: str) -> str:
    """The elements' words; Chinese ones that touch stay one word."""
    words = ""
    end = -1
    for element in elements:
        piece = element.span.of(text).strip()
        if (number := _ATTACHED.search(text[: element.span.start])) and piece.isascii() and len(piece) <= _SUFFIX:
            # 4K and 1080p are one word, whatever a number alone is.
            piece = number[0] + piece
        if words and not (element.span.start == end and re.match(rf"[{HAN}]", piece)):
            words += " "
        words += piece
        end = element.span.end
    return words.strip()


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    latin = sorted((re.escape(fold(word)) for word in words if word.isascii()), key=len, reverse=True)
    han = sorted((re.escape(fold(word)) for word in words if not word.isascii()), key=len, reverse=True)
    parts = [rf"(?<![a-z0-9])(?:{'|'.join(latin)})(?![a-z0-9])"] if latin else []
    return re.compile("|".join([*parts, *han]))


@cache
def _asking() -> re.Pattern[str]:
    return _pattern(read("products")["asking"])


@cache
def _whole_words() -> re.Pattern[str]:
    return _pattern(read("products")["whole"])


@cache
def _facts_words() -> re.Pattern[str]:
    return _pattern([word for words in read("facts").values() for word in words["asked"]])


@cache
def _facts() -> dict[str, re.Pattern[str]]:
    return {key: _pattern(words["asked"]) for key, words in read("facts").items()}
