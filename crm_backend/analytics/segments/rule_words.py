"""A rule of a segment in words, for whoever reads it in place of its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from crm_backend.analytics import wording
from crm_backend.analytics.segments.rules import Condition, Group, InSegment, Likes, Rule
from crm_backend.pipeline.money import currency_exponent

_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}


def lines(rule: Rule, currency: str | None, language: str) -> list[str]:
    """One line a condition, those of a group below its line, two spaces further in a step.

    `currency` is that of amounts, which rules write in its smallest unit; without one they stay as they are written.
    """
    return _lines(rule, currency, language, 0)


def _lines(rule: Rule, currency: str | None, language: str, deep: int) -> list[str]:
    said = wording.words(language)["rules"]
    indent = "  " * deep
    match rule:
        case Group(how, parts):
            below = [line for part in parts for line in _lines(part, currency, language, deep + 1)]
            return [indent + str(said[how]), *below]
        case Condition(trait, operator, value):
            name = wording.words(language)["traits"][trait]["name"]
            shown = _value(trait, operator, value, currency, language, said)
            return [indent + str(said["is"][operator]).format(trait=name, **shown)]
        case Likes(kind, name, values, times, within_days):
            values_said = str(said["or"]).join(sorted(values))
            what = str(said["likes"][kind]).format(name=name, value=values_said)
            words = str(said["times"]).format(words=what, times=times) if times > 1 else what
            if within_days:
                words = str(said["lately"]).format(words=words, days=wording.days(within_days, language))
            return [indent + words]
        case InSegment(key):
            return [indent + str(said["segment"]).format(name=wording.segment_name(key, language))]


def _value(
    trait: str, operator: str, value: Any, currency: str | None, language: str, said: Mapping[str, Any]
) -> dict[str, str]:
    def one(each: Any) -> str:
        if isinstance(each, date):
            return format_date(each, "long", locale=_BABEL[language])
        if not isinstance(each, int | float):
            return str(each)
        if operator.endswith("_days"):
            return wording.days(each, language)
        if trait.endswith("_minor") and currency is not None:
            return format_currency(each / 10 ** currency_exponent(currency), currency, locale=_BABEL[language])
        return format_decimal(each, locale=_BABEL[language])

    if operator == "between":
        return {"low": one(value[0]), "high": one(value[1])}
    return {"value": str(said["or"]).join(map(one, value)) if isinstance(value, list) else one(value)}
