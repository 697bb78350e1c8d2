"""Text made comparable, and cut into tokens that remember where they stood.

Folding keeps a text's length (full-width forms, capitals, accents, traditional characters), so that every span is one
of the message as the shopper wrote it. A token is an English word, a number, one Chinese character, or a sign.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from actions.resolver.vocabulary import simplified

TokenKind = Literal["word", "number", "han", "sign"]
HAN = "\u3400-\u4dbf\u4e00-\u9fff"

_TOKEN = re.compile(
    rf"(?P<number>\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_{HAN}]+(?:'[^\W\d_{HAN}]+)*)|(?P<han>[{HAN}])|(?P<sign>[^\w\s]|_)"
)
_QUOTES = str.maketrans("‘’ʼ`´“”×✕–—−‐‑", "'''''\"\"xx-----")


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a folded text. `stem` is what it is compared by: the singular of an English word."""

    text: str
    stem: str
    start: int
    end: int
    kind: TokenKind
    capital: bool = False


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if len(plain) == 1 else character
    bare = unicodedata.normalize("NFD", plain)[:1] if plain.isalpha() and ord(plain) < 0x250 else plain
    lower = bare.lower()
    return lower if len(lower) == 1 else bare


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text in small letters, half-width, without accents and in simplified characters; same length."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = text.translate(_QUOTES)
    return "".join(_fold_character(c) for c in plain).translate(simplified())


_IRREGULAR = {
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "loaves": "loaf", "leaves": "leaf", "mice": "mouse",
    "feet": "foot", "teeth": "tooth", "men": "man", "women": "woman", "children": "child", "halves": "half",
    "wolves": "wolf", "calves": "calf", "selves": "self", "dice": "die", "geese": "goose", "bikinis": "bikini",
    "taxis": "taxi", "kiwis": "kiwi",
}  # fmt: skip
_NOT_PLURAL = re.compile(
    r"(?:ss|us|is)$|^(?:gas|atlas|bias|canvas|christmas|alias|pancreas|texas|dallas|thomas|lucas|always|whereas|overseas"
    r"|upstairs|perhaps|towards|chaos|ethos|kudos|cosmos|los|carlos|santos)$"
)
"""Cameras and photos are several."""


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The singular of an English word by its usual endings; good enough to compare by, not to show."""
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    if len(word) <= 3 or not word.isascii():
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if word.endswith("oes"):
        return word[:-2]
    if word.endswith("s") and not _NOT_PLURAL.search(word):
        return word[:-1]
    return word


def is_plural(word: str) -> bool:
    """Whether an English word looks like a plural."""
    return len(word) > 3 and stem(word) != word.replace("'", "") and not word.endswith("'s")


@lru_cache(maxsize=4096)
def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of `text`, folded."""
    folded = fold(text)
    tokens = []
    for found in _TOKEN.finditer(folded):
        kind: TokenKind = found.lastgroup  # type: ignore[assignment]
        word = found.group()
        tokens.append(
            Token(
                word,
                stem(word) if kind == "word" else word,
                found.start(),
                found.end(),
                kind,
                text[found.start()].isupper(),
            )
        )
    return tuple(tokens)


def stems_of(text: str) -> tuple[str, ...]:
    """The tokens as they are compared, signs left out."""
    return tuple(token.stem for token in tokenise(text) if token.kind != "sign")


def distance(one: str, other: str, limit: int) -> int:
    """Damerau-Levenshtein distance (neighbours swapped count once), or `limit` + 1 as soon as it is more than `limit`.

    The restricted form of Oommen and Loke, in rows.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        following = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, following[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > limit:
            return limit + 1
        before, row = row, following
    return row[-1]
