"""How many of goods just named: "the mugs, all of them", 杯子退了，都退. Such words never mean the whole order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.lines import resolve_lines

_CLAUSE: Final = re.compile(r"[^,，;；.。!！?？\n]+[,，;；.。!！?？\n]*")
_NUMBERS: Final = {
    **dict(zip("两二三四五六七八九十", (2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True)),
    "both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
_ALL: Final = re.compile(
    r"\W*(?:and )?(?:(?P<both>both)|all|every (?:single )?one|each (?:one|and every one))"
    r"(?: (?:of (?:them|those|these|it)"
    r"|(?P<en>\d+|two|three|four|five|six|seven|eight|nine|ten)(?: of (?:them|those))?))?"
    r"(?: (?:please|pls|plz|thanks))?\W*"
    r"|\W*(?:这|那)?(?:(?P<zh>\d+|[两二三四五六七八九十])[件个双套条只把本盒瓶袋](?:都|全)|全部都?|全都?|都)(?:要)?"
    r"(?:退|取消|换|不要|退掉|退货|撤)?(?:掉|货)?(?:了|的)?\W*",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(
    r"\b(?:orders?|everything|parcel|package|lot)\b|订单|整单|那单|这单|全部|所有|一切", re.IGNORECASE
)


def says_apposed_all(text: str) -> bool:
    """Whether `text` has such words behind others."""
    return any(found.start() and _ALL.fullmatch(found.group()) for found in _CLAUSE.finditer(text))


def without_apposed_all(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` without such words behind goods that it names, where they say no more than all of these."""
    clauses = [found.group() for found in _CLAUSE.finditer(text)]
    kept: list[str] = []
    for clause in clauses:
        said = _ALL.fullmatch(clause)
        if said is not None and kept and _all_of_named(said, "".join(kept), lines, today):
            continue
        kept.append(clause)
    return text if len(kept) == len(clauses) else "".join(kept)


def _all_of_named(said: re.Match[str], before: str, lines: Sequence[LineCandidate], today: date) -> bool:
    if _ORDER.search(before):
        return False
    found = resolve_lines(before, lines, today=today)
    named = [each.candidate for each in found.matches if any(why.kind in ("name", "near_name") for why in each.reasons)]
    if found.status == "none" or not named or len(named) == len(lines):
        return False
    number = said["both"] or said["en"] or said["zh"]
    if not number:
        return True
    pieces = int(number) if number.isdecimal() else _NUMBERS[number.lower()]
    return pieces in (len(named), sum(line.changeable for line in named))
