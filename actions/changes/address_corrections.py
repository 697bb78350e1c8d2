"""One field of an address said again: "sorry, the postcode is LS1 4BA", "门牌是14号"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_WITH_LETTERS: Final = r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"
_LETTERS: Final = rf"(?P<code>{_WITH_LETTERS})"
_CODE: Final = rf"(?P<code>{_WITH_LETTERS}|\d{{4,6}}(?:-\d{{3,4}})?)"
_POSTCODE: Final = re.compile(
    rf"(?:\bpost ?code\b|\bpostal code\b|\bzip(?: ?code)?\b|邮编|邮政编码)[^A-Za-z\d]*(?:(?:is|was|should be|to|be|actually)\W+)*"  # noqa: E501
    rf"(?:[^A-Za-z\d]*){_CODE}(?![A-Za-z\d])",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"(?:(?:sorry|no|it'?s|oops|i mean|meant)\W+)*{_LETTERS}\W*", re.IGNORECASE)
_HOUSE: Final = re.compile(
    r"\b(?:house|door|building|street|flat)? ?(?:number|no\.?) (?:(?:is|was|should be|to|it'?s|be|actually) )*(?P<en>\d{1,5}[a-z]?)\b"  # noqa: E501
    r"|(?:门牌号?|楼号)[^\d]{0,6}(?P<zh>\d{1,5}[A-Za-z]?)(?!\d)号?",
    re.IGNORECASE,
)
_HOUSE_IN: Final = re.compile(r"(?<![\dA-Za-z])\d{1,5}[A-Za-z]?(?=\s|号|$|,|，)")


def corrected(address: Mapping[str, str], text: str) -> dict[str, str] | None:
    """`address` with the postcode or house number that `text` gives; None where it gives neither alone."""
    code = _POSTCODE.search(text) or _BARE.fullmatch(text.strip())
    house = _HOUSE.search(text)
    now = dict(address)
    if code:
        now["postcode"] = code["code"].upper()
    if house and _HOUSE_IN.search(now.get("line1", "")):
        now["line1"] = _HOUSE_IN.sub(house["en"] or house["zh"], now["line1"], count=1)
    return now if now != dict(address) else None
