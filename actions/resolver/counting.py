"""How many pieces words mean: "one of the two", 三盏退两盏, "I bought three, return one", "half of them".

Among the numbers of a phrase one is wanted; the others say how many there are or how many stay. Whoever takes the
wrong one changes more than was asked for, so what cannot be told apart counts as not said surely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from actions.resolver.reading import Element
from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping, phrases

_PARTITIVES = frozenset(("of", "of the", "out of", "from", "one of", "of my", "among"))
_KEEPING = frozenset(("need", "want", "只要", "只需要", "只想要"))


@dataclass(frozen=True, slots=True)
class Count:
    """What the numbers of a phrase say. `wanted` pieces out of `total`; `half` of them; `sure` when it is plain which."""  # noqa: E501

    wanted: int | None = None
    total: int | None = None
    half: bool = False
    asserted: bool = False
    """Whether the number was said with an article: "the two mugs"."""
    sure: bool = True

    def of(self, pieces: int) -> int | None:
        """How many of `pieces` are wanted; None when it was not said, or is no whole number of them."""
        if self.half:
            return pieces // 2 if pieces % 2 == 0 and pieces else None
        return self.wanted


def is_count(element: Element) -> bool:
    """Whether it is a number of pieces; none counts none."""
    return element.kind in ("quantity", "number") and number_of(element) > 0


def number_of(element: Element) -> int:
    """The number it says."""
    return int(element.roles["quantity" if element.kind == "quantity" else "number"])


def counted(phrase: Sequence[Element]) -> Count:
    """What the numbers of `phrase` mean."""
    said: list[int] = []
    totals: list[int] = []
    kept: list[int] = []
    asserted = False
    one_of = any(e.has("one_of") for e in phrase)
    for place, element in enumerate(phrase):
        if element.roles.get("pronoun") == "both" and element.words.lower() == "the two":
            if one_of or _is_total(phrase, place):
                totals.append(2)
            continue
        if not is_count(element) or is_pronominal(phrase, element):
            continue
        if one_of or _is_total(phrase, place) or _is_denied(phrase, place):
            totals.append(number_of(element))
        elif _is_kept(phrase, place):
            kept.append(number_of(element))
        else:
            said.append(number_of(element))
            asserted = asserted or element.determined
    if one_of:
        return Count(1, max(totals, default=None), asserted=False)
    if any(e.has("half") for e in phrase):
        return Count(total=max([*said, *totals], default=None), half=True)
    if not said:
        # How many there are, or stay, is known, but not how many are meant.
        return Count(total=max(totals, default=None), sure=not totals and not kept)
    if len(said) > 1 and not totals:
        totals.append(max(said))
    return Count(min(said), max(totals, default=None), asserted=asserted and not totals)


def _is_total(phrase: Sequence[Element], place: int) -> bool:
    """Whether the number there says how many there are: "out of the two", "I bought 3", 三盏里."""
    before = _right_before(phrase, place, 3)
    words = [e.words.lower() for e in before]
    others = [*phrase[:place], *phrase[place + 1 :]]
    another = any(is_count(e) or e.has("one_of") or e.has("half") for e in others)
    if another and any(word in _PARTITIVES for word in words):
        return True
    following = phrase[place + 1 :]
    if any(e.has("placing") for e in before) and any(is_count(e) for e in following):
        return True
    return bool(following) and following[0].words in ("里", "中", "里面") and any(is_count(e) for e in following)


_DENYING = frozenset(("not", "than", "instead of", "rather than", "不是", "而不是"))


def _is_denied(phrase: Sequence[Element], place: int) -> bool:
    """Whether the number there is not the one: "only one is chipped, not four"."""
    before = phrase[place - 1] if place else None
    return before is not None and before.words.lower() in _DENYING


def _is_kept(phrase: Sequence[Element], place: int) -> bool:
    """Whether the number there says how many stay: "I need only two", 只要一个."""
    before = _right_before(phrase, place, 2)
    wished = any(e.has("wish") and not e.has("keep") for e in before)
    return not wished and any(e.words.lower() in _KEEPING for e in before)


def _right_before(phrase: Sequence[Element], place: int, most: int) -> list[Element]:
    """Up to that many elements before the one at `place`, without a pause between them; the nearest first."""
    found: list[Element] = []
    for at in range(place - 1, max(-1, place - 1 - most), -1):
        if phrase[at + 1].span.start - phrase[at].span.end > 1 or phrase[at].kind in ("comma", "end"):
            break
        found.append(phrase[at])
    return found


def is_pronominal(phrase: Sequence[Element], number: Element) -> bool:
    """Whether "one" stands for a thing ("the blue one"), rather than counting."""
    if number.words.lower() not in ("one", "single"):
        return False
    at = next(i for i, element in enumerate(phrase) if element is number)
    before = phrase[at - 1] if at else None
    after = phrase[at + 1] if at + 1 < len(phrase) else None
    if number.determined:
        return True
    if after is not None and (after.names or after.words.lower() in ("of", "from", "out of")):
        return False
    if before is None or number.span.start - before.span.end > 1:
        return False
    return before.names or before.kind in ("sup", "comp", "ordinal", "state", "amount", "same", "different")


@dataclass(frozen=True, slots=True)
class Fewer:
    """That a part is meant: `pieces` are too many, or are all that is wanted (`kept`)."""

    pieces: int
    kept: bool

    def of(self, quantity: int) -> int:
        """How many of a line's pieces are not wanted."""
        return max(quantity - self.pieces, 0) if self.kept else min(self.pieces, quantity)


@cache
def _with_numbers(key: str) -> re.Pattern[str]:
    """The vocabulary's phrases, `#` a number."""
    numbers = "|".join(
        sorted((re.escape(word) for words in mapping("numbers").values() for word in words), reverse=True)
    )
    number = rf"(?P<n{{place}}>\d{{{{1,3}}}}|{numbers})(?![0-9a-z])"
    alternatives = []
    for place, phrase in enumerate(sorted(phrases(key), key=len, reverse=True)):
        pattern = re.escape(fold(phrase)).replace(r"\#", "#")
        edges = r"(?<![a-z0-9]){}(?![a-z0-9])" if phrase.isascii() else "{}"
        alternatives.append(edges.format(pattern.replace("#", number.format(place=place))))
    return re.compile("|".join(alternatives))


def fewer(text: str) -> Fewer | None:
    """Words that ask for a part by its number: "take one off", 少要一个. One where they give none.

    Never is the whole order meant by them.
    """
    for key, kept in (("fewer", False), ("only_wanted", True)):
        found = _with_numbers(key).search(fold(text))
        if found is not None:
            said = next((value for value in found.groupdict().values() if value), "1")
            if said.isdigit():
                return Fewer(int(said), kept)
            return Fewer(next(int(number) for number, words in mapping("numbers").items() if said in words), kept)
    return None
