"""One amount paid in two ways: "the gift card as far as it goes, the rest by card". No change takes more than one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_BALANCE: Final = re.compile(
    r"\b(?:gift ?cards?|vouchers?|store credit|balance)\b|礼品卡|余额|储值卡|购物卡|代金券", re.IGNORECASE
)
_PARTS: Final = re.compile(
    r"\b(?:split|part(?:ly|ially)|half|as much as|as far as)\b"
    r"|\b(?:rest|remain\w*|left ?over|left|difference)(?: (?:amount|bit|part|sum|goes|go|then|paid))* (?:by|on|with|via|from|through|using|in)\b"  # noqa: E501
    r"(?! (?:my |the |a |an |that |this |old |other )*(?:gift|voucher|store credit|balance|it\b))"
    r"|(?:剩下?|其余|余下|不够|不足|差)的?(?:那?部分|钱|金额)?(?:我)?(?:再|就|改|都)?(?:用|刷|走|拿)(?!礼品|余额|储值|购物卡|代金)|一部分|一半|各付",
    re.IGNORECASE,
)
_REST: Final = re.compile(
    r"\b(?:part|(?:the )?rest|remain\w*|what(?:['’]?s| is)? left|left ?over|first|then)\b|剩下?的?|其余|余下|用完|用光|不够的|不足的?|先用",  # noqa: E501
    re.IGNORECASE,
)
"""What may be of one amount, where a second way to pay it is named beside: "my first gift card" is one way."""
_SECOND: Final = re.compile(
    r"(?<!gift )(?<!gift-)\bcards?\b|\b(?:visa|master ?card|amex|american express|paypal|cash|klarna|afterpay|transfer|apple pay|google pay|bank)\b"  # noqa: E501
    r"|刷卡|信用卡|借记卡|银行卡|微信|支付宝|花呗|现金|转账|货到付款|万事达",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\bsplit (?:it|the (?:payment|amount|bill|cost|difference)|between|across)\b|\b(?:two|both|2) (?:ways|cards|payment methods)\b"  # noqa: E501
    r"|分开付|拆开付|分两(?:次|笔|种)付|组合(?:支付|付款)|混合(?:支付|付款)|两种(?:方式)?(?:一起)?(?:支付|付款?)",
    re.IGNORECASE,
)
_TOGETHER: Final = re.compile(
    r"\b(?:together|combin\w+|both|at the same time|along ?side|as well as|mix\w*)\b|一起|同时|混着|搭配|合着",
    re.IGNORECASE,
)
"""Two ways that are both named are to be used for one amount."""
_TWO_TOGETHER: Final = re.compile(
    r"(?:两|二|2)[种个张](?:方式|卡)?(?:能不能|可不可以|能|可以|是否)?(?:一起|同时|混着)(?:付|用|支付|刷)"
)
_REFUND: Final = re.compile(r"\b(?:refund|money back|back (?:on|to|onto))\b|退", re.IGNORECASE)


_IN_PLACE: Final = re.compile(
    r"\b(?:instead|rather than|both orders|not (?:my|the|on))\b|代替|不用[^，。]{0,4}卡|两[个张笔]?单", re.IGNORECASE
)
"""One way in the other's place, or one of several orders."""


def wants_split(text: str) -> bool:
    """Whether one amount is to be paid in two ways, or it is asked whether it can be."""
    if _REFUND.search(text) or _IN_PLACE.search(text):
        return False
    if _SPLIT.search(text) or _TWO_TOGETHER.search(text):
        return True
    if _BALANCE.search(text) and _TOGETHER.search(text) and _SECOND.search(text):
        return True
    in_parts = _PARTS.search(text) or (_REST.search(text) and _SECOND.search(text))
    return _BALANCE.search(text) is not None and in_parts is not None


def told_of_split(dialogue: ChangeDialogue, asked: str) -> bool:
    """Says that one way has to be chosen, where two are wanted; whether that was said."""
    pays = asked == "payment_method" or (not asked and dialogue.kind.key == "payment")
    if not pays or dialogue.turn.pressed or not wants_split(dialogue.turn.text):
        return False
    dialogue.say("utter_returns", answer=dialogue.words("no_split"))
    return True
