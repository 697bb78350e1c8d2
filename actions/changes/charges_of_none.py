"""A charge of somebody who says that they never ordered: no order number will be found for it.

Pure functions of the words of a message.
"""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.no_order import never_ordered

_CHARGED: Final = re.compile(
    r"\b(?:charges?|charged|payment|debit(?:ed)?|took (?:\w+ ){0,3}from my|transaction)\b|扣款|扣了|扣费|刷了|扣走|一笔(?:钱|支出|消费|付款)",  # noqa: E501
    re.IGNORECASE,
)


def charged_without_order(text: str) -> bool:
    """Whether words are about a charge, and say that there is no order: "I never ordered here, but what's this charge"."""  # noqa: E501
    return _CHARGED.search(text) is not None and never_ordered(text)


__all__ = ["charged_without_order"]
