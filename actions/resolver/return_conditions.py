"""In what state goods are that might be sent back: without their box or tags, without a receipt, worn or washed once.

Pure. It is only read where the rules for returns are asked about.
"""

from __future__ import annotations

import re
from typing import Final, Literal

State = Literal["no_receipt", "no_packaging", "used"]

_GONE: Final = (
    r"(?:without|no|not have|n['’]t have|threw|thrown|throw|tossed|toss|lost|lose"
    r"|missing|binned|discarded|recycled|got rid of|ripped|torn"
    r"|tore|damaged|opened|removed|cut off|took off|taken off)"
)
_READ: Final[dict[State, re.Pattern[str]]] = {
    "no_receipt": re.compile(
        r"\b(?:without|no|lost|don['’]?t have|do not have|missing)\b[^.?!]{0,20}\breceipts?\b"
        r"|(?:没有?|不见|丢)[^，。？]{0,3}(?:小票|收据|购物凭证|发票)|(?:小票|收据|购物凭证)[^，。？]{0,4}(?:没|丢|找不到|不见|扔)",
        re.IGNORECASE,
    ),
    "no_packaging": re.compile(
        rf"\b{_GONE}\b[^.?!]{{0,24}}\b(?:box|boxes|packag\w*|carton|wrapp\w*|tags?|labels?)\b"
        r"|\b(?:box|packaging|package|carton|tags?|labels?)\b[^.?!]{0,16}\b(?:gone|missing|ripped|torn|damaged|thrown|lost|off|binned)\b"
        r"|(?:盒子?|包装盒?|箱子|外箱|吊牌|标签)[^，。？]{0,4}(?:扔|丢|没了?|不在|不见|坏|拆|剪|撕|破|烂)"
        r"|(?:没有?|扔了?|丢了?|剪了?|拆了?|撕了?)[^，。？]{0,3}(?:盒子?|包装盒?|箱子|吊牌|标签)",
        re.IGNORECASE,
    ),
    "used": re.compile(
        r"\b(?:worn|wore|wear(?:ing)?|used|washed|slept (?:in|on)|cooked (?:with|in)|played (?:with|on))\b"
        r"(?! (?:\w+ ){0,3}(?:coupons?|vouchers?|codes?|discounts?|points|cards?|credit|paypal"
        r"|website|app|address|e-?mail|account)\b)"
        r"|\b(?:outside|outdoors) once\b"
        r"|(?<!使)[穿用洗戴睡玩骑](?:过|了[一两几]?[次回天])(?!的?[^，。？]{0,4}(?:券|优惠|折扣|积分|红包|礼品卡|余额))|下过水|水洗过",
        re.IGNORECASE,
    ),
}
_NOT_USED: Final = re.compile(
    r"\b(?:not|never|n['’]t|un)(?: been| even)? ?(?:worn|wore|used|washed)\b|\bused to\b|[没未](?:有)?[穿用洗戴睡玩]",
    re.IGNORECASE,
)


_NOT_SO: Final = re.compile(
    r"(?:\b(?:not|never)|n['’]?t\b)(?: (?:been|even|yet|ever|actually|really))* (?:open(?:ed)?|remov(?:e|ed)|damaged?"
    r"|torn|tore|ripp?(?:ed)?|thr[eo]wn?|toss(?:ed)?|lost|lose|binn?(?:ed)?|discard(?:ed)?|cut off|take off|taken off"
    r"|gone|missing)\b"
    r"|[没未](?:有)?(?:拆|剪|撕|破|坏|丢|扔|烂|开|动|损)(?:过|封|开|掉)?",
    re.IGNORECASE,
)
"""What was not done with the box or the tags."""


def states_asked(text: str) -> list[State]:
    """The states that words name."""
    text = _NOT_SO.sub(" ", text)
    found = [state for state, words in _READ.items() if words.search(text)]
    return [state for state in found if state != "used" or _NOT_USED.search(text) is None]


__all__ = ["State", "states_asked"]
