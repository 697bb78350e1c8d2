"""Which order is meant by what is said of goods in it: a comparison of those named, or how many of them there are.

"The dearer of the two cameras" compares two lines, each by its own price, wherever they were ordered; "the dearest order"
compares totals. "The order with the two mugs" is not the one with a single mug.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, OrderCandidate
from actions.resolver.clauses import analyse
from actions.resolver.counting import is_count, number_of
from actions.resolver.focus import Focus
from actions.resolver.lines import line_pool, read_lines
from actions.resolver.reading import Element
from actions.resolver.resolution import Match, Reason, Resolution
from actions.resolver.selection import Choice, choose, phrases_of, resolution_of

_OF_GOODS: Final = frozenset({"price", "size", "length", "weight", "light"})
"""What goods are compared by."""
_ORDER: Final = re.compile(
    r"\b(?:orders?|parcels?|packages?|deliver(?:y|ies)|purchases?)\b|订单|单子|包裹|快递", re.IGNORECASE
)
_ORDER_HAN: Final = re.compile(r"(?:那|这|哪|一|下)?单(?![人号价独肩])|单$")
_BEFORE_NUMBER: Final = frozenset(
    {"with", "containing", "has", "had", "那", "这", "那个", "这个", "有", "的", "里的", "买了", "里"}
)
_PARTITIVES: Final = frozenset({"of", "out of", "from"})
_OTHERS: Final = frozenset({"comparative", "pronoun", "only"})


def compared_goods(
    text: str, orders: Sequence[OrderCandidate], *, focus: Focus, today: date
) -> Resolution[LineCandidate] | None:
    """The line that a comparison of named goods means; None where nothing named is compared.

    The comparison may come later than the name: "I ordered two lamps, cancel the dearer one". Words that compare orders
    ("the dearer order") are none of these.
    """
    lines = [line for order in orders for line in order.lines]
    if len(lines) < 2:
        return None
    pool = line_pool(lines, focus)
    described: Choice | None = None
    for phrase in phrases_of(_wanted(read_lines(text, pool, today)), pool.catalogue):
        selected = choose(pool, phrase)
        if not any(_compares_goods(element) for element in phrase):
            if selected.scores and _names(phrase, selected):
                described = _together(described, selected)
            continue
        if any(_speaks_of_order(element) for element in phrase):
            return None
        kinds = {reason.kind for reason in selected.reasons}
        if "comparative" not in kinds:
            continue
        if not _names(phrase, selected):
            if described is None or len(described.scores) < 2 or not kinds <= _OTHERS:
                continue
            selected = choose(pool, phrase, within=described.scores)
        if len(selected.scores) == 1:
            return resolution_of(pool, [selected], text)
    return None


def _wanted(elements: Sequence[Element]) -> list[Element]:
    """The elements without what is excepted, and without conditions: "unless it costs more" compares nothing."""
    said = analyse(elements)
    out = {each.span for each in said.excluded}
    out |= {each.span for condition in said.conditions for each in (*condition.when, *condition.then)}
    out |= {each.span for clause in said.clauses for each in clause.target}
    return [each for each in elements if each.span not in out]


def _compares_goods(element: Element) -> bool:
    said = str(element.roles.get("sup") or element.roles.get("comp") or "")
    return element.kind in ("sup", "comp", "state", "nearest") and said.partition("_")[0] in _OF_GOODS


def _speaks_of_order(element: Element) -> bool:
    """Whether it says "order"; what was ordered is said of goods."""
    if element.names or element.kind in ("quantity", "number"):
        return False
    words = element.words.lower()
    return _ORDER.fullmatch(words) is not None or (not words.isascii() and _ORDER_HAN.search(words) is not None)


def _names(phrase: Sequence[Element], choice: Choice) -> bool:
    return any(element.names and element.strengths for element in phrase) and any(
        reason.kind in ("name", "near_name", "option") for reason in choice.reasons
    )


def _together(one: Choice | None, other: Choice) -> Choice:
    return other if one is None else replace(other, scores={**one.scores, **other.scores})


def counted_goods(
    text: str, orders: Sequence[OrderCandidate], *, focus: Focus, today: date
) -> Resolution[OrderCandidate] | None:
    """The one order that holds just as many of what is named as is said: "the order with the two mugs".

    None where no such number is said, or where it does not tell the orders apart.
    """
    pool = line_pool([line for order in orders for line in order.lines], focus)
    elements = read_lines(text, pool, today)
    for place, element in enumerate(elements):
        wanted = _number(elements, place)
        of_order = place > 1 and _ORDER.fullmatch(elements[place - 2].words.lower()) is not None
        named = _named_behind(elements, place) if wanted and (wanted > 1 or of_order) else []
        found = choose(pool, named) if named else Choice()
        held: dict[str, int] = {}
        for position in found.scores:
            line = pool.items[position]
            held[line.order] = held.get(line.order, 0) + line.changeable
        just = [order for order in orders if held.get(order.number) == wanted]
        if len(held) > 1 and len(just) == 1:
            reasons = (Reason("line", element.words, element.span), *found.reasons)
            return Resolution("one", (Match(just[0], 0.9, reasons),), text, (element.span,))
    return None


def _number(elements: Sequence[Element], place: int) -> int | None:
    """How many there are of what follows, where a number says that and not how many are wanted."""
    element = elements[place]
    before = elements[place - 1].words.lower() if place else ""
    after = elements[place + 1].words.lower() if place + 1 < len(elements) else ""
    if element.words.endswith(("单", "笔")) or _ORDER.fullmatch(after):
        # "In two orders"
        return None
    if element.roles.get("pronoun") == "both" and ("两" in element.words or element.words.lower() == "the two"):
        number: int | None = 2
        asserted = True
    elif is_count(element):
        number = number_of(element)
        asserted = element.determined or before in _BEFORE_NUMBER or _all_of_them(elements, place)
    else:
        return None
    told = place + 1 < len(elements) and elements[place + 1].words.lower() in _PARTITIVES
    return number if asserted and not told else None


def _all_of_them(elements: Sequence[Element], place: int) -> bool:
    """Whether 都 is said of a number in Chinese: 那两台相机都取消."""
    following = list(elements[place + 1 :][:6])
    end = next((at for at, each in enumerate(following) if each.kind in ("comma", "end")), len(following))
    han = not elements[place].words.isascii()
    return han and any(each.has("everything") or each.words == "都" for each in following[:end])


def _named_behind(elements: Sequence[Element], place: int) -> list[Element]:
    """The names and values right behind a number; those before it where 的 joins them: 20MP的两台."""
    named: list[Element] = []
    for element in elements[place + 1 :]:
        if element.names and (element.strengths or element.having):
            named.append(element)
        elif element.kind != "glue" or (named and element.words != "的"):
            break
    if named or elements[place].words.isascii():
        return named
    for element in reversed(elements[:place]):
        if element.names and element.strengths:
            named.append(element)
        elif element.kind != "glue":
            break
    return named


__all__ = ["compared_goods", "counted_goods"]
