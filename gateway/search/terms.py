"""Words into search terms: Latin and other alphabets by word, Chinese by pairs of neighbouring characters.

Chinese is written without spaces, and its words are mostly two characters long; trigrams would miss every one of
them. A run of n characters becomes its n-1 pairs and its last character alone, so that one character can be looked
for as the beginning of a term.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
_CHUNK = re.compile(rf"([{_HAN}]+)|([^\s{_HAN}]+)")
_WORD = re.compile(r"[^\W_]+")

MAX_TERM_CHARACTERS: Final = 64
MIN_PREFIX_CHARACTERS: Final = 3
"""From this length on the last word of a query also finds longer words that begin so."""

MAX_PHRASES: Final = 12


@dataclass(frozen=True)
class Phrase:
    """Terms that follow each other. `opens`: the last one is the beginning of a term."""

    terms: tuple[str, ...]
    opens: bool = False


def normalise(words: str) -> str:
    """One form for what is written in several: full-width and half-width, capital and small."""
    return unicodedata.normalize("NFKC", words).casefold()


def document_terms(words: str) -> list[str]:
    """Every term of a text, in order."""
    found: list[str] = []
    for match in _RUN.finditer(normalise(words)):
        han, word = match.groups()
        if han:
            found += [han[at : at + 2] for at in range(len(han) - 1)] + [han[-1]]
        else:
            found.append(word[:MAX_TERM_CHARACTERS])
    return found


def query_phrases(words: str) -> list[Phrase]:
    """What a document must have, all of it, for a query; empty when the query has no word."""
    phrases: list[Phrase] = []
    for match in _CHUNK.finditer(normalise(words)):
        han, other = match.groups()
        if han:
            pairs = tuple(han[at : at + 2] for at in range(len(han) - 1))
            phrases.append(Phrase(pairs) if pairs else Phrase((han,), opens=True))
        elif pieces := tuple(piece[:MAX_TERM_CHARACTERS] for piece in _WORD.findall(other)):
            phrases.append(Phrase(pieces, opens=len(pieces[-1]) >= MIN_PREFIX_CHARACTERS))
    return list(dict.fromkeys(phrases))[:MAX_PHRASES]


@dataclass(frozen=True)
class Piece:
    """A part of a snippet; `found`: it is what was looked for."""

    words: str
    found: bool = False


def snippet(words: str, query: str, width: int = 160) -> list[Piece]:
    """The part of a text where the query stands, what was found marked; the beginning when nothing stands there."""
    patterns = []
    for match in _CHUNK.finditer(unicodedata.normalize("NFKC", query)):
        han, other = match.groups()
        if han:
            patterns.append(re.escape(han))
        elif pieces := _WORD.findall(other):
            patterns.append(r"(?<![^\W_])" + r"[\W_]+".join(re.escape(piece) for piece in pieces))
    text = unicodedata.normalize("NFKC", words)
    marks = list(re.finditer("|".join(patterns), text, re.IGNORECASE)) if patterns else []
    start = max(0, marks[0].start() - width // 3) if marks else 0
    end = min(len(text), start + width)
    pieces_found: list[Piece] = []
    at = start
    for mark in marks:
        if mark.start() < at or mark.end() > end or mark.start() == mark.end():
            continue
        pieces_found += [Piece(text[at : mark.start()]), Piece(mark.group(), found=True)]
        at = mark.end()
    pieces_found.append(Piece(text[at:end]))
    if start > 0:
        pieces_found.insert(0, Piece("…"))
    if end < len(text):
        pieces_found.append(Piece("…"))
    return [piece for piece in pieces_found if piece.words]
