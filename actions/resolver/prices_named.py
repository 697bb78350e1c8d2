"""Versions of a product that are called by what they cost: "the 229 and the 249 one", 199那款和239那款. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9_.,#-])(?:us\$|[$£€¥￥])?\s?(?P<number>\d{1,6}(?:[.,]\d{2})?)"
    r"(?:\s*(?:dollars?|bucks|pounds?|quid|euros?|usd|gbp|eur|rmb|cny|元|块钱?|刀|美元|美金|英镑|欧元))?"
    r"(?![\d.,]*\d|\s*(?:[%°℃\"'”]|[x×*]\s*\d)|(?:\s*-)?\s*(?!(?:ones?|and|or|vs?|versus|version|model|than|that|the|have"
    r"|has|is|are|don|doesn|do|does|got|with|dont|one|to|for|which|what|in|look|come|comes|set|instead|over|buy)\b)[a-z])",
    re.IGNORECASE,
)
"""A number that may be a price: no unit stands behind it."""
_UNITS: Final = re.compile(
    r"\s*(?:升|毫升|克|斤|公斤|千克|英?寸|厘米|毫米|米|尺|磅|码|号|人|片|件|只|杯|瓶|盒|包|双|个|天|年|月|岁|分|小时|瓦|档|夸脱|加仑"
    r"|盎司|页|针|层|轴|键|色|种|支|款(?:区别)?$|[以之]?内"
    r"|以[上下]|左右|上下|封顶|的?预算|or (?:less|under|below|so|more)\b)",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"(?:^|[^\w\s'’]|\b(?:the|an?|your|that|this|these|other|between|and|or|vs?|versus|than|for|at|is|are|was|costs?|over"
    r"|from|to|priced|with|pay|paid)|[\u4e00-\u9fff](?<![穿买送有满减第算码号岁到于过在型]))\s*$",
    re.IGNORECASE,
)
"""What may stand before a price; a size, a model, an age or a sum in hand has a word of its own before it."""
_LIMITS: Final = re.compile(
    r"\b(?:budget|limit|sizes?|aged?|model|up to|(?:less|more|lower|higher) than|from)\b[^.,;!?\d]{0,12}$"
    r"|预算[^，。\d]{0,6}$",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\s*(?:and|or|to|vs?|[-/&,、~]|和|跟|或者?|还是|到)\s*", re.IGNORECASE)
_HALF: Final = 50


def prices_named(text: str, prices: Sequence[int | None]) -> list[int]:
    """Those of `prices`, in minor units, that a text names in whole or nearly, in its order: "the 70" of 69.99."""
    known = {each for each in prices if each is not None}
    found: dict[int, None] = {}
    refused = -1
    for said in _NUMBER.finditer(text):
        joined = refused >= 0 and _JOINED.fullmatch(text, refused, said.start()) is not None
        if joined or _UNITS.match(text, said.end()) or not _may_stand(text[: said.start()]):
            refused = said.end()
            continue
        number = said["number"].replace(",", ".")
        minor = round(float(number) * 100)
        exact = [each for each in known if each == minor]
        # What ends in 99 or 95 is rounded up, or its end is left away: "the 69 one", "the 70 one".
        near = [each for each in known if 0 < abs(each - minor) < 100 and "." not in number]
        near.sort(key=lambda each: (abs(each - minor) >= _HALF, abs(each - minor)))
        for each in (exact or near)[:1]:
            found[each] = None
    return list(found)


def _may_stand(before: str) -> bool:
    return _BEFORE.search(before) is not None and _LIMITS.search(before) is None


__all__ = ["prices_named"]
