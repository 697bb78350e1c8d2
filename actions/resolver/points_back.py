"""Whether a message goes on about the goods that were spoken of, though some word of it is in another one's name.

"How heavy a cat can it take?" of a pet carrier is not asked of the cat backpack: what is named without an article or
with "a" beside an "it" is what goes in, on or with it. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from actions.resolver.text import fold, stems_of

_IT: Final = re.compile(
    r"\b(?:it|it['’]?s|its|th(?:is|at)(?: one)?(?=\s*\W*$)|(?:this|that) one|in there|them|they)\b"
    r"|它|[这那](?:个|款|种|台|件|双|把|条)(?=[^\u4e00-\u9fff]|$|能|可以|会|有|是|要|够|适合|支持|怎么|多|的)",
    re.IGNORECASE,
)
"""What points back. "This cat" and 这个猫包 name what they point at."""
_EMPTY_IT: Final = re.compile(
    r"\b(?:is|was|would|will) it (?:possible|ok|okay|allowed|true|worth|about|free)\b|\bit(?:['’]s| is) (?:for|my|me)\b"
    r"|\b(?:how much|when) (?:is|will|would) it (?:for|be)\b",
    re.IGNORECASE,
)
_NAMES: Final = r"\b(?:the|your|those|these|this|that|ur)\s+(?:[\w'’&+-]+\s+){{0,4}}?{word}"
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
    return not any(
        re.search(_NAMES.format(word=re.escape(word)), folded) for word in words if word.isascii() and len(word) > 1
    )


def other_of(text: str, shown: Sequence[str], spoken: str | None) -> str | None:
    """The other one of two on the screen, where a message asks for it; None where there are not two of them."""
    if _OTHER.search(fold(text)) is None or len(dict.fromkeys(shown)) != 2:
        return None
    others = [each for each in dict.fromkeys(shown) if each != spoken]
    return others[0] if len(others) == 1 else None


__all__ = ["other_of", "points_back"]
