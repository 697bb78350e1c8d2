"""Dates, times, money and waits as people write them, and the words of the locale files.

Words live in `locales/<language>/<topic>.yml`; every language has the same keys (a test sees to it). A sentence is
chosen and filled here, never written here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from babel import Locale
from babel.dates import format_date, format_time, format_timedelta, get_day_names, get_timezone_location
from babel.numbers import format_currency, get_currency_name, get_currency_precision

from shopdesk_schemas.content import Money

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_LOCALES = Path(__file__).resolve().parent / "locales"
_ONE_DAY = re.compile(r"(?<![\d.,])\b(1 (?:working )?day)s\b")
"""A number that the shop sets may be one."""
_BABEL = {"en": Locale("en", "GB"), "zh": Locale("zh", "CN", script="Hans")}


@cache
def locale_words(language: Language) -> dict[str, Any]:
    """The locale files of a language, by topic."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((_LOCALES / language).glob("*.yml"))
    }


class Wording:
    """How one language says things, with `today` as the day from which a year need not be named."""

    def __init__(self, language: Language, now: datetime) -> None:
        self.language = language
        self._now = now
        self._words = locale_words(language)
        self._babel = _BABEL[language]

    def say(self, key: str, **values: object) -> str:
        """The words at `topic.key…`, filled with `values`. Raises KeyError when there are none."""
        said = self.template(key).format(**values)
        return _ONE_DAY.sub(r"\1", said) if self.language == "en" else said

    def template(self, key: str) -> str:
        """The words at `key` as they stand in the file. Raises KeyError when there are none."""
        found: Any = self._words
        for part in key.split("."):
            found = found[part]
        return str(found)

    def has(self, key: str) -> bool:
        """Whether there are words at `key`."""
        found: Any = self._words
        for part in key.split("."):
            if not isinstance(found, dict) or part not in found:
                return False
            found = found[part]
        return True

    def day(self, day: date, zone: str) -> str:
        """A day: "Thursday, 12 March"; with the year when it is not the present one in `zone`."""
        this_year = day.year == self._now.astimezone(ZoneInfo(zone)).year
        pattern = self.say("common.day" if this_year else "common.day_with_year")
        return format_date(day, pattern, locale=self._babel)

    def day_of(self, moment: datetime, zone: str) -> str:
        """The day of an instant, in `zone`."""
        return self.day(moment.astimezone(ZoneInfo(zone)).date(), zone)

    def last_day(self, end: datetime, zone: str) -> str:
        """The last day of a time that ends at `end`: at midnight the day before is the last whole one."""
        return self.day_of(end - timedelta(microseconds=1), zone)

    def moment(self, moment: datetime, zone: str) -> str:
        """An instant as day and time of `zone`."""
        local = moment.astimezone(ZoneInfo(zone))
        clock = format_time(local, "HH:mm", tzinfo=local.tzinfo, locale=self._babel)
        return self.say("common.moment", day=self.day(local.date(), zone), time=clock)

    def weekday(self, day: int) -> str:
        """The name of a day of the week, 0 being Monday."""
        width: Literal["wide", "abbreviated"] = "wide" if self.language == "en" else "abbreviated"
        return str(get_day_names(width, locale=self._babel)[day])

    def language_name(self, code: str) -> str:
        """The name of a language by its code; the code itself where it has none."""
        return self._babel.languages.get(code) or code

    def country(self, code: str) -> str:
        """A country's name by its code (ISO 3166-1 alpha-2); the code where there is none."""
        return str(self._babel.territories.get(code, code))

    def place_of_zone(self, zone: str) -> str:
        """The city by which people know a zone's time: "London" for Europe/London."""
        return get_timezone_location(ZoneInfo(zone), locale=self._babel, return_city=True)

    def money(self, minor: int, currency: str) -> Money:
        """An amount of minor units."""
        precision = get_currency_precision(currency)
        text = format_currency(minor / 10**precision, currency, locale=self._babel)
        return Money(amount=minor, currency=currency, text=text)

    def currency_name(self, currency: str) -> str:
        """What a currency is called by its code: "British pounds"."""
        return get_currency_name(currency, count=2, locale=self._babel)

    def wait(self, seconds: int) -> str:
        """How long to wait, rounded up to whole minutes: "5 minutes"."""
        minutes = max(1, math.ceil(seconds / 60))
        unit: Literal["minute", "hour"] = "minute" if minutes < 120 else "hour"
        length = minutes * 60 if unit == "minute" else math.ceil(minutes / 60) * 3600
        return format_timedelta(length, granularity=unit, threshold=200, locale=self._babel)

    def any_of(self, things: Sequence[str]) -> str:
        """Alternatives: "a, b or c"."""
        if len(things) < 2:
            return "".join(things)
        separator, last = self.say("common.list_separator"), self.say("common.or")
        return separator.join(things[:-1]) + last + things[-1]

    def listed(self, things: Sequence[str]) -> str:
        """Things one after another."""
        return self.say("common.list_separator").join(things)

    def sentences(self, *sentences: str | None) -> str:
        """Sentences as one paragraph."""
        return self.say("common.sentence_separator").join(each for each in sentences if each)
