"""Whether two names may be one person's: Latin and other alphabets by their words, Chinese names by their characters.

Words of one alphabet may come in any order, be initials, lack a middle name or have a slip of the pen. Chinese names
have too few characters for slips: one character of another is another person, while 王先生 may be any 王. Names in two
scripts (王小明, Wang Xiaoming) cannot be compared and say nothing.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

_LATIN_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam", "herr", "frau", "mme", "sra"})
CHINESE_TITLES = ("先生", "女士", "小姐", "太太", "老师", "同学")
_NOBODY = frozenset(
    {
        "guest",
        "unknown",
        "n a",
        "na na",
        "null",
        "none",
        "test",
        "customer",
        "anonymous",
        "游客",
        "访客",
        "匿名",
        "测试",
        "用户",
    }
)
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SLIP_FROM = 5
"""Words shorter than this differ in earnest: Jan is not Jon."""


class NameLikeness(IntEnum):
    """How alike two names are."""

    DIFFERENT = 0
    UNKNOWN = 1
    ALIKE = 2
    SAME = 3


@lru_cache(maxsize=65536)
def name_words(name: str | None) -> tuple[str, ...]:
    """The name in comparable words, sorted; a Chinese one is one word. Empty when it names nobody.

    Case, accents, punctuation and titles are left out; a Chinese title stays, as it says that the given name is
    missing.
    """
    if not name:
        return ()
    folded = unicodedata.normalize("NFKC", name)
    if _HAN.search(folded):
        joined = "".join(character for character in folded if character.isalnum())
        return () if joined in _NOBODY else (joined,)
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", folded.casefold())
        if not unicodedata.combining(character)
    )
    words = re.sub(r"[^\w]+|_", " ", plain.replace("'", "").replace("’", "")).split()
    words = [word for word in words if word not in _LATIN_TITLES and not word.isdigit()]
    return () if " ".join(words) in _NOBODY else tuple(sorted(words))


@lru_cache(maxsize=65536)
def compare_names(one: str | None, other: str | None) -> NameLikeness:
    """How alike two names are; the order of the two does not matter."""
    left, right = name_words(one), name_words(other)
    if not left or not right:
        return NameLikeness.UNKNOWN
    if left == right:
        return NameLikeness.SAME
    chinese = bool(_HAN.search(left[0])), bool(_HAN.search(right[0]))
    if all(chinese):
        return _compare_chinese(left[0], right[0])
    if any(chinese) or _script(left) != _script(right):
        return NameLikeness.UNKNOWN
    return _compare_words(left, right)


def _compare_chinese(left: str, right: str) -> NameLikeness:
    left_family, right_family = (without_title(name) for name in (left, right))
    if left_family == left and right_family == right:
        return NameLikeness.DIFFERENT
    if left_family == right_family:
        return NameLikeness.SAME if len(left_family) > 2 else NameLikeness.ALIKE
    # A title stands for the given name: 王先生 may be 王小明, and 欧阳先生 may be 欧阳娜.
    if left_family != left and right.startswith(left_family):
        return NameLikeness.ALIKE
    if right_family != right and left.startswith(right_family):
        return NameLikeness.ALIKE
    return NameLikeness.DIFFERENT


def without_title(name: str) -> str:
    """A Chinese name without the title behind it; a title alone stays."""
    for title in CHINESE_TITLES:
        if name.endswith(title) and len(name) > len(title):
            return name.removesuffix(title)
    return name


def _script(words: tuple[str, ...]) -> str:
    for character in words[0]:
        if character.isalpha():
            return unicodedata.name(character, "?").split()[0]
    return "?"


def _compare_words(left: tuple[str, ...], right: tuple[str, ...]) -> NameLikeness:
    """Every word of the shorter name must have its own in the longer, and one of them written out."""
    shorter, longer = sorted((left, right), key=lambda words: (len(words), words))
    open_words = list(longer)
    whole = 0
    for word in sorted(shorter, key=lambda word: (-len(word), word)):
        match = next((other for other in open_words if other == word), None)
        if match is None:
            match = next((other for other in open_words if is_slip(word, other)), None)
        if match is None:
            match = next((other for other in open_words if _is_initial(word, other)), None)
            if match is None:
                return NameLikeness.DIFFERENT
        elif len(word) > 1:
            whole += 1
        open_words.remove(match)
    if not whole:
        return NameLikeness.DIFFERENT
    # One word alone is a first name or a family name, and many have it.
    return NameLikeness.ALIKE if len(shorter) > 1 else NameLikeness.UNKNOWN


def _is_initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def is_slip(one: str, other: str) -> bool:
    """Whether two words differ by one letter left out, put in, changed, or swapped with its neighbour."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SLIP_FROM or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    )
