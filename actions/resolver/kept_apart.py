"""What goes where the one that stays is named: "keep the one with the watch, cancel the other", 留茶轴的，另一个取消.

Pure. The same goods were ordered more than once; what is kept is told by its options, by its order or by comparing, and
never goes itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, OrderCandidate
from actions.resolver.focus import NO_FOCUS
from actions.resolver.lines import resolve_lines
from actions.resolver.more_of import having_more
from actions.resolver.orders import order_words, resolve_orders, without_order_words
from actions.resolver.orders_told import narrowed, without_companions
from actions.resolver.resolution import Match

_KEEP: Final = r"(?:keep(?:ing)?|hold(?:ing)? on to|only (?:want|need)(?: to keep)?|want to keep|stay with|leave me)"
_GO: Final = (
    r"(?:cancel(?:l?ing)?|return(?:ing)?|send(?:ing)? back|give back|get rid of|drop|scrap|remove|call off"
    r"|don'?t (?:want|need)|take back|send|refund)"
)
_OTHER: Final = r"(?:the |all (?:of )?the |both (?:of )?the )?(?:other(?:s| ones?| pairs?| \w+)?|rest)\b"
_END: Final = r"(?:[,;.]|\band\b|\bbut\b|\bso\b|-)+\s*"
_HAN_OTHER: Final = r"(?:另外?(?:那|一|的)?[^，。；！？,;]{0,3}|其[他它余]的?|剩下的?|别的)"
_HAN_GO: Final = r"(?:都|全部?|就|给我|帮我)*(?:取消|退|不要|去掉)"
_SAID: Final = (
    re.compile(
        rf"\b{_KEEP} (?P<kept>[^;.!?]+?){_END}(?:and |then |please |i |can |you |(?:would )?like to |want to |to )*"
        rf"(?:{_GO}) {_OTHER}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:{_GO}) {_OTHER}[^;.!?,]*?{_END}(?:i |please |and |i'd like to |i want to |i'll )*"
        rf"{_KEEP} (?P<kept>[^;.!?]+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_KEEP} (?P<kept>[^;.!?]+?){_END}{_OTHER} (?:can |should |must |may |to )*(?:go|be|get)", re.IGNORECASE
    ),
    re.compile(
        rf"(?:留着|留下|保留|留(?![着下])|只要)(?P<kept>[^，。；！？,;]+?)[，。；！？,;\s]+(?:把)?{_HAN_OTHER}{_HAN_GO}"
    ),
    re.compile(
        r"(?P<kept>[^，。；！？,;]+?)(?:留着|留下|保留|不动|我?要|就留)[，。；！？,;\s]+"
        rf"(?:把)?{_HAN_OTHER}{_HAN_GO}"
    ),
    re.compile(
        rf"(?:取消|退掉?|不要){_HAN_OTHER}[，。；！？,;\s]+(?:只)?(?:留着|留下|保留|留(?![着下]))(?P<kept>[^，。；！？,;]+)"
    ),
)
_TITLES: Final = frozenset({"name", "near_name"})
_WITH: Final = re.compile(r"(?<=\bwith )(?:the|my|an?) .+$", re.IGNORECASE)
_SEVERAL: Final = 2


def tells_what_stays(text: str) -> bool:
    """Whether words say what stays and that the others go."""
    return any(pattern.search(text) for pattern in _SAID)


def others_than_kept(text: str, orders: Sequence[OrderCandidate], *, today: date) -> list[LineCandidate]:
    """The lines that go, of `orders`; none where nothing says what stays, or where that is not sure."""
    said = next((found for pattern in _SAID if (found := pattern.search(text))), None)
    if said is None:
        return []
    kept, lines = said["kept"].strip(), [line for order in orders for line in order.lines]
    named = without_companions(without_order_words(kept), lines, today=today)
    rest = text[: said.start("kept")] + " " + text[said.end("kept") :]
    choices = (_spoken_of(named, lines, today), _spoken_of(rest, lines, today), _several(lines))
    spoken = next((each for each in choices if len(each) >= _SEVERAL), [])
    if not spoken:
        return []
    stays = _staying(kept, spoken, orders, today)
    return [line for line in spoken if line not in stays] if stays else []


def _spoken_of(text: str, lines: Sequence[LineCandidate], today: date) -> list[LineCandidate]:
    """All lines of the one product that is named."""
    named = resolve_lines(text, lines, today=today) if text.strip() else None
    titles = {m.candidate.titles[0] for m in named.matches if _by_title(m) and m.candidate.titles} if named else set()
    return _of_title(lines, titles.pop()) if len(titles) == 1 else []


def _several(lines: Sequence[LineCandidate]) -> list[LineCandidate]:
    """All lines of the one product that is in several orders."""
    orders: dict[str, set[str]] = {}
    for line in lines:
        orders.setdefault(line.titles[0] if line.titles else line.key, set()).add(line.order)
    several = [title for title, held in orders.items() if len(held) >= _SEVERAL]
    return _of_title(lines, several[0]) if len(several) == 1 else []


def _of_title(lines: Sequence[LineCandidate], title: str) -> list[LineCandidate]:
    return [line for line in lines if title in line.titles[:1]]


def _staying(
    kept: str, spoken: Sequence[LineCandidate], orders: Sequence[OrderCandidate], today: date
) -> list[LineCandidate]:
    """Which of `spoken` stay: by the order they are in, by what they have more of, by their options or a comparison."""
    among = [order for order in orders if any(line.order == order.number for line in spoken)]
    if described := order_words(kept):
        told = resolve_orders(described, among, focus=NO_FOCUS, today=today)
        if told.status == "one":
            among = [told.first]
    else:
        among = narrowed(kept, among, today=today)
    left = {order.number for order in among}
    inside = [line for line in spoken if line.order in left]
    if len(inside) == 1 < len(spoken):
        return inside
    if more := having_more(kept, inside):
        return more if len(more) < len(spoken) else []
    found = resolve_lines(without_order_words(kept), inside, today=today)
    if found.status == "one":
        return found.candidates
    if beside := _WITH.search(kept):
        # "The coffee machine with the watch"
        others = [line for order in among for line in order.lines if line not in spoken]
        named = resolve_lines(beside[0], others, today=today)
        held = {match.candidate.order for match in named.matches if _by_title(match)}
        stays = [line for line in inside if line.order in held]
        return stays if len(stays) == 1 else []
    told = resolve_orders(kept, among, focus=NO_FOCUS, today=today)
    compared = any(reason.kind in ("comparative", "date") for match in told.matches for reason in match.reasons)
    stays = [line for line in inside if told.status == "one" and compared and line.order == told.first.number]
    return stays if len(stays) == 1 else []


def _by_title(match: Match[LineCandidate]) -> bool:
    return any(reason.kind in _TITLES for reason in match.reasons)


__all__ = ["others_than_kept", "tells_what_stays"]
