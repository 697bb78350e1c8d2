"""A question whether goods are still on order, which asks for nothing to be done: 另一单里的台灯还在吧?"""

from __future__ import annotations

import re
from typing import Final

_STILL: Final = re.compile(
    r"(?:还在(?:的)?|没(?:有)?(?:被)?(?:取消|动|改|退)(?:掉)?|还(?:是)?(?:好好的|正常的?|有效|保留着|留着))(?:的)?(?:吧|吗|么|没有?|对吧|是吧|对吗|不)\W*$"
    r"|\bstill (?:there|on order|in (?:there|it|the|my)|fine|ok|okay|active|going ahead|coming|untouched|unchanged|included)\b[^.!?]*\?"  # noqa: E501
    r"|\b(?:is|are|was|were) (?:\w+ ){1,8}(?:untouched|unchanged|not (?:affected|changed|cancelled|canceled))\b[^.!?]*\?",  # noqa: E501
    re.IGNORECASE,
)
_WANTS: Final = re.compile(
    r"\b(?:please|can you|could you|i want|i'd like|if)\b|(?<!没)(?<!没有)(?<!被)(?:取消|退|换)(?:吧|了吧|掉吧|一下)|帮我|想要?[退换取改]|的话|就",  # noqa: E501
    re.IGNORECASE,
)


def asks_if_still_there(text: str) -> bool:
    """Whether words only ask that goods are on order still, and want nothing done."""
    return _STILL.search(text.strip()) is not None and _WANTS.search(text) is None


__all__ = ["asks_if_still_there"]
