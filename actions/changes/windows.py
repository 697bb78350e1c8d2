"""Which of a shopper's orders a return or a claim is still possible for, by the shop's windows.

Orders out of the window are not offered to choose from; named out loud they are refused with the rule.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from actions.changes.kind import ChangeKind
from actions.changes.records import ORDERS_READ, Records
from actions.resolver.spelling import spelt
from shopdesk_schemas.crm import OrderSummary

_LEFT_OUT: Final = re.compile(
    r"\b(?:all|everything|both|the lot|whole order)\b[^.;!?]*?"
    r"\b(?:but|except(?: for)?|apart from|other than|besides)\b\s*(?P<en>[^,.;!?]+)"
    r"|除(?:了|去|掉)?(?P<zh>[^，。；！？,]+?)(?:之外|以外|外)?(?:[，,\s]|其[他它余]|别的|都|全|$)",
    re.IGNORECASE,
)


async def still_possible(kind: ChangeKind, orders: Sequence[OrderSummary], records: Records) -> list[OrderSummary]:
    """Those of `orders` for which the window is open; all of them where it is for none, or where there is none."""
    if len(orders) < 2 or not (kind.goes_back or kind.window_days(records.policies)):
        return list(orders)
    read = orders[:ORDERS_READ]
    if kind.goes_back:
        possible = await asyncio.gather(*(_may_come_back(kind, each, records) for each in read))
    else:
        possible = await asyncio.gather(*(_may_be_claimed(kind, each, records) for each in read))
    return [each for each, open_still in zip(read, possible, strict=True) if open_still] or list(orders)


async def _may_come_back(kind: ChangeKind, order: OrderSummary, records: Records) -> bool:
    if order.state != "delivered":
        return True
    lines = (await records.returnable(order.number)).lines
    repaired = kind.key == "defect" and any(each.repair_until for line in lines for each in line.reasons)
    return repaired or any(line.allowed for line in lines)


async def _may_be_claimed(kind: ChangeKind, order: OrderSummary, records: Records) -> bool:
    days = kind.window_days(records.policies)
    if order.state != "delivered" or not days:
        return True
    candidate = (await records.order_candidates([order.number]))[0]
    since = candidate.delivered_on or candidate.placed_on
    return since + timedelta(days=days) >= records.today


def left_out(text: str) -> str:
    """The words for what stays, where all the rest of an order is meant: "all but the scarf"; else empty."""
    found = _LEFT_OUT.search(spelt(text))
    return (found["en"] or found["zh"] or "").strip() if found else ""
