"""Canonical values, from text and into text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class BadValue(ValueError):
    """A cell that cannot be read: `column` and the reason, in words fit for a report."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


def format_value(value: Any) -> Any:
    """A value as JSON Lines holds it: instants and days as text, the rest as it is."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def format_cell(value: Any) -> str:
    """A value as a CSV cell holds it. None and {} are the empty cell."""
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return str(format_value(value))


def parse_instant(text: str, zone: tzinfo | None = None) -> datetime:
    """An instant from ISO 8601, in UTC. A time without an offset is read in `zone`; without one it is an error."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        if zone is None:
            raise ValueError("has no offset from UTC; add one (…Z) or give --timezone")
        value = value.replace(tzinfo=zone)
    return value.astimezone(UTC)


def _parse_whole(bits: int) -> Callable[[Any, tzinfo | None], int]:
    def parse(value: Any, _zone: tzinfo | None) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError("is not a whole number")
        number = int(value)
        if not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
            raise ValueError("is too large")
        return number

    return parse


def _parse_decimal(value: Any, _zone: tzinfo | None) -> float:
    number = float(value)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("is not a number")
    return number + 0.0  # -0.0 and 0.0 are one place


def _parse_boolean(value: Any, _zone: tzinfo | None) -> bool:
    if isinstance(value, bool):
        return value
    match str(value).strip().lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
    raise ValueError("is neither true nor false")


def _plain_json(value: Any) -> Any:
    # 1e2, 100.0 and 100 are one number; stores differ in which of them they give back.
    match value:
        case str():
            return _parse_text(value)
        case bool() | None:
            return value
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_plain_json(item) for item in value]
        case dict():
            return {_parse_text(key): _plain_json(item) for key, item in value.items()}
    return value


def _parse_json(value: Any, _zone: tzinfo | None) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        raise ValueError("is not a JSON object")
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    plain = _plain_json(found)
    return plain if isinstance(plain, dict) else {}


def _parse_options(value: Any, zone: tzinfo | None) -> dict[str, Any]:
    found = _parse_json(value, zone)
    if not all(isinstance(item, str) for item in found.values()):
        raise ValueError("holds an option that is not text")
    return found


def _parse_text(value: Any, _zone: tzinfo | None = None) -> str:
    if isinstance(value, dict | list | bool):
        raise ValueError("is not text")
    text = str(value)
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    if not text.isascii():
        text.encode()
    return text


@lru_cache(maxsize=1024)
def _parse_zone(value: Any, _zone: tzinfo | None) -> str:
    text = _parse_text(value)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not an IANA time zone") from error
    return text


def _parse_code(pattern: str, complaint: str) -> Callable[[Any, tzinfo | None], str]:
    form = re.compile(pattern)

    def parse(value: Any, _zone: tzinfo | None) -> str:
        text = _parse_text(value)
        if not form.fullmatch(text):
            raise ValueError(complaint)
        return text

    return parse


def is_card_number(text: str) -> bool:
    """Whether the text is 13 to 19 digits that pass the Luhn check, as every card number does."""
    digits = [int(character) for character in text if character.isascii() and character.isdigit()]
    if not 13 <= len(digits) <= 19 or len(digits) != len(re.sub(r"[ -]", "", text)):
        return False
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


PARSERS: Mapping[str, Callable[[Any, tzinfo | None], Any]] = {
    "text": _parse_text,
    "integer": _parse_whole(32),
    "minor": _parse_whole(64),
    "decimal": _parse_decimal,
    "instant": lambda value, zone: parse_instant(str(value), zone),
    "day": lambda value, _zone: date.fromisoformat(str(value)),
    "boolean": _parse_boolean,
    "json": _parse_json,
    "options": _parse_options,
    "zone": _parse_zone,
    "country": _parse_code("[A-Z]{2}", "is not a two-letter country code such as GB"),
    "currency": _parse_code("[A-Z]{3}", "is not a three-letter currency code such as GBP"),
}

EXPECTED: Mapping[str, str] = {
    "integer": "is not a whole number",
    "minor": "is not a whole number of minor units",
    "decimal": "is not a number",
    "instant": "is not an ISO 8601 time",
    "day": "is not a day such as 2026-03-12",
    "json": "is not JSON",
    "options": "is not JSON",
}
