"""What is wanted where a message takes the wish before back: "no exchange, return it instead", "算了不换了，退货吧".

Only messages of verbs and pronouns are read here; what names goods, orders or options is for the resolver.
"""

from __future__ import annotations

import re
from typing import Final

from actions.resolver import Wish

_VERBS_EN: Final[dict[Wish, str]] = {
    "exchange": r"(?:exchang|swapp?|switch|replac|chang)(?:e|es|ed|ing)?(?: (?:it|them|that|this|anything))?",
    "return": r"(?:return|refund)(?:s|ed|ing)?(?: (?:it|them|that|this|me))?|send(?:ing)? (?:it|them|that|this|everything)? ?back"  # noqa: E501
    r"|(?:get |have |want )?(?:my |the |a )?(?:money back|refund)",
    "cancel": r"(?:cancel|call off|calling off)(?:l?ed|l?ing)?(?: (?:it|them|that|this|everything|the order|my order))?",  # noqa: E501
}
_VERBS_ZH: Final[dict[Wish, str]] = {
    "exchange": r"(?:更换|换货|换掉|换|改)",
    "return": r"(?:退货退款|退货|退款|退钱|退掉|退)",
    "cancel": r"(?:取消订单|取消|撤单)",
}
_NOT_EN: Final = r"(?:i )?(?:don't|dont|do not|won't|no longer|not|no|rather not|instead of)(?: (?:want|wish|need|going))?(?: (?:to|an?|the))? "  # noqa: E501
_DROPPED: Final[dict[Wish, re.Pattern[str]]] = {
    wish: re.compile(
        rf"\b{_NOT_EN}(?:{_VERBS_EN[wish]})(?: (?:any ?more|after all))?\b|(?:不想|不用|先不|不|别){_VERBS_ZH[wish]}了?",  # noqa: E501
        re.IGNORECASE,
    )
    for wish in _VERBS_EN
}
_WANTED: Final[dict[Wish, re.Pattern[str]]] = {
    wish: re.compile(rf"(?<![a-z])(?:{_VERBS_EN[wish]})(?![a-z])|{_VERBS_ZH[wish]}", re.IGNORECASE)
    for wish in _VERBS_EN
}
_AROUND: Final = re.compile(
    r"\b(?:actually|no|nope|hmm+|ok|okay|oh|well|then|just|please|pls|rather|instead|i|i'd|id|i'll|would|prefer|like|want|to|let's"
    r"|simply|can|could|you|we|do|so|and|but|it|them|that|this|wait|sorry|maybe|yes|yeah|my|mind|never|forget|changed|i've|the)\b"
    r"|[算了那就还是直接吧帮我请给嗯好的麻烦想要得了掉一下啊呢哈先么另外全部都整单]|[\W_]",
    re.IGNORECASE,
)


def wish_instead(text: str) -> Wish | None:
    """The one wish of a message that takes another back out loud, or says "instead"; None where it says more."""
    rest = text
    for pattern in _DROPPED.values():
        rest = pattern.sub(" ", rest)
    taken_back = (
        rest != text or re.search(r"\binstead\b|\brather\b|\bprefer\b|还是|算了", text, re.IGNORECASE) is not None
    )
    return _only_wish(rest) if taken_back else None


def bare_wish(text: str) -> Wish | None:
    """The wish of a message that is nothing but its verb: "取消吧", "just return it"; None where it says more."""
    return _only_wish(text)


def _only_wish(text: str) -> Wish | None:
    found = [wish for wish, pattern in _WANTED.items() if pattern.search(text)]
    if len(found) != 1:
        return None
    return found[0] if not _AROUND.sub("", _WANTED[found[0]].sub(" ", text)) else None
