"""What of a product's options is compared: "a size up", "more memory", 屏幕小点的, "whichever sole is cheaper".

"Bigger" of a thing with several options that have an order is of its size: of what is called so, else of a length or a
volume, else of small, medium and large; of the memory only where that is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from actions.resolver.option_index import Options
from actions.resolver.option_words import OptionWord, name_spans
from actions.resolver.reading import Element
from actions.resolver.resolution import Span
from actions.resolver.text import fold, tokenise
from actions.resolver.vocabulary import read


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of those that fit: the cheapest, the next size up. `place` is the option compared, None of the price."""

    place: int | None
    most: bool
    extreme: bool
    span: Span
    words: str
    among: bool = False
    """Of several values that were said: the rest stays as it is where it can."""
    step: bool = False
    """The very next one: "one size up"."""
    edge: str = ""
    """The end that it goes towards, as the vocabulary names it (`size_max`)."""


_STEP = re.compile(r"\b(?:size|next)\b|[一1]个?[号码]|尺码")
_LARGE = r"most|biggest|largest|highest|greatest|maximum|max|strongest|longest|tallest|as (?:much|big|large|high|long)"
_SMALL = r"least|smallest|lowest|fewest|minimum|min|shortest|as (?:little|small|low|short)"
_BEFORE_NAME = re.compile(
    rf"\b(?:(?P<most>{_LARGE})|(?P<least>{_SMALL}))(?: of the)?\s*$|最(?:(?P<da>[大高多长])|[小低少短])的?$"
)
_MORE_OF = re.compile(r"\b(?:(?P<more>more|bigger|larger|higher|greater)|less|smaller|lower|fewer)\s+$")
_BEHIND_NAME = re.compile(
    r"^(?:\s|要|是|选|给我|的)*(?:最|越)(?:(?P<most>[大高多长])|[小低少短])|^(?P<prior>[大高多长])的?(?:那款|那个)?(?:优先|的先|为先)"
    r"|^(?:[小低少短])的?(?:那款|那个)?(?:优先|的先|为先)"
)


def comparisons(
    text: str, elements: Sequence[Element], words: Sequence[OptionWord], options: Options, segment: Span
) -> list[Comparison]:
    """What is compared in a part of a message, but for words that are values of this product."""
    found: list[Comparison] = []
    folded = fold(text)
    cheaper, dearer = _of_several()
    for most, pattern in ((False, cheaper), (True, dearer)):
        for hit in pattern.finditer(folded, segment.start, segment.end):
            inside = Span(*hit.span())
            told = [word for word in words if not word.keeps and not word.frees]
            valued = any(inside.start < word.span.start and word.span.end < inside.end for word in told)
            found.append(Comparison(None, most, True, inside, hit.group(), among=not valued))
    priced = found[:1]
    found = []
    names = [each for each in name_spans(folded, tokenise(text), options) if _inside(each[0], segment)]
    for span, places in names:
        nearer = _MORE_OF.search(folded[: span.start])
        ranked = [place for place in sorted(places) if len(options.ranks(place)) > 1]
        if nearer and ranked:
            most = nearer["more"] is not None
            at = Span(nearer.start(), span.end)
            edge = "size_max" if most else "size_min"
            found.append(Comparison(ranked[0], most, False, at, at.of(text), edge=edge))
            continue
        ahead, behind = _BEFORE_NAME.search(folded[: span.start]), _BEHIND_NAME.match(folded[span.end :])
        if not ranked or not (ahead or behind):
            continue
        most = bool(ahead["most"] or ahead["da"]) if ahead else bool(behind and (behind["most"] or behind["prior"]))
        start = ahead.start() if ahead else span.start
        end = span.end if ahead or behind is None else span.end + behind.end()
        found.append(Comparison(ranked[0], most, True, Span(start, end), folded[start:end]))
    for element in elements:
        said = element.roles.get("comp") or (element.roles.get("sup") if element.kind == "sup" else None)
        if not said or any(
            _overlap(each, element.span) for each in (*(w.span for w in words), *(c.span for c in (*priced, *found)))
        ):
            continue
        dimension, _, edge = str(said).partition("_")
        extreme = element.kind == "sup" and not element.has("comp")
        place = None if dimension == "price" else _place_of(dimension, element, options, names)
        if dimension == "price" or place is not None:
            step = _STEP.search(fold(element.words)) is not None
            found.append(
                Comparison(
                    place, edge == "max", extreme, element.span, element.words, step=step, edge="" if extreme else said
                )
            )
    if not found:
        found = _by_dimension(text, folded, options, segment)
    # The price decides last: "the brightest, black or white, whichever is cheaper".
    return [*found, *priced]


_DIMENSIONS = (
    (re.compile(r"\b(?:(?P<more>taller|higher)|lower|shorter)\b"), ("height", "高度", "length", "长度")),
    (re.compile(r"\b(?:(?P<more>thicker)|thinner)\b"), ("thickness", "厚度")),
    (re.compile(r"\b(?:(?P<more>wider|broader)|narrower)\b"), ("width", "宽度")),
    (re.compile(r"\b(?:(?P<more>faster|quicker)|slower)\b"), ("speed", "转速", "速度")),
)


def _by_dimension(text: str, folded: str, options: Options, segment: Span) -> list[Comparison]:
    """A comparison by a word of its own for one dimension: "a lower one" of bookcases with a height."""
    for pattern, names in _DIMENSIONS:
        hit = pattern.search(folded, segment.start, segment.end)
        called = [place for name in names for place in sorted(options.name_words.get(name, ()))]
        place = next((each for each in called if options.is_ordered(each)), None)
        if hit is not None and place is not None:
            at, most = Span(*hit.span()), hit["more"] is not None
            return [Comparison(place, most, False, at, at.of(text), edge="size_max" if most else "size_min")]
    return []


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _inside(span: Span, segment: Span) -> bool:
    return segment.start <= span.start < segment.end


@cache
def _of_several() -> tuple[re.Pattern[str], re.Pattern[str]]:
    both = []
    for name in ("cheaper_of", "dearer_of"):
        words = sorted((re.escape(fold(str(word))) for word in read("values")[name]), key=len, reverse=True)
        both.append("|".join(words))
    which = r"\b(?:whichever|whatever|which ever)(?: [a-z-]+){0,2}?(?:'s| is| are| costs?| comes out)(?: the)?"
    cheaper = rf"{which} (?:cheaper|cheapest|less|least)\b|哪[个款种只块把件双][^，。,;；\s]{{1,6}}?(?:更|最)?便宜(?:就?[换要选拿]哪个?)?"  # noqa: E501
    dearer = rf"{which} (?:dearer|dearest|more|pricier|more expensive)\b"
    return re.compile(f"{cheaper}|{both[0]}"), re.compile(f"{dearer}|{both[1]}")


_COLOUR_LIKE = frozenset({"light", "date", "arrived", "count"})


def _place_of(dimension: str, element: Element, options: Options, names: Sequence[tuple[Span, set[int]]]) -> int | None:
    """The option that is compared: the one called so beside it, the one like the word ("brighter"), else its size."""
    if dimension in _COLOUR_LIKE and dimension != "light":
        return None
    for span, places in names:
        if 0 <= span.start - element.span.end <= 1 or 0 <= element.span.start - span.end <= 1:
            ranked = next((place for place in sorted(places) if len(options.ranks(place)) > 1), None)
            if ranked is not None:
                return ranked
    folded = fold(element.words)
    for place, name in enumerate(options.names):
        known = [name, *(word for word, places in options.name_words.items() if place in places)]
        for each in map(fold, known):
            alike = (
                each[:5] == folded[:5] if folded.isascii() else folded[:1] in each or folded.lstrip("更最")[:1] in each
            )
            if alike and len(each) > 1 and options.ranks(place):
                return place
    if dimension in _COLOUR_LIKE:
        return None
    if dimension in ("length", "weight"):
        measured = "length" if dimension == "length" else "mass"
        return next((p for p in _ordered(options) if options.measures(p, measured)), None)
    return options.size_place()


def _ordered(options: Options) -> list[int]:
    return [place for place in range(len(options.names)) if options.is_ordered(place)]


__all__ = ["Comparison", "comparisons"]
