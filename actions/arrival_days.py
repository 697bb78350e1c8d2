"""Whether something is there by a day: the usual days counted from today or an order's day. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from actions.resolver.dates import dates_in
from actions.wording import Wording
from shopdesk_schemas.delivery_experience import DeliveryExperience
from shopdesk_schemas.rules import ShippingRateView

Likelihood = Literal["likely", "unlikely", "uncertain"]

_NO_DEADLINE: Final = re.compile(
    r"\b(?:ordered|bought|placed|paid|since|from|after)\b[^,.;]*$"
    r"|\b(?:(?:i|we)(?:['’]d| would| were to)? (?:order|buy|pay for)|ordering|buying)\b"
    r"(?:(?!\b(?:by|before|will|would|here|there|come|comes|arrives?|delivered|until|till)\b)[^,.;])*$"
    r"|\b(?:order|buy|place|pay)(?: it| this| one| them| an order)?(?: on| by)? *$",
    re.IGNORECASE,
)
_ASKS_ARRIVAL: Final = re.compile(
    r"\bhow (?:long|many days|fast|quick\w*|soon)\b|\bwhen(?:['’]?s)?\b"
    r"|\b(?:gonna|going to|will|does|is|are|do)\b[^.?!]{0,40}"
    r"\b(?:come|coming|arrive|arriving|be here|get here|make it)\b[^.?!]{0,20}\b(?:before|by|on|in time|till|until)\b"
    r"|\bwhat day\b|\bin time\b"
    r"|多久|多长时间|几天|多少天|什么时候|啥时候?|几号|何时|哪天|几时|[赶来]得及|前能到",
    re.IGNORECASE,
)
_WEEKEND: Final = re.compile(
    r"\b(?:(?P<before>before)|by|for|on|over|at|this|until|till) (?:the |this )?weekend\b"
    r"|周末(?P<han>之?前)?(?:能|会|可以|到|送)",
    re.IGNORECASE,
)
_DONE_THEN: Final = re.compile(r"(?:\d+点)?(?:要是|如果)?就?(?:能|可以)?(?:买|下单|订|付|拍)")
"""What stands before or after a day that something is done on."""


@dataclass(frozen=True)
class UsualDays:
    """How long deliveries take, from `least` to `most`; in working days or in all."""

    least: int
    most: int
    working: bool

    def between(self, start: date) -> tuple[date, date]:
        """The first and the last day that they usually come on, for what is ordered on `start`."""
        return self._after(start, self.least), self._after(start, self.most)

    def _after(self, start: date, days: int) -> date:
        if not self.working:
            return start + timedelta(days=days)
        day = start
        while days:
            day += timedelta(days=1)
            days -= day.weekday() < _SATURDAY
        return day


_SATURDAY: Final = 5


def asks_arrival(text: str) -> bool:
    """Whether a question about an order asks when it is there: "whens the chair coming"."""
    return _ASKS_ARRIVAL.search(text) is not None


def usual_days(rate: ShippingRateView | None, lately: DeliveryExperience) -> UsualDays | None:
    """As the shop promises it, else as parcels took lately; None where neither is known."""
    if rate is not None and rate.days is not None:
        return UsualDays(rate.days[0], rate.days[1], working=True)
    if lately.days is not None:
        return UsualDays(lately.days[0], lately.days[1], working=False)
    return None


def day_needed(text: str, today: date) -> date | None:
    """The last day on which something would be in time, as a question names it; None where it names none."""
    for found, span in dates_in(text, today=today, direction="future"):
        before, after = text[: span.start], text[span.end : span.end + 6]
        if _NO_DEADLINE.search(before) or _DONE_THEN.match(after):
            continue
        if found.last >= today:
            return found.last
    weekend = _WEEKEND.search(text)
    if weekend is None:
        return None
    saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
    return (
        saturday - timedelta(days=1)
        if (weekend["before"] or weekend["han"]) and saturday > today
        else saturday + timedelta(days=1)
    )


def likelihood(needed: date, first: date, last: date) -> Likelihood:
    """Whether something that comes between two days is there on another."""
    return "likely" if needed >= last else "unlikely" if needed < first else "uncertain"


def ordered_today(first: date, last: date, zone: str, wording: Wording) -> str:
    """Between which days something comes that is ordered today, or on which one."""
    if first == last:
        return wording.say("delivery.ordered_today_day", day=wording.day(last, zone))
    return wording.say("delivery.ordered_today", first=wording.day(first, zone), last=wording.day(last, zone))


def told_for_order(
    text: str, placed: date, promised: date | None, usual: UsualDays | None, today: date, zone: str, wording: Wording
) -> str | None:
    """What answers a question for the day of an open order, beyond its state; None where nothing is known."""
    needed = day_needed(text, today)
    if promised is not None:
        if needed is None or promised < today:
            return None
        key = "promised_yes" if needed >= promised else "promised_no"
        return wording.say(f"delivery.order.{key}", day=wording.day(needed, zone), promised=wording.day(promised, zone))
    if usual is None:
        return None
    first, last = usual.between(placed)
    if last < today:
        return None
    first = max(first, today)
    if first == last:
        told = wording.say("delivery.order.usual_day", day=wording.day(last, zone))
    else:
        told = wording.say("delivery.order.usual", first=wording.day(first, zone), last=wording.day(last, zone))
    if needed is None:
        return told
    sure = likelihood(needed, first, last)
    return wording.sentences(wording.say(f"delivery.order.{sure}", day=wording.day(needed, zone)), told)
