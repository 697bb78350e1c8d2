"""What a message takes out of what it wishes: "all but the scarf", 除了围巾. It is told apart from what is wished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.resolver.counting import is_count
from actions.resolver.reading import Element
from actions.resolver.resolution import Span
from actions.resolver.said import refers


def without_exclusions(elements: Sequence[Element]) -> tuple[list[Element], list[Element], bool]:
    """`elements` without what is left out, this, and whether it is left out of everything."""
    kept: list[Element] = []
    excluded: list[Element] = []
    every = False
    excluding = False
    negated = False
    skip = -1
    denied = 0
    for place, element in enumerate(elements):
        following = elements[place + 1 : place + 4]
        starts = element.kind == "except" or (
            element.words.lower() == "but"
            and place > 0
            and any(e.has("everything") or e.has("rest") for e in elements[:place])
            and (_named(following) or _counts_only(following))
        )
        if place < denied:
            continue
        if element.words in _NOT_HAN and place + 1 < len(elements) and elements[place + 1].has("everything"):
            # 不要全退
            denied = _end_of_denied(elements, place)
            continue
        if (element.words.lower() in _NO and element.has("except")) or element.words in _NO_HAN:
            if denied := _end_of_denied(elements, place):
                continue
            starts = _named(following[:2]) and any(refers(e) for e in [*kept, *elements[place + 3 :]])
            negated = starts or negated
            if not (starts or excluding) and element.words.isascii() and _named(following[:2]):
                # "Not the scarf", and nothing else that is meant: it stays.
                kept.append(replace(element, kind="wish", roles={"wish": "keep"}))
                continue
        if element.words in _BEHIND_HAN and not excluding and any(e.kind == "name" for e in kept):
            # 围巾除外: what is left out stands before.
            start = next((i + 1 for i in range(len(kept) - 1, -1, -1) if not _describes(kept[i])), 0)
            excluded += kept[start:]
            kept, every = kept[:start], True
            continue
        if starts and _counts_only(following) and not _named(following):
            # "All the lamps but one": one of what was named stays.
            excluded += [*(e for e in kept if e.kind == "name"), following[0], _ONE_OF]
            kept = [e for e in kept if e.kind != "name"]
            skip = place + 1
            every = True
            continue
        if place == skip:
            continue
        if starts and (_named(elements[place + 1 : place + 6]) or any(refers(e) for e in following)):
            excluding = True
            every = every or not negated
            continue
        if excluding:
            han = not element.words.isascii()
            ends = (
                element.kind in ("end", "except_end", "wish")
                or (negated and element.kind == "comma")
                or (han and (element.kind in ("everything", "rest", "comma") or element.roles.get("pronoun") == "both"))
                or (element.kind == "comma" and _goes_on_elsewhere(elements[place + 1 :]))
                or (element.kind == "rest")
            )
            if ends:
                excluding = negated = False
                if element.kind != "except_end":
                    kept.append(element)
                continue
            excluded.append(element)
            continue
        kept.append(element)
    return kept, excluded, every


def _goes_on_elsewhere(following: Sequence[Element]) -> bool:
    """Whether what stands behind a comma is no other thing that is left out: "all but the scarf, put it on my card"."""
    first = next((e for e in following if e.words.lower() not in _LEAD_TO_NAMES), None)
    return first is None or not (refers(first) or first.kind in ("option", "quantity", "number"))


def _end_of_denied(elements: Sequence[Element], place: int) -> int:
    """Where "not all of them" and 不是四个都退 end, which deny and say nothing else; 0 where no such thing is said."""
    end = next((i for i in range(place + 1, len(elements)) if elements[i].kind in ("comma", "end")), len(elements))
    body = elements[place + 1 : end]
    if not body or any(e.kind == "name" and e.strengths for e in body):
        return 0
    if elements[place].words.isascii():
        only_number = all(is_count(e) or e.kind == "glue" for e in body) and any(is_count(e) for e in body)
        return end if only_number or (body[0].has("everything") and body[0].kind == "everything") else 0
    return end if any(e.has("everything") for e in body) else 0


_NOT_HAN: Final = frozenset({"不要", "别", "不用", "不想"})

_NO: Final = frozenset({"not", "nothing with", "nothing to do with"})

_NO_HAN: Final = frozenset({"不是"})
"""Says of what follows that it is not meant, where something else is."""

_BEHIND_HAN: Final = frozenset({"除外", "不算", "不包括", "不含", "以外", "之外"})
"""Leaves out what stands before it."""


def _describes(element: Element) -> bool:
    """Whether it may be part of the name of goods."""
    return element.kind in ("name", "option", "glue", "unknown", "quantity", "number")


_LEAD_TO_NAMES = frozenset(
    {"the", "my", "a", "an", "and", "or", "also", "n", "nor", "this", "that", "those", "these", "our"}
)

_ONE_OF = Element("one_of", Span(0, 0), "", {"one_of": True})


def _counts_only(following: Sequence[Element]) -> bool:
    """Whether a number and nothing else follows: "all the lamps but one"."""
    return bool(following) and is_count(following[0]) and not any(e.names for e in following[1:2])


def _named(elements: Sequence[Element]) -> bool:
    for element in elements:
        if element.kind in ("end", "comma"):
            return False
        if element.names or refers(element) or (element.kind == "state" and element.determined):
            return True
    return False
