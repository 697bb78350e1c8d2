"""The line that is meant by a comparison with goods of other orders: "the dearer of the two lamps"."""

from __future__ import annotations

from collections.abc import Sequence

from actions.changes.orders_meant import fitting
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ
from actions.resolver import LineCandidate, compared_goods


async def compared_line(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> LineCandidate | None:
    """The one of `lines`, those of the order meant, that a comparison means; None where nothing is compared."""
    numbers = [each.number for each in (await reader.records.summaries())[:ORDERS_READ]]
    if len(numbers) < 2 or len(reader.request.orders) != 1:
        return None
    here = set(reader.request.orders)
    fit = await fitting(reader)
    among = fit | here if fit & here else here
    orders = [order for order in await reader.records.order_candidates(numbers) if order.number in among]
    found = compared_goods(text, orders, focus=reader.focus, today=reader.records.today)
    if found is None or found.status != "one":
        return None
    return next((line for line in lines if line.key == found.first.key), None)
