"""What a question goes on with that says no more than a rest: "and when do I get my money", 要税号吗.

What was asked of the shop before it tells what it is about. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from actions.resolver.asked_facts import read_asked
from actions.resolver.goods_words import goods_words
from actions.resolver.no_order import denies_order
from actions.resolver.process_questions import is_fault, process_asked
from actions.resolver.return_conditions import states_asked
from actions.resolver.shop_questions import Topic, asks_of_shop, shop_topics, speaks_of_own, tells_own

Way = (
    Literal["returns", "refund", "cancel", "change", "invoice", "delivery", "payment", "replacement", "prices"] | Topic
)
"""A way of the shop's that is spoken of."""

_OF_INTENT: Final[dict[str, Way]] = {
    "ask_return_policy": "returns",
    "ask_how_to_return": "returns",
    "return_in_store": "returns",
    "ask_refund_time": "refund",
    "ask_delivery_cost": "delivery",
    "ask_delivery_options": "delivery",
    "ask_payment_methods": "payment",
    "ask_price_protection": "prices",
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


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_FILLERS: Final = _words(
    r"\b(?:and|so|ok|okay|but|then|also|oh|just|even|about|what|how|when|why|which|who|until|till|by|within|if|once|long"
    r"|soon|late|fast|quick|quickly|many|much|business|working|days?|weeks?|hours?|time|will|would|can|could|may|might|do"
    r"|does|did|is|are|was|be|been|has|have|had|got|get|gets|see|need|must|should|going|it|its|that|this|these"
    r"|those|there|they|them|one|ones|i|im|you|u|ya|we|me|us|my|your|the|an?|to|for|of|in|on|at|w|with|or|any|some|still"
    r"|already|yet|usually|normally|typically|generally|roughly|around|take|takes|taken|possible|allowed|happens?)"
    r"(?:['’](?:s|m|re|ve|ll|d))?\b"
    r"|多长时间|多久|几天|多少天|什么时候|啥时候?|到时候|自己|时间|大概|一般|通常|平时|请问|需要|必须|可以|可不可以|能不能|要不要|怎么|如何|已经"
    r"|如果|要是|万一|的话|之内|以内|还是|你们|我们|多少|[那呢吗么嘛啊呀的了要得会能可还再也都才就内是有没给我您它这个不后前吧]"
)
"""Words that name nothing: a question that has no others but those of a way is about it."""
_COST: Final = _words(
    r"\b(?:pay|pays|cost|costs|charged?|charges|fees?|free|extra|more|on you|on me)\b"
    r"|要钱|花钱|收费|免费|费用|付费|倒贴"
)
_CARRIAGE: Final = _words(r"\b(?:shipping|postage|freight|way back)\b|运费|邮费|快递费")
_BEARS: Final = _words(r"\b(?:who|pays?|covers?|back|me|you)\b|谁|[出付掏承]|退|回|呢|[我你]")
"""Who bears the carriage is asked, not what delivery costs."""
_PAID_BY: Final = _words(r"\b(?:who|pays?|covers?)\b|[出付掏]|承担|谁|负责")
_WHEN: Final = _words(
    r"\b(?:when|until when|how (?:long|soon|fast|quick\w*|late|many (?:business |working )?(?:days|weeks)))\b"
    r"|多久|多长时间|几天|多少天|什么时候|啥时候?"
)
_MONEY: Final = _words(r"\b(?:money|refund\w*|cash|credited|paid back|get it back)\b|[钱款]|到账")
_COMES_BACK: Final = _words(r"\b(?:back|arrive|show up|land|card|account)\b|[退回来到收拿账卡返还]|原路")
_REPORT: Final = _words(
    r"\b(?:tell|report|say|let (?:you|u|ya) know|complain|claim|file|contact|notify|deadline|time limit)\b"
    r"|[说讲报]|反馈|联系|申[请报]|截止"
)
_EVIDENCE: Final = _words(
    r"\b(?:photos?|pics?|pictures?|proof|videos?|evidence)\b|拍照|照片|图片|视频|凭证|证据|[拍传]"
)
_NEW_ONE: Final = _words(
    r"\b(?:new|another|replacement|second|fresh)(?: (?:one|ones|item|piece|unit))?\b|\breplac\w+|\bresen[dt]\w*"
    r"|补[发寄]|重[新]?[发寄]|新的|换新|赔"
)
_COMES: Final = _words(r"\b(?:come|comes|arrive|arrives|sent|send|ship|shipped|here)\b|[到发寄来收]")
_GOES_BACK: Final = _words(r"\b(?:send|ship|post|mail|returns?|returning|returned|back)\b|退货?|寄回?|回")
_DO_YOU_HAVE: Final = _words(
    r"\b(?:do|have|did|got) (?:you|u|ya) (?:\w+ )?(?:have|got|sell|stock|any)\b|有没有|有[^，。？]{0,6}[吗么嘛不没]"
)
"""Something is asked for that a shop may have."""
_SENT: Final = _words(
    r"\b(?:shipped|ships?|sent|dispatch\w*|left|gone out|on (?:its|the) way|out for delivery)\b"
    r"|发[货出走]|寄出|已发|在路上"
)
_PARCEL: Final = _words(r"\b(?:the )?(?:parcel|package|order)\b|包裹|货|快递|订单|单子")
_EDIT: Final = _words(
    r"\b(?:chang(?:e|ed|ing)|edit\w*|switch\w*|swap\w*|add|adjust|modif\w*|update)\b|[改换加]|修改|调整"
)
_PART: Final = _words(
    r"\b(?:address|colou?r|size|name|quantity|recipient|phone|something|anything|items?|things?|stuff|later|afterwards"
    r"|after|order(?:ing)?|paying|pay|paid)\b|地址|颜色|尺码|尺寸|收件人|名字|电话|数量|款式|东西|商品|以后|之后|下单|付款"
)
_OF_PARTS: Final = _words(
    r"^\W*(?:and|or|also|what about|how about)\b[^.?!]*\b(?:address|colou?r|size|name|quantity)\b"
    r"|^\W*(?:那|还有)?(?:地址|颜色|尺码|收件人|电话|数量)呢"
)
_DONE: Final = _words(r"\bdid (?:you|u|i|they)\b|\bhave (?:you|u|they)\b|了(?:吗|没有?)\W*$")
"""It is asked whether it came to pass."""
_ON_INVOICE: Final = _words(
    r"\b(?:names?|company['’]?s?|firm['’]?s?|business|tax|vat|ein|change[ds]?|correct\w*|wrong|redo|redone|reissued?"
    r"|another|different)\b|税号|抬头|公司|单位|个人|名字|名称|改|重开|[填写开]错"
)
_OF_INVOICE: Final = _words(
    r"\b(?:invoices?|receipts?|numbers?|nr|id|put|say|write|written|make|made|out|later|else|other|issue|pdf|email)\b"
    r"|发票|专票|普票|[填写开换错带]|电子|纸质"
)
_UNOPENED: Final = _words(
    r"\b(?:un-?opened|sealed|not (?:been )?opened|never opened)\b|(?:还|都)?[没未]有?(?:拆封?|开封|打开)过?"
)
_HOW_TO: Final = _words(
    r"\b(?:how|where)\b[^.?!]{0,12}\b(?:claim|apply|ask for|request|get)\b"
    r"|(?:怎么|如何|哪里|哪儿)[^，。？]{0,2}(?:申请|[弄办领])"
)
_OF_PRICES: Final = _words(
    r"\b(?:claim|apply|ask|request|difference|where|buy\w*|bought|purchas\w*|order\w*)\b|申请|差价|[退补领]|哪里|哪儿|购?买|下单|办理|[弄办]"
)
_WISHES: Final = _words(r"\b(?:please|pls|i want|i need|i['’]d like|i wanna|let['’]?s)\b|帮我|给我|我要|我想|麻烦")
_DETAILS: Final = _words(r"@|\d{4,}|#\w*\d")


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
        if asked is None and way is not None and intent not in _OF_GOODS and _adds_nothing(text):
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


_SUPPOSED: Final = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|or)\W+)*(?:what )?(?:if|even if|even though|though|without|when)\b"
    r"|^\W*(?:那|那么)?(?:如果|要是|万一|假如)|(?:过|了|没有?[^，。]{1,6})的?呢\W*$",
    re.IGNORECASE,
)
"""A case is added to what was asked before."""


def going_on(text: str, way: Way) -> Way | None:
    """What a question asks that goes on with `way`; None where it asks something else, or for something to be done.

    It has to name what the way is about, or nothing: "how long does the battery last" goes on with no talk of refunds.
    """
    denied = way == "invoice" and denies_order(text)
    if _DETAILS.search(text) or tells_own(text) or not (denied or _short(text)):
        return None
    if way == "invoice" and _ON_INVOICE.search(text):
        of_invoice = denied and asks_of_shop(text)
        return "invoice" if of_invoice or _only(text, _ON_INVOICE, _OF_INVOICE) else None
    if way == "returns" and _SUPPOSED.search(text) and states_asked(text) and not goods_words(text):
        # "And if it was washed once?": the state of what would go back.
        return "returns"
    timed = _WHEN.search(text) is not None
    if not (asks_of_shop(text) or timed) or _WISHES.search(text):
        return None
    if timed and _MONEY.search(text) and way in _BACK | _FAULTS | {"cancel", "change"}:
        return "refund" if _only(text, _WHEN, _MONEY, _COMES_BACK) else None
    if timed and _NEW_ONE.search(text) and way in _FAULTS | {"returns", "exchange", "exchange_in_case"}:
        return "replacement" if _only(text, _WHEN, _NEW_ONE, _COMES) else None
    if way in _FAULTS:
        return way if _goes_on_with_fault(text) else None
    if way in ("exchange", "exchange_in_case"):
        return "exchange" if _asks_cost(text, _SWAPS) or (timed and _only(text, _WHEN, _SWAPS)) else None
    if way == "returns":
        paid = _PAID_BY.search(text) is not None and _asks_cost(text, _GOES_BACK)
        return "returns" if paid or (timed and _only(text, _WHEN, _UNOPENED, _GOES_BACK)) else None
    if way in ("refund", "refund_way"):
        return "refund" if timed and _only(text, _WHEN) else None
    if way in ("cancel", "change"):
        if _SENT.search(text):
            return way if _only(text, _SENT, _PARCEL) else None
        edits = (_EDIT.search(text) and not _DONE.search(text)) or _OF_PARTS.search(text)
        return "change" if edits and _only(text, _EDIT, _PART) else None
    if way == "prices":
        return way if (timed or _HOW_TO.search(text)) and _only(text, _WHEN, _OF_PRICES) else None
    return None


_SWAPS: Final = _words(r"\b(?:exchang\w*|swap\w*|process\w*)\b|换货?|[好完次]")


def _goes_on_with_fault(text: str) -> bool:
    if _DO_YOU_HAVE.search(text):
        return False
    named = _REPORT.search(text) or _EVIDENCE.search(text) or _NEW_ONE.search(text)
    of_claim = named and _only(text, _WHEN, _REPORT, _EVIDENCE, _NEW_ONE, _COMES, _COST)
    return bool(of_claim) or _asks_cost(text, _GOES_BACK, _SWAPS)


def _asks_cost(text: str, *own: re.Pattern[str]) -> bool:
    """Whether it is asked what it costs, and of nothing but what `own` names."""
    carriage = _CARRIAGE.search(text) is not None
    if not (carriage or _COST.search(text)) or (carriage and not _BEARS.search(_CARRIAGE.sub(" ", text))):
        return False
    return _only(text, _COST, _CARRIAGE, _PAID_BY, *own)


def _only(text: str, *own: re.Pattern[str]) -> bool:
    """Whether a text has no other words than those of `own` and such as name nothing."""
    for words in (*own, _FILLERS):
        text = words.sub(" ", text)
    return re.search(r"[^\W_]", text) is None


def _adds_nothing(text: str) -> bool:
    """Whether a short text turns to no goods, and to no order of the shopper's own."""
    return _short(text) and not (goods_words(text) or read_asked(text).concepts or speaks_of_own(text))


def _short(text: str) -> bool:
    return len(re.findall(r"[A-Za-z']+", text)) <= _SHORT and len(re.findall(r"[\u4e00-\u9fff]", text)) <= _SHORT_HAN


__all__ = ["Way", "asks_once_sent", "going_on", "way_asked", "way_before"]
