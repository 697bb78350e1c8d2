"""Tax numbers of companies: what one of a country looks like, and whether its check digits hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

_SOCIAL_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of GB 32100-2015 in the order of their values: I, O, S, V and Z are not used."""

_OTHER = re.compile(r"[A-Z0-9]{4,20}")
"""Where we know no rule: letters and digits."""


def cleaned(text: str) -> str:
    """As it is written on invoices: full-width characters made plain, upper case, without spaces, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", text)).upper()


def is_tax_number(number: str, country: str) -> bool:
    """Whether a cleaned number can be a company's in this country (ISO 3166-1 alpha-2)."""
    return _RULES.get(country, _any)(number)


def _chinese(number: str) -> bool:
    """统一社会信用代码, 18 characters with a check character by GB 32100-2015; or a taxpayer's number of before 2015,
    15 digits (two more or five for branches, GA letters among them), which has none that is worth checking.
    """
    if len(number) == 18 and all(one in _SOCIAL_CREDIT for one in number):
        weighed = sum(_SOCIAL_CREDIT.index(one) * pow(3, place, 31) for place, one in enumerate(number[:17]))
        return _SOCIAL_CREDIT[-weighed % 31] == number[17]
    return re.fullmatch(r"[0-9]{6}[0-9A-Z]{9}(?:[0-9A-Z]{5})?", number) is not None


def _british(number: str) -> bool:
    """A VAT registration number: nine digits of which weights 8 … 2 and the last two make a multiple of 97, or of 97
    less 55 (HMRC, VAT notice 700/1); three more digits for branches.
    """
    digits = number.removeprefix("GB")
    if re.fullmatch(r"\d{9}(?:\d{3})?", digits) is None:
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, range(8, 1, -1), strict=False))
    return (weighed + int(digits[7:9])) % 97 in (0, 42)


def _brazilian(number: str) -> bool:
    """A CNPJ: fourteen digits, the last two checking those before them modulo 11 (Receita Federal, IN 2119/2022)."""
    digits = number.replace("/", "")
    if re.fullmatch(r"\d{14}", digits) is None or len(set(digits)) == 1:
        return False
    for length in (12, 13):
        weights = [2 + place % 8 for place in range(length)]
        left = sum(int(digit) * weight for digit, weight in zip(reversed(digits[:length]), weights, strict=True)) % 11
        if int(digits[length]) != (0 if left < 2 else 11 - left):
            return False
    return True


def _any(number: str) -> bool:
    return _OTHER.fullmatch(number) is not None


_RULES: Mapping[str, Callable[[str], bool]] = {"CN": _chinese, "GB": _british, "BR": _brazilian}
