"""A full name that stands right before or behind a postcode or an e-mail address, anywhere in a message.

"did my pillow ship? ana silva, 97296", 帐篷到哪了 李娜43234: people sign what they ask like that, in small letters as
often as not. What is not parted from other words is read only as far as nothing but a name can be. Pure functions.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from actions.names_said import begins_like_a_chinese_name, may_be_name
from actions.resolver.goods_words import goods_words
from actions.resolver.vocabulary import read

_WORD: Final = r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’-][A-Za-zÀ-ÖØ-öø-ÿ]+)*"
_CALLS_POSTCODE: Final = re.compile(
    r"(?:\b(?:and |with )?(?:my |the )?(?:zip(?: ?code)?|post ?code|postal(?: code)?|e-?mail(?: address)?)(?: is|:)?"
    r"|(?:我的?|收货)?(?:邮编|邮政编码|邮箱)(?:是|为)?)[\s:：()（）#]*$",
    re.IGNORECASE,
)
_SIGNS: Final = r"[\s,，:：.。;；、/|()（）+&–—-]*"
_BEFORE: Final = re.compile(rf"(?P<words>(?:{_WORD} ){{0,7}}{_WORD}){_SIGNS}$", re.IGNORECASE)
_BEHIND: Final = re.compile(
    rf"^(?:{_SIGNS}\b(?:and|my|name(?:'?s| is)?|full name|for|it'?s|i'?m|im)\b)*{_SIGNS}"
    rf"(?P<words>{_WORD}(?: {_WORD}){{1,3}})(?=\s*(?:$|[,.;!?，。；！？\n:：(]|\s-|here\b))",
    re.IGNORECASE,
)
_PARTED: Final = re.compile(r"[,.;!?，。；！？\n:：(–—]\W*$|^\W*$|\s-\W*$|[\u4e00-\u9fff]\s*$")
_MOST: Final = 4
_HAN_NAME: Final = r"(?P<name>(?!我|叫|是)[\u4e00-\u9fff]{2,4})(?:先生|女士|小姐|太太)?"
_HAN_EDGE: Final = (
    r"(?:^|(?<=[\s，,。.;；、！!？?：:（(])|(?<=我叫)|(?<=我是)|(?<=[名字叫]是)|(?<=姓名)|(?<=名字)|(?<=全名)|(?<=^我))"
)
_HAN_BEFORE: Final = re.compile(rf"{_HAN_EDGE}{_HAN_NAME}{_SIGNS}$")
_HAN_BEHIND: Final = re.compile(
    rf"^{_SIGNS}(?:我叫|我是|姓名|名字(?:叫|是)?)?{_HAN_NAME}(?=$|[\s，,。.;；、！!？?：:（(])"
)


def name_beside(text: str, beside: str) -> str | None:
    """The full name right before or behind `beside`, which is a postcode or an e-mail address; None where none is."""
    before, found, behind = text.partition(beside)
    if not found:
        return None
    before = _CALLS_POSTCODE.sub(" ", before)
    for name in (_latin_before(before), _latin_behind(behind), _han(_HAN_BEFORE, before), _han(_HAN_BEHIND, behind)):
        if name is not None:
            return name
    return None


def is_only_name(text: str) -> bool:
    """Whether a message is nothing but two or three words that can be a name, none of them of any other use."""
    words = text.strip(" .,!。，！").split(" ")
    if len(words) == 1:
        return _han(_HAN_BEFORE, words[0]) is not None
    latin = all(re.fullmatch(_WORD, word) and not _is_common(word) for word in words)
    return latin and len(words) <= _MOST - 1 and _as_name(words) is not None


def is_place(words: str) -> bool:
    """Whether nothing but places is named: San Diego, "in portland oregon", 广州."""
    rest = re.sub(r"(?i)^(?:in|at|to|from|near) ", "", words).casefold()
    for place in _places():
        if place in rest:
            edges = rf"(?<![a-z]){re.escape(place)}(?![a-z])" if place.isascii() else re.escape(place)
            rest = re.sub(edges, " ", rest)
    return not rest.strip()


def _latin_before(before: str) -> str | None:
    said = _BEFORE.search(before)
    if said is None:
        return None
    words = said["words"].split(" ")
    taken: list[str] = []
    for word in reversed(words):
        if len(taken) == _MOST or word.casefold() in _words("leads_to_name") or _leads_on(word) or _is_common(word):
            break
        taken.insert(0, word)
    rest = words[: len(words) - len(taken)]
    if rest:
        no_name = _words("leads_to_thing") | _words("leads_to_other")
        return None if rest[-1].casefold() in no_name else _as_name(taken)
    return _as_name(taken) if _PARTED.search(before[: said.start()]) else None


def _latin_behind(behind: str) -> str | None:
    said = _BEHIND.match(behind)
    if said is None:
        return None
    words = [word for word in said["words"].split(" ") if word.casefold() not in ("here", "speaking")]
    return None if any(_is_common(word) for word in words) else _as_name(words)


def _as_name(words: list[str]) -> str | None:
    name = " ".join(words)
    if not 2 <= len(words) <= _MOST or not may_be_name(name) or is_place(name) or sounds_like_place(name):
        return None
    return None if goods_words(name) and not name.istitle() else name


def sounds_like_place(name: str) -> bool:
    """Whether words are a town's by their first or last one: West Linn, cherry hill, new mexico."""
    words = name.casefold().split()
    first, last = words[0], words[-1]
    if first in _words("begins_place") or last in _words("ends_place"):
        return True
    return last in _words("ends_place_or_name") and first in _words("also_names")


def _leads_on(word: str) -> bool:
    """Whether a small word leads to somebody or something else: "send it to Tom Lee"."""
    return word in _words("leads_to_thing") and word != "an"


def _is_common(word: str) -> bool:
    """Whether a word can be no part of a name, however it is written."""
    return len(word) > 1 and not may_be_name(f"{word.casefold()} Smith")


def _han(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    if found is None:
        return None
    name = found["name"]
    if not (begins_like_a_chinese_name(name) and may_be_name(name)) or goods_words(name) or is_place(name):
        return None
    return name


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(str(read("names")[key]).split())


@cache
def _places() -> tuple[str, ...]:
    named = {str(name).casefold() for known in read("places").values() for name in known}
    named |= {str(name).casefold() for name in read("regions")["regions"]}
    return tuple(sorted(named, key=len, reverse=True))


__all__ = ["is_only_name", "is_place", "name_beside", "sounds_like_place"]
