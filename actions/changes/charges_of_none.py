"""A charge of somebody who says that they never ordered: no order number will be found for it.

Pure functions of the words of a message.
"""

from __future__ import annotations

import re
from typing import Final

_CHARGED: Final = re.compile(
    r"\b(?:charges?|charged|payment|debit(?:ed)?|took (?:\w+ ){0,3}from my|transaction)\b|扣款|扣了|扣费|刷了|扣走|一笔(?:钱|支出|消费|付款)",  # noqa: E501
    re.IGNORECASE,
)
_NO_ORDER: Final = re.compile(
    r"\b(?:i(?:['’]ve)?|we(?:['’]ve)?) (?:have )?never (?:even )?(?:ordered|bought|shopped|purchased|placed)\b"
    r"(?= *(?:$|[^\w\s]|(?:anything|here|from you|with you|in your|at your|online)\b))(?! (?:the|that|this|these|those|a|an|two|three|it|them)\b)"  # noqa: E501
    r"|\b(?:do not|don['’]?t|didn['’]?t|haven['’]?t|did not|have not) (?:even )?(?:have|got|place|placed|make|made) (?:an? |any )?orders?\b(?! (?:number|confirmation|no\b|id\b|since|in|for|e-?mail))"  # noqa: E501
    r"|\b(?:there['’]?s|there is|i have|i['’]ve(?: got)?|got) no order\b(?! (?:number|confirmation|no\b|id\b))"
    r"|(?:从没|从来没有?|没有?)在?(?:你们|贵店|这)?(?:这里|这儿|这|家|店)?(?:里)?(?:下过单|买过东西|订过|消费过)"
    r"|我?(?:根本)?没有?(?:任何)?订单(?!号|编号|信息|短信|记录|确认)",
    re.IGNORECASE,
)


def charged_without_order(text: str) -> bool:
    """Whether words are about a charge, and say that there is no order: "I never ordered here, but what's this charge"."""  # noqa: E501
    return _CHARGED.search(text) is not None and _NO_ORDER.search(text) is not None


__all__ = ["charged_without_order"]
