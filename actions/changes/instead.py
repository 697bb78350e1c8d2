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
    "cancel": r"call(?:ing)? (?:it|them|that|this|everything|the order|my order|the return) off"
    r"|(?:cancel|call off|calling off)(?:l?ed|l?ing)?(?: (?:it|them|that|this|everything|the order|my order))?",
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
    r"\b(?:actually|no|nope|hmm+|ok|okay|oh|well|then|just|please|pls|rather|instead|i|i'd|id|i'll|me|would|prefer|like|want|to|let's"
    r"|simply|can|could|you|we|do|so|and|but|it|them|that|this|wait|sorry|maybe|yes|yeah|my|mind|never|forget|changed|i've|the)\b"
    r"|可以|[算了那就还是直接吧帮我请给嗯好行的麻烦想要得了掉一下啊呢哈先么另外全部都整单]|[\W_]",
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


_ALL: Final = re.compile(
    r"\b(?:all(?: of (?:it|them|that|those))?|everything|both(?: of them)?|the (?:whole|entire|full)(?: (?:lot|thing|order))?|whole order)\b"  # noqa: E501
    r"|全部|所有的?|整[单个]|全都?|都|一起",
    re.IGNORECASE,
)
_LIMITS: Final = re.compile(
    r"\b(?:only|but|except|apart from|besides|without|not|half|other|two|three|four|five|six|first|second|third|last)\b"
    r"|\d|\b(?<!that )(?<!this )(?<!the )one\b|\bjust (?:the|one|a|an|my|that|this)\b"
    r"|[一两二三四五六七八九十几半][件个条双只套份盒本瓶包台把张件样单]|只|仅|除|另外|半|其他|其它|别的|第|就(?:要|退|取消|换)[那这](?!样|么)",
    re.IGNORECASE,
)


def all_of_it(text: str) -> bool:
    """Whether a message says nothing but that all of it is meant: "no, cancel everything", "算了都取消吧"."""
    if not _ALL.search(text) or _LIMITS.search(_ALL.sub(" ", text)):
        return False
    rest = _ALL.sub(" ", text)
    for pattern in _WANTED.values():
        rest = pattern.sub(" ", rest)
    return not _AROUND.sub("", rest)


_WHOLE: Final = re.compile(r"\b(?:everything|whole|entire|full|order)\b|整|全部|所有|订单", re.IGNORECASE)


def all_that_is_shown(text: str) -> bool:
    """Whether a message says "all of them" and no verb: all that is shown, and not all that there is."""
    return all_of_it(text) and not _WHOLE.search(text) and not _AROUND.sub("", _ALL.sub(" ", text))


def limits(text: str) -> bool:
    """Whether a message names an extent, a place or a number, so that it is no mere yes: "yes, only one"."""
    return _LIMITS.search(text) is not None or _ALL.search(text) is not None


def _only_wish(text: str) -> Wish | None:
    found = [wish for wish, pattern in _WANTED.items() if pattern.search(text)]
    if len(found) != 1:
        return None
    return found[0] if not _AROUND.sub("", _WANTED[found[0]].sub(" ", text)) else None
