"""What is said to be missing: the goods themselves, or a part of goods that came ("a screw is missing", 少了一颗螺丝).

Pure: which words name it. Whether these are goods of the order is for who knows the order.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = r"[a-z][a-z'-]*"
_NOT_NAMED: Final = re.compile(
    r"something|anything|nothing|everything|item|items|thing|things|stuff|it|one|ones|them|they|product"
    r"|products|piece|pieces|pair|pairs|set|sets|pack|packs|unit|units|couple|dozen|order|orders|parcel|parcels"
    r"|package|packages|box|boxes|bag|bags|envelope|delivery|deliveries|shipment|shipments|post|mail|contents"
    r"|goods|which|what|that|this|these|those|lot|lots|half|rest|remainder|most|more|all|some|both|each|every"
    r"|whole|entire|other|others|another|first|second|third|fourth|last|latter|former|two|three|four|five|six"
    r"|seven|eight|nine|ten|of|from|in|out|on|and|but|with|for|since|until|till|after|before|over|about|by|to"
    r"|at|is|was|are|were|am|be|been|being|isn't|wasn't|aren't|weren't|has|have|had|having|get|gets|getting|got"
    r"|go|goes|going|gone|went|came|come|show|shows|says|said|seems|seem|looks|appears|marked|reported|listed"
    r"|found|noticed|think|guess|when|where|why|how|if|because|so|then|than|still|also|now|here|there|yet"
    r"|already|currently|completely|totally|probably|apparently|definitely|just|only|even|really|not|no|never"
    r"|today|yesterday|tomorrow|week|weeks|day|days|month|months|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|sent|again|please|thanks|back|replaced|resent|asap|i|we|you|he|she|my|your|our|me|us|a"
    r"|an|the"
    # What the shop owes besides goods, and what "there is no" is said of.
    r"|invoice|invoices|receipt|receipts|refund|refunds|money|payment|email|emails|e-mail|message|text|code"
    r"|codes|number|tracking|confirmation|discount|coupon|coupons|voucher|points|reply|answer|response|update"
    r"|updates|information|info|news|note|notice|warning|signature|sign|trace|problem|problems|issue|issues"
    r"|trouble|damage|doubt|rush|hurry|need|way|reason|point|use|option|choice"
)
_CONTRACTED: Final = re.compile(r"'(?:s|m|re|ve|d|ll)$")
_NAY: Final = frozenset(["no", "not", "never", "nothing", "without"])
_HAN_NUMBER: Final = r"(?:好?几|[一两二三四五六七八九十\d]+|[另第其整半多这那哪])+"
_HAN_NOT_NAMED: Final = re.compile(
    r"^(?:东西|商品|货物?|什么|啥|的|收到|发|寄|到|过?来|送|了|包裹|快递|订单|数量|好多|很多|许多|一些|有些|部分|所有|全部?|剩下?"
    rf"|其[他它余中]|另外|大半|{_HAN_NUMBER}|[件样个套单盏台双只盒箱袋瓶包份批支条张把块片组对些里])*$"
)
_HAN_ELSE: Final = re.compile(
    rf"^{_HAN_NUMBER}(?:件|样|套|盏|台|双|盒|箱|袋|瓶|包|份|批|组|对|单|部|款|种)"
    r"|^(?:在|好|上|进|完|够|对|错|稳|紧|齐|满|起|退|回|看|处理|解决|联系|登记|安排|换|改|取消|查|催|算|打电|开[发票单]|说(?!明))"
    r"|发票|收据|小票|退款|退钱|钱|运费|差价|优惠|积分|短信|通知|回复|消息|解释|说法|物流|单号|地址|电话|信息|邮件"
)
"""Goods that are counted, what was not done, or what is owed besides goods: no part of goods."""
_DET: Final = r"(?:an?|the|one|two|three|four|some|its|my|his|her|their|any|of the|\d+)"
_INSIDE: Final = r"(?:with it|inside|included|in (?:the|my) (?:box|bag|parcel|package))\b"
_AFTER: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bmissing (?:{_DET} )*(?P<what>{_WORD}(?: {_WORD})?)",
        rf"\b(?:came|arrived|delivered|got it|received it|is|was) without (?:{_DET} )*(?P<what>{_WORD}(?: {_WORD})?)",
        rf"\bthere were no (?P<what>{_WORD}(?: {_WORD})?)",
        rf"\bno (?P<what>{_WORD}(?: {_WORD})?) (?:was |were |came )?{_INSIDE}",
    )
)
"""Behind the word that tells of it: the first word of them names it, or nothing does."""
_BEFORE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<what>{_WORD}(?: {_WORD})?) (?:(?:of|for|from|in) (?:the|my|it)(?: {_WORD}){{0,4}} )"
        rf"(?:is|are|was|were|went|got|be)?\s*missing\b",
        rf"(?P<what>{_WORD}(?: {_WORD})?)(?: is| are| was| were| went| got)? missing\b",
        rf"(?P<what>{_WORD}(?: {_WORD})?) (?:(?:was|were|is|are)(?: not|n'?t)) {_INSIDE}",
    )
)
"""Before it: the last word of them names it, or nothing does."""
_LACKS: Final = r"(?:(?<![多至减不很])少|缺|漏(?![水电气油液光]))"
_HAN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<what>[\u4e00-\u9fff]{{1,12}}?){_LACKS}(?:发|装|寄|放|给)?了[一两几二三四\d]+[个颗根只条块片把张副套枚支]$",
        rf"{_LACKS}(?:发|装|寄|放|给|掉)?了?(?:我)?(?:[一两几二三四\d]*[个颗根只条块片把张副套枚支])?"
        r"(?P<what>[\u4e00-\u9fff]{1,8})",
        r"没(?:有)?(?:给|装|放|配|带|附)(?:我)?(?P<what>[\u4e00-\u9fff]{1,8})",
        r"(?P<what>[\u4e00-\u9fff]{1,12}?)(?:不见了|没了|没(?:有)?(?:装|放|给|配|附|带))",
    )
)
_HAN_TAIL: Final = re.compile(r"(?:怎么办|怎么弄|请|麻烦|能|可以|帮|要|想|补|没|不|了|吗|呢|啊|吧|，).*$")
_HAN_HEAD: Final = re.compile(
    r"^(?:.*的|.*里面?|我|但是?|可是?|就是|只是|不过|还是|发现|今天|刚|打开|少|缺|结果|有|只"
    r"|好像|似乎|应该|感觉|可能|明明|居然|竟然|一共|总共|怎么|这次|还|又|都|也)+"
)


def missing_thing(text: str) -> str:
    """The words for what is said to be missing, without those around them; empty where none are said."""
    if re.search(r"[\u4e00-\u9fff]", text):
        return _missing_in_chinese(text)
    text = text.replace("’", "'")
    for patterns, head in ((_AFTER, 0), (_BEFORE, -1)):
        for pattern in patterns:
            for found in pattern.finditer(text):
                if words := _naming(found["what"].lower().split(), head):
                    return " ".join(words)
    return ""


def _naming(words: list[str], head: int) -> list[str]:
    """Those of `words` that name something; none where their head names nothing."""
    words = [_CONTRACTED.sub("", word) for word in words]
    if _NOT_NAMED.fullmatch(words[head]) or words[0] in _NAY:
        return []
    return [word for word in words if not _NOT_NAMED.fullmatch(word)]


def _missing_in_chinese(text: str) -> str:
    for clause in re.split(r"[，。！？；,.!?;\s]+", text):
        for pattern in _HAN:
            found = pattern.search(clause)
            if found is None:
                continue
            what = _HAN_HEAD.sub("", _HAN_TAIL.sub("", found["what"]))
            if what and not _HAN_NOT_NAMED.match(what) and not _HAN_ELSE.search(what):
                return what
    return ""
