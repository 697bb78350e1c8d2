"""What a message takes back in the same breath, put as what it comes to. Pure.

"The two mugs go.. no wait, cancel only the lamp" is of the lamp alone; "the mugs back.. I mean cancel" calls them off; and
"forget pink, navy" turns down a colour, no goods.
"""  # noqa: E501

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from actions.resolver.vocabulary import read

_GO: Final = (
    r"cancel|drop|remove|call off|take off|take out|scrap|return|send back|get rid of|refund|swap|change|exchange"
)
_WAIT: Final = (
    r"(?:no+,? wait|wait,? no|hang on|hold on|scratch that|strike that|forget that|oh no|no,? sorry|sorry,? no"
    r"|no,? actually|actually,? no|correction|on second thoughts?|changed my mind)"
)
_STOP: Final = r"(?:\.{2,}|…|[,.;!?–-])\s*"
_ONLY_LATER: Final = re.compile(
    rf"{_STOP}(?:(?:hm+|oh|ah|er+m?|uh+|um+|well|ok)\W+)*{_WAIT}\b[\s,.:!–-]*"
    rf"(?=(?:(?:please|then|so|can you|could you)\W+)*(?:only (?:{_GO})|(?:{_GO}) (?:only|just)|just (?:{_GO}) (?=the\b))\b)",  # noqa: E501
    re.IGNORECASE,
)
_ONLY_LATER_HAN: Final = re.compile(
    r"(?:[，。…,.;；!！]|\.{2,})\s*(?:哦|啊|呃|嗯|诶|哎)*[，,\s]*(?:不对|不是|等等|等一下|等下|说错了|不|算了)[了啊呀]?[，,。.…\s]+"
    r"(?=(?:那就?|就|还是|麻烦|请|帮我)*只(?:要|把|想)?[^，。；！？]{0,12}(?:取消|退|换|改|不要))"
)
_WISHED: Final = re.compile(
    rf"\b(?:{_GO}|keep|want|need|both|all)\b|\b(?:go|goes)\b|取消|退|换|改|不要|留", re.IGNORECASE
)
_WHERE: Final = re.compile(
    r"^\W*(?:(?:hi|hello|hey|so|ok|please)\W+)*(?P<where>(?:from|in|on|of|with|about|regarding) (?:(?:my|the|that|this) )?[^,.;!?]{0,24}?\border\b(?: #?\w*\d\w*| from (?:last |this )?[\w-]+)?)"  # noqa: E501
    r"|^\W*(?P<place>(?:昨天|今天|前天|上周|上个月|最近|那个|我)[^，。；！？]{0,8}?(?:订单|那单|单子?)(?:里|中)?)",
    re.IGNORECASE,
)
_MEANT: Final = re.compile(
    r"(?P<start>^|[.;!?]\s*)(?P<lead>(?:(?:and|also|oh|then|plus)\s+)*)(?:(?:i(?:['’]d| would) like|i want|i need|send|return|take|give|bring) )?"  # noqa: E501
    r"(?P<goods>(?:the |my |those |these |that )?(?!(?:i|it|they|them|we|you|sent|went)\b)[a-z][\w' -]{2,60}?)(?: to (?:go|be sent))? back\s*(?:\.{2,}|…|[,.!–-]|\s)\s*"  # noqa: E501
    r"(?:(?:no|sorry|oops|er+m?|uh+|wait)\W+)*(?:i (?:mean|meant)|or rather|to be precise)\W+(?:to )?cancel(?:l?ed|ling)?\b"  # noqa: E501
    r"(?= *(?:$|[.,;!?]|them|it|please))",
    re.IGNORECASE,
)
_MEANT_HAN: Final = re.compile(
    r"(?P<goods>[^，。；！？,.;!?]{1,24}?)(?<![不别没])(?:退货|退掉|退了|退回|退)[吧了]?(?:[，。…,.\s]|\.{2,})*(?:哦|啊|呃)?(?:不对|不是|说错了)?[，,。\s]*"
    r"(?:我(?:的意思)?是说|我是说|我想说|应该说)[，,：:\s]*(?:是)?取消"
)
_NOT_IT: Final = re.compile(
    r"\b(?:forget|never ?mind|skip)(?: about)?(?: the)? (?P<value>[a-z]+(?: [a-z]+)?)(?P<stop>\s*[!,.;–-]+\s*|$)",
    re.IGNORECASE,
)
_NOT_IT_HAN: Final = re.compile(
    r"(?:别管|不用管|忘了|不要管|先别管)(?P<value>[\u4e00-\u9fff]{1,4}?)(?:了|吧)?(?P<stop>[！，。；!,.;]\s*|$)"
)


def corrected(text: str) -> str:
    """`text` as it stands once what it takes back itself is taken back."""
    text = _MEANT.sub(lambda said: f"{said['start']}{said['lead']}cancel {said['goods']}", text)
    text = _MEANT_HAN.sub(lambda said: f"{said['goods']}取消", text)
    return without_turned_down_colour(_only_last(text))


def without_turned_down_colour(text: str) -> str:
    """`text` with blanks for "forget pink!" before something else: a colour is turned down, no goods are called off."""
    for pattern in (_NOT_IT, _NOT_IT_HAN):
        text = pattern.sub(_without_colour, text)
    return text


_POINTS_ONLY: Final = re.compile(
    r"^\W*(?:only |just )?(?:\w+ ){1,2}?(?:only |just )?(?:it|them|that|the (?:size|colou?r|address|date|quantity|amount))\b|^\W*只[^，。；！？]{0,3}(?:尺码|颜色|地址|它)",  # noqa: E501
    re.IGNORECASE,
)


def _only_last(text: str) -> str:
    """`text` from what is "only" wanted after all, with the order that it began with."""
    back = _ONLY_LATER.search(text) or _ONLY_LATER_HAN.search(text)
    if back is None or _WISHED.search(text[: back.start()]) is None:
        return text
    if _POINTS_ONLY.search(text[back.end() :]):
        # "Only change the size", "only cancel it if …": of what was named before.
        return text
    where = _WHERE.match(text[: back.start()])
    order = (where["where"] or where["place"]) if where else ""
    if not order:
        return text[back.end() :]
    return f"{order}, {text[back.end() :]}" if order.isascii() else order + text[back.end() :]


def _without_colour(said: re.Match[str]) -> str:
    rest = said.string[said.end() :]
    return " " * len(said[0]) if said["value"].strip().lower() in _colours() and re.search(r"\w", rest) else said[0]


@cache
def _colours() -> frozenset[str]:
    content: Any = read("colours")["colours"]
    return frozenset(str(name).lower() for _, _, *names in content for each in names for name in each)


__all__ = ["corrected", "without_turned_down_colour"]
