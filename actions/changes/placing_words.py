"""What a message that orders goods says beside their names: how many, how it is paid and where it goes.

Those words would be searched for as names of goods otherwise, and a size would be taken for a number of pieces.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from actions.resolver import without_address

_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "a dozen": 12, "dozen": 12, "a couple": 2, "a couple of": 2, "couple of": 2, "both": 2, "half a dozen": 6,
    "一": 1, "两": 2, "俩": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_EN: Final = (
    r"half a dozen|a dozen|dozen|a couple of|a couple|couple of|one|two|three|four|five|six|seven|eight|nine|ten"
)
_ZH: Final = r"\d{1,3}|[一两俩二三四五六七八九十]"
_MEASURES: Final = "个件条只双套盏张把块瓶盒份支本顶台对副床包袋箱罐枚束盆架部匹幅根筐桶卷杯碗壶款样"
_SIZES: Final = re.compile(
    r"\b(?:size|sizes|eu|uk|us|no|nr|number|model|in an?|in)\.? ?\d{1,3}(?:\.\d)?\b"
    r"|\b(?:the|an?) \d{1,3}(?:\.\d)?(?! (?:of|pieces|pcs|pairs))\b"
    r"|\d+(?:\.\d+)?\s*(?:cm|mm|kg|g|ml|l|litres?|liters?|inch(?:es)?|ft|feet|foot|cups?|gb|tb|mb|mp|mah|w|watts?|volts?|speeds?|gears?|%|stars?|[x×*]\s*\d+(?:\s*(?:cm|mm))?)(?![A-Za-z])"
    r"|\d+(?:\.\d+)?\s*(?:码|号|厘米|毫米|寸|英寸|英尺|公斤|克|斤|升|毫升|米|岁|月|天|年|杯|速|片|像素|[GTM]B?(?![A-Za-z]))"
    r"|[£$€¥￥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:pounds?|quid|euros?|dollars?|块钱|元|英镑)"
    r"|\b(?:ending|ends?)(?: in| with)? \d{2,4}\b|尾号是?\s?\d{2,4}",
    re.IGNORECASE,
)
"""Numbers that count no pieces."""
_COUNTED: Final = (
    re.compile(
        rf"(?<![\w.,-])(\d{{1,3}}|{_EN})(?= (?:of|pieces?|pcs|units?|pairs?|copies|sets?|packs?|boxes|bottles)\b)", re.I
    ),
    re.compile(
        r"(?<![\w.,-])(\d{1,3}) ?[x×](?=\s)|(?<![\w])[x×] ?(\d{1,3})(?!\w)|\bquantity(?: of| to|:)? ?(\d{1,3})\b", re.I
    ),
    re.compile(
        r"\b(?:buy|order|get|take|want|need|have|purchase|add|only|just|grab|send|like|love|it|that|them|those|for|be|"
        rf"another|quantity|rather)(?: me| us| to (?:buy|order|get|have|purchase))?(?: just| only| exactly)? "
        rf"(\d{{1,3}}|{_EN})"
        r"\b(?![.,]\d|-)(?! (?:day|week|month|hour|minute|year)s?\b)",
        re.I,
    ),
    re.compile(rf"(?:^|[,;.!?] |\band |\bno )(\d{{1,3}}|{_EN})\b(?![.,]\d|-)", re.I),
    re.compile(
        rf"(?<![\d.这那第哪每另上下某])({_ZH})(?=[{_MEASURES}])"
        r"(?!个(?:人|月|星期|小时|地址|问题|办法)|张(?:信用|银行|储蓄)?卡)"
    ),
    re.compile(
        r"(?:要|买|来|拍|订|购|单|数量|改成|换成|改为)[了是:：]?\s?(\d{1,3}|[两俩])(?![\d.码号寸厘毫公克斤升米岁月天年点元块人手下])"
    ),
)
"""Ways to say how many, the plainest first."""
_WITH_A_WORD: Final = (_COUNTED[0], _COUNTED[1], _COUNTED[4])
_BARE: Final = re.compile(
    r"\A(?:"
    rf"\W*(?:(?:then|ok|okay|fine|well|just|only|no),? |就|那|好吧|只要?)*(\d{{1,3}}|{_EN}|[一两俩二三四五六七八九十])"
    r"\W*(?:please|pls|thanks|吧|就行|就好|就够了?)?\W*"
    r")",
    re.I,
)

_PAYING: Final = re.compile(
    r"(?:[,;]? ?\b(?:and |then |please |i'?ll |i will |i'?d like to |can i |let me )*)?"
    r"\b(?:pay(?:ing|ment)?|paid|charged?|bill(?:ed)?|using|put (?:it|that|this) on|on|with|by|via|from|use)\b"
    r"(?: (?:it|that|this|for it|to|with|by|on|from|via|using))*(?: (?:my|the|a|our|saved|stored|default|usual|credit|"
    r"debit|bank|gift|visa|master|mastercard|amex|american|express|apple|google|store|shop))* ?"
    r"\b(?:card|visa|mastercard|amex|paypal|wallet|balance|account|klarna|pay|method|voucher)\b"
    r"(?: (?:ending|ends?)(?: in| with)? \d{2,4}| on file)?"
    r"|(?:付款|支付|结账|付钱)?(?:请|就|我)?(?:用|刷|走|从)(?:我(?:的|存的|绑定?的)*)?[^，。,；;！!]{0,14}?(?:付款?|支付|扣款?|结账|付钱|卡|支付宝|微信|余额|PayPal|Visa|万事达|Mastercard|Amex)"
    r"(?:付款?|支付|扣款?|结账|付钱|来付)?(?:就行|就好|吧)?"
    r"|(?:visa|paypal|mastercard|amex|万事达|银联|支付宝|微信|(?:礼品|信用|储蓄|银行)卡)(?:来)?(?:付款?|支付|扣款?|结账)",
    re.IGNORECASE,
)
"""How it is paid: a card named there is no goods."""
_WAY_ALONE: Final = re.compile(
    r"(?<![A-Za-z])(?:visa|master ?card|amex|american express|paypal|apple pay|google pay|alipay|klarna)(?![A-Za-z])"
    r"(?: card)?(?:,? ?(?:ending|ends?)(?: in| with)? ?\d{2,4}|,? \d{4}(?!\d))?|支付宝|微信支付|银联",
    re.IGNORECASE,
)
"""The name of a way to pay, which no goods have."""
_SENDING: Final = re.compile(
    r"(?:[,;]? ?\b(?:and|then|please)\b ?)*\b(?:(?:send|ship|deliver|post|mail|have)(?:ed|ing)? ?(?:it|them|this|that|"
    r"everything)? ?(?:sent |shipped |delivered )?(?:to|at)|(?:delivered|shipped|sent) to|to) "
    r"(?:(?:my|our|the|me at|his|her) )?(?:\w+(?:'s)? ){0,2}(?:address|place|office|home|work|house|flat|company)\b"
    r"|(?:请|帮我|直接|就|给我|麻烦)*(?:寄|送|发|配送|发货|邮寄|快递)(?:货)?(?:到|去|至|给|往)?[^，。,；;！!]{0,16}?(?:地址|公司|家里?|单位|办公室|学校)(?:就行|就好|吧)?",
    re.IGNORECASE,
)
"""Where it goes."""
_ASKING: Final = re.compile(
    r"\b(?:go ahead and|(?:can|could|would|will) you|(?:can|could|may) i|i(?:'d| would) (?:like|love)(?: to)?|"
    r"i(?:'ll| will)|i wanna|i want(?: to)?|i'?m (?:going to|gonna)|let'?s|"
    r"place (?:an|the|my|a new) order(?: for)?|put in an order(?: for)?|"
    r"put me down for|sign me up for|order(?:ing)?|buy(?:ing)?|purchase|get me|grab|take|have|checkout|check out|"
    r"right (?:now|away)|please|pls|thanks|thank you|for me|over the chat|in (?:this|the) chat|here|now|online|"
    r"straight ?away|directly)\b"
    r"|帮我|替我|给我|麻烦|请|直接|立即|马上|现在|在这里?|(?:下|拍)(?:个|一|一个|了)?单|下来|购买|订购|(?:想|要|就|可以|能|我)*买(?:下来?|个)?|"
    r"拍下?(?=$|[^照])|"
    r"我?(?:想|就|还)?要(?!是)|来(?=[\d一两二三四五六])|吧(?=$|[，。,！!])|谢谢|可以吗|行吗|好吗",
    re.IGNORECASE,
)
"""That something is ordered, however it is said."""
_POINTING: Final = re.compile(
    r"\b(?:the )?(?:first|second|third|fourth|fifth|last)(?: one)?\b"
    r"|第[一二三四五六\d][个款种件条双]?|最后那?一?[个款]",
    re.IGNORECASE,
)
_ORDERS: Final = re.compile(r"\b(?:order|buy|purchase|take|get me|want|have)\b|买|下单|购|要", re.IGNORECASE)


def quantity_said(text: str, *, sizes: Collection[str] = ()) -> int | None:
    """How many pieces a message says, from 1; None where it says no number of them. A size is none.

    `sizes` are numbers that may be sizes here: they count pieces only where a word for pieces stands with them.
    """
    spoken = _SIZES.sub(" | ", without_address(text))
    for pattern in _COUNTED:
        for said in pattern.finditer(spoken):
            word = next(filter(None, said.groups()))
            if _number(word) > 0 and (word not in sizes or pattern in _WITH_A_WORD):
                return _number(word)
    return None


def bare_number(text: str) -> int | None:
    """The number of a message that is nothing else: "two please"."""
    said = _BARE.fullmatch(text)
    return _number(said[1]) if said is not None else None


def goods_said(text: str) -> str:
    """A message without how many, how it is paid, where it goes and that it is ordered: what may name goods."""
    rest = _WAY_ALONE.sub(" ", _PAYING.sub(" ", without_address(text)))
    rest = _PLURAL.sub(_singular, rest)
    rest = _SENDING.sub(" ", rest)
    rest = _COUNTED[1].sub(" ", rest)
    rest = _PACKED.sub(" ", rest)
    rest = re.sub(rf"(?:{_COUNTED[4].pattern})[{_MEASURES}]", " ", rest)
    return _ASKING.sub(" ", rest).strip(" ,.;，。；")


_PACKED: Final = re.compile(
    rf"(?<![\w.,-])(?:\d{{1,3}}|{_EN}|an?) "
    r"(?:pieces?|pcs|units?|pairs?|copies|sets?|packs?|packets?|boxes|box|bottles?|tins?|jars?|tubes?|rolls?|bags?)\b"
    r"(?=\W*(?:(?:please|pls|plz|thanks|then|ta|of (?:it|them|those|these|that))\W*){0,3}$)",
    re.IGNORECASE,
)
"""How what was spoken of is packed: "ok, 2 packs pls" names no goods."""
_PLURAL: Final = re.compile(r"\b(?P<stem>scar|shel|lea|loa|hal|cal|kni|li|wi|hoo|whar)ves\b", re.IGNORECASE)


def _singular(found: re.Match[str]) -> str:
    """The word that the shop has for one: scarf for "scarves"."""
    return f"{found['stem']}fe" if found["stem"].casefold() in ("kni", "li", "wi") else f"{found['stem']}f"


_CORRECTS: Final = re.compile(
    r"\b(?:no,? wait|wait,? no|actually,? no|no,? actually|scratch that|sorry,? no|i mean|or rather|actually)\b"
    r"[ ,.]*(?:no|wait)?"
    r"|不对|不是|等等|等下|说错了|算错了",
    re.IGNORECASE,
)


def last_quantity_said(text: str, *, sizes: Collection[str] = ()) -> int | None:
    """How many a message says in the end: "make it one. actually no wait 3" is three."""
    for part in reversed([each.strip() for each in _CORRECTS.split(text)]):
        if part and (said := quantity_said(part, sizes=sizes)) is not None:
            return said
    return None


def no_such_wish(text: str, title: str) -> bool:
    """Whether a message says that a thing of this name was never wanted: "not a toaster", "forget it"."""
    left = _UNWANTED.match(text)
    if left is None:
        return False
    if re.search(r"[\u4e00-\u9fff]", text):
        return bool(title) and much_alike(text, title)
    rest = re.sub(r"[^\w]+", " ", text[left.end() :].casefold()).split()
    named = set(re.findall(r"[a-z]{3,}", title.casefold()))
    bare = left[0].strip().casefold() == "no" and not rest
    return not bare and all(word in named or word in _FILLERS for word in rest)


_UNWANTED: Final = re.compile(
    r"\W*(?:(?:no|omg|ugh|wait|hey|what)\W+)*(?:not|forget|never ?mind|drop|stop|cancel|no"
    r"|i (?:don'?t|do not|dont|never|didn'?t|didnt) (?:want|need|said|say|asked|ask|mean|meant)"
    r"(?: for| about| to buy)?)\b"
    r"|\W*(?:不是|不要|别|谁要|我没(?:要|说)|不买|我不(?:要|买))",
    re.IGNORECASE,
)
_FILLERS: Final = frozenset(
    ("a", "an", "the", "it", "that", "this", "any", "omg", "please", "pls", "about", "one", "of", "buy", "to", "want")
)


def without_pointing(text: str) -> str:
    """A message without "the second": it points at goods, and at no variant of them."""
    return _POINTING.sub(" ", text)


def payment_said(text: str) -> str:
    """The words of a message that may say how it is paid; all of them where nothing is ordered in it."""
    said = [match.group() for match in _PAYING.finditer(text)]
    if not said and not _ORDERS.search(text):
        return text
    return " ".join([*said, *(match.group() for match in _WAY_ALONE.finditer(text))])


def place_said(text: str) -> str:
    """The words of a message that may say where it goes."""
    return _PAYING.sub(" ", text)


def _number(word: str) -> int:
    return _NUMBERS.get(word.casefold()) or int(word)


_MY_ORDER: Final = re.compile(
    r"\b(?:show|see|view|check|find|open|pull up|bring up|look (?:at|up)|display)\b[^.?!,]{0,15}"
    r"\b(?:my|our)\b(?! (?:next|new))[^.?!,]{0,40}\border\b(?! (?:a|an|some|two|three|more|another)\b)"
    r"|(?:看|查|打开|调出|翻)[^，。？]{0,6}我[^，。？]{0,12}(?:订单|那单)",
    re.IGNORECASE,
)
"""One of the orders that there are is to be shown: nothing is bought by it."""
_CHANGES: Final = re.compile(
    r"\b(?:cancel|call off|return|refund|chang|swap|switch|exchang|add|remov|stop|mov|send|pay|track|where|receipt"
    r"|invoice)"
    r"|取消|退|换|改|加|减|停|付|发票|收据|到哪|物流",
    re.IGNORECASE,
)
"""What else may be wanted of it than to see it."""


def shows_an_order(text: str) -> bool:
    """Whether one of the orders that there are is to be shown, and nothing of it changed: "show me my rug order"."""
    return _MY_ORDER.search(text) is not None and _CHANGES.search(text) is None


_ADDS: Final = re.compile(
    r"\b(?:add|put|include|throw in|stick)\b(?!.*\b(?:note|address|name|phone|card|voucher|code|message)\b)"
    r".{2,60}\b(?:to|on|in|into|with) (?:my|the|this|that|an?|our) (?:\w+ )?(?:order|parcel|package|delivery|box)\b"
    r"|(?:订单|那单|这单|单子|包裹)(?:里|上|中)?[^，。]{0,4}(?:再)?(?:加|添|多[加放])(?!急|备注)|(?:加|添)[^，。]{1,12}(?:到|进|在)[^，。]{0,6}(?:订单|那单|这单|包裹)"
    r"|(?:我?(?:还|就|只)?(?:要|想)|能|能不能|可以|可不可以|帮我|给我|麻烦|是)(?:再|多)?(?:加|添)(?:多)?(?:上|进)?"
    r"(?:商品|东西|[一两二三四五\d几][个件条双只支本瓶包盒袋套张台块顶副份罐盏])(?!码|号|钱)"
    r"|\badd (?:a|an|one|two|three|\d|another|some)\b"
    r"(?!.*\b(?:note|address|name|phone|card|voucher|code|message|line)\b)"
    r".{0,60}\b(?:to (?:it|that|the order|my order)|(?:my|the|that|this|same) (?:order|parcel|box))\b"
    r"|\b(?:one|two|three|\d|another) (?:more )?[a-z ]{2,30} (?:in|on|to|into|with) (?:the|my) same"
    r" (?:order|parcel|box)\b",
    re.IGNORECASE,
)
"""Goods for an order that is placed: "put a lamp in my parcel", 那单里再加一个."""


def adds_to_an_order(text: str) -> bool:
    """Whether more goods are to go into an order that is placed: "can I add a lamp to my order?"."""
    return _ADDS.search(text) is not None


def much_alike(text: str, name: str) -> bool:
    """Whether at least half of a product's name is in a text, whatever the endings: "scarves" is a scarf."""
    said = text.casefold()
    latin = re.findall(r"[a-zà-ÿ]{3,}", name.casefold())
    parts = [word[: max(3, len(word) - 2)] for word in latin] or [each for each in name if "\u4e00" <= each <= "\u9fff"]
    return bool(parts) and sum(part in said for part in parts) * 2 >= len(parts)
