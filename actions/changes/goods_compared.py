"""The lines that are meant by a comparison with goods of other orders: "the dearer of the two lamps"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.orders_meant import fitting
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.resolver import LineCandidate, compared_goods, read_requests
from actions.resolver.kept_apart import others_than_kept

_OF_TARGETS: Final = re.compile(
    r"(?P<two>(?:\bor\b|/)[^.;!?\n]*?)[,\s–-]*\b(?:whichever|whatever|which ever)(?! of my\b)(?: (?:one|of (?:them|those|these|the two)))?"  # noqa: E501
    r"(?:['’]s| is| are| costs?| comes out)(?: the)? (?:cheaper|cheapest|less|lower|least|dearer|better value)\b"
    r"|(?P<han>(?:或者?|还是|、)[^。；！？\n]*?)[，, ]*(?:[看选]|就)*哪[个款种件双只台把条套](?:更|最|比较)?便宜"
    r"(?:点|些|一点)?[，,]?(?:就|我就|给我)*(?:要|换|选|来|拿|换成)?(?:哪[个款种件双只台把条套])?",
    re.IGNORECASE,
)
"""Which of two that are named is to come in its place: it tells none of one's own goods."""


def without_choice_of_targets(text: str) -> str:
    """`text` without "whichever is cheaper" behind two that goods may become: "black or grey, whichever is cheaper"."""
    return _OF_TARGETS.sub(lambda said: said["two"] or said["han"], text)


async def compared_lines(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> list[LineCandidate]:
    """Those of `lines`, of the order meant, that a comparison means, or that are left by one that stays; else none."""
    numbers = [each.number for each in (await reader.records.summaries())[:ORDERS_READ]]
    if len(numbers) < 2 or len(reader.request.orders) != 1:
        return []
    here = set(reader.request.orders)
    fit = await fitting(reader)
    among = fit | here if fit & here else here
    orders = [order for order in await reader.records.order_candidates(numbers) if order.number in among]
    if not reader.kind.swaps and (others := others_than_kept(text, orders, today=reader.records.today)):
        gone = {line.key for line in others} | _named_beside(text, lines, others, reader)
        return [line for line in lines if line.key in gone]
    text = without_choice_of_targets(text) if reader.kind.swaps else text
    found = compared_goods(text, orders, focus=reader.focus, today=reader.records.today)
    if found is None or found.status != "one":
        return []
    return [line for line in lines if line.key == found.first.key]


def _named_beside(text: str, lines: Sequence[LineCandidate], gone: Sequence[LineCandidate], reader: Reader) -> set[str]:
    """Other goods of the order that are called off by name in the same message, by their keys."""
    titles = {line.titles[0] for line in gone if line.titles}
    others = [line for line in lines if not titles & {*line.titles[:1]}]
    wishes = read_requests(text, others, today=reader.records.today)
    return {
        match.candidate.key
        for wish in wishes
        if wish.wish in ("cancel", "return") and wish.lines.sure and wish.target is None
        for match in wish.lines.matches
        if any(reason.kind in ("name", "near_name") for reason in match.reasons)
        and wish.quantity in (None, match.candidate.changeable)
    }
