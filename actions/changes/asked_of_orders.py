"""What is only asked of an order, beside a change of another: "change the boots. Is my lamp order going to Leeds?"."""

from __future__ import annotations

import re
from typing import Final

_SENTENCE: Final = re.compile(r"[^.!?;。！？；\n]+[.!?;。！？；\n]*")
_ASKS: Final = re.compile(
    r"^\W*(?:(?:and|also|but|so|oh|ok|btw|by the way|plus)\b\W*)*"
    r"(?:is|are|was|were|isn['’]?t|does|did|has|have|will|when|where|what time)\b"
    r"(?! (?:it|there|that) (?:possible|ok|okay|a way)\b)",
    re.IGNORECASE,
)
_OF_ORDERS: Final = re.compile(
    r"\b(?:orders?|parcels?|packages?|deliver\w*|ship\w*|sent|going|coming|on (?:its|the|their) way|arriv\w*|get here)\b",  # noqa: E501
    re.IGNORECASE,
)
_ASKS_HAN: Final = re.compile(r"[吗么呢?？]\W*$|什么时候|几时|到哪|哪天")
_OF_ORDERS_HAN: Final = re.compile(r"订单|那单|这单|包裹|快递|发货|寄|送|到")
_WANTS_HAN: Final = re.compile(r"[换改退]|取消|能不能|可以|帮")


def without_asked_of_orders(text: str) -> str:
    """`text` without sentences that only ask of an order, where others stand beside them; else as it is."""
    sentences = _SENTENCE.findall(text)
    left = [each for each in sentences if not _only_asks(each)]
    return "".join(left) if left and len(left) < len(sentences) else text


def _only_asks(sentence: str) -> bool:
    if sentence.rstrip().endswith("?") and _ASKS.search(sentence):
        return _OF_ORDERS.search(sentence) is not None
    return bool(_ASKS_HAN.search(sentence) and _OF_ORDERS_HAN.search(sentence) and not _WANTS_HAN.search(sentence))


__all__ = ["without_asked_of_orders"]
