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
    r"\b(?:split|part(?:ly|ially)?|(?:the )?rest|remain\w*|what(?:['’]?s| is)? left|left ?over|half|as much as|as far as|first)\b"  # noqa: E501
    r"|剩下?的?|其余|余下|用完|用光|不够的|不足的?|差的部分|一部分|一半|各付|先用",
    re.IGNORECASE,
)
_SPLIT: Final = re.compile(
    r"\bsplit (?:it|the (?:payment|amount|bill|cost|difference)|between|across)\b|\b(?:two|both|2) (?:ways|cards|payment methods)\b"  # noqa: E501
    r"|分开付|拆开付|分两(?:次|笔|种)付|组合(?:支付|付款)|混合(?:支付|付款)|两种(?:方式)?(?:一起)?(?:支付|付款?)",
    re.IGNORECASE,
)
_REFUND: Final = re.compile(r"\b(?:refund|money back|back (?:on|to|onto))\b|退", re.IGNORECASE)


def wants_split(text: str) -> bool:
    """Whether one amount is to be paid in two ways, or it is asked whether it can be."""
    if _REFUND.search(text):
        return False
    return _SPLIT.search(text) is not None or (_BALANCE.search(text) is not None and _PARTS.search(text) is not None)


def told_of_split(dialogue: ChangeDialogue, asked: str) -> bool:
    """Says that one way has to be chosen, where two are wanted; whether that was said."""
    pays = asked == "payment_method" or (not asked and dialogue.kind.key == "payment")
    if not pays or dialogue.turn.pressed or not wants_split(dialogue.turn.text):
        return False
    dialogue.say("utter_returns", answer=dialogue.words("no_split"))
    return True
