"""The other pieces of a line of which some become others, called off: "the other one can go", 另一套取消."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.changes.other_one import means_the_other
from actions.changes.request import ChangeRequest
from actions.changes.said_of_each import names_goods
from actions.changes.turned_down import clauses_of
from actions.resolver import LineCandidate

_REST: Final = re.compile(
    r"\b(?:the )?(?:remaining|second|left over) (?:one|set|pair|piece)\b|剩下|其余|余下", re.IGNORECASE
)
_OFF: Final = re.compile(
    r"\b(?:cancel\w*|drop|remove|call\w* off|don['’]?t (?:want|need)|do not (?:want|need)|not needed"
    r"|(?:can|should) go)\b"
    r"|取消|不(?:想|需)?要|退|撤|去掉|删",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(
    r"\b(?:don['’]?t|do not|doesn['’]?t|no need|needn['’]?t|never|not|shouldn['’]?t)\b[^.;!?,]{0,24}"
    r"\b(?:cancel|drop|remov|call|return|chang|swap|exchang|touch)\w*"
    r"|\b(?:don['’]?t|do not) want\b[^.;!?,]*\b(?:chang\w+|swapped|exchanged|in|to be)\b"
    r"|(?:不(?:想|需)?要?|不用|不必|别|甭)(?:再|给我|帮我)?(?:取消|退|撤|删|去掉|[动换改碰变])",
    re.IGNORECASE,
)
"""Nothing is to be done with it: "don't cancel the other one", 另一个不要动."""


def other_pieces_off(
    request: ChangeRequest, lines: Sequence[LineCandidate], text: str, *, today: date
) -> tuple[dict[str, int | None], str]:
    """The pieces of `request`'s lines that `text` calls off as the other ones, by line, and what else it says."""
    partly = {
        line.key: line.changeable - changed
        for line in lines
        if 0 < (changed := _becoming(request, line.key)) < line.changeable
    }
    if len(partly) != 1:
        return {}, text
    gone: dict[str, int | None] = {}
    left = ""
    for said, between in clauses_of(text):
        others = means_the_other(said) or _REST.search(said) is not None
        off = _OFF.search(said) is not None and _LEFT.search(said) is None
        if others and off and names_goods(said, lines, today=today) <= partly.keys():
            gone.update(partly)
        else:
            left += said + between
    return gone, left


def _becoming(request: ChangeRequest, key: str) -> int:
    """How many pieces of a line become others; 0 where all do, or none."""
    return (request.lines.get(key) or 0) + sum(request.also.get(key, {}).values())


__all__ = ["other_pieces_off"]
