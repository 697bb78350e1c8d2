"""A thing that is only asked after beside what goes: 瑜伽垫取消一个可以。公路车呢？ Pure."""

from __future__ import annotations

import re
from typing import Final

_WHAT_ABOUT: Final = re.compile(
    r"(?:^|(?<=[，。,.;；!！?？\s]))(?:那|还有)?[^，。,.;；!！?？\s也都]{1,12}呢\s*[?？]+\s*$"
)


def without_what_about(text: str) -> str:
    """`text` without the last clause, where that only asks after something and more is said: it calls nothing off."""
    rest = _WHAT_ABOUT.sub("", text)
    return rest if re.search(r"\w", rest) else text


__all__ = ["without_what_about"]
