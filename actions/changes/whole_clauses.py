"""A part of a message that was cut out of the middle of a clause, with what stands before it: 外套顺便 | 换成黑色."""

from __future__ import annotations

import re
from typing import Final

_STOP: Final = re.compile(r"[，。；！？、,;!?\n：:]|(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])")
_LINKS: Final = re.compile(r"(?:顺便|顺带|顺手|另外|还有|然后|再|也|都|请|帮我|给我|麻烦|想|要|就)+$")
_WISHES: Final = re.compile(r"换|退|取消|改|不要|[吗呢吧]|多少|什么|哪")
_SHORTEST: Final = 2
_LONGEST: Final = 12
"""A longer beginning is a clause of its own."""


def with_its_clause(text: str, whole: str) -> str:
    """`text`, a part of `whole`, behind the name that its clause begins with; `text` where it begins one itself."""
    at = whole.find(text)
    if at <= 0 or not "\u4e00" <= text[:1] <= "\u9fff":
        return text
    head = _LINKS.sub("", _STOP.split(whole[:at])[-1].strip())
    if not _SHORTEST <= len(head) <= _LONGEST or _WISHES.search(head) or not "\u4e00" <= head[-1] <= "\u9fff":
        return text
    return f"{head}{text}"


__all__ = ["with_its_clause"]
