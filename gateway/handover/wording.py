"""Moments in words: local, with the weekday, as a person would say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}


def moment(at: datetime, timezone: str, language: str) -> str:
    """Such as 'Thursday 12 March, 09:00' or '3月12日星期四 09:00', in the given IANA zone."""
    local = at.astimezone(ZoneInfo(timezone))
    locale = _LOCALES[language]
    day = format_skeleton("MMMMEEEEd", local, locale=locale)
    clock = format_time(local.time(), "HH:mm", locale=locale)
    return f"{day} {clock}" if language == "zh" else f"{day}, {clock}"
