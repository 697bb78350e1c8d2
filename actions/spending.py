"""Which of a shopper's orders a question for what they spent counts: the last three, those of a month, all. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from actions.resolver.dates import DateRange, dates_in
from shopdesk_schemas.crm import OrderSummary

_NUMBERS: Final = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "couple of": 2,
    "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6,
}  # fmt: skip
_NEWEST: Final = re.compile(
    r"\b(?:last|latest|recent|past|previous|newest|most recent)\s+(?P<en>\d{1,2}|two|three|four|five|six|couple of)"
    r"\s+(?:\w+\s+)?"
    r"(?:orders?|purchases?|ones?)\b|(?:最近|近|最后|上|前)(?:的|这)?(?P<zh>\d{1,2}|[两二三四五六])(?:个|笔|次|张|份)?(?:订单|单)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Counted:
    """The orders a question counts, newest first, and the days that it names, if any."""

    orders: Sequence[OrderSummary]
    days: DateRange | None = None


def counted_orders(text: str, orders: Sequence[OrderSummary], today: date, zone: str) -> Counted | None:
    """What a question for a sum counts by number or by time; None where it names neither."""
    newest = _NEWEST.search(text)
    if newest is not None and not re.match(r"(?:个?月|周|天|年|星期)", text[newest.end() :]):
        said = newest["en"] or newest["zh"]
        count = int(said) if said.isdigit() else _NUMBERS[said.lower()]
        return Counted(list(orders[:count]))
    found = [days for days, _ in dates_in(text, today=today, direction="past")]
    if not found or (found[0].is_day and found[0].first == today and not re.search(r"\btoday\b|今天", text, re.I)):
        return None
    days = found[0]
    within = [each for each in orders if days.contains(each.placed_at.astimezone(ZoneInfo(zone)).date())]
    return Counted(within, days)


__all__ = ["Counted", "counted_orders"]
