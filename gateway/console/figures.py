"""Amounts, shares, days and traits as agents read them."""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from gateway import locales

_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}

SHARES = frozenset({"return_rate", "churn_risk", "p_active"})
"""Traits that are parts of a whole, 0 to 1."""

_CODED = frozenset({"loyalty_state", "price_band"})
"""Traits whose values are words of ours, in the locale file as `value_{trait}_{value}`."""


def money(minor: int | float | None, currency: str | None, language: str) -> str:
    """Minor units in words; a dash where nothing is known. Without a currency the bare number with two digits."""
    if minor is None:
        return "–"
    if currency is None:
        return format_decimal(minor / 100, "#,##0.00", locale=_BABEL[language])
    return format_currency(minor / 10 ** get_currency_precision(currency), currency, locale=_BABEL[language])


def number(value: int | float | None, language: str, digits: int = 0) -> str:
    """A number with at most so many digits behind the point."""
    if value is None:
        return "–"
    return format_decimal(
        round(value, digits), "#,##0" + ("." + "#" * digits if digits else ""), locale=_BABEL[language]
    )


def share(value: float | None, language: str) -> str:
    """A part of the whole, with one digit below ten per cent."""
    if value is None:
        return "–"
    return format_percent(value, "#,##0.#%" if 0 < value < 0.1 else "#,##0%", locale=_BABEL[language])


def day(at: date | datetime | None, language: str) -> str:
    """A day, UTC."""
    return (
        "–" if at is None else format_date(at, "d MMM y" if language == "en" else "y年M月d日", locale=_BABEL[language])
    )


def trait(name: str, value: object, currency: str | None, language: str) -> str:
    """The value of a trait of the CRM's analysis, by what kind of thing it is."""
    if value is None:
        return "–"
    if name in SHARES and isinstance(value, int | float):
        return share(float(value), language)
    if name.endswith("_minor") and isinstance(value, int | float):
        return money(value, currency, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, int | float):
        return number(value, language, 1)
    words = str(value)
    if name == "country":
        return str(Locale.parse(_BABEL[language]).territories.get(words, words))
    if name in _CODED:
        return str(locales.texts(language, "console").get(f"value_{name}_{words}", words))
    return words
