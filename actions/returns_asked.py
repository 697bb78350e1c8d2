"""What a question about returns asks for first: what it costs, until when, or whether it may be some day. Pure."""

from __future__ import annotations

import re
from typing import Final

_COSTS: Final = re.compile(
    r"\b(?:costs?|costing|pays?|paying|free|charged?|charges|fees?|postage|freight|shipping|for nothing|at whose expense"  # noqa: E501
    r"|out of (?:my own )?pocket)\b|运费|邮费|快递费|谁[出付掏承]|花钱|要钱|收费|免费|包邮|付费|自己出|倒贴|费用",
    re.IGNORECASE,
)
_WHETHER: Final = re.compile(
    r"\b(?:can|could|may|able to|possible|allowed)\b|能不能退|可不可以退|能退|可以退|退得了|给退|让退|支持退",
    re.IGNORECASE,
)
_FREE: Final = re.compile(
    r"\b(?:for free|free (?:returns?|of charge|to (?:return|send))|returns? (?:are |is )?free|for nothing|without paying)\b|免费退|包邮退|免运费",  # noqa: E501
    re.IGNORECASE,
)
_MONEY_BACK: Final = re.compile(
    r"\b(?:refunds?|refunded|money|paid back|pay me|reimburse\w*|price|restock\w*)\b|退款|退钱|到账|退多少|价",
    re.IGNORECASE,
)
_WINDOW: Final = re.compile(
    r"(?:到货|收到|签收|到手|收货|送到|买了?|下单)(?:货|以?后|之后|了)*[^，。？?]{0,4}(?:多久|多长时间|几天|多少天)(?:之?内|以内)?[^，。？?]{0,4}(?:能|可以|还能|可)退"
    r"|(?:多久|多长时间|几天|多少天)(?:之?内|以内)(?:都)?(?:能|可以|可)?退|退货期|退货期限|\bhow (?:long|many days)\b[^.?!]*"  # noqa: E501
    r"\b(?:do|have|can) (?:i|we)\b[^.?!]*\b(?:return|send)\b",
    re.IGNORECASE,
)
_IN_CASE: Final = re.compile(
    r"\b(?:if|in case|suppose|supposing|should)\b[^.?!;]{0,40}?\b(?:fit|fits|like|likes|suit|suits|small|big|tight|large|short|long|loose|wide"  # noqa: E501
    r"|narrow|wrong|want|wants|love|loves|happy|pleased|work|works|right|ugly|keep|broken|faulty|breaks|damaged|hate|hates|disappoint\w*)\b"
    r"|如果|要是|万一|假如|倘若|的话|到时候",
    re.IGNORECASE,
)
_DISLIKED: Final = re.compile(
    r"\b(?:do|does|did|is|are|was|were|will|would|wo|ca|can)(?:n['’]?t| not)\b(?: (?:really|quite|actually|even))?"
    r"(?: (?:fit|like|suit|want|love|work|happy|right)\b)?"
    r"|\b(?:what (?:happens )?)?if\b|\bin case\b|\b(?:suppose|supposing)\b"
    r"|不喜欢|不合[适身]|不满意|不好看|穿不[了下]|如果|要是|万一|假如|倘若|的话|到时候|怎么办|咋办",
    re.IGNORECASE,
)
_BARE_COST: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|but)\W+)*(?:(?:what|how much) (?:does|do|would|will|is|are) (?:that|it|this|they)(?: (?:cost|be)(?: me)?)?"  # noqa: E501
    r"|how much|what(?:['’]s| is) the (?:cost|fee|charge)|(?:is|are) (?:that|it|they) free|at (?:what|which) cost)\W*$"
    r"|^\W*(?:那|这个?)?(?:要|得|需要)?(?:多少钱|要钱吗|收费吗|花钱吗|免费吗|收钱吗|运费呢|运费多少|邮费呢)\W*$",
    re.IGNORECASE,
)
_WHEN_PAID: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|but|then)\W+)*(?:when|how (?:long|soon|fast|quickly)|how many days)"
    r" (?:(?:until|till|before|does it take (?:until|till|before|for|to)"
    r"|do|will|would|can|could|should|might|is|are) )?"
    r"(?:(?:i|we|you|me) )?(?:(?:to )?(?:get|have|see|receive|give|pay|expect) )?(?:me )?(?:back )?"
    r"(?:my|the|our) (?:money|refund|cash)(?: back)?(?: then)?\W*$"
    r"|^\W*(?:那么?|还有|然后)?(?:退?[钱款]|退款)?(?:要|得|大概|一般)?(?:多久|多长时间|几天|什么时候|啥时候)(?:之?内)?(?:能|可以|会|才)*"
    r"(?:给我|给)?(?:退回?|到账|收到|拿到|返还?|回)(?:来|给我)?(?:我的?)?(?:[钱款]|退款)?(?:到账)?(?:啊|呢|呀)?\W*$",
    re.IGNORECASE,
)
_MONEY_NAMED: Final = re.compile(r"\b(?:money|refund|cash)\b|[钱款]|到账", re.IGNORECASE)
_BARE_RETURNS: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|but)\W+)*(?:(?:what|how) about )?(?:the )?returns?(?: policy)?\W*\?\W*$"
    r"|^\W*那?退(?:换货?|货)?呢\W*$",
    re.IGNORECASE,
)
_DISLIKED_HAN: Final = re.compile(
    r"不喜欢|不合[适身]|不满意|不好看|不合脚|穿不[了下]|太[小大紧松长短]|[偏][小大]|色差|不想要"
)
_GOES_BACK: Final = re.compile(
    r"\b(?:send|take|bring|give|ship|mail|post)\b[^.?!;]{0,20}\bback\b|\breturn(?:s|ed|able|ing)?\b|\bgo(?:es)? back\b|\bmoney back\b|\brefund",  # noqa: E501
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"\b(?:can|could|may|will|would|do|does|is|are|am)\s+(?:i|we|it|they|you|this|that|there|the \w+)\b", re.IGNORECASE
)
_ASKED_HAN: Final = re.compile(
    r"(?:能不能|可不可以|可以|能|给|让|支持|接受|好)(?:无理由|随时|直接|再)?退(?:货|掉|回去?|了)?(?:吗|嘛|么|不|的?吧|\W*$)"
    r"|(?:能不能|可不可以|能否|可否)[^，。？]{0,6}退"
)
_WHAT_IF: Final = re.compile(
    r"^\W*(?:and |but |so |ok |okay )*what (?:happens )?if (?:i|he|she|we|they|it|this|that|these|those|(?:the|my) \w+(?: \w+)?)\b[^.?!;]{0,30}\b(?:like|likes|suit|suits|fit|fits|want|wants)\b"  # noqa: E501
    r"[^.?!;]{0,12}\W*$|^\W*(?:那|但|可)?(?:如果|要是|万一)[^，。？]{0,10}(?:不喜欢|不合[适身]|不满意|穿不[了下])(?:呢|怎么办|咋办|了)*\W*$",
    re.IGNORECASE,
)
_WISHED: Final = re.compile(
    r"\bi(?:['’]d| would)? (?:want|wanna|like|need) to\b|\bplease\b|\bif (?:possible|you can|that['’]?s)\b|我[想要]退|帮我|给我退|麻烦|(?:可以|方便|行)的话",  # noqa: E501
    re.IGNORECASE,
)


def asks_in_case(text: str) -> bool:
    """Whether words ask if goods might come back in a case that has not come to pass: "if it's too tight, may I …?"."""
    if _WISHED.search(text):
        return False
    if _WHAT_IF.search(text):
        return True
    if _IN_CASE.search(text) is None:
        return False
    return bool(_GOES_BACK.search(text) and _ASKED.search(text)) or _ASKED_HAN.search(text) is not None


def may_ask_in_case(text: str) -> bool:
    """Whether words ask that of goods that are not here yet, and want a return of those that are: 不喜欢可以退吗."""
    return _DISLIKED_HAN.search(text) is not None and _ASKED_HAN.search(text) is not None and not _WISHED.search(text)


def without_dislike(text: str) -> str:
    """`text` without what would be wrong with the goods in that case: "the coat doesn't fit" names the coat."""
    return _DISLIKED.sub(" ", text) if asks_in_case(text) else text


def asks_what_it_costs(text: str) -> bool:
    """Whether words ask what the way back costs, and not also whether there is one."""
    if asks_bare_cost(text):
        return True
    if _COSTS.search(text) is None or _MONEY_BACK.search(text):
        return False
    return _FREE.search(text) is not None or _WHETHER.search(text) is None


def asks_bare_returns(text: str) -> bool:
    """Whether words only turn to returns: "and returns?", 退货呢."""
    return _BARE_RETURNS.match(text) is not None


def asks_bare_cost(text: str) -> bool:
    """Whether words ask for a cost and do not say of what: "how much is that?", 要钱吗."""
    return _BARE_COST.match(text) is not None


def asks_when_paid(text: str) -> bool:
    """Whether words ask for nothing but when money comes back: "and when do I get my money", 钱多久到账."""
    return _WHEN_PAID.match(text) is not None and _MONEY_NAMED.search(text) is not None


def asks_for_window(text: str) -> bool:
    """Whether words ask how long goods may come back, not how long money takes: 到货后多久能退."""
    return _WINDOW.search(text) is not None and _MONEY_BACK.search(text) is None


__all__ = [
    "asks_bare_cost",
    "asks_bare_returns",
    "asks_for_window",
    "asks_in_case",
    "asks_what_it_costs",
    "asks_when_paid",
    "may_ask_in_case",
    "without_dislike",
]
