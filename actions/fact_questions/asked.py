"""Which messages ask what goods are like, by their words and what they were understood as. Pure functions."""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.danger_names import only_names_danger, without_names
from actions.resolver.process_questions import asks_price

_MOST: Final = 200
_ABOUT_GOODS: Final = frozenset(
    {
        "ask_product_facts",
        "ask_availability",
        "search_products",
        "compare_products",
        "ask_size_advice",
        "ask_alternatives",
        "nlu_fallback",
        "out_of_scope",
    }
)
_TALK: Final = frozenset(
    {"affirm", "deny", "stop", "ask_human", "greet", "goodbye", "thank", "ask_bot", "report_emergency"}
)
_NEVER: Final = re.compile(
    r"^(?:report|cancel|return|exchange|change|complain|chase|delete|export|buy_again|reorder|register|sign_in|manage|write_review|insult)"
)
"""What is wanted or reported, and no question about goods, whatever stands beside it."""
_OF_OWN_ORDERS: Final = frozenset(
    {
        "track_order", "track_another", "provide_details", "lack_details", "ask_order_details", "list_orders",
        "ask_total", "ask_delivery_cost", "ask_delivery_options", "ask_payment_methods", "ask_points", "ask_vouchers",
        "ask_gift_card_balance", "ask_refund", "ask_refund_time", "ask_return_status", "ask_receipt", "ask_invoice",
        "ask_profile", "ask_reservation",
    }
)  # fmt: skip
"""Of these a question is one about goods only where it names them."""
_HARM: Final = re.compile(
    r"\b(?:chok\w+|swallow\w*|poison(?:ed|ing)|bleeding|burn(?:t|ed|s|ing)|ate (?:it|some)|rash|reaction"
    r"|swollen|swelling|breathe|hives|on fire|smok\w+|shock\w*|hurt\w*|pain\w*|hospital|faint\w*|dizzy|sick)\b"
    r"|误食|吞|中毒|窒息|烫伤|流血|起疹|救|着火|起火|冒烟|触电|漏电|受伤|[疼痛肿晕]|医院",
    re.IGNORECASE,
)
_FOR_SO_MANY: Final = re.compile(
    r"\b(?:one|two|three|four|single|\d+)[- ]?(?:persons?|people|ppl)\b|[一二两三四五六七八九十\d]个?人(?!工|客)",
    re.IGNORECASE,
)
"""A person who is counted is none who is called."""
_CARES: Final = re.compile(
    r"\b(?:allerg\w+|toxic|chemicals?|safe|coating|fireproof|flame|stove)\b|过敏|有没有毒|有毒[吗么不没]|毒不毒|安全|涂层|明火|上火",
    re.IGNORECASE,
)
_OF_ORDERS: Final = re.compile(
    r"\b(?:orders?|ordered|parcels?|packages?|deliver\w*|shipping|shipped|refund\w*|return\w*|cancel\w*|exchang\w*|swap\w*"
    r"|invoice|receipt|bought|purchased|arrived|arrive|my (?:card|account|address)|pay|paid|payment|stores?"
    r"|coupon|voucher|discount|tracking|packed yet|it packed|in now|gift cards?|points|klarna|afterpay"
    r"|outside (?:the|my|our) (?:door|flat|house|gate)|at the door|ship to"
    r"|by (?:mon|tues|wednes|thurs|fri|satur|sun)day|how (?:fast|soon|quick\w*) (?:can|will|do) (?:i|you|it))\b"
    r"|花呗|分期|积分|多快能|几天能|师傅|微信支付|支付宝"
    r"|订单|单号|下单|包裹|快递|物流|发货|收到|退|(?<!多久)换(?!滤|电池|水|洗)|取消|发票|运费|付款|支付|门店|买过|买的|优惠|到货",
    re.IGNORECASE,
)
"""What is asked is about an order, its way or its money."""
_ASKS: Final = re.compile(
    r"\?|？|^\W*(?:(?:and|so|but|ok|okay|also|hey|hi|yes|yeah|oh|cool|great|thx|thanks|hm+)\W+)*"
    r"(?:is|are|does|do|can|could|will|would|what|whats|how|hows|which|who|any|got|has|have|did|should|anything)\b"
    r"|\b(?:is it|are they|does it|do they|can i|can you|can it"
    r"|how (?:much|many|long|big|heavy|well|thick|wide|tall|loud|hard|often)|what (?:is|are|kind|sort|about)"
    r"|what's|which (?:one|of)|wondering|want to know"
    r"|tell me|(?:ok|okay|safe|suitable|good|fine|enough) (?:for|to|with|in|on)|allergic|allergy)\b|过敏"
    r"|[吗么呢]|[不没]\W*$|多[少大长高重久厚宽深远沉轻冷热]|[几]|怎|哪|啥|什么|有没有|(?P<c>.)不(?P=c)|能|可以|会|适合|是.*还是",
    re.IGNORECASE,
)
_ONE_OF: Final = re.compile(r"\bwhich\b|\bany of\b|哪", re.IGNORECASE)
"""One of those spoken of, or of a kind, is asked for."""
_LOOKED_FOR: Final = re.compile(
    r"\b(?:any|anything|something|some|do you have|do you sell|have you|got|are there|is there"
    r"|(?<!do i )(?<!do we )(?<!do you )need|looking for|want(?! (?:to|it|this|that)\b))\b"
    r"|有没有|有.{0,12}[吗么]|有啥|有什么|求|想要|想买|想找|推荐",
    re.IGNORECASE,
)
"""So are goods looked for, and so is it asked whether there is something in them: "any added sugar?"."""
_OF_ONE: Final = re.compile(
    r"\b(?:(?:does|do|did|will|would|should|might) (?:it|this|that|they|these|those)|it|they) (?:also |really |still )?"
    r"(?:needs?|wants?|has|have|got)\b|\b(?:has|have) (?:it|they) got\b",
    re.IGNORECASE,
)
"""What the thing itself needs or has."""
_IN_IT: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|also)\W+)*(?:any|(?:is|are) there(?: any)?)\b"
    r"(?! (?:of|one|ones|that|which|other|others|more|cheaper|with|without|for|under|in)\b)"
    r"|有没有(?!.*的\W*(?:吗|么|呢|啊)?\W*$)|^[^，。]{0,4}有.{0,8}(?<!的)[吗么](?:\W*$|[\s，。,])",
    re.IGNORECASE,
)
"""What is asked after may be in the one thing that was spoken of."""
_POINTS_ELSEWHERE: Final = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|other|1st|2nd|3rd|4th)\b"
    r"|\btell me (?:more )?about\b|第[一二三四五\d]|另|详细",
    re.IGNORECASE,
)
"""One of several is pointed at, or all of it is asked for."""
_OF_VERSIONS: Final = re.compile(
    r"\b(?:in stock|available|sold out"
    r"|comes? in(?! (?:an? |its |the )?(?:\w+ )?(?:box|case|bag|pouch|tin|tube|jar|pack)\b)"
    r"|colou?rs?|sizes|cheap\w*|expensive|pric\w+|dearer)\b"
    r"|有货|现货|缺货|没货|[贵价色码]|便宜",
    re.IGNORECASE,
)
"""It is asked which versions there are, whether they can be had or what they cost."""
_BETTER: Final = re.compile(
    r"\bwhich (?:one )?(?:is|are|would be|works?) (?:\w+ )?(?:better|best|easier|easiest|nicer)\b"
    r"|\bwhich (?:one )?(?:of (?:them|those|these|the two) )?(?!is\b|has\b)\w+ (?:\w+ ){0,2}"
    r"(?:\w{2,}er|more|less|longer)\b"
    r"|哪[个款种].{0,3}(?:好|更|比较)",
    re.IGNORECASE,
)
_SUPPOSED: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay)\W+)*what (?:if|happens (?:if|when))\b|(?:如果|要是|万一).*[吗么呢?？]",
    re.IGNORECASE,
)
"""It is asked what comes of something."""
_WARRANTY: Final = re.compile(
    r"\b(?:warranty|guaranteed?)\b|\bif (?:it|one|a \w+) breaks\b|保修期?|质保|三包|坏了(?:能|可以|管)[^，。]{0,3}修",
    re.IGNORECASE,
)
_PART_CHANGED: Final = re.compile(r"\bhow (?:often|long)\b|多久|多长时间", re.IGNORECASE)
"""How often a part of goods is to be changed, washed or bought anew."""
_IS_IT_SO: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|also)\W+)*(?:does|do|is|are|can|will|has|have|r)"
    r" (?:it|they|these|those|this|that|i|you|u)\b"
    r"|(?:能|可以|会|会不会|能不能)[^，。]{1,8}(?:吗|么|不|嘛)\W*$",
    re.IGNORECASE,
)
_OTHERWISE_MUCH: Final = re.compile(r"\bhow much (?:does|do|can|will|would|did)\b(?!.*\bcosts?\b)", re.IGNORECASE)
"""How much it weighs or holds."""
_IT_AND: Final = re.compile(
    r"\b(?:it|this|that|this one|that one) and (?:(?:on|of|for|with|in) )?(?:the|your)\b"
    r"|\band (?:on|of|for|with|in) (?:it|this|that|this one|that one)\b|(?:它|这个|这款)[和跟与]",
    re.IGNORECASE,
)
_FEW: Final = 40
_HOW_MUCH: Final = re.compile(
    r"\bhow (?:many|much|long|far|big|heavy|often|well)\b.*\b(?:it|they|one|fit|hold|take|last)\b"
    r"|^\W*能.*(?:多[少大长久重高]|几)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay)\W+)*(?:how (?:many|much) |what(?: (?:kind|type|sort) of)? )"
    r"(?!time|weather|day|date|news|about|else|now|next|happen\w*|do|are|is|if|you|your|we|i|the|a|can|more|store|shop)[a-z-]{3,}s?\W*$",
    re.IGNORECASE,
)
_OF_IT: Final = re.compile(
    r"\b(?:it|its|it's|that|this|they|them|these|those)\b|它|这个|那个|这款|那款|^\W*(?:那|那么)?(?:能|可以|会|适合|有没有|支持|需要|要不要|好不好|多)",
    re.IGNORECASE,
)


def may_be_asked(text: str, intent: str) -> bool:
    """Whether a message can be a question about goods: nobody is hurt, and no order, way or money is spoken of."""
    if len(text) > _MOST or _HARM.search(without_names(text)) or not _left_open(text, intent):
        return False
    return _OF_ORDERS.search(text) is None and (about_goods(intent) or _ASKS.search(text) is not None)


def _left_open(text: str, intent: str) -> bool:
    """Whether what a message was understood as leaves it a question about goods."""
    if intent == "ask_human":
        return _FOR_SO_MANY.search(text) is not None
    if intent == "report_emergency":
        # "Is the coating toxic?", "she's allergic to nickel": nobody is hurt.
        return _CARES.search(text) is not None or only_names_danger(text)
    if intent in _TALK:
        # "What if I drop it?" drops nothing.
        return _SUPPOSED.search(text) is not None
    if intent in ("buy_again", "reorder") and _PART_CHANGED.search(text):
        return True
    return _NEVER.match(intent) is None or (_WARRANTY.search(text) is not None and _ASKS.search(text) is not None)


def about_goods(intent: str) -> bool:
    """Whether an intent is one about goods, or none."""
    return intent in _ABOUT_GOODS


def about_own_orders(intent: str) -> bool:
    """Whether an intent is one about the shopper's orders, money or account."""
    return intent in _OF_OWN_ORDERS


def of_several(text: str) -> bool:
    """Whether one or some of several are looked for: "any tent that …", 哪个; "does it need …" is asked of one."""
    return one_of_several(text) or _LOOKED_FOR.search(_OF_ONE.sub(" ", text)) is not None


def one_of_several(text: str) -> bool:
    """Whether it is surely asked which one of several: words that look for goods may ask what is in one, too."""
    return _ONE_OF.search(text) is not None


def looks_for_one(text: str) -> bool:
    """Whether one or some of several are meant, and not what is in the one that was spoken of."""
    return one_of_several(text) or (of_several(text) and _IN_IT.search(text) is None)


def points_elsewhere(text: str) -> bool:
    """Whether one of several is pointed at by its place, or all is asked for that there is to tell of something."""
    return _POINTS_ELSEWHERE.search(text) is not None


def asks(text: str) -> bool:
    """Whether a message asks something."""
    return _ASKS.search(text) is not None


def of_it_too(text: str) -> bool:
    """Whether what was spoken of is asked about beside something that is named: "on it and on the mat"."""
    return _IT_AND.search(text) is not None


def of_versions(text: str) -> bool:
    """Whether it is asked which versions there are, whether they can be had or what they cost."""
    return _OF_VERSIONS.search(text) is not None


def compares(text: str) -> bool:
    """Whether it is asked which is the better one, and not which is so."""
    return _BETTER.search(text) is not None


def asks_whether(text: str) -> bool:
    """Whether it is asked of something whether it is so: "does it kink?"."""
    return _IS_IT_SO.search(text) is not None


def asks_barely(text: str) -> bool:
    """Whether no more is asked than how much or what of something: "how many yards?", "what fuel?"."""
    return _BARE.search(text) is not None


def asks_of_one(text: str) -> bool:
    """Whether it is asked how much or whether something can, in a few words that name nothing: 能存多少书."""
    return len(text) <= _FEW and (_HOW_MUCH.search(text) is not None or asks_whether(text))


def of_it(text: str) -> bool:
    """Whether something that was spoken of is pointed at."""
    return _OF_IT.search(text) is not None


def wants_price(text: str) -> bool:
    """Whether a price is asked for; how much something weighs or holds is none."""
    return asks_price(text) and _OTHERWISE_MUCH.search(text) is None


__all__ = [
    "about_goods",
    "about_own_orders",
    "asks",
    "asks_barely",
    "asks_of_one",
    "asks_whether",
    "compares",
    "looks_for_one",
    "may_be_asked",
    "of_it",
    "of_it_too",
    "of_several",
    "of_versions",
    "one_of_several",
    "points_elsewhere",
    "wants_price",
]
