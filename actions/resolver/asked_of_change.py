"""Questions about a change that is open, or was made: does the rest stay, does it cost the same, is nothing changed.

Pure. They want nothing done: "is everything else the same?" makes nothing else the same. The same words without a
question ("leave everything else the same") are a wish, and are none of these.
"""

from __future__ import annotations

import re
from typing import Final, Literal

AskedOfChange = Literal["rest", "price", "nothing"]

_LEADS: Final = (
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|oh|then|well|hm+|wait|sorry|now|just to (?:check|be sure)|right)\b\W*)*"
)
_TAG: Final = r"(?:,? (?:right|correct|yes|no|then|though|or not))?\s*[?.!]*\s*$"
_REST: Final = (
    r"(?:(?:every|any|no)thing else|all else|(?:all )?the (?:rest|others?|other (?:things?|items?|stuff|ones?|orders?"
    r"|parcels?))"
    r"|(?:my )?other (?:orders?|parcels?|things?|items?)"
    r"|what(?:['’]?s| is) left)(?: (?:of|in|on) (?:it|that|(?:my|the|this|that) order))?"
)
_STAYS: Final = (
    r"(?:(?:be |is |are |stays? |staying |remains? |remaining |still |all |kept |left )*"
    r"(?:the same|unchanged|as (?:it|they) (?:is|was|are|were)|as is|untouched|unaffected|ok|fine|in there|kept"
    r"|change[sd]?|affected|touched)"
    r"|stays?(?: (?:in|put|on it))?|remains?)"
)
_ASKED: Final[tuple[tuple[AskedOfChange, re.Pattern[str]], ...]] = (
    (
        "rest",
        re.compile(
            rf"{_LEADS}(?:is|are|will|would|does|do|did|has|have|was|were) {_REST} {_STAYS}{_TAG}"
            rf"|{_LEADS}{_REST} (?:will |would )?(?:is |are |be )?{_STAYS}(?:,? (?:right|correct|yes|no)\s*\??"
            rf"|\s*\?)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "price",
        re.compile(
            rf"{_LEADS}(?:(?:does|do|will|would|is|are) (?:it|that|this|they|these|the new one)"
            rf" (?:all |still |also )*(?:cost (?:me )?(?:exactly )?(?:the same|as much|more|less|extra"
            rf"|anything(?: extra| more)?)|(?:the )?same price"
            rf"|be (?:the same(?: price)?|more expensive|cheaper|dearer)|cheaper|dearer|more expensive)"
            rf"|(?:is|will|does) the price (?:(?:still |be |stay )*(?:the )?same|change|go up|stay)"
            rf"|(?:the )?same price)(?: (?:too|as well|then|or more|or not|as (?:before|mine|the old one|now)))*{_TAG}"
            r"|^\W*(?:那|请问|所以)?(?:价格|价钱|价)(?:还是|都|是|会)?(?:一样|不变|没变|相同|变|涨)(?:的)?(?:吗|么|吧"
            r"|嘛|不)\W*$"
            r"|^\W*(?:那|请问)?(?:一样(?:的)?(?:价格?|贵|钱)|同价)(?:吗|么|吧|嘛)\W*$",
            re.IGNORECASE,
        ),
    ),
    (
        "nothing",
        re.compile(
            rf"{_LEADS}(?:nothing(?:['’]?s| is| was| has| got)?(?: been)? (?:changed|cancell?ed|swapped"
            rf"|sent back|done)(?: yet| so far)?"
            rf"(?:,? (?:right|correct|yes|no)\s*\??|\s*\?)\W*$"
            rf"|(?:did|have) (?:you|u|i|it|we) (?:actually |just |already )*(?:change|cancel|swap|do|changed"
            rf"|cancell?ed|swapped|done) (?:any|some)thing(?: (?:yet|now|already|else))*{_TAG}"
            rf"|(?:is|are|was|were|has|have) (?:it|that|this|they|those|the order)(?: been| all| really| actually"
            rf"| now| already"
            rf"| definitely)+ (?:changed|cancell?ed|swapped|done|gone through|called off){_TAG}"
            rf"|(?:was|has|got) anything (?:been |got )?(?:changed|cancell?ed|done|different)(?: (?:yet|now"
            rf"|already))*{_TAG}"
            rf"|what(?:['’]?s| is)(?: actually)? happening(?: now| here| with (?:it|that|this))?{_TAG})"
            r"|^\W*(?:那|所以|也?就是说?|现在)*(?:啥|什么|都|全)(?:都|也|东西)*没(?:有)?(?:改|变|动|取消|换|退|办"
            r"|弄)(?:动|过|呢)?(?:对吧|是吧|吧"
            r"|吗|么|对吗)\W*$"
            r"|^\W*(?:那|所以|刚才|你们?)*(?:有没有|是不是没)(?:改|动|变|取消|办)(?:动|过|了)*(?:什么|任何东西"
            r"|别的)(?:吗|呢|啊)?\W*$"
            r"|^\W*(?:那|所以|好的?|嗯|这个|它|那个)*\W*(?:真的?|确定|确实|是不是|已经|真)+(?:都)?(?:已经)?(?:取消|改"
            r"|换|办)(?:好|掉|成功|成)?了"
            r"(?:吗|么|吧|嘛|没|没有)?\W*$",
            re.IGNORECASE,
        ),
    ),
)
_REST_HAN: Final = re.compile(
    r"^\W*(?:那|那么|所以|这样|请问)*(?:其他|其它|别的|剩下|其余|余下|另[外一]?(?:那|一|个)*(?=[单订笔件]))"
    r"(?:的|商品|东西|订单|几[样件个]|部分|[单笔件])*(?:都|也|就|还|会|是)*"
    r"(?:不会?变|不会?动|没(?:有)?[变动]|保持不变|一样|照旧|照常|不受影响|不改|还在|留着)(?:的)?(?:吗|么|吧|嘛|对吧"
    r"|是吧|对吗)\W*$"
)


_SENTENCES: Final = re.compile(r"[^?.!？。！\s][^?.!？。！]*[?.!？。！]*")
_PARTS: Final = re.compile(r"[^，,\s][^，,]*[，,]*")
_HEARD: Final = re.compile(
    r"\W*(?:(?:ok(?:ay)?|thanks?|thank you|great|good|so|and|好的?|嗯|谢谢|那)\W*)+", re.IGNORECASE
)


def asked_of_change(text: str) -> AskedOfChange | None:
    """What `text` asks of the change that is open or was made; None where it asks none of these, or wants something.

    Of several questions each has to ask one of these: "is it really cancelled? the other order stays, right?".
    """
    whole = _asked(text)
    if whole is not None:
        return whole
    asked: set[AskedOfChange | None] = set()
    for sentence in _SENTENCES.findall(text):
        parts = [sentence] if _asked(sentence) else _PARTS.findall(sentence)
        asked |= {_asked(each) for each in parts if _HEARD.fullmatch(each) is None}
    if not asked or None in asked or "price" in asked:
        return None
    return "nothing" if "nothing" in asked else "rest"


def _asked(text: str) -> AskedOfChange | None:
    if _REST_HAN.search(text):
        return "rest"
    return next((what for what, words in _ASKED if words.search(text)), None)
