"""How to reach the shop's people, in words: from the shop's policies alone. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

from actions.wording import Wording
from shopdesk_schemas.crm import ShopPolicy, SupportHours, Weekday

_WEEK: Final[tuple[Weekday, ...]] = get_args(Weekday)
_NEAR: Final = timedelta(days=30)
"""Days off within this time are worth naming."""


def ways_to_reach(shop: ShopPolicy, wording: Wording) -> str:
    """The e-mail address and the phone number, or that there is none."""
    if shop.support_email and shop.support_phone:
        return wording.say("help.team.both", email=shop.support_email, phone=shop.support_phone)
    if shop.support_email:
        return wording.say("help.team.email", email=shop.support_email)
    if shop.support_phone:
        return wording.say("help.team.phone", phone=shop.support_phone)
    return wording.say("help.team.none")


def support_hours(shop: ShopPolicy, now: datetime, wording: Wording) -> str:
    """When people answer, in the zone of the hours; days off of the coming weeks too."""
    hours = shop.support_hours
    if hours is None or not any(hours.weekly.values()):
        return wording.say("help.team.no_hours")
    return wording.sentences(
        wording.say("help.team.hours", hours=_week(hours, wording)), _days_off(hours, now, wording)
    )


def _week(hours: SupportHours, wording: Wording) -> str:
    open_days: list[str] = []
    closed: list[str] = []
    for first, last in _runs([tuple(hours.weekly.get(day) or ()) for day in _WEEK]):
        intervals = hours.weekly.get(_WEEK[first]) or []
        if not intervals:
            # "closed on Saturday and Sunday" reads better than "Saturday to Sunday".
            closed += (
                [wording.weekday(each) for each in range(first, last + 1)]
                if last - first < 2
                else [_days(first, last, wording)]
            )
            continue
        times = [wording.say("help.interval", opens=opens, closes=closes) for opens, closes in intervals]
        open_days.append(
            wording.say("help.open", days=_days(first, last, wording), times=wording.say("help.and").join(times))
        )
    values = {"open": wording.listed(open_days), "place": wording.place_of_zone(hours.timezone)}
    if not closed:
        return wording.say("help.hours", **values)
    return wording.say("help.hours_and_closed", closed=wording.say("help.and").join(closed), **values)


def _runs(days: Sequence[object]) -> list[tuple[int, int]]:
    """First and last index of each run of equal days."""
    runs: list[tuple[int, int]] = []
    for index, day in enumerate(days):
        if runs and days[runs[-1][0]] == day:
            runs[-1] = (runs[-1][0], index)
        else:
            runs.append((index, index))
    return runs


def _days(first: int, last: int, wording: Wording) -> str:
    if first == last:
        return wording.weekday(first)
    return wording.say("help.weekdays", first=wording.weekday(first), last=wording.weekday(last))


def _days_off(hours: SupportHours, now: datetime, wording: Wording) -> str | None:
    today: date = now.astimezone(ZoneInfo(hours.timezone)).date()
    days = [wording.day(day, hours.timezone) for day in sorted(hours.closed_on) if today <= day <= today + _NEAR]
    return wording.say("help.exceptions", days=wording.listed(days)) if days else None
