"""Where something is to go, of several places that are named: the last word counts, and a place may tell an order.

"Home… no wait, the office" is the office; in "the order going to work, send it home" work tells which order is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from actions.resolver.saved_addresses import PLACES, without_homes_of_others
from actions.resolver.vocabulary import mapping

_TAKEN_BACK: Final = re.compile(
    r"\b(?:no+|nope|nah|wait|sorry|oops|scratch that|i mean|i meant|or rather|make (?:that|it)|hang on|hold on|actually"
    r"|on second thoughts?|never ?mind|correction|wrong|should(?: be)?|supposed to|needs? to|better|rather|forget)\b"
    r"|不对|不不|哦不|啊不|不是|错了|算了|等等|等下|改主意|应该|干脆|要不还是|[，,。;；、\s]还是|我(?:是)?说(?:的是)?",
    re.IGNORECASE,
)
"""Between two places: the first of them is taken back, or is where it goes now."""
_OR: Final = re.compile(
    r"^(?:\s+address)?\s+or(?! rather)(?:\s+(?:to|at|my|the))*\s*$|^(?:地址)?(?:还是|或者?)[寄送发]?[到去]?我?$",
    re.IGNORECASE,
)
_TOWARDS: Final = re.compile(
    r"(?:\b(?:to|at|into)\s+(?:(?:my|the|our)\s+)?|\b(?:sen[dt]|deliver(?:ed)?|ship(?:ped)?)\s+(?:it|them|this|that|everything)\s+"
    r"|[寄送发改换][到去往回成为给]?(?:到|去|回)?(?:我|我们)?|[到去往回])$",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(r"(?:\bfrom\s+(?:(?:my|the|our)\s+)?|从(?:我|我们)?)$", re.IGNORECASE)


class PlaceSaid(NamedTuple):
    """A word for a place, what kind of place it is, and where it stands."""

    kind: str
    start: int
    end: int


def places_said(text: str) -> Iterator[PlaceSaid]:
    """The words for places of an address book in `text`, from left to right: home, work, 公司."""
    for found in _words().finditer(without_homes_of_others(text)):
        yield PlaceSaid(_kinds()[found.group().casefold()], found.start(), found.end())


def without_other_places(text: str) -> str:
    """`text` without the places that are not where it shall go: taken back, left, or only telling which order."""
    text = _of_order().sub(lambda found: " " * len(found[0]), text)
    said = list(places_said(text))
    if len({each.kind for each in said}) < 2 or _asks_which(text, said):
        return text
    gone: list[PlaceSaid] = []
    for place, (one, other) in enumerate(pairwise(said)):
        if one.kind != other.kind and _TAKEN_BACK.search(text[one.end : other.start]):
            gone += [each for each in said[: place + 1] if each.kind != other.kind]
    left = [each for each in said if each not in gone]
    gone += [each for each in left if _AWAY.search(text[: each.start])]
    left = [each for each in said if each not in gone]
    towards = [each for each in left if _TOWARDS.search(text[: each.start])]
    if len({each.kind for each in left}) > 1 and towards:
        gone += [each for each in left if each.kind != towards[-1].kind]
    return _blanked(text, gone)


def place_of_order(text: str) -> tuple[str, str] | None:
    """The kind of place that tells which order is meant, and `text` without it; None where none does."""
    found = _of_order().search(text)
    if found is None:
        return None
    place = next(places_said(found[0]), None)
    if place is None:
        return None
    return place.kind, text[: found.start()] + " " * len(found[0]) + text[found.end() :]


def words_of_place(kind: str) -> frozenset[str]:
    """By which words a kind of place is called, in small letters."""
    return frozenset(word.casefold() for word in mapping("address_labels")[kind])


def _asks_which(text: str, said: list[PlaceSaid]) -> bool:
    """Whether the last two places are a choice that is left open: "home or work?", 寄家里还是公司."""
    between = text[said[-2].end : said[-1].start]
    return said[-2].kind != said[-1].kind and _OR.search(between) is not None


def _blanked(text: str, spans: list[PlaceSaid]) -> str:
    for each in spans:
        text = text[: each.start] + " " * (each.end - each.start) + text[each.end :]
    return text


@cache
def _kinds() -> dict[str, str]:
    labels = mapping("address_labels")
    return {word.casefold(): kind for kind in PLACES for word in labels[kind]}


@cache
def _alternatives() -> tuple[str, str]:
    known = sorted(_kinds(), key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in known if word.isascii())
    han = "|".join(re.escape(word) for word in known if not word.isascii() and len(word) > 1) + "|家(?![具电居用人庭])"
    return latin, han


@cache
def _words() -> re.Pattern[str]:
    latin, han = _alternatives()
    return re.compile(rf"(?<![\w'-])(?:{latin})(?![\w-])(?!\s+(?:of|with|on|out)\b)|(?:{han})", re.IGNORECASE)


@cache
def _of_order() -> re.Pattern[str]:
    latin, han = _alternatives()
    return re.compile(
        rf"\b(?:ones?|orders?|parcels?)\s+(?:(?:that|which)(?:'s| is| are)?\s+(?:(?:currently|now|still|set|meant)\s+)*"
        rf"(?:going|goes|go|addressed|headed|heading|sent|shipped|shipping|delivered)"
        rf"|(?:(?:currently|now)\s+)?(?:going|addressed|headed|heading))\s+(?:to\s+)?(?:my |the |our )?(?:{latin})"
        rf"(?:\s+address)?(?![\w-])"
        rf"|\b(?:my|the)\s+(?:{latin})\s+(?:orders?|parcel)\b"
        rf"|(?:现在)?(?:要)?(?:[寄送发](?:到|往|去|给)?)?(?:我)?(?:{han})(?:的)?(?:地址)?(?:的)?(?:[那这](?:一?个|一|张)?(?:订?单|件)|订单)",
        re.IGNORECASE,
    )
