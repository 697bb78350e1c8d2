"""Other versions of goods in several orders, each said in words of its own: "the red one with a full zip, the black ones one size up".

Each clause is read in the order that has what it names; it counts only where in just one order all of it can be had.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from actions.changes.goods_meant import read_goods
from actions.changes.kind import NOT_SENT
from actions.changes.orders_meant import fitting
from actions.changes.portions import piece_name
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.changes.request import ChangeRequest
from actions.resolver import LineCandidate, resolve_lines
from actions.resolver.lines import line_pool, read_lines
from actions.resolver.reading import Element

_PARTS: Final = re.compile(
    r"[.!?;](?=\s|$)|[。！？；，\n]+"
    r"|,?\s+and\s+(?=(?:also )?(?:the|my|for the|both|those|these|two|three|one of)\b)"
    r"|,\s+(?=(?:the|my|for the|both|those|these|two|three|one of)\b)",
    re.IGNORECASE,
)
_LEADS: Final = re.compile(
    r"^\W*(?:(?:and|also|hi|hello|hey|no|nope|ok|okay|so|then|please|well)\b\W*)+|^\W*(?:还有|另外|不对|你好|不)[，,\s]*",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"^\W*(?:which|what|where|when|how|why|who|is|are|do|does|did|has|have)\b|哪|吗|什么|怎么", re.IGNORECASE
)
_OTHER_WISH: Final = re.compile(
    r"\b(?:cancel|return|refund|send\w* .{1,30} back|address|deliver|keep|leave)\w*\b|取消|退|地址|寄|留着",
    re.IGNORECASE,
)
_NAMED: Final = frozenset({"name", "near_name"})
ITEMS: Final = "change_items"
EXCHANGE: Final = "exchange"
_TELLS: Final = ("name", "option")
_MOST: Final = 5
"""How many clauses are looked at; longer messages are read as one."""


@dataclass(frozen=True)
class Swapped:
    """What goods of one order become."""

    kind: str
    order: str
    lines: dict[str, int | None]
    targets: dict[str, str]


async def swaps_apart(reader: Reader, text: str) -> list[Swapped]:
    """What the clauses of `text` want of goods in several orders; empty where they are of one order, or not plain."""
    if not reader.kind.swaps or _OTHER_WISH.search(text):
        return []
    fit = await fitting(reader)
    summaries = [each for each in (await reader.records.summaries())[:ORDERS_READ] if each.number in fit]
    # What was not sent is changed, what came is exchanged: those are two kinds.
    unsent = [each.number for each in summaries if each.state in NOT_SENT]
    came = [each.number for each in summaries if each.state == "delivered"]
    for kind, numbers in sorted(((ITEMS, unsent), (EXCHANGE, came)), key=lambda each: each[0] != reader.kind.key):
        if len(numbers) > 1 and (found := await _swaps_in(reader, kind, text, numbers)):
            return found
    return []


async def _swaps_in(reader: Reader, kind: str, text: str, numbers: Sequence[str]) -> list[Swapped]:
    records = reader.records
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    parts = _parts(reader, text, lines)
    if not 1 < len(parts) <= _MOST:
        return []
    found: dict[str, Swapped] = {}
    spoken = [line for key in reader.request.lines if (line := records.line(key)) is not None]
    title = piece_name(spoken[0], text) if len({line.titles[0] for line in spoken}) == 1 else ""
    for part in parts:
        named = _titles(part, lines, reader)
        title = named[0] if len(named) == 1 else title if not named else ""
        if _ASKS.search(part):
            continue
        swapped = await _read_in_one(reader, kind, part, "" if named else title, numbers)
        if swapped is None:
            return []
        before = found.get(swapped.order, Swapped(kind, swapped.order, {}, {}))
        if before.lines.keys() & swapped.lines.keys():
            return []
        found[swapped.order] = Swapped(
            kind, swapped.order, {**before.lines, **swapped.lines}, {**before.targets, **swapped.targets}
        )
    return list(found.values()) if len(found) > 1 else []


def _parts(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> list[str]:
    """The clauses of `text` that name goods by a name or a value, each with those behind it that name none."""
    parts: list[str] = []
    start = 0
    for end in [*_PARTS.finditer(text), None]:
        said = _LEADS.sub("", text[start : end.start() if end else len(text)]).strip()
        start = end.end() if end else start
        if not said:
            continue
        elements = read_lines(said, line_pool(lines, reader.focus), reader.records.today)
        if any(each.kind in ("name", "option") and each.strengths for each in elements):
            parts.append(said)
        elif parts and not _ASKS.search(parts[-1]):
            parts[-1] += ("，" if not said.isascii() else ", ") + said
    return parts


def _titles(part: str, lines: Sequence[LineCandidate], reader: Reader) -> list[str]:
    """What the goods are called that a clause names by their names, each once."""
    matches = resolve_lines(part, lines, today=reader.records.today).matches
    named = [each.candidate for each in matches if any(why.kind in _NAMED for why in each.reasons)]
    return list(dict.fromkeys(piece_name(line, part) for line in named))


async def _read_in_one(reader: Reader, kind: str, part: str, title: str, numbers: Sequence[str]) -> Swapped | None:
    """What a clause wants, read in each order: where it can be had, of the goods that have most of its values."""
    found: dict[str, Swapped] = {}
    words = f"{title}: {part}" if title else part
    for number in numbers:
        request = ChangeRequest(kind, reader.request.origin, words, orders=[number])
        alone = Reader(reader.records, request, reader.focus)
        await read_goods(alone, words)
        if alone.line_absent or alone.line_choices or not request.lines or request.then or request.also:
            continue
        if all(key in request.targets for key in request.lines):
            found[number] = Swapped(kind, number, dict(request.lines), dict(request.targets))
    lines = [line for order in reader.records.read() for line in order.lines]
    elements = read_lines(part, line_pool(lines, reader.focus), reader.records.today) if found else []
    having = {
        number: sum(_has(lines, element, swapped) for element in elements if element.kind in _TELLS)
        for number, swapped in found.items()
    }
    best = max(sum(place in each.strengths for each in elements if each.kind in _TELLS) for place in range(len(lines)))
    # What another order has more of is meant there.
    most = [number for number, values in having.items() if values == best > 0]
    return found[most[0]] if len(most) == 1 else None


def _has(lines: Sequence[LineCandidate], element: Element, swapped: Swapped) -> bool:
    """Whether all the goods that become others are named by an element, or have its value."""
    return all(any(lines[place].key == key for place in element.strengths) for key in swapped.lines)


async def take_swaps_apart(reader: Reader, text: str) -> bool:
    """Takes what `text` wants of goods in several orders, one order after the other; whether it is of several."""
    found = await swaps_apart(reader, text)
    if not found:
        return False
    first, *others = found
    request = reader.request
    request.kind = first.kind
    request.orders, request.lines, request.targets, request.whole = [first.order], first.lines, first.targets, False
    for place, each in enumerate(others):
        further = ChangeRequest(
            each.kind, f"{request.origin}:order{place}", "", orders=[each.order], lines=each.lines,
            targets=each.targets, reason=request.reason, together=True,
        )  # fmt: skip
        request.then.append(further.as_slot())
    return True


__all__ = ["Swapped", "swaps_apart", "take_swaps_apart"]
