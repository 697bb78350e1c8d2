"""What a question goes on with that says no more than a rest: "and when do I get my money", 要税号吗.

What was asked of the shop before it tells what it is about. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from actions.resolver.process_questions import is_fault, process_asked
from actions.resolver.shop_questions import Topic, asks_of_shop, shop_topics

Way = Literal["returns", "refund", "cancel", "change", "invoice", "delivery", "payment", "replacement"] | Topic
"""A way of the shop's that is spoken of."""

_OF_INTENT: Final[dict[str, Way]] = {
    "ask_return_policy": "returns",
    "ask_how_to_return": "returns",
    "return_in_store": "returns",
    "ask_refund_time": "refund",
    "ask_delivery_cost": "delivery",
    "ask_delivery_options": "delivery",
    "ask_payment_methods": "payment",
}
_OF_RULES: Final = frozenset({"ask_return_policy", "ask_policy"})
_OF_GOODS: Final = frozenset(
    {"ask_product_facts", "ask_availability", "search_products", "compare_products", "recommend_gift", "find_store",
     "ask_store_hours", "ask_store_stock", "ask_size_advice", "ask_alternatives"}
)  # fmt: skip
_SHORT: Final = 12
_SHORT_HAN: Final = 18
_FAULTS: Final[frozenset[Way]] = frozenset({"damaged", "wrong_or_missing", "breaks", "lost"})
_BACK: Final[frozenset[Way]] = frozenset({"returns", "refund", "refund_way", "refund_postage", "exchange"})
_COST: Final = re.compile(
    r"\b(?:pay|cost|costs|charge\w*|fee|fees|free|shipping|postage|extra|on you|on me|who pays)\b"
    r"|运费|邮费|要钱|花钱|收费|免费|多少钱|谁[出付掏承]",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:when|how (?:long|soon|fast|quick\w*|many (?:business |working )?days))\b"
    r"|多久|多长时间|几天|多少天|什么时候|啥时候?",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(r"\b(?:money|refund\w*|cash|credited|paid back|get it back)\b|[钱款]|到账", re.IGNORECASE)
_REPORT: Final = re.compile(
    r"\b(?:tell|report|say|let (?:you|u|ya) know|complain|claim|file|contact|notify|deadline|time limit)\b"
    r"|\b(?:photos?|pics?|pictures?|proof|video|evidence)\b|[说讲报]|反馈|联系|申[请报]|拍照|照片|图片|视频|凭证|证据|截止",
    re.IGNORECASE,
)
_NEW_ONE: Final = re.compile(
    r"\b(?:new|another|replacement|second|fresh) (?:one|ones|item|piece|unit)?\b|\breplac\w+|\bresen[dt]\w*"
    r"|补[发寄]|重[新]?[发寄]|新的|换新|赔",
    re.IGNORECASE,
)
_SENT: Final = re.compile(
    r"\b(?:ship\w*|sent|dispatch\w*|left|gone out|on (?:its|the) way|out for delivery)\b|发[货出走]|寄出|已发|在路上",
    re.IGNORECASE,
)
_EDIT: Final = re.compile(
    r"\b(?:chang\w*|edit\w*|switch\w*|swap\w*|add|adjust|modif\w*|update)\b|改|换|加|修改|调整", re.IGNORECASE
)
_ON_INVOICE: Final = re.compile(
    r"\b(?:names?|company|business|tax|vat|change|correct|wrong|redo|reissue|another|need)\b"
    r"|税号|抬头|公司|个人|名字|名称|改|重开|错",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(
    r"^\W*(?:and|or|also|what about|how about)\b[^.?!]*\b(?:address|colou?r|size|name|quantity)\b"
    r"|^\W*(?:那|还有)?(?:地址|颜色|尺码|收件人|电话|数量)呢",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"\b(?:please|pls|i want|i need|i['’]d like|i wanna|let['’]?s)\b|帮我|给我|我要|我想|麻烦", re.IGNORECASE
)
_DETAILS: Final = re.compile(r"@|\d{4,}|#\w*\d")


def way_asked(text: str, intent: str) -> Way | None:
    """The way of the shop's that a message asks about by itself."""
    return _by_words(text) or ("damaged" if intent in _OF_RULES and is_fault(text) else _OF_INTENT.get(intent))


def way_before(said: Iterable[tuple[str, str]]) -> Way | None:
    """What was spoken of last, by the messages before, the oldest first, each with its intent."""
    way: Way | None = None
    for text, intent in said:
        asked = _by_words(text)
        if asked is None and way is not None:
            asked = going_on(text, way)
        asked = asked or way_asked(text, intent)
        if asked is None and way is not None and intent not in _OF_GOODS and _short(text):
            asked = way
        way = asked
    return way


def _by_words(text: str) -> Way | None:
    topics = shop_topics(text)
    if topics:
        return topics[0]
    process = process_asked(text)
    return "damaged" if process == "fault" else None if process == "gift" else process


def asks_once_sent(text: str) -> bool:
    """Whether it is asked how it would be once a parcel has left."""
    return _SENT.search(text) is not None


def going_on(text: str, way: Way) -> Way | None:
    """What a question asks that goes on with `way`; None where it asks something else, or for something to be done."""
    if not asks_of_shop(text) or _WISHES.search(text) or _DETAILS.search(text) or not _short(text):
        return None
    timed = _WHEN.search(text) is not None
    money = _MONEY.search(text) is not None
    if way in _FAULTS:
        if _NEW_ONE.search(text) and timed:
            return "replacement"
        if _REPORT.search(text) or _NEW_ONE.search(text) or _COST.search(text):
            return way
        return "refund" if money and timed else None
    if way in ("exchange", "exchange_in_case") and (_COST.search(text) or (timed and not money)):
        return "exchange"
    if way == "returns" and timed and _NEW_ONE.search(text):
        return "replacement"
    if way in _BACK and timed and (money or way in ("refund", "refund_way")):
        return "refund"
    if way in ("cancel", "change"):
        if money and timed:
            return "refund"
        if _SENT.search(text):
            return way
        return "change" if _EDIT.search(text) or _PARTS.search(text) else None
    if way == "invoice" and _ON_INVOICE.search(text):
        return "invoice"
    return None


def _short(text: str) -> bool:
    return len(re.findall(r"[A-Za-z']+", text)) <= _SHORT and len(re.findall(r"[\u4e00-\u9fff]", text)) <= _SHORT_HAN


__all__ = ["Way", "going_on", "way_asked", "way_before"]
