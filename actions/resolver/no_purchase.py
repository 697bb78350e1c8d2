"""Words that want nothing bought or added: they call off none of what was ordered. Pure.

"Don't add anything, I'm not buying anything else", 不加了，什么都不要买.
"""

from __future__ import annotations

import re
from typing import Final

_NO_PURCHASE: Final = re.compile(
    r"(?:什么|啥|其他|别的|另外的?)(?:也|都)?(?:不|别|没)(?:要|用|想|打算)?(?:再|多)*(?:买|加|订|下单|拍)(?:了|东西)?(?![的过])"
    r"|(?:不|别)(?:要|用|想|需要|再|多|给我|帮我|另外)*加(?:购|单|买|上|进去|东西|别的|什么|[一两二三四五六七八九十\d]?[件个双条台])?(?:了|吧|啊)*"
    r"(?![急班热宽长大厚强入的])"
    r"|(?:不|别)(?:要|用|想|需要)?(?:再|另外?|多)+(?:去|给我|帮我)?(?:买|订|下单?|拍)(?:新的|别的|什么|东西|其他的?|任何东西|一?单)?(?:了|吧|啊)*(?![的过])"
    r"|\b(?:(?:i|we)(?:['’]m| am|['’]re| are)? )?(?:(?:do|did)(?: not|n['’]?t)|not|never|no need to|won['’]?t)"
    r"(?: (?:want|wanna|need|wish|going|asking|looking|like|please|ask|you))*(?: to)? "
    r"(?:add(?:ing)?|buy(?:ing)?|order(?:ing)?|purchas(?:e|ing))\b"
    r" (?:anything|any (?:more|other|extra|new)|another|more|extra|a new)(?: (?:thing|things|item|items|one|else|more|new|now|today|to it))*"  # noqa: E501
    r"|\bnothing(?: (?:else|more|new))? to (?:add|buy|order)\b|\bno (?:new|further|extra|more) (?:purchases?|orders?)\b",  # noqa: E501
    re.IGNORECASE,
)


def without_no_purchase(text: str) -> str:
    """`text` with blanks for words that want nothing bought or added."""
    return _NO_PURCHASE.sub(lambda said: " " * len(said[0]), text)


__all__ = ["without_no_purchase"]
