"""Cleaning of canonical values, from files or from the shop's systems: small named rules that count what they change.

`clean_row` brings a row's words into one form before they are read, `clean_record` takes out what cannot be true
afterwards. Cleaning what is clean changes nothing and counts nothing. What was sent stays as it was among the raw
records, so a rule that turns out wrong loses nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from crm_backend.normalise import clean_text, phone_key, restore_postcode
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.values import BadValue
from crm_backend.pipeline.countries import country_code
from crm_backend.pipeline.money import known_currency

RULES: Mapping[str, str] = {
    "control_character": "Control characters were taken out of a text.",
    "white_space": "White space was trimmed or joined, or letters were put into their usual Unicode form.",
    "placeholder": "A word that says that something is not known, such as N/A, was left out.",
    "country_name": "A country's name or lower-case code became its two-letter code.",
    "currency_case": "A currency code was put into capitals.",
    "zone_case": "The name of a time zone was put into its usual form.",
    "language_tag": "A language tag was put into its usual form.",
    "email_form": "An e-mail address lost wrappings or white space, or its domain was put into lower case.",
    "email_impossible": "Something that is no e-mail address was left out.",
    "phone_e164": "A phone number was put into international form (E.164).",
    "phone_impossible": "Something that is no phone number was left out.",
    "postcode_form": "A postcode got its leading zeros or capitals.",
    "time_without_zone": "A time without an offset was read in the time zone that was given.",
    "birth_date_impossible": "A birth date in the future or more than 120 years ago was left out.",
    "time_in_future": "A time more than a day ahead was left out.",
    "time_too_old": "A time before the year 1990, as programs write that know none, was left out.",
    "sku_case": "A stock code was written as the catalogue has it.",
}
"""Every rule and what it did, for the report."""

CLOCKS_MAY_DIFFER = timedelta(days=1)
"""A time this far ahead may be another clock's or zone's mistake and is taken."""

OLDEST_YEAR = 1990
"""Nothing that a shop's systems note happened before; 1900, 1970 and 1980 stand there for times that nobody knew."""

_MAY_LIE_AHEAD = frozenset({"ship_by", "valid_from", "valid_until"})
"""Times that are promised, not noted."""

OLDEST_PERSON_YEARS = 120

_EMAILS = frozenset({"email", "contact_email"})
_PHONES = frozenset({"phone", "contact_phone"})
_WORDS = frozenset({"name", "given_name", "contact_name", "recipient", "line1", "line2", "city", "region", "district"})
_PLACEHOLDERS = frozenset(
    {
        "n/a",
        "n.a.",
        "null",
        "none",
        "nil",
        "undefined",
        "unknown",
        "not provided",
        "-",
        "--",
        "---",
        ".",
        "?",
        "未知",
        "无",
    }
)
_EMAIL = re.compile(r"[^@\s<>(),;:\"\[\]]+@[^@\s<>(),;:\"\[\]]+\.[^@\s<>(),;:\"\[\].]+")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_OFFSET = re.compile(r"(?:[Zz]|[+-]\d{2}(?::?\d{2})?)$")

Count = Callable[[str], None]
"""Hears the name of each rule that changed a value."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a row does not say itself: the time it is read at, the zone of its times, the country of its numbers."""

    now: datetime
    zone: tzinfo | None = None
    country: str | None = None


def clean_row(kind: RecordType, row: Mapping[str, Any], around: Surroundings, count: Count) -> dict[str, Any]:
    """The row with each value in the form that `parse_record` reads. Values that are no text stay as they are."""
    cleaned = dict(row)
    for column in kind.columns:
        name = column.name
        value = cleaned.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and column.type == "text":
            value = cleaned[name] = str(value)
        if not isinstance(value, str) or value == "" or column.type in ("json", "options"):
            # An empty cell says that there is nothing; that is no mistake.
            continue
        text: str | None = _characters(value, count)
        if text is not None:
            text = _by_column(name, column.type, text, around, count)
        cleaned[name] = text
    country = cleaned.get("country")
    country = country if isinstance(country, str) and len(country) == 2 else around.country
    for name in cleaned.keys() & kind.by_name.keys():
        text = cleaned[name]
        if not isinstance(text, str) or text == "":
            continue
        if name in _PHONES:
            cleaned[name] = _phone(text, country, count)
        elif name == "postcode":
            cleaned[name] = _postcode(text, country, count)
    return cleaned


def clean_record(kind: RecordType, record: Record, around: Surroundings, count: Count) -> Record:
    """The record without what cannot be true. Raises BadValue where the record could not do without it."""
    for column in kind.columns:
        value = record[column.name]
        if value is None:
            continue
        if column.type == "instant" and (wrong := _impossible_time(column.name, value, around.now)) is not None:
            rule, reason = wrong
            if column.required:
                raise BadValue(column.name, reason)
            record[column.name] = None
            count(rule)
        elif column.name == "birth_date" and not _possible_birth_date(value, around.now.astimezone(UTC).date()):
            record[column.name] = None
            count("birth_date_impossible")
        elif column.type == "currency" and not known_currency(value):
            raise BadValue(column.name, "is not a currency code of ISO 4217")
    return record


def _changed(before: str, after: str | None, rule: str, count: Count) -> str | None:
    if after != before:
        count(rule)
    return after


def _characters(text: str, count: Count) -> str | None:
    if text.isascii() and text.isprintable() and "  " not in text and text.strip() == text:
        # As nearly all are: nothing to do.
        return text
    without = _changed(text, _CONTROL.sub("", text), "control_character", count) or ""
    return _changed(without, clean_text(without), "white_space", count)


def _by_column(name: str, kind: str, text: str, around: Surroundings, count: Count) -> str | None:
    if name in _WORDS | _EMAILS | _PHONES and text.casefold() in _PLACEHOLDERS:
        count("placeholder")
        return None
    if kind == "country":
        return _changed(text, country_code(text) or text, "country_name", count)
    if kind == "currency":
        return _changed(text, text.upper(), "currency_case", count)
    if kind == "zone":
        return _changed(text, _zone(text), "zone_case", count)
    if kind == "instant" and "T" in text.upper() + " T" and not _OFFSET.search(text) and around.zone is not None:
        count("time_without_zone")
    if name == "language":
        return _changed(text, _language(text), "language_tag", count)
    if name in _EMAILS:
        return _email(text, count)
    return text


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


def _zone(text: str) -> str:
    return _zones().get(text.replace(" ", "_").lower(), text)


def _language(text: str) -> str:
    match = _LANGUAGE.fullmatch(text)
    if match is None:
        return text
    language, script, region = match.groups()
    return "-".join(
        part for part in (language.lower(), script and script.title(), region and region.upper()) if part is not None
    )


def _email(text: str, count: Count) -> str | None:
    plain = unicodedata.normalize("NFKC", text)
    if (wrapped := re.search(r"<([^<>]*@[^<>]*)>", plain)) is not None:
        plain = wrapped[1]
    plain = re.sub(r"\s+", "", plain)
    if plain.lower().startswith("mailto:"):
        plain = plain[len("mailto:") :]
    plain = plain.rstrip(".,;")
    if _EMAIL.fullmatch(plain) is None:
        count("email_impossible")
        return None
    local, _, domain = plain.rpartition("@")
    return _changed(text, f"{local}@{domain.lower()}", "email_form", count)


def _phone(text: str, country: str | None, count: Count) -> str | None:
    key = phone_key(text, country)
    digits = [character for character in text if character.isdigit()]
    if key is None or len(digits) < 4 or len(set(digits)) == 1:
        count("phone_impossible")
        return None
    # Without its country a number is left as it was written: its digits alone would say less.
    return _changed(text, key, "phone_e164", count) if key.startswith("+") else text


def _postcode(text: str, country: str | None, count: Count) -> str | None:
    whole = restore_postcode(text, country)
    return _changed(text, whole.upper() if whole is not None and whole.isascii() else whole, "postcode_form", count)


def _impossible_time(name: str, value: datetime, now: datetime) -> tuple[str, str] | None:
    """The rule and the reason by which nothing can have been noted at this time; None when it can."""
    if value.year < OLDEST_YEAR:
        return "time_too_old", f"is before the year {OLDEST_YEAR}"
    if value > now + CLOCKS_MAY_DIFFER and name not in _MAY_LIE_AHEAD:
        return "time_in_future", "is in the future"
    return None


def _possible_birth_date(born: date, today: date) -> bool:
    return born <= today and born.year >= today.year - OLDEST_PERSON_YEARS
