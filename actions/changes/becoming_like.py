"""That goods are to become what another order has, and not where it goes: "swap the headset for the same as in my other order"."""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

_LIKE: Final = re.compile(
    r"\b(?:swap|exchange|change|switch|replace|make)\b.{0,60}\b(?:same|identical|like|match\w*)\b"
    r"|换成?[^，。,;；]{0,3}(?:跟|和|与|同|像)[^，。,;；]{1,24}(?:一样|相同|同款|一模一样)|换成?[^，。,;；]{0,4}(?:一样|相同|同)的?款",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(
    r"\b(?:address|deliver\w*|sent|send|ship(?:ped|ping)?|go(?:es|ing)?|place|city|street|home|office|work)\b"
    r"|\b(?:change|switch|swap|make|replace)\s+(?:it|this|that|this one|that one|the order|my order|order \S+|both|them)\b"  # noqa: E501
    r"|\b(?:card|phone|number|name|recipient|payment)\b"
    r"|地址|寄|送|发到|发往|收[件货]|城市|家里|公司|单位|电话|名字|付款|卡|[那这]单(?:也)?[换改]|订单(?:也)?[换改]",
    re.IGNORECASE,
)


def becomes_like(text: str) -> bool:
    """Whether goods, and no place or person, are to be like those of another order."""
    return _LIKE.search(text) is not None and _WHERE.search(text) is None


__all__ = ["becomes_like"]
