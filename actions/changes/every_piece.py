"""All pieces of one line: "both sets please, not just one", 两套都换, × 2.

Of an order with one line of two pieces among others, "both" are those two: it counts pieces, and no other goods.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from actions.changes.portions import piece_name
from actions.changes.request import ChangeRequest
from actions.resolver import LineCandidate, resolve_lines
from actions.resolver.portions import portion

_MEASURE: Final = r"[个件台块条双只套把张副盏支本部辆顶瓶盒袋包对]"
_NUMBERS: Final = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_ALL: Final = re.compile(
    r"\bboth\b(?: (?:of (?:them|those|these)|(?:the )?(?:pairs?|sets?|pieces)))?"
    r"(?! orders?\b| of (?:my|the) orders?| parcels?)"
    r"|\ball (?P<en>two|three|four|five|[2-9])\b(?: (?:of (?:them|those|these)|pairs?|sets?|pieces))?(?! orders?)"
    rf"|(?P<zh>[两二三四五2-9])\s?{_MEASURE}(?!订?单)[^，。,.;；\s]{{0,3}}?(?:都|全)(?!不)(?:要(?=[换改退取]))?"
    rf"|(?P<han>[两二三四五2-9])\s?{_MEASURE}一起(?=[换改退取])"
    r"|(?<![\w.])[×xX] ?(?P<x>[2-9])(?![\w.])",
    re.IGNORECASE,
)
_NOT_ONE: Final = re.compile(
    r"[,，]?\s*(?:and )?\bnot (?:just |only |merely )?(?:the )?one(?: of them)?\b"
    rf"|[,，]?\s*(?:而?不是|不只是?|不止是?|不光是?)[一1]{_MEASURE}",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[^,.;:!?，。；：！？\n]+")
_BECOMES: Final = re.compile(
    r"\b(?:swap|swopp?|exchang|chang|switch|replac|turn|make|mak)\w*|\b(?:in|to|into|as|for)\b|[换改要成]",
    re.IGNORECASE,
)
"""Words of a clause that says what becomes something, or is to."""
_WORDS: Final = re.compile(
    r"\b(?:i|i'd|we|want|wanted|need|would|like|to|be|should|shall|must|are|get|have|them|please|pls|change|changed"
    r"|exchange|exchanged|swap|swapped|return|returned|cancel|cancelled|the|no|of|and|said|meant|mean)\b|[要换改退取消掉我说的是了吧啊呀哦不对那就一起]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EveryPiece:
    """All pieces of the line with this key are meant; `text` is what the message says besides, the line named."""

    key: str
    text: str
    alone: bool
    """Whether nothing else is said."""


def every_piece(text: str, lines: Sequence[LineCandidate], request: ChangeRequest, *, today: date) -> EveryPiece | None:
    """The line of which `text` means all pieces; None where it says no such thing, or may mean several lines."""
    said = _ALL.search(text)
    if said is None:
        return None
    if _tells_apart(text, said):
        return None
    word = next((value for value in said.groupdict().values() if value), "both").casefold()
    number = int(word) if word.isdigit() else _NUMBERS[word]
    meant = [line for line in lines if line.changeable == number]
    named = {
        each.candidate.key
        for each in resolve_lines(_ALL.sub(" ", text), lines, today=today).matches
        if any(why.kind in ("name", "near_name", "category") for why in each.reasons)
    }
    if request.lines or named:
        meant = [line for line in meant if line.key in (named or request.lines)]
    elif len(lines) == number:
        # One of two lines has two pieces: "both" may be the lines.
        return None
    if len(meant) != 1 or len(named) > 1 or (len(request.lines) > 1 and not named):
        return None
    line = meant[0]
    rest = _NOT_ONE.sub(" ", text)
    marked = _ALL.sub(" ", _ALL.sub(" " if named else f" {piece_name(line, text)} ", rest, count=1))
    bare = _WORDS.sub("", _ALL.sub(" ", rest))
    return EveryPiece(line.key, marked, alone=not re.search(r"\w", bare))


def _tells_apart(text: str, both: re.Match[str]) -> bool:
    """Whether "both" only tells of the pieces, one of which becomes something: "both too big, swap one for an M"."""
    clauses = [*_CLAUSE.finditer(text)]
    own = next((each for each in clauses if each.start() <= both.start() < each.end()), None)
    if own is None or _BECOMES.search(_ALL.sub(" ", own.group())):
        return False
    others = [each.group() for each in clauses if each is not own and _BECOMES.search(each.group())]
    counted = [said for each in others if not _NOT_ONE.search(each) and (said := portion(each)) is not None]
    return any(said.wanted == 1 for said in counted)


__all__ = ["EveryPiece", "every_piece"]
