"""What goes where the one that stays is named: "keep the one with the watch, cancel the other", 留茶轴的，另一个取消.

Pure. The same goods were ordered more than once; what is kept is told by its options, by its order or by comparing, and
never goes itself. What goes may be told so too: "keep the cheaper one and cancel the dearer".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, OrderCandidate
from actions.resolver.focus import NO_FOCUS
from actions.resolver.goods_words import goods_words
from actions.resolver.kept_alone import completed
from actions.resolver.lines import line_pool, read_lines, resolve_lines
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
        rf"(?:留着|留下|保留|留(?![着下])|只要)(?P<kept>[^，。；！？,;]{{1,60}}?)[，。；！？,;\s]+(?:把)?{_HAN_OTHER}{_HAN_GO}"
    ),
    re.compile(
        r"(?P<kept>[^，。；！？,;]{1,60}?)(?:留着|留下|保留|不动|我?要|就留)[，。；！？,;\s]+"
        rf"(?:把)?{_HAN_OTHER}{_HAN_GO}"
    ),
    re.compile(
        rf"(?:取消|退掉?|不要){_HAN_OTHER}[，。；！？,;\s]+(?:只)?(?:留着|留下|保留|留(?![着下]))(?P<kept>[^，。；！？,;]+)"
    ),
)
_GONE: Final = (
    r"(?P<gone>(?:the|my|that|those|any) [^;.!?,]+?)(?=\s*(?:$|[;.!?,]|\b(?:and|but|please|then|so|thanks)\b))"
)
_THEN: Final = r"(?:and |then |please |i |can |you |(?:would )?like to |want to |to |just |also )*"
_HAN_STAYS: Final = r"(?:留着|留下来?|保留|不动|就留)"
_HAN_GOES: Final = r"(?:都|全部?|就|给我|帮我|可以)*(?:取消|退掉?|不要|去掉|撤)"
_HAN_KEEP: Final = r"(?:只?留着|只?留下|保留|只?留(?![着下])|只要)"
_BOTH_SAID: Final = (
    re.compile(rf"\b{_KEEP} (?P<kept>(?:the|my|that|those) [^;.!?]+?){_END}{_THEN}(?:{_GO}) {_GONE}", re.IGNORECASE),
    re.compile(
        rf"\b(?:{_GO}) (?P<gone>(?:the|my|that|those) [^;.!?]+?){_END}{_THEN}{_KEEP} (?P<kept>[^;.!?,]+)", re.IGNORECASE
    ),
    re.compile(
        rf"{_HAN_KEEP}(?P<kept>[^，。；！？,;\s]{{1,60}}?)[，。；！？,;\s]+(?:把)?(?P<gone>[^，。；！？,;\s]{{1,60}}?){_HAN_GOES}"
    ),
    re.compile(
        rf"(?P<kept>[^，。；！？,;\s]{{1,60}}?){_HAN_STAYS}[，。；！？,;\s]+(?:把)?(?P<gone>[^，。；！？,;\s]{{1,60}}?){_HAN_GOES}"
    ),
    re.compile(
        rf"(?:把)?(?P<gone>[^，。；！？,;\s]{{1,60}}?){_HAN_GOES}(?:了|掉|吧)*[，。；！？,;\s]+(?:把)?(?P<kept>[^，。；！？,;\s]{{1,60}}?){_HAN_STAYS}"
    ),
    re.compile(
        rf"(?:取消|退掉?|不要)(?P<gone>[^，。；！？,;\s]{{1,60}}?)[，。；！？,;\s]+{_HAN_KEEP}(?P<kept>[^，。；！？,;\s]+)"
    ),
    re.compile(
        rf"{_HAN_KEEP}(?P<kept>[^，。；！？,;\s]{{1,60}}?)[，。；！？,;\s]+(?:取消|退掉?|不要)"
        r"(?P<gone>(?![了掉吧])[^，。；！？,;\s]+)"
    ),
)
"""Both are described: "keep the hardshell ones and cancel the softshell", 贵的取消，便宜的留着."""
_TOO_KEPT: Final = re.compile(
    rf"(?:too|as well|also)\W+(?:just |only |but |please )*{_KEEP} (?P<kept>(?:the|my|that) [^;.!?,]+)"
    rf"|也(?:一样|是|同样)?[，,\s]*{_HAN_KEEP}(?P<han>[^，。；！？,;]+)",
    re.IGNORECASE,
)
"""What was said of other goods before is said of these, and which of them stays: "the kettles too, keep the cheaper"."""  # noqa: E501
_LONE: Final = (
    re.compile(rf"\b(?:{_GO}) {_GONE}", re.IGNORECASE),
    re.compile(rf"(?:把)?(?P<gone>[^，。；！？,;\s]{{1,60}}?){_HAN_GOES}"),
)
"""What goes of other goods, beside such words."""
_IS_OTHER: Final = re.compile(rf"{_OTHER}[^;.!?,]*|{_HAN_OTHER}", re.IGNORECASE)
_POINTS: Final = re.compile(r"\b(?:ones?|pairs?)\b|(?:的|那[个件条台把双套只块辆])$", re.IGNORECASE)
_TITLES: Final = frozenset({"name", "near_name"})
_WITH: Final = re.compile(r"(?<=\bwith )(?:the|my|an?) .+$", re.IGNORECASE)
_CLAUSE: Final = re.compile(r"[^,;.!?，。；！？\n]+")
_CALLS_OFF: Final = re.compile(rf"\b(?:{_GO})\b|取消|退|不要|去掉", re.IGNORECASE)
_SEVERAL: Final = 2


@dataclass(frozen=True)
class _Said:
    """Words for what stays and for what goes (empty for "the other"), and what stood before them."""

    kept: str
    gone: str
    before: str
    behind: str = ""


def tells_what_stays(text: str) -> bool:
    """Whether words say what stays and that the others go."""
    return bool(_said_in(text))


def others_than_kept(text: str, orders: Sequence[OrderCandidate], *, today: date) -> list[LineCandidate]:
    """The lines that go, of `orders`; none where nothing says what stays, or where that is not sure."""
    text = completed(text)
    lines = [line for order in orders for line in order.lines]
    gone: list[LineCandidate] = []
    for said in _said_in(text):
        gone += [line for line in _gone(said, lines, orders, today) if line not in gone]
    return gone


def _said_in(text: str) -> list[_Said]:
    """Each place where a message says what stays and that something else goes, in the order said."""
    found: list[tuple[int, int, _Said]] = []
    for pattern in (*_SAID, *_BOTH_SAID, _TOO_KEPT):
        for hit in pattern.finditer(text):
            if any(start < hit.end() and hit.start() < end for start, end, _ in found):
                continue
            said = hit.groupdict()
            gone = (said.get("gone") or "").strip()
            if pattern is _TOO_KEPT and not _CALLS_OFF.search(text[: hit.start()]):
                continue
            kept = (said.get("kept") or said.get("han") or "").strip()
            gone = "" if _IS_OTHER.fullmatch(gone) else gone
            found.append((hit.start(), hit.end(), _Said(kept, gone, text[: hit.start()], hit[0].replace(kept, " "))))
    for hit in (hit for pattern in _LONE if found for hit in pattern.finditer(text)):
        if not any(start < hit.end() and hit.start() < end for start, end, _ in found):
            found.append((hit.start(), hit.end(), _Said("", hit["gone"].strip(), text[: hit.start()])))
    return [said for _, _, said in sorted(found, key=lambda each: each[0])]


def _gone(
    said: _Said, lines: Sequence[LineCandidate], orders: Sequence[OrderCandidate], today: date
) -> list[LineCandidate]:
    """What goes by one pair of words."""
    title = _topic(said, lines, today)
    if not title:
        return []
    spoken = _of_title(lines, title)
    stays = _staying(said.kept, spoken, orders, today) if said.kept else []
    if not said.gone:
        return [line for line in spoken if line not in stays] if stays else []
    goes = _staying(said.gone, spoken, orders, today)
    if stays and not goes and len(spoken) == _SEVERAL and _POINTS.search(said.gone):
        # In words of no value that is known, beside one that surely stays.
        return [line for line in spoken if line not in stays]
    return goes if goes and not any(line in stays for line in goes) else []


def _topic(said: _Said, lines: Sequence[LineCandidate], today: date) -> str:
    """The one product of which some stays and some goes: it is named there, or was before; it has several lines."""
    kept, gone = (
        _titles_in(_WITH.sub("", without_companions(without_order_words(each), lines, today=today)), lines, today)
        for each in (said.kept, said.gone)
    )
    if kept and gone and kept != gone:
        return ""
    if kept and not gone and order_words(said.gone):
        # "Cancel the whole bigger order, but keep the lamp in it": what goes is all the rest of that order.
        return ""
    held = Counter(line.titles[0] for line in lines if line.titles)
    if kept or gone:
        named = kept or gone
    elif not (named := _titles_in(without_companions(said.behind, lines, today=today), lines, today)):
        for clause in reversed(_CLAUSE.findall(said.before)):
            named = {title for title in _titles_in(clause, lines, today) if held[title] >= _SEVERAL}
            if named:
                break
        else:
            if said.gone and order_words(said.gone):
                # "Keep the cheaper order, cancel the dearer one" is said of orders.
                return ""
            whole = " ".join((said.before, said.kept, said.gone, said.behind))
            if goods_words(whole) and not _titles_in(whole, lines, today):
                # Goods are named, and nobody has them: what else was ordered twice is not meant.
                return ""
            named = _several(lines)
    titles = [title for title in named if held[title] >= _SEVERAL]
    return titles[0] if len(named) == 1 and titles else ""


def _titles_in(text: str, lines: Sequence[LineCandidate], today: date) -> set[str]:
    """The products that words name, by their first title."""
    if not text.strip() or not lines:
        return set()
    pool = line_pool(lines, NO_FOCUS)
    elements = read_lines(text, pool, today)
    return {
        pool.items[place].titles[0]
        for each in elements
        if each.kind == "name"
        for place in each.strengths
        if pool.items[place].titles
    }


def _several(lines: Sequence[LineCandidate]) -> set[str]:
    """The products that are in several orders."""
    orders: dict[str, set[str]] = {}
    for line in lines:
        orders.setdefault(line.titles[0] if line.titles else line.key, set()).add(line.order)
    return {title for title, held in orders.items() if len(held) >= _SEVERAL}


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
    if found.sure and found.matches and len(found.candidates) < len(spoken):
        return [*found.candidates]
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
