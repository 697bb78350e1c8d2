"""One written form for what people write in many: order numbers, SKUs, e-mail addresses, phone numbers.

The importers store these keys and the look-ups compare them, so both sides must come here.
"""

from __future__ import annotations

import unicodedata

import phonenumbers


def number_key(number: str) -> str:
    """An order or tracking number as look-ups compare it: upper case, letters and digits only.

    Full-width forms, '#', spaces and dashes do not matter. Empty when nothing is left.
    """
    folded = unicodedata.normalize("NFKC", number).upper()
    # Upper case may come apart into letters and marks; only what counts as letter or digit stays.
    return "".join(character for character in unicodedata.normalize("NFKC", folded) if character.isalnum())


def sku_key(sku: str) -> str:
    """A SKU as look-ups compare it: upper case and trimmed. Its punctuation counts."""
    return unicodedata.normalize("NFKC", sku).strip().upper()


def email_key(email: str) -> str:
    """An e-mail address as look-ups compare it: trimmed, lower case."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def digits(text: str) -> str:
    """The decimal digits of `text`, full-width ones and other scripts' included, as ASCII."""
    return "".join(
        str(unicodedata.decimal(character)) for character in text if unicodedata.decimal(character, None) is not None
    )


def phone_key(phone: str, country: str | None) -> str:
    """E.164 when `phone` can be read as a number of `country` (ISO alpha-2) or has its own code; else its digits."""
    folded = unicodedata.normalize("NFKC", phone)
    try:
        parsed = phonenumbers.parse(folded, country)
    except phonenumbers.NumberParseException:
        return digits(folded)
    if not phonenumbers.is_possible_number(parsed):
        return digits(folded)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
