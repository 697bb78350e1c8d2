"""Goods told by what they cost or by their size among their like: "the 1014 one", 小的那个换成绿的，大的不要了.

Such words name no goods on their own. Of the shopper's orders they mean one thing, and what that is called is put in
their place, so that whoever reads orders and lines finds it. Only words for what is meant are replaced, never those
for what it is to become.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.changes.kind import ChangeKind
from actions.changes.records import ORDERS_READ, Records
from actions.resolver import Focus, LineCandidate, resolve_lines
from actions.resolver.lines import line_pool

_MEASURES: Final = "款个辆件双台只种条把本套张盏副瓶块"
_BEFORE_ZH: Final = r"(?:^|(?<=[，,。.;；!！?？\s\n把将]))"
_VERB_ZH: Final = (
    r"(?=(?:，|,)?(?:我|想|要|帮我|给我|就|也|都|请|全|[两二三四五六七八九\d]"
    rf"[{_MEASURES}])*(?:换|改|取消|退|不要|不想要|撤|寄回))"
)
_PRICED: Final = re.compile(
    r"(?<![A-Za-z0-9.$#成换改要])(?:us)?\$?\s?(?P<zh>\d{2,6}(?:\.\d{1,2})?)\s?(?:块钱?|元|美元|美金|刀)?(?:的(?:那|这)?|那|这)"
    rf"[{_MEASURES}]?(?![单笔])"
    r"|(?<!to )(?<!for )(?<!into )(?<!with )\bthe\s+(?:us)?\$?(?P<en>\d{2,6}(?:\.\d{1,2})?)(?:[ -]?(?:dollars?|bucks?|usd))?\s+ones?\b"  # noqa: E501
    r"|(?<!to )(?<!for )(?<!into )(?<!with )\bthe\s+ones?\s+(?:for|at|that costs?|costing|that (?:was|were))\s+(?:us)?\$?(?P<one>\d{2,6}(?:\.\d{1,2})?)"  # noqa: E501
    r"(?![\d.]*\d| ?(?:more|extra|less|inch|cm|ml|gb|tb))",
    re.IGNORECASE,
)
_SIZED: Final = re.compile(
    rf"{_BEFORE_ZH}(?P<zh>[大小])的?(?:那|这)?[{_MEASURES}]?(?:的)?{_VERB_ZH}"
    r"|(?<!to )(?<!for )(?<!into )(?<!in )(?<!with )\bthe\s+"
    r"(?P<en>small|smaller|little|large|larger|big|bigger)(?:\s+ones?)\b",
    re.IGNORECASE,
)
_OF_ORDERS: Final = re.compile(
    r"^\W*我?有?(?:两|二|三|几|2|3)(?:单|个订单)(?:都|全)?(?:还)?(?:没|未)(?:有)?(?:发货?|寄|到|出库)[^，。,;；]{0,3}[，。,;；]\s*"
    r"|^\W*(?:both|two|all)(?: of)?(?: my)? orders[^,.;]{0,40}[,.;]\s*",
    re.IGNORECASE,
)
_SMALL: Final = frozenset({"小", "small", "smaller", "little"})
_NAMES: Final = frozenset({"name", "near_name", "category"})
_LEAST: Final = 2
_CENTS: Final = 100


def may_tell_lines(text: str) -> bool:
    """Whether words may mean goods by their price or their size."""
    return _PRICED.search(text) is not None or _SIZED.search(text) is not None


def named_as_told(text: str, lines: Sequence[LineCandidate], *, today: date) -> str:
    """`text` with the names of those of `lines` that it tells by price or size; unchanged where that is not certain."""
    han = re.search(r"[\u4e00-\u9fff]", text) is not None

    def priced(said: re.Match[str]) -> str:
        amount = said["zh"] or said["en"] or said["one"]
        meant = _costing(amount, lines)
        return said.group() if meant is None else _called(meant, lines, han=han)

    text = _PRICED.sub(priced, text)
    sizes = {word.casefold() in _SMALL for found in _SIZED.finditer(text) for word in found.groups() if word}
    ends = _ends(text, lines, today=today) if sizes else None
    if ends is None:
        return text

    def sized(said: re.Match[str]) -> str:
        return _called(ends[(said["zh"] or said["en"]).casefold() not in _SMALL], lines, han=han)

    return _SIZED.sub(sized, text)


async def with_lines_told(text: str, kind: ChangeKind, records: Records) -> str:
    """`text` with the names of goods that it tells by price or size, of the orders for which `kind` is usual."""
    if kind.about != "order" or kind.lines == "none" or not may_tell_lines(text):
        return text
    summaries = (await records.summaries())[:ORDERS_READ]
    fit = [each.number for each in summaries if each.state in kind.states]
    numbers = fit or [each.number for each in summaries]
    await records.orders(numbers)
    told = named_as_told(text, [line for number in numbers for line in records.lines(number)], today=records.today)
    # Goods that are told so tell their order: what is said of all orders before them does not.
    return text if told == text else _OF_ORDERS.sub("", told)


def _costing(amount: str, lines: Sequence[LineCandidate]) -> LineCandidate | None:
    """The line of which one piece costs `amount`, with or without its cents; None where it is none, or several."""
    if any(re.search(rf"(?<!\d){re.escape(amount)}(?!\d)", value) for line in lines for value in line.options.values()):
        # "The 500 one" is the bottle of 500 ml.
        return None
    exact = "." in amount
    wanted = round(float(amount) * _CENTS)
    meant: dict[str, LineCandidate] = {}
    for line in lines:
        price = line.unit_price_minor
        if price is None:
            continue
        rounded = price // _CENTS * _CENTS, round(price / _CENTS) * _CENTS
        if price == wanted or (not exact and wanted in rounded):
            meant.setdefault(line.sku or line.key, line)
    return next(iter(meant.values())) if len(meant) == 1 else None


def _ends(text: str, lines: Sequence[LineCandidate], *, today: date) -> tuple[LineCandidate, LineCandidate] | None:
    """The smallest and the largest of the goods of one name, that are named or alone come in several sizes."""
    ranks = line_pool(lines, Focus()).ranks["size"]
    groups: dict[str, list[tuple[float, LineCandidate]]] = {}
    for line, rank in zip(lines, ranks, strict=True):
        if rank is not None and line.titles:
            groups.setdefault(line.titles[0], []).append((rank, line))
    fit = {
        title: sorted(group, key=lambda each: each[0])
        for title, group in groups.items()
        if len(group) >= _LEAST and len({rank for rank, _ in group}) == len(group)
    }
    found = resolve_lines(text, lines, today=today)
    named = {
        match.candidate.titles[0]
        for match in found.matches
        if any(reason.kind in _NAMES for reason in match.reasons) and match.candidate.titles
    }
    meant = [title for title in fit if title in named] or [title for title in fit if not named]
    if len(meant) != 1:
        return None
    group = fit[meant[0]]
    return group[0][1], group[-1][1]


def _called(line: LineCandidate, lines: Sequence[LineCandidate], *, han: bool) -> str:
    """What a line is called in the language of the message, with the values that tell it from its like."""

    def spoken(values: Sequence[str]) -> bool:
        return any(re.search(r"[\u4e00-\u9fff]", value) for value in values) == han

    title = next((each for each in line.titles if spoken([each])), line.titles[0])
    sets = [line.options, *line.other_options]
    place = next((place for place, each in enumerate(sets) if spoken([*each.values()])), 0)
    own = list(sets[place].values())
    like = [
        list([each.options, *each.other_options][place].values())
        for each in lines
        if each.titles[:1] == line.titles[:1] and each.options != line.options and place <= len(each.other_options)
    ]
    apart = [value for value in own if all(value not in values for values in like)][:1] if like else []
    apart = apart or ([value for value in own if any(value not in values for values in like)] if like else [])
    return "".join([*apart, title]) if han else " ".join(["the", *apart, title])


__all__ = ["may_tell_lines", "named_as_told", "with_lines_told"]
