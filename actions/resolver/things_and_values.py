"""Words that are a thing and a value of another: "camera" is what was bought, or what a backpack has a pocket for.

The thing is meant, unless the other thing is named with it: "the camera backpack", 装相机的双肩包.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from actions.resolver.candidates import LineCandidate
from actions.resolver.catalogue import Catalogue, Strengths, groups
from actions.resolver.option_index import alike_to
from actions.resolver.options import colour_of
from actions.resolver.reading import Element
from actions.resolver.text import fold, stems_of

_NEAR = 5
"""How many elements may stand between a value and the thing that has it: "the backpack with the camera compartment"."""
_ENDS = frozenset({"comma", "end", "boundary"})
_LEAST_NAME = 0.6


def told_apart(elements: Sequence[Element], catalogue: Catalogue[Any], lines: Sequence[LineCandidate]) -> list[Element]:
    """The elements with each such word read as what is spoken of."""
    found = list(elements)
    for place, element in enumerate(found):
        if element.kind not in ("name", "option", "unknown") or element.colour or element.has("letter"):
            continue
        things = _things(element.words, catalogue)
        if not things or (len(things) == len(lines) and " " not in element.words):
            continue
        valued = _valued(element.words, catalogue)
        told = valued or _valued_in(element.words, catalogue)
        having = {p: strength for p, strength in things.items() if p in told}
        if having and len(having) < len(things) and element.kind == "name" and max(things.values()) < 1.0:
            # "The robot vacuum" of two is the robotic one.
            element.strengths = having
            continue
        things = {p: strength for p, strength in things.items() if p not in valued and strength >= _LEAST_NAME}
        if not valued or not things:
            continue
        # "The camera one" of bags is the bag for a camera: "one" stands for what was named before.
        stands_for = place + 1 < len(found) and found[place + 1].words.lower() in ("one", "ones")
        beside = valued if stands_for else _beside(found, place, valued)
        if beside:
            element.kind, element.strengths, element.having = "option", dict.fromkeys(beside, 1.0), frozenset(valued)
        else:
            element.kind, element.strengths, element.having = "name", things, frozenset()
    return found


def _things(words: str, catalogue: Catalogue[Any]) -> Strengths:
    """Whom words name by their titles or by general names of goods."""
    stems = stems_of(words)
    by_terms, wider = groups()
    found: Strengths = dict(catalogue.group_strengths([*by_terms.get(stems, ()), *wider.get("".join(stems), ())]))
    named = catalogue.han.get(fold(words)) if not words.isascii() else catalogue.words.get("".join(stems))
    for position, strength in (named or {}).items():
        found[position] = max(found.get(position, 0.0), strength)
    return found


def _valued(words: str, catalogue: Catalogue[Any]) -> set[int]:
    """Those that have the words as a value, or in one."""
    said = stems_of(words)
    return {p for terms, strengths in catalogue.values.items() if _is_in(said, terms) for p in strengths}


def _valued_in(words: str, catalogue: Catalogue[Any]) -> set[int]:
    """Those that have what stands before the last of the words as a value, or one called so."""
    *before, _ = stems_of(words) or ("",)
    if not before or not words.isascii():
        return set()
    called = {terms for word in before for terms in ((word,), *alike_to((word,)))}
    return {p for terms in called for p in catalogue.values.get(terms, ())}


@lru_cache(maxsize=16384)
def _is_in(said: tuple[str, ...], value: tuple[str, ...]) -> bool:
    """Whether a value that is no colour has the words in it; one Chinese character is no word."""
    if not said or len(said) > len(value) or (len(said) == 1 and not said[0].isascii()):
        return False
    inside = any(value[at : at + len(said)] == said for at in range(len(value)))
    return inside and colour_of(" ".join(value)) is None


def _beside(elements: Sequence[Element], place: int, valued: set[int]) -> set[int]:
    """Those of `valued` that are named in the same phrase."""
    named: set[int] = set()
    for step in (1, -1):
        at = place + step
        while 0 <= at < len(elements) and abs(at - place) <= _NEAR:
            other = elements[at]
            if other.kind in _ENDS or (other.has("wish") and not other.names):
                break
            if other.kind == "name":
                named |= {p for p in other.strengths if p in valued}
            at += step
    return named
