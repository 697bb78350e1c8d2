"""So many of each of several goods stay, or go: "keep one of each and cancel the rest", 两种各留一个. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.lines import resolve_lines

_NUMBERS: Final = {"one": 1, "1": 1, "two": 2, "2": 2, "a": 1, "一": 1, "两": 2, "二": 2, "三": 3, "three": 3, "3": 3}
_COUNT: Final = r"(?P<count>one|two|three|[123])"
_EACH: Final = (
    r"(?: piece| pair)?s? (?:of|from) (?:each|every|either|both)\b"
    r"(?! (?:one )?(?:of (?:the|my|these|those) )?(?:two )?(?:orders?|parcels?)\b)"
)
_KEEP: Final = (
    re.compile(
        rf"\b(?:keep(?:ing)?|leav(?:e|ing)|hold on to|(?:only|just) (?:want|need|require)|(?:want|need) (?:only|just)|stay with)"  # noqa: E501
        rf" (?:me )?(?:only |just )?{_COUNT}{_EACH}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_COUNT}{_EACH}[^,.;!?]{{0,20}} (?:is enough|will do|would do|stays?|remains?|is plenty)\b", re.IGNORECASE
    ),
    re.compile(
        r"(?:各|每[种样款个]?)(?:自|样|种|款)?(?:只|就)?(?:留|保留|要)(?:下|着)?(?P<count>[一两二三1-3])[个件块台条只双套把盒瓶本张副盏辆]"
    ),
    re.compile(r"各(?P<count>[一两二三1-3])[个件块台条只双套把盒瓶本张副盏辆](?:就|已经)?(?:够|行|可以)"),
)
_GO: Final = (
    re.compile(
        rf"\b(?:cancel|return|send back|drop|remove|take off|call off) (?:only |just )?{_COUNT}{_EACH}", re.IGNORECASE
    ),
    re.compile(
        rf"\b{_COUNT}{_EACH}[^,.;!?]{{0,20}} (?:can go|goes|go(?:es)? back|should go|has to go)\b", re.IGNORECASE
    ),
    re.compile(
        r"(?:各|每[种样款个]?)(?:自|样|种|款)?(?:只|就)?(?:取消|退掉?|去掉|撤|少要)(?P<count>[一两二三1-3])[个件块台条只双套把盒瓶本张副盏辆]"
    ),
)
_BARE: Final = re.compile(
    rf"^\W*(?:(?:no|nope|wait|only|just|i said|i meant)\W+)*{_COUNT}{_EACH}"
    r"|^\W*(?:不[是对]?|等等|我说的?是|只)?\W*各(?P<han>[一两二三])[个件块台条只双套把盒瓶本张副盏辆](?![^，。]*(?:取消|退))",
    re.IGNORECASE,
)
"""Said once more, to an offer that took too many."""
_STAYS: Final = re.compile(r"\b(?:keep|want|need|stay)\b|留|要", re.IGNORECASE)
_NAMES: Final = frozenset({"name", "near_name", "category"})


def said_of_each(text: str, *, correcting: bool = False) -> tuple[str, int] | None:
    """`("keep", 1)` or `("go", 1)` where `text` says that of each of several goods; None where it does not.

    `correcting`: "no, one of each" alone says what stays where the message speaks of keeping.
    """
    for wish, patterns in (("keep", _KEEP), ("go", _GO)):
        for pattern in patterns:
            if said := pattern.search(text):
                return wish, _NUMBERS[said["count"].lower()]
    if correcting and (said := _BARE.search(text)) is not None:
        count = _NUMBERS[(said["count"] or said["han"] or "one").lower()]
        return ("keep" if _STAYS.search(text) else "go"), count
    return None


def keeps_of_each(text: str) -> bool:
    """Whether `text` says how many of each of several goods stay: beside it "the rest goes" is of these."""
    said = said_of_each(text)
    return said is not None and said[0] == "keep"


def pieces_of_each(
    text: str, lines: Sequence[LineCandidate], meant: Collection[str], *, today: date, correcting: bool = False
) -> dict[str, int]:
    """How many pieces of which lines go; empty where that is not said, or no two lines have so many.

    Of the goods that are named, or of those that are `meant` already, or of all that there are several of.
    """
    said = said_of_each(text, correcting=correcting)
    if said is None:
        return {}
    wish, count = said
    several = [line for line in lines if line.changeable > count]
    found = resolve_lines(text, lines, today=today)
    named = [match.candidate for match in found.matches if any(why.kind in _NAMES for why in match.reasons)]
    enough = count if wish == "go" else count + 1
    if any(line.changeable < enough for line in named):
        # Of what is named there are not so many: nothing else is meant in its place.
        return {}
    among = named if wish == "go" else []
    titles = {line.titles[0] for line in named}
    among = among or [line for line in several if line.titles[0] in titles]
    among = among or [line for line in several if line.key in meant]
    twice = Counter(line.titles[0] for line in several)
    among = among or [line for line in several if twice[line.titles[0]] > 1] or several
    if len(among) < 2:
        return {}
    return {line.key: line.changeable - count if wish == "keep" else count for line in among}


__all__ = ["keeps_of_each", "pieces_of_each", "said_of_each"]
