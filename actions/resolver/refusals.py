"""What a message about goods says is not wanted: "not the black ones", 不要咖啡. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from actions.resolver.catalogue import stop_words
from actions.resolver.options import colour_of
from actions.resolver.text import fold, stems_of
from actions.resolver.vocabulary import read

_REFUSED: Final = re.compile(
    r"(?P<before>\b(?:(?:but|and|just|as long as) )?(?:(?:is|it'?s|are|they'?re|that'?s|if|that|which)\s+)*"
    r"(?:not?|non|never|except(?: for)?|excluding|without|other than|anything but|apart from|isn'?t|aren'?t"
    r"|(?:do|does)(?:n'?t| not) (?:want|like|drink|eat|wear|need|have to be)|(?:hates?|dislikes?|can'?t stand))\s+"
    r"(?:(?:any|a|an|the|in|too|more|of)\s+)*)"
    r"(?P<en>[a-z][a-z'-]*(?:(?:\s+or\s+|/)[a-z][a-z'-]*){0,2})\b(?P<of>(?:\s+(?:ones?|stuff|things?))?)"
    r"|(?<![是要用能会])(?:别(?!的|家|人|处)(?:给我|给)?(?:推荐|来|看|选)?|不要|不想要|不喜欢|不是|不喝|不吃|不穿|不戴|不用|除了|除去"
    r"|排除)(?P<zh>[\u4e00-\u9fff]{1,6}?)"
    r"(?:色?的(?:那款|那个|那种|那些)?|以外的?|之外的?"
    r"|(?=$|[^\u4e00-\u9fff]|有|还|但|其他|别的|就|可以|能|吧|啊|哦|呢|了))"
    r"|(?P<beyond>[\u4e00-\u9fff]{1,4}?)色?(?:以外的?|之外的?|(?:就)?不行|就算了|不考虑)",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(r"^(?:有没有|还有|有|额|嗯|那|要|除了)+")


@dataclass(frozen=True)
class Refused:
    """A message without what it refuses, and what that is, in the shopper's words."""

    kept: str
    words: list[str] = field(default_factory=list)

    @property
    def of_goods(self) -> Refused:
        """The same with only those words that are no colours, which may be a variant's alone."""
        return Refused(self.kept, [word for word in self.words if colour_of(word) is None])

    def refuses(self, names: Iterable[str]) -> bool:
        """Whether something called so is refused: one of its names has all words of what is not wanted."""
        told = list(names)
        return any(_says(word, name) for word in self.words for name in told)


def without_refused(text: str) -> Refused:
    """Takes out of `text` the goods, colours and the like that it says are not wanted."""
    words: list[str] = []

    def taken(said: re.Match[str]) -> str:
        han = said["zh"] or re.sub(_BEFORE_NAME, "", said["beyond"] or "")
        if han:
            if han.startswith(_no_goods()):
                return said[0]
            words.append(han)
            return " "
        if not said["en"]:
            return said[0]
        refused = [each for each in re.split(r"\s+or\s+|/", said["en"]) if each.casefold() not in _no_goods()]
        if not refused or said["en"].casefold() in stop_words():
            return said[0]
        words.extend(refused)
        return " "

    kept = _REFUSED.sub(taken, text)
    return Refused(kept, words) if words else Refused(text)


@cache
def _no_goods() -> tuple[str, ...]:
    return tuple(str(word) for word in read("products")["refuse_no_goods"])


def _says(word: str, name: str) -> bool:
    if word.isascii():
        if set(stems_of(word)) <= set(stems_of(name)):
            return True
    elif fold(word) in fold(name):
        return True
    refused, has = colour_of(word), colour_of(name)
    return refused is not None and has is not None and refused == has


__all__ = ["Refused", "without_refused"]
