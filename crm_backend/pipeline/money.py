"""Amounts in files to integer minor units, through Decimal: no binary fraction ever touches money."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision

_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$|^[+-]?\d+,\d{1,2}$|^[+-]?\d+,\d{4,}$")
_THOUSANDS_COMMA = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_PLAIN = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
_LARGEST = Decimal(10) ** 15


def known_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code that Unicode's tables know."""
    return code in get_global("all_currencies")


def currency_exponent(currency: str) -> int:
    """How many decimal places the currency's major unit has: 2 for GBP, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def parse_amount(text: str, *, decimal_comma: bool = False) -> Decimal:
    """A decimal amount as files write it: `6.95`, `1,234.50`, `1.234,50`, `12,5`.

    `decimal_comma` decides what `1,234` means (a file whose columns are parted by `;` writes decimals with a comma).
    Raises ValueError when the text is no amount.
    """
    text = text.strip()
    if not _PLAIN.match(text):
        if _DECIMAL_COMMA.match(text) or (decimal_comma and re.match(r"^[+-]?\d+,\d+$", text)):
            text = text.replace(".", "").replace(",", ".")
        elif _THOUSANDS_COMMA.match(text):
            text = text.replace(",", "")
        else:
            raise ValueError(f"{text!r} is not an amount")
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not an amount") from error
    if abs(amount) >= _LARGEST:
        raise ValueError(f"{text!r} is too large")
    return amount


@lru_cache(maxsize=65536)
def to_minor(amount: Decimal, exponent: int) -> int:
    """The amount in minor units, halves rounded away from zero."""
    return int(amount.scaleb(exponent).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def total_or_none(amounts: Iterable[int | None]) -> int | None:
    """Their sum; None when there is none or one of them is not known."""
    total: int | None = None
    for amount in amounts:
        if amount is None:
            return None
        total = amount if total is None else total + amount
    return total
