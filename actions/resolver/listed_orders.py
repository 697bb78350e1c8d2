"""Goods listed with the order of each: "the lamp from #1 and the rug from #2", A单的耳机、B单的键盘，都要退. Pure.

Between two orders that are told the list is cut: in English at the first joint behind an order, for the goods stand
before theirs; in Chinese at the last before one, for they stand behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final

_JOINT: Final = re.compile(
    r"\s*[,，、；;]\s*(?:(?:and|also|plus|还有|以及|和|跟)\s*)?|\s+(?:and|plus|&)\s+|还有|以及|和|跟"
)
_ORDER: Final = re.compile(r"单|\border\b|#", re.IGNORECASE)
_LEADING: Final = re.compile(r"^\s*[,，、；;]?\s*(?:and|plus|&|also|还有|以及|和|跟)?\s*", re.IGNORECASE)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_COUNTS: Final = re.compile(
    r"(?P<start>^|[.!?;,:。！？；，]\s*)(?:i have |i've got |there are |我有|有)?(?:two|three|2|3|两|三)\s?"
    r"(?:(?P<back>returns|items to return|things to return|things to send back)|(?P<off>cancell?ations|things to cancel)"  # noqa: E501
    r"|things|requests|changes|wishes|questions|(?:件|个)(?:事情?|问题|要求)|单的?东西要(?P<zh>退货?|取消)|(?:件|个)(?:东西)?要(?P<piece>退货?|取消))"
    r"(?: please)?\s*[:：,，—-]+\s*",
    re.IGNORECASE,
)
_APART: Final = re.compile(
    r"[,;.，；。]?\s*(?:\band )?\b(?:they|these|those|it|both)(?:'re| are| were)?(?: all| both)?(?: came| come| arrived| was)?"  # noqa: E501
    r" ?(?:in|from|of|on|out of|part of)?(?: my)? (?:(?:two|three|2|3) )?(?:different|separate|two|2)(?: separate| different)?"  # noqa: E501
    r" (?:orders|parcels|packages|deliveries|boxes)\b"
    r"|[，。；,;]\s*(?:它们|他们|这些|这|都)?(?:不)?(?:是|在|属于|来自)(?:的)?(?:两个|两张|不同的?|同一个|2个)(?:不同的?)?(?:订单|包裹|快递|单子)(?:里面?|中)?的?(?=$|[，。；！,;!])",
    re.IGNORECASE,
)


def without_counted_wishes(text: str) -> str:
    """`text` without "two returns:" before what is listed, and without that the goods are of different orders."""
    text = _APART.sub("", text)
    return _COUNTS.sub(_verb, text)


def _verb(said: re.Match[str]) -> str:
    if said["back"]:
        return f"{said['start']}return "
    if said["off"]:
        return f"{said['start']}cancel "
    return f"{said['start']}{said['zh'] or said['piece'] or ''}"


def cut_by_order(text: str, told: Callable[[str], bool]) -> list[str]:
    """`text` in parts of a list, of which each tells one order; the whole where it does not list them so.

    `told` is whether words tell an order.
    """
    pieces = _pieces(text)
    telling = [place for place, piece in enumerate(pieces) if told(piece)]
    if len(telling) < 2:
        return [text]
    han = _HAN.search(text) is not None
    cuts = [before + 1 if not han else after for before, after in pairwise(telling)]
    bounds = [0, *cuts, len(pieces)]
    return [_LEADING.sub("", "".join(pieces[one:other])) for one, other in pairwise(bounds)]


def lists(text: str) -> bool:
    """Whether `text` may list goods with an order behind a joint."""
    return any(_ORDER.search(piece) for piece in _pieces(text)[1:])


def _pieces(text: str) -> list[str]:
    """The text cut before every joint."""
    places = [0, *(hit.start() for hit in _JOINT.finditer(text) if hit.start() > 0), len(text)]
    return [text[one:other] for one, other in pairwise(places)]


__all__ = ["cut_by_order", "lists", "without_counted_wishes"]
