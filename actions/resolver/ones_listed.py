"""Goods told by a value each, joined by an "and": "the beginner one and the art ones", 红色那个和黑的那两个. Pure.

Both are meant: the second is no further value of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.resolver.counting import is_count
from actions.resolver.reading import Element

_ONES: Final = frozenset({"one", "ones", "pair", "pairs"})
_AND: Final = frozenset({"and", "n", "&", "plus", "as well as"})
_AND_HAN: Final = frozenset({"和", "跟", "与", "及", "以及", "、", "还有"})
_THESE_HAN: Final = (
    "个",
    "件",
    "条",
    "只",
    "双",
    "台",
    "把",
    "块",
    "张",
    "盏",
    "副",
    "套",
    "本",
    "瓶",
    "盒",
    "款",
    "的",
)
_KINDS_HAN: Final = frozenset({"码", "号", "色"})
"""What kind of value it is may be said behind it: M码的."""
_LEADS: Final = frozenset({"the", "my", "that", "this", "those", "these", "both", "of", "also", "那", "这"})


def goes_on_with_ones(current: Sequence[Element], element: Element, following: Sequence[Element]) -> bool:
    """Whether `element` joins a thing told by a value to another told so: "the red one [and] the black ones"."""
    if not current or not any(e.kind in ("option", "name") for e in current):
        return False
    words = element.words.lower()
    if words in _AND:
        ends = current[-1].words.lower() in _ONES or current[-1].kind == "name"
        return ends and _tells_ones(following)
    return words in _AND_HAN and _ends_in_one(current) and _tells_ones_han(following)


def _tells_ones(following: Sequence[Element]) -> bool:
    told = False
    for element in following:
        words = element.words.lower()
        if element.kind == "option":
            told = True
        elif told:
            return words in _ONES
        elif not (words in _LEADS or is_count(element) or element.has("one_of") or element.has("pronoun")):
            return False
    return False


def _ends_in_one(current: Sequence[Element]) -> bool:
    last = current[-1]
    return last.kind == "name" or (last.kind != "option" and last.words.endswith(_THESE_HAN))


def _tells_ones_han(following: Sequence[Element]) -> bool:
    told = False
    for element in following[:6]:
        if element.kind == "option":
            told = True
        elif told:
            if element.words in _KINDS_HAN:
                continue
            return element.words.endswith(_THESE_HAN) or element.words.startswith(("那", "这", "的"))
        elif not (element.words in _LEADS or is_count(element) or element.words.endswith(_THESE_HAN)):
            return False
    return False


__all__ = ["goes_on_with_ones"]
