"""Words that count things and are things themselves: 包也要换, 那箱子."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from actions.resolver.text import Token
from actions.resolver.vocabulary import phrases


@cache
def _counting() -> frozenset[str]:
    return frozenset(phrases("measure_words"))


_COUNTS_BEFORE: Final = frozenset("这那每几半整另各一二两三四五六七八九十多少第能")
_BEHIND_NOUN: Final = frozenset("换改退取也呢和跟与的要不想能可就都还太坏破吗吧了啊")


def is_noun(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word that counts things stands for one itself: 包也要换, and no 一包, 包装 or 包邮."""
    if tokens[at].text not in _counting() or (at and tokens[at - 1].kind == "number"):
        return False
    counted = at > 0 and tokens[at - 1].text in _COUNTS_BEFORE
    last = at + 1 == len(tokens) or tokens[at + 1].kind != "han"
    return not counted and (last or tokens[at + 1].text in _BEHIND_NOUN)


def counts_no_more(tokens: Sequence[Token], at: int) -> bool:
    """Whether 那 and a counting word begin the name of a thing: 那箱子, 这盒子."""
    counts = tokens[at].text in "这那" and at + 2 < len(tokens) and tokens[at + 1].text in _counting()
    return counts and tokens[at + 2].text == "子"


__all__ = ["counts_no_more", "is_noun"]
