"""Whether a message goes on about the goods that were spoken of, though some word of it is in another one's name.

"How heavy a cat can it take?" of a pet carrier is not asked of the cat backpack: what is named without an article or
with "a" beside an "it" is what goes in, on or with it. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from actions.resolver.text import fold, stems_of, tokenise

_IT: Final = re.compile(
    r"\b(?:it|it['’]?s|its|th(?:is|at)(?: one)?(?=\s*\W*$)|(?:this|that) one|in there|them|they)\b"
    r"|它|[这那](?:个|款|种|台|件|双|把|条)(?=[^\u4e00-\u9fff]|$|能|可以|会|有|是|要|够|适合|支持|怎么|多|的)",
    re.IGNORECASE,
)
"""What points back. "This cat" and 这个猫包 name what they point at."""
_CALLED_ONE: Final = re.compile(
    r"\b(?:the|your|that) "
    r"((?!other\b|first\b|second\b|last\b|same\b|cheap|big|small|large|new\b|right\b)[\w'-]{3,}(?: [\w'-]{3,})?)"
    r" (?:ones?|version|model)\b"
    r"|([\u4e00-\u9fff]{1,6}?)的?那[款个种台把双]"
)
_FOR_WHOM: Final = re.compile(r"^(?:kid|child|lad(?:y|ies)|gent|guy)\w*(?:['’]s?)?$")
_AS_WRITTEN: Final = {"k": "children", "c": "children", "l": "women", "g": "men"}
"""For whom it is, as shops write it: "the kids one" is the children's."""
_EMPTY_IT: Final = re.compile(
    r"\b(?:is|was|would|will) it (?:possible|ok|okay|allowed|true|worth|about|free)\b|\bit(?:['’]s| is) (?:for|my|me)\b"
    r"|\b(?:how much|when) (?:is|will|would) it (?:for|be)\b",
    re.IGNORECASE,
)
_NAMES: Final = r"\b(?:the|your|those|these|this|that|ur)\s+(?:[\w'’&+-]+\s+){{0,4}}?{word}"
_PLACES: Final = re.compile(
    r"(?<!and )\b(?:behind|under(?:neath)?|over|on|onto|in|into|inside|with|beside|next to|above|against|near|through"
    r"|from|to|for|at|around|between|across|off|out of|by)"
    r" (?:(?:the|your|those|these|this|that|ur|my|our|his|her|their|an?)\s+)?(?:[\w'’&+-]+\s*){1,3}"
)
"""Where, with what or for whom "it" is: "slide it behind the washer"."""
_MEANT: Final = re.compile(
    r"(?:^|\b(?:the|an?|your|any|some|this|that|these|those|which|what|whats|ur|both|all|each|other|another|more)\b)"
    r"\W*(?:[\w'’&+-]+\W+){0,3}?$"
    r"|\b(?:about|and|or|than|vs|versus|of|sell|carry|stock|got|have|has|price|cost)\W+(?:[\w'’&+-]+\W+)?$"
)
"""What stands before a word that names goods."""
_ASIDE: Final = re.compile(
    r"\b(?:behind|under(?:neath)?|onto|into|inside|beside|next to|above|against|near|through)"
    r" (?:the|your|my|our|an?) (?:[\w'’&+-]+ ){0,2}?$"
)
_OTHER: Final = re.compile(
    r"\b(?:the |that |your )?other (?:one|model|version|1)\b|\bthe other\b\W*$"
    r"|另(?:外)?[一那]?[个款种台件]|别的那[个款]",
    re.IGNORECASE,
)


def points_back(text: str, words: Collection[str]) -> bool:
    """Whether "it" of a message is what was spoken of before, and not what the `words` (stems) are a name of.

    They name it where they stand behind "the" or "your", or where two of them follow each other.
    """
    folded = fold(text)
    if _IT.search(_EMPTY_IT.sub(" ", folded)) is None:
        return False
    said = [stem for stem in stems_of(folded) if stem]
    if any(first in words and second in words for first, second in pairwise(said)):
        return False
    rest = _PLACES.sub(" ", folded)
    return not any(
        re.search(_NAMES.format(word=re.escape(word)), rest) for word in words if word.isascii() and len(word) > 1
    )


def only_passing(text: str, words: Collection[str]) -> bool:
    """Whether the one English word that seems to name other goods stands as none in a message about what was spoken of.

    "Or can I just plug in speakers?" names no plug. A name stands behind an article or the like, or first.
    """
    folded = fold(text)
    if len(words) != 1 or not (word := next(iter(words))).isascii():
        return False
    said = [token for token in tokenise(folded) if token.stem == word]
    return bool(said) and not any(
        _MEANT.search(folded[: token.start]) and not _ASIDE.search(folded[: token.start]) for token in said
    )


def asks_other(text: str) -> bool:
    """Whether the other one is asked for."""
    return _OTHER.search(fold(text)) is not None


def called_one(text: str) -> str:
    """What "the wall one" or 轻的那款 calls one of several; empty where none is called so."""
    said = _CALLED_ONE.search(fold(text))
    called = next((part.strip() for part in said.groups() if part), "") if said is not None else ""
    return _FOR_WHOM.sub(lambda who: _AS_WRITTEN[who.group()[0]], called)


def other_of(text: str, shown: Sequence[str], spoken: str | None) -> str | None:
    """The other one of two on the screen, where a message asks for it; None where there are not two of them."""
    if _OTHER.search(fold(text)) is None or len(dict.fromkeys(shown)) != 2:
        return None
    others = [each for each in dict.fromkeys(shown) if each != spoken]
    return others[0] if len(others) == 1 else None


__all__ = ["asks_other", "called_one", "only_passing", "other_of", "points_back"]
