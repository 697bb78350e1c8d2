"""The words of documents, by language, from `crm_backend/locales/`; and amounts and times as readers write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import yaml
from babel.dates import format_datetime
from babel.numbers import format_currency, get_currency_precision

from crm_backend.messages.wording import LOCALES

_BABEL: Mapping[str, str] = {"en": "en_GB", "zh": "zh_Hans_CN"}

Words = Mapping[str, Mapping[str, str]]
"""Sections of words by key."""


@cache
def words(language: str) -> Words:
    """The words in a language that there are words in."""
    found: Words = yaml.safe_load((LOCALES / language / "documents.yml").read_text(encoding="utf-8"))
    return found


def money(amount_minor: int, currency: str, language: str) -> str:
    """An amount of minor units as readers of the language write it."""
    amount = Decimal(amount_minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=_BABEL[language])


def moment(at: datetime, zone: str, language: str) -> str:
    """An instant as the clock in `zone` (IANA) shows it."""
    return format_datetime(
        at, "d MMMM y, HH:mm" if language == "en" else "y年M月d日 HH:mm", ZoneInfo(zone), _BABEL[language]
    )
