"""Whether words are a person's full name or only look like one: "Still Waiting", 会员. Pure functions."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from actions.resolver.catalogue import stop_words
from actions.resolver.text import fold
from actions.resolver.vocabulary import read

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_NO_NAME_ZH: Final = re.compile(
    r"^周[一二三四五六日天末](?:$|[上下晚早到送吧])|会员|客户|顾客|用户|买家|卖家|商家|[学考]生$|人士$|客服|快递|订单"
)
_TITLE: Final = re.compile(r"(?:先生|女士|小姐|太太)$")
_LONGEST_CHINESE: Final = 3
"""Characters of a name with a family name of one; there are longer ones, but phrases far more often."""


def may_be_name(words: str) -> bool:
    """Whether nothing speaks against a full name: none of its words is one of no name, not all are common ones."""
    if _HAN.search(words):
        return not fold(words).startswith(_no_name_zh()) and not _NO_NAME_ZH.search(fold(words))
    parts = [part for part in re.split(r"[ .]+", fold(words)) if len(part) > 1]  # the others are initials
    never, common = _common_words()
    if any(part in never for part in parts):
        return False
    return words.istitle() or not all(part in common for part in parts)


def begins_like_a_chinese_name(name: str) -> bool:
    """Whether a name in Chinese begins with a family name and is no longer than such a name is."""
    bare = fold(name)
    if "·" in bare or bare.startswith(tuple(read("names")["also_first"])):
        return True
    if bare.startswith(tuple(read("names")["double_surnames"])):
        return len(bare) > 2
    surnames = read("names")["surnames"]
    both = len(bare) == _LONGEST_CHINESE + 1 and bare[1] in surnames
    return bare[:1] in surnames and (len(bare) <= _LONGEST_CHINESE or both)


def without_title(name: str) -> str | None:
    """A name in Chinese without the title behind it; None where a family name alone stands before it."""
    bare = _TITLE.sub("", name)
    return None if bare != name and len(bare) <= 1 else bare


def is_shouted(words: str) -> bool:
    """Whether all the words are in capitals, as what is stressed is: "I'm SO DONE"."""
    parts = [part for part in re.split(r"[ .]+", words) if part]
    return all(part.isupper() for part in parts) and any(len(part) > 1 for part in parts)


@cache
def _common_words() -> tuple[frozenset[str], frozenset[str]]:
    """Words of no name, and with them those that names have too."""
    vocabulary = read("names")
    named = {word for group in read("goods")["groups"] for word in group if word.isascii() and " " not in word}
    colours = {word for _, _, words, _ in read("colours")["colours"] for word in words if " " not in word}
    also = frozenset(str(vocabulary["also_names"]).split())
    common = {*str(vocabulary["never"]).split(), *stop_words(), *named, *colours}
    given = also & colours  # Rose Brown, Olive Green: every word is a colour's
    return frozenset(common - also), frozenset(common - given)


@cache
def _no_name_zh() -> tuple[str, ...]:
    """What begins with these is no name, though a family name may be written like their first character."""
    return tuple(str(read("names")["no_name_zh"]).split())
