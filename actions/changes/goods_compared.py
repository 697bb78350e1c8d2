"""The lines that are meant by a comparison with goods of other orders: "the dearer of the two lamps"."""

from __future__ import annotations

from collections.abc import Sequence

from actions.changes.orders_meant import fitting
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.resolver import LineCandidate, compared_goods
from actions.resolver.kept_apart import others_than_kept


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
        gone = {line.key for line in others}
        return [line for line in lines if line.key in gone]
    found = compared_goods(text, orders, focus=reader.focus, today=reader.records.today)
    if found is None or found.status != "one":
        return []
    return [line for line in lines if line.key == found.first.key]
