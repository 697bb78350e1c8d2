"""What of a message may name goods of an order: the rest of it says which order, where it goes, or where money goes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.kind import NOT_SENT
from actions.changes.left_alone import as_left
from actions.changes.reading import Reader
from actions.changes.said_of_each import without_bare_denials
from actions.changes.turned_down import says_nothing
from actions.resolver import (
    LineCandidate,
    clauses_apart,
    order_words,
    resolve_lines,
    without_order_words,
    without_price_reason,
)
from actions.resolver.no_purchase import without_no_purchase
from actions.resolver.orders_told import without_companions
from actions.resolver.other_orders import without_other_orders
from actions.resolver.plain_wishes import plain_wishes
from actions.resolver.portions import portion
from actions.resolver.said_plainly import keeping_first
from actions.resolver.second_piece import second_piece_as_one

_MONEY_BACK: Final = re.compile(
    r"\b(?:give|get|send|pay|have|want)\s+(?:me\s+)?(?:all\s+)?(?:of\s+)?(?:my|the) (?:money|cash)(?:\s+back)?\b"
    r"|(?:把|将)?(?:我的?)?(?:钱|款)(?:都|全部?)?(?:还|退|返)(?:给|回)?我",
    re.IGNORECASE,
)
"""What is wanted of the money sends no goods back: "cancel it and give me my money back"."""
_LABEL: Final = r"(?:(?:订单号|单号)\s*[:：]\s*|\border\s+(?:number|no\.?)\s*:\s*)"
"""What stands before a number, whose colon parts no goods from their wish: 订单号：123的鞋改成黑色."""
_PLACE: Final = re.compile(
    r"^\W*(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th)(?: (?:one|order))?(?![a-z])"
    r"|^\W*(?:第[一二三四1234]|最后一?)[个单笔]?",
    re.IGNORECASE,
)
"""A place in a list that was shown, as the answer to "which order?"."""
_ORDER: Final = re.compile(r"\bthe order\b|订单(?:里的?)?", re.IGNORECASE)
"""What is left of words that describe an order."""
_NAMES: Final = frozenset({"name", "near_name"})


def goods_words(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> str:
    """`text` without what names no goods of `lines`.

    What tells the order by its goods names these too, where nothing else does and some pieces are meant, or another
    version: 相机昨天那单 两台取消一台, 手表那单换皮的.
    """
    text = keeping_first(reader.spoken.get(text, text))
    if reader.kind.states and reader.kind.states <= NOT_SENT:
        text = plain_wishes(text, lines, today=reader.records.today)
    text = _without_order_references(reader, without_bare_denials(as_left(text, proposed=False)))
    text = reader.kind.goods_words(without_companions(text, lines, today=reader.records.today))
    left = without_order_words(text)
    told = order_words(text)
    if told and (reader.kind.swaps or portion(left) is not None):
        named = _named(told, lines, reader)
        if len(named) == 1 and not _named(left, lines, reader):
            left = _ORDER.sub(lambda said: f" {_title(named[0], told)} ", left, count=1)
    left = second_piece_as_one(without_price_reason(without_no_purchase(left)), lines, today=reader.records.today)
    return clauses_apart(_MONEY_BACK.sub(" ", left))


def _without_order_references(reader: Reader, text: str) -> str:
    """`text` with blanks for what is said of others, for the numbers of the orders meant, and for "the first one" where that was an order."""  # noqa: E501
    request = reader.request
    left = without_other_orders(text, reader.records.read(), request.orders, today=reader.records.today)
    text = text if says_nothing(left) else left
    numbers = [re.escape(bare) for number in request.orders if (bare := number.lstrip("#"))]
    pattern = rf"{_LABEL}?#?(?:{'|'.join(numbers)})(?![A-Za-z0-9])" if numbers else ""
    text = re.sub(pattern, lambda said: " " * len(said[0]), text, flags=re.IGNORECASE) if pattern else text
    shown = request.shown or reader.focus.shown
    if request.question.get("slot") == "order" and set(shown) & set(request.orders):
        text = _PLACE.sub(lambda said: " " * len(said[0]), text)
    return text


def _named(text: str, lines: Sequence[LineCandidate], reader: Reader) -> list[LineCandidate]:
    """The lines that `text` names."""
    found = resolve_lines(text, lines, today=reader.records.today)
    return [match.candidate for match in found.matches if any(why.kind in _NAMES for why in match.reasons)]


def _title(line: LineCandidate, text: str) -> str:
    """What a line is called in the language of `text`."""
    han = re.search(r"[\u4e00-\u9fff]", text) is not None
    return next((title for title in line.titles if title.isascii() != han), line.titles[0])
