"""Whether words may be about something that was ordered, or only about goods that are looked at. Pure.

Who has said nothing of an order and looks at goods is asked for no number: "6 then. how much, and when's it get here?",
"I'm a lefty, can it be switched?". Wherever something may have been bought, or gone wrong, it is no mere look.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from actions.resolver.text import fold, stems_of

_ORDERED: Final = re.compile(
    "|".join(
        [
            r"\b(?:re-?)?orders?\b|\bordered\b|\bparcels?\b|\bpackages?\b(?! (?:size|deal|of)\b)|\bshipments?\b",
            r"\bdispatched\b|\btrack(?:ing|ed)?\b(?! (?:suits?|pants|bikes?|lights?))|\binvoice\b|\breceipt\b",
            r"\brefund\w*|\b(?:bought|purchased|received|arrived|delivered|charged|paid)\b",
            r"\bi (?:just |already )?(?:got|own)\b|\bi['’]?ve (?:just |already )?(?:got|had)\b",
            r"\b(?:i|we)(?:['’]ve)? (?:have )?(?:just |already )?placed\b|\bmoney back\b(?! guarantee)",
            r"\b(?:keep|leave) (?:only )?the (?:rest|others?)\b|\bn['’]t (?:want|need) [^.?!,]{1,30}\bany ?more\b",
            r"\b(?:came|turned up|showed up)\b|\bwhere(?:['’]?s| is| are) (?:my|it|mine)\b|\bmine\b",
            r"\bmy (?:old )?(?:one|ones|account|basket|cart|purchase|delivery|address|card|name|e-?mail)\b",
            r"\b(?:cancel|exchang|replacement)\w*|\b(?:return|send|swap|change) (?:it|this|them|these|my|the|one)\b",
            r"订单|单号|下单|包裹|物流|发货|签收|收到|到手|[我刚]买[了的过]?|买了|买的|买过|[前昨今]天到|退款|取消|发票",
            r"付款|付了|扣|我的(?:那|这)?(?:[个件条双单台只]|地址|账号|包|货|东西)|没到|到哪|催|补发|少发|漏发|错发",
            r"(?:[一两二三几这那上每各]|下的)单|单[里子]|留着",
            r"发错|寄错|换货|退货|拍[的了过]|(?:[前昨今]天|之前|上次|刚)拍|[想要]换(?=成|[^，。？！\s]{0,3}[码号])",
        ]
    ),
    re.IGNORECASE,
)
"""Something was bought, is on its way or is to be undone."""
_IS_CHANGED: Final = re.compile(
    "|".join(
        [
            r"\bget rid of\b|\bcall(?:ing)? off\b|\b(?:send|give|sending|giving|take|taking) (?:[\w'-]+ ){0,4}back\b",
            r"\b(?:swap|exchange|change|switch) (?:the|my|that|those|these|this) (?:[\w'-]+ ){1,5}(?:to|for|into)\b",
            r"\btake (?:[\w'-]+ ){1,5}off\b|\b(?:drop|scrap|lose|axe) (?:the|my) ",
            r"[把将][^，。？！]{1,14}[退换改]|[改换]成|退[了掉](?![吗么])|退(?:一|两|那|这)[件个条双只台]|[要想]退(?!税|休)|退订|撤单",
        ]
    ),
    re.IGNORECASE,
)
"""What is not shop talk: something becomes something else, or goes."""
_WENT_WRONG: Final = re.compile(
    "|".join(
        [
            r"\b(?:broke|broken|damaged?|faulty|defect\w*|torn|wrong|missing|dead|cracked|rusted|leak(?:s|ed|ing))\b",
            r"\b(?:burst|scratched|stained|ripped|bent|spil(?:t|led)|fell|stopped|snapped|loose|peel(?:s|ed|ing))\b",
            r"\b(?:doesn|isn|won|didn|can|wasn)['’]?t (?:work|turn|charge|fit|open|close|start|connect|switch|stay)\b",
            r"\b(?:not|no longer|never) (?:working|charging|charged|fitting|turning|opening|right|as)\b",
            r"\bnever (?:came|works?)\b|坏了|破了|碎了|裂了?|漏了|断了|掉了|松了|脏了|划痕|瑕疵|错了|少了|用不了",
            r"打不开|充不进|不[亮转动热响制通]了|有问题|质量差|不合适|没反应|起球了|褪色了|开胶|发霉了",
        ]
    ),
    re.IGNORECASE,
)
_OF_THE_BODY: Final = re.compile(
    r"\b(?:cracked|dry|broken|chapped|torn|bent|loose|dead|sore|peeling|damaged|stained)"
    r" (?:skin|hands?|knuckles|heels?|lips?|nails?|fingers?|feet|hair|ends|teeth|back|cuticles)\b",
    re.IGNORECASE,
)
"""What goods are for has gone wrong, and not they."""
_SUPPOSED: Final = re.compile(
    r"\b(?:if|in case|will|would|could|might) [^.?!,;]{1,30}$|(?:会|容易|如果|要是|万一|怕)[^，。？?！!\s]{0,8}$",
    re.IGNORECASE,
)
"""Before what is only supposed to happen."""
_GOES_BACK: Final = re.compile(
    "|".join(
        [
            r"\b(?:can|could|may|do) (?:i|we|you) (?:\w+ )?(?:return|send|take|bring|exchange|swap)"
            r" (?:it|them|this|these|one)\b",
            r"\b(?:returnable|exchangeable)\b",
            r"\bif (?:i|we|she|he|they|it) (?:do(?:es)?n['’]?t|hate|change)\b.*\b(?:return|send|back)\b",
            r"[能可](?:以|不能|不可以)?(?:无理由)?[退换]货?[吗么不]|支持(?:无理由)?[退换]|包[退换]",
            r"[退换]货?(?:行|可以)[吗么不]",
        ]
    ),
    re.IGNORECASE,
)
_MINE: Final = re.compile(
    r"\W*(?:(?:hi|hello|hey|so|and|but|ok|the)\W+){0,2}(?:my|our)\b|\W*我[家们]?[的那这][个件条双只台把款]?"
)
_NEAR: Final = 3
_GIVES: Final = re.compile(r"@|(?<![\d.])\d{5,}(?!\d)")
"""An e-mail address, an order's or a telephone's number."""


def may_be_ordered(text: str) -> bool:
    """Whether words may be about something that was ordered, or that has gone wrong."""
    if _GIVES.search(text):
        return True
    rest = _GOES_BACK.sub(" ", _OF_THE_BODY.sub(" ", text))
    if _ORDERED.search(rest) or _IS_CHANGED.search(rest):
        return True
    return any(_SUPPOSED.search(rest[: said.start()]) is None for said in _WENT_WRONG.finditer(rest))


def calls_own(text: str, words: Collection[str]) -> bool:
    """Whether a message begins with goods of the shopper's own, named by `words` (stems): "my lamp flickers"."""
    folded = fold(text)
    if (said := _MINE.match(folded)) is None:
        return False
    after = folded[said.end() :]
    return any(
        word in stems_of(" ".join(after.split()[:_NEAR])) if word.isascii() else word in after[: _NEAR * 2]
        for word in words
    )


def asks_whether_it_goes_back(text: str) -> bool:
    """Whether it is asked if goods could be returned or exchanged: 不想要了能退吗."""
    return _GOES_BACK.search(text) is not None


__all__ = ["asks_whether_it_goes_back", "calls_own", "may_be_ordered"]
