"""Words that count things and are things themselves: 包也要换, 那箱子; and counts that are a value: 80包的茶包."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
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


_MANY: Final = 20
"""Nobody has so many pieces of one thing in an order that a value of it could be taken for their number."""


def is_value(tokens: Sequence[Token], at: int, size: int, number: int, values: Container[tuple[str, ...]]) -> bool:
    """Whether a number with its counting word is what goods come in: 80包 of teas of 40包 and 80包, 4杯的.

    `values` are the candidates' options, as stems.
    """
    said = tuple(token.stem for token in tokens[at : at + size])
    after = tokens[at + size].text if at + size < len(tokens) else ""
    return said in values and (number > _MANY or after in ("的", "那", "款", "装"))


_PIECES: Final = re.compile(r"(?:取消|退|换|留|去|撤|减|少)(?:掉|了|下|发|寄)?[一两二三四]块$")


def counts_pieces(text: str, end: int) -> bool:
    """Whether what ends there counts pieces, and no money: 硅胶的取消一块."""
    return _PIECES.search(text[:end]) is not None and not text.startswith(("钱", "多", "几"), end)


__all__ = ["counts_no_more", "counts_pieces", "is_noun", "is_value"]
