"""Card numbers in what shoppers write: their last four digits stay, the rest is never stored, shown or understood.

What counts is a number of an issuer's range and length (ISO/IEC 7812) that passes the Luhn check (its Annex B).
Thirteen and fourteen digits are left alone: hardly a card has them any more, and many a parcel's number does.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9#-])\d(?:[ \u00a0.-]?\d){14,18}(?![A-Za-z0-9])(?!-\d)", re.ASCII)
_RANGES: Final = (
    re.compile(r"3[47]\d{13}"),  # American Express
    re.compile(r"4\d{15}(?:\d{3})?"),  # Visa
    re.compile(r"(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"),  # Mastercard
    re.compile(r"(?:6011|65\d\d|64[4-9]\d)\d{12,15}"),  # Discover
    re.compile(r"62\d{14,17}"),  # UnionPay
    re.compile(r"35(?:2[89]|[3-8]\d)\d{12,15}"),  # JCB
    re.compile(r"(?:50|5[6-9]|6[37])\d{14,17}"),  # Maestro
)
"""The issuers' ranges."""
_FULL_WIDTH: Final = {ord("０") + digit: str(digit) for digit in range(10)}


def mask_card_numbers(text: str) -> str:
    """`text` with all but the last four digits of each card number as dots; everything else as it was."""
    plain = text.translate(_FULL_WIDTH)
    masked = _NUMBER.sub(_masked, plain)
    # Full-width digits of other numbers stay as they were written where no card is among them.
    return text if masked == plain else masked


def _masked(match: re.Match[str]) -> str:
    digits = "".join(filter(str.isdigit, match.group()))
    if not _is_card(digits):
        return match.group()
    return f"•••• {digits[-4:]}"


def _is_card(digits: str) -> bool:
    return any(issuer.fullmatch(digits) for issuer in _RANGES) and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """Whether the check digit of a number fits the others."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
