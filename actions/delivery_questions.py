"""What exactly a question about delivery asks, and the sentence that answers it first. Pure functions.

Only what the shop's rates and parcels tell is promised; what its rates do not have is said not to be offered or known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from actions.arrival_days import UsualDays, day_needed, likelihood, ordered_today
from actions.resolver import Amount
from actions.resolver.amounts import amounts_in, bounded_number
from actions.wording import Wording
from shopdesk_schemas.rules import ShippingRateView

_ASKED: Final[dict[str, re.Pattern[str]]] = {
    "express": re.compile(
        r"\b(?:next|same)[- ]?day\b|\bexpress\b|\bpriority\b"
        r"|\bfast(?:er|est|[- ]track)\b|\bquick(?:er|est)\b"
        r"|\bovernight\b|\brush\b|\bspeed (?:it )?up\b|加急|次日|当日|当天|隔天|隔日|特快|更快|最快|快一点|快点|顺丰",
        re.IGNORECASE,
    ),
    "cut_off": re.compile(
        r"\bcut[- ]?offs?\b|\bby what time\b|\bwhat time .*\b(?:order|buy)\b|\border by\b|几点前|几点之前|截单|截止",
        re.IGNORECASE,
    ),
    "time_of_day": re.compile(
        r"\btime ?slots?\b|\bslots?\b|\bwhat time\b|\bwhich time\b|\b(?:morning|afternoon|evening)s?\b|\bat what hour\b"
        r"|\bafter (?:work|\d)\b|几点|上午|下午|晚上|早上|中午|时间段|时段|下班后",
        re.IGNORECASE,
    ),
    "carry_up": re.compile(
        r"\b(?:floor|lift|elevator|upstairs|stairs|carry (?:it )?(?:up|in)|into (?:the|my) (?:room|house|flat))\b"
        r"|\d\s*楼|[一二三四五六七八九十]楼|电梯|上楼|楼梯|送进|入户|搬",
        re.IGNORECASE,
    ),
    "weekend": re.compile(r"\bweekends?\b|\bon (?:a )?(?:saturday|sunday)s\b|周末送|周末能|节假日", re.IGNORECASE),
}
_FREE: Final = re.compile(r"\bfree\b|包邮|免邮|免运费|不要运费", re.IGNORECASE)


def asked_of_delivery(text: str) -> list[str]:
    """The things that a question about delivery names, by their keys: `express`, `cut_off`, `time_of_day` …"""
    return [key for key, words in _ASKED.items() if words.search(text)]


def asks_free(text: str) -> bool:
    """Whether it is asked if something is sent free of charge."""
    return _FREE.search(text) is not None


def answered(text: str, usual: UsualDays | None, today: date, zone: str, wording: Wording) -> tuple[list[str], bool]:
    """The sentences that answer what is asked by name or by a day, and whether the usual days are among them."""
    told: list[str] = []
    needed = day_needed(text, today)
    asked = asked_of_delivery(text)
    if needed is not None and usual is not None:
        first, last = usual.between(today)
        sure = likelihood(needed, first, last)
        told.append(wording.say(f"delivery.by_day.{sure}", day=wording.day(needed, zone)))
    told += [wording.say(f"delivery.asked.{key}") for key in asked]
    counted = usual is not None and (needed is not None or "express" in asked)
    if counted and usual is not None:
        first, last = usual.between(today)
        told.append(ordered_today(first, last, zone, wording))
    return told, counted


def free_of_charge(text: str, rate: ShippingRateView, currency: str, wording: Wording) -> str | None:
    """Yes or no to "free over 50?"; None where no amount is named or the rate has no bound."""
    free = rate.free_from_minor.get(currency)
    amount = _amount(text, currency)
    if not asks_free(text) or free is None or amount is None:
        return None
    bound = wording.money(free, currency).text
    return wording.say(f"delivery.{'free_yes' if amount.minor >= free else 'free_no'}", amount=bound)


_TENS: Final = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred")
_NUMBER: Final = re.compile(r"(?<![\d.])(\d{1,4})(?![\d.]|\s*(?:days?|天|日|号))")


def _amount(text: str, currency: str) -> Amount | None:
    found: Sequence[Amount] = [each for each, _ in amounts_in(text, currency=currency)]
    if found:
        return found[0]
    bounded = bounded_number(text, currency=currency)
    if bounded is not None:
        return bounded[0]
    word = next((place for place, each in enumerate(_TENS, start=1) if re.search(rf"\b{each}\b", text, re.I)), None)
    number = _NUMBER.search(text)
    units = 10 * word if word is not None else int(number[1]) if number else None
    return None if units is None else Amount(units * 100, currency, "exact")
