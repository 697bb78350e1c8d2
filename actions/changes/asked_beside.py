"""A question about one thing beside a wish for another: "the shirt in blue please, and does the vacuum come cordless?".

What is only asked is no part of the wish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver import LineCandidate, resolve_lines

_CLAUSE: Final = re.compile(r"[^,，。.!！;；?？\n]+[,，。.!！;；?？\n]*")
_ASKS: Final = re.compile(
    r"有没有|有[^，。]{0,12}[吗么嘛]|(?:出|有)[^，。]{0,8}(?:款|色|号|码)[^，。]{0,3}[吗么嘛]|(?:多少钱|什么价)"
    r"|\b(?:is|are) there\b|\bdo you (?:have|stock|sell|do|carry)\b|\bhave you(?: got)?\b|\b(?:do|does) .{2,40}\bcome\b"
    r"|\bhow much\b|\b(?:is|are) .{2,40} available\b",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"[换改退]|取消|不要|给我|\b(?:swap\w*|chang\w*|exchang\w*|switch\w*|replac\w*|mak(?:e|ing)|cancel\w*|return\w*|send|instead"
    r"|can i (?:get|have)|want|like|if)\b|要是|如果|的话",
    re.IGNORECASE,
)
_THEN: Final = re.compile(
    r"\W*(?:有就|有的话|没有?的?就|没有的话|要是|如果|if (?:so|yes|not|there)|then|otherwise)", re.IGNORECASE
)
_IF_SO: Final = re.compile(r"有就[要换拿来]|有的话", re.IGNORECASE)
_NAMES: Final = frozenset({"name", "near_name", "category"})


def only_asks(text: str) -> bool:
    """Whether words ask what there is, and no clause of them wants anything done."""
    return _ASKS.search(text) is not None and _WISHES.search(text) is None and not _IF_SO.search(text)


def question_apart(text: str, lines: Sequence[LineCandidate], *, today: date) -> tuple[str, str]:
    """`text` without what it only asks about other goods than those it wants something of, and that question, or ""."""
    clauses = [found.group() for found in _CLAUSE.finditer(text)]
    if len(clauses) < 2:
        return text, ""

    def named(words: str) -> set[str]:
        found = resolve_lines(words, lines, today=today)
        return {
            match.candidate.titles[0]
            for match in found.matches
            if any(reason.kind in _NAMES for reason in match.reasons)
        }

    for place, clause in enumerate(clauses):
        follows = clauses[place + 1] if place + 1 < len(clauses) else ""
        if not _ASKS.search(clause) or _WISHES.search(clause) or _THEN.match(follows):
            continue
        rest = "".join([*clauses[:place], *clauses[place + 1 :]]).rstrip(" ,，;；")
        asked = named(clause)
        wanted = named(rest)
        if asked and not asked & wanted and _WISHES.search(rest):
            return rest, clause.strip(" ,，;；")
    return text, ""


__all__ = ["question_apart"]
