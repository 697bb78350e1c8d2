"""Numbers in a message that are of no order, whatever they look like: prices, sizes, values of options, postcodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from actions.details import number_key

_PRICE: Final = re.compile(r"[$£€¥]?\d{1,3}(?:,?\d{3})*[.,]\d{1,2}")
_MEASURE: Final = re.compile(r"\d{1,4}(?:\.\d+)?[\s-]?[A-Za-z%]{1,7}")
_POSTCODE: Final = re.compile(r"[A-Z]{2}[\s-]?\d{5}(?:-\d{4})?")
_BARE: Final = re.compile(r"\d{1,4}")
_CALLED_SO: Final = r"(?:\border(?:\s+(?:number|no\.?))?|\bnumber|\bno\.|#|订单号?|单号|编号)\s*[:：是#]?\s*"
_MUCH_SHORTER: Final = 2
"""By how many signs a bare number is shorter than every number of the shopper's orders."""


def is_no_order(text: str, number: str, own: Iterable[str]) -> bool:
    """Whether a number that a message names is of something else than an order.

    `own` are the numbers of the shopper's orders: what looks unlike all of them, and is not said to be one, is none.
    """
    number = number.strip()
    if re.search(_CALLED_SO + re.escape(number), text, re.IGNORECASE):
        return False
    if _PRICE.fullmatch(number) or _MEASURE.fullmatch(number) or _POSTCODE.fullmatch(number):
        return True
    lengths = [len(number_key(each)) for each in own]
    return bool(lengths and _BARE.fullmatch(number)) and len(number) + _MUCH_SHORTER < min(lengths)


def without_own_numbers(text: str, own: Iterable[str]) -> str:
    """`text` with blanks for the numbers of the shopper's orders: ten digits of one are no telephone."""
    for number in own:
        whole = rf"(?<![A-Za-z\d]){re.escape(number)}(?![A-Za-z\d])"
        text = re.sub(whole, lambda said: " " * len(said[0]), text, flags=re.IGNORECASE)
    return text
