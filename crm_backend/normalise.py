"""The forms in which names, numbers and addresses are compared.

Import and the CRM's API both use these, so that what a shopper types finds what a file brought. Keys are for
comparing, never for showing: the text as given stays beside them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import phonenumbers

_WHITESPACE = re.compile(r"\s+")

NUMERIC_POSTCODE_LENGTHS: Mapping[str, tuple[int, ...]] = {
    # Brazil's CEP has eight digits; its first five name the town and are often kept alone.
    "BR": (5, 8),
    **dict.fromkeys(
        ("DE", "ES", "FI", "FR", "IT", "MX", "MY", "SA", "TH", "TR", "UA", "US", "KR", "HR", "EE", "LT", "RS"), (5,)
    ),
    **dict.fromkeys(("CN", "IN", "SG", "RU", "RO", "CO"), (6,)),
    "JP": (7,),
    "IL": (7,),
}
"""How many digits a complete postcode, or the part of it that is kept alone, has in countries that use digits only and
may begin with 0. A spreadsheet that takes such a code for a number drops the zero."""


def clean_text(text: str | None) -> str | None:
    """Canonical Unicode (NFC), runs of white space as one space, none at the ends. None when nothing is left."""
    if text is None:
        return None
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text)
        return _WHITESPACE.sub(" ", text).strip() or None
    if "  " in text:
        text = _WHITESPACE.sub(" ", text)
    return text.strip() or None


def number_key(text: str) -> str:
    """An order number as look-ups compare it: full-width forms folded (NFKC), upper case, letters and digits only.

    `#10-023`, `１００２３` and `10 023` have the same key. Empty when there is neither letter nor digit.
    """
    if text.isalnum() and text.isascii():
        return text.upper()
    return "".join(character for character in unicodedata.normalize("NFKC", text).upper() if character.isalnum())


def tracking_key(text: str | None) -> str | None:
    """A tracking number as look-ups compare it, or None when there is none."""
    return (number_key(text) or None) if text else None


def sku_key(text: str) -> str:
    """A stock code as look-ups compare it: 85123a and 85123A are one. Punctuation counts: A-1 is not A1."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WHITESPACE.sub(" ", text).strip().upper()


def email_key(text: str | None) -> str | None:
    """An e-mail address as look-ups compare it: trimmed, full-width forms folded, lower case. None when empty.

    The part before the @ may by RFC 5321 tell upper from lower case; no provider of note does, and shoppers never do.
    """
    if not text:
        return None
    return _WHITESPACE.sub("", unicodedata.normalize("NFKC", text)).lower() or None


@lru_cache(maxsize=4096)
def phone_key(text: str | None, country: str | None) -> str | None:
    """A phone number in E.164 when it can be read as one of `country` (ISO alpha-2) or with its own +, else its digits.

    None when there is no digit.
    """
    if not text:
        return None
    folded = unicodedata.normalize("NFKC", text)
    try:
        number = phonenumbers.parse(folded, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "".join(character for character in folded if character.isdigit()) or None


def restore_postcode(text: str | None, country: str | None) -> str | None:
    """A postcode with the leading zeros that a spreadsheet dropped: in Brazil `4571` is `04571`, as a float `4571.0`.

    Other text is only trimmed. None when empty.
    """
    cleaned = clean_text(text)
    if cleaned is None:
        return None
    digits = cleaned.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        return cleaned
    for length in NUMERIC_POSTCODE_LENGTHS.get(country or "", ()):
        if len(digits) <= length:
            return digits.zfill(length)
    return digits


def postcode_key(text: str | None, country: str | None) -> str | None:
    """A postcode as look-ups compare it: leading zeros restored, upper case, letters and digits only. None when empty.

    In the United States the four digits after the fifth are left out: people rarely know them.
    """
    if not text:
        return None
    folded = restore_postcode(unicodedata.normalize("NFKC", text), country)
    if folded is None:
        return None
    key = "".join(character for character in folded.upper() if character.isascii() and character.isalnum())
    if country == "US" and len(key) == 9 and key.isdigit():
        key = key[:5]
    # A code that is not digits only was not padded above; one with a hyphen (4571-020) may still lack its zero.
    if key.isdigit():
        key = restore_postcode(key, country) or key
    return key or None


def comparable_postcodes(given: str, kept: str | None, country: str | None) -> tuple[str, str]:
    """The postcode a shopper gives and the one on record, in the forms in which equal means the same place.

    Where the record keeps only the leading part (five of a Brazilian CEP's eight digits), that part decides: the
    shopper knows the whole code. A shopper who gives only the part when the whole is on record does not match.
    Either is empty when there is nothing to compare.
    """
    left, right = postcode_key(given, country) or "", postcode_key(kept, country) or ""
    lengths = NUMERIC_POSTCODE_LENGTHS.get(country or "", ())
    if len(lengths) > 1 and len(right) == lengths[0] and len(left) == lengths[-1] and left.isdigit():
        left = left[: lengths[0]]
    return left, right


def postcode_matches(given: str, kept: str | None, country: str | None) -> bool:
    """Whether the postcode a shopper gives is the one on record: `comparable_postcodes`, equal and not empty."""
    left, right = comparable_postcodes(given, kept, country)
    return left == right != ""
