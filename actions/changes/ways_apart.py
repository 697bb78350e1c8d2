"""Where money goes, where a message names two ways, each for something else, or one only in case of the other.

"The $120 on the card, only the return onto the gift card", "my gift card if you can, else leave it on the card",
退到礼品卡，不要退卡里.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from actions.resolver import Match, Reason, Resolution, Span, resolve_refund_target
from actions.resolver.resolution import nothing

Of = Literal["return", "change"]
"""What money comes of: goods that go back, or a change of an order."""

_CLAUSE: Final = re.compile(
    r"[,，;；。\n!！]+|\.(?!\d)|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])|\b(?:but|and|while|whereas)\b|但|而",
    re.IGNORECASE,
)
_ELSE: Final = re.compile(
    r"\b(?:else|otherwise|or else|if not|if (?:that|it) (?:is not|isn['’]?t|does ?n['’]?t)[^,;]*)\b"
    r"|不行的?话?|否则|不然|要不",
    re.IGNORECASE,
)
_NOT_BEHIND: Final = re.compile(
    r"卡[^，。]{0,2}(?:不要|不行|就算了|算了)|\bcard (?:no|is wrong|isn['’]?t right)\b", re.IGNORECASE
)
"""The way that was named just before is refused: 礼品卡不要."""
_NOT_BEFORE: Final = re.compile(
    r"(?:不要?|别|甭|不用|不想)(?:再)?(?:退|打|返|放|转|给|充)(?:回)?(?:到|回|在|进|给)?我?的?$"
    r"|(?:\bnot|n['’]t|\bnever)\b(?: \w+){0,4} (?:on|onto|to|into|in)(?: (?:my|the|a))?\s*$",
    re.IGNORECASE,
)
_CORRECTS: Final = re.compile(
    r"\b(?:no|nope|actually|sorry|instead|rather|wait)\b|不对|不是|算了|还是|改成", re.IGNORECASE
)
_RETURN: Final = re.compile(r"\b(?:returns?|goes back|sent back|sending back|send back)\b|退货|退回去的", re.IGNORECASE)
_CHANGE: Final = re.compile(r"\b(?:change|swap|cancel\w*|difference)\b|换货|换的|差价|取消|改的", re.IGNORECASE)


def _anything(_clause: str) -> bool:
    return False


def refund_way(
    text: str, offered: Sequence[str], of: Of, *, elsewhere: Callable[[str], bool] = _anything
) -> Resolution[str]:
    """The way that `text` names for the money that comes `of` this; unclear where it does not tell two ways apart.

    `elsewhere`: whether a clause speaks of other goods alone, whose money may go another way.
    """
    found = resolve_refund_target(text, offered)
    parts = list(_clauses(text))
    if found.status == "none":
        return found
    own, other = (_RETURN, _CHANGE) if of == "return" else (_CHANGE, _RETURN)
    told: list[Resolution[str]] = []
    skipped = False
    for clause, start in parts:
        read = _read(clause, start, offered)
        if read is None:
            continue
        if elsewhere(clause) or _ELSE.search(clause) or (found.status != "one" and other.search(clause)):
            skipped = True
            continue
        if own.search(clause) and found.status != "one":
            return read
        told.append(read)
    if not told:
        return found if not skipped else nothing(text)
    if len({each.first for each in told}) == 1 or _CORRECTS.search(text):
        return told[-1]
    return found


def _clauses(text: str) -> Iterator[tuple[str, int]]:
    """The clauses of a message, each with where it begins."""
    done = 0
    for stop in _CLAUSE.finditer(text):
        if text[done : stop.start()].strip():
            yield text[done : stop.start()], done
        done = stop.end()
    if text[done:].strip():
        yield text[done:], done


def _read(clause: str, start: int, offered: Sequence[str]) -> Resolution[str] | None:
    """The one way that a clause names, the other one where it refuses the one it names; None where it does neither."""
    read = resolve_refund_target(clause, offered)
    if read.status != "one":
        return None
    refused = any(_NOT_BEFORE.search(clause[: each.start]) for each in read.spans)
    if refused or _NOT_BEHIND.search(clause):
        rest = [each for each in offered if each != read.first]
        return Resolution("one", (Match(rest[0], 0.85, (Reason("exclusion"),)),), clause) if len(rest) == 1 else None
    spans = tuple(Span(start + each.start, start + each.end) for each in read.spans)
    return replace(read, spans=spans)
