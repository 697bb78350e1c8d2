"""The way in which goods go back: brought to a store, picked up at the door, sent by a label or with postage of one's own.

Only what is wished for counts: "I'd rather drop it at the store", "pick it up pls", 上门取件. A way that is refused
("no label") or only asked about ("what does a pick-up cost?") is none.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

WayBack = Literal["label", "pickup", "own", "store"]

_OBJECT: Final = (
    r"(?: (?:it|them|this|that|these|those|one|both|everything|all(?: of (?:it|them))?|(?:the|my) [a-z' -]{2,30}?))"
)
_IT: Final = rf"{_OBJECT}?"
_STORE: Final = r"(?:stores?|shops?|branch(?:es)?|outlets?)"
_WAYS: Final[Mapping[WayBack, re.Pattern[str]]] = {
    "store": re.compile(
        rf"\b(?:drop|bring|take|carry|hand|return|leave)(?:ing)?\b{_IT}(?: (?:off|back|over|in|by))*"
        rf" (?:at|to|in|into) (?:(?:a|an|the|your|my|one of your|any|some)(?: (?:own|local|nearest|closest|nearby))? )?"
        rf"(?:[A-Za-z]+ )?{_STORE}\b"
        rf"|\b(?:in|at)[- ]?(?:the |a |your )?{_STORE} (?:return|drop)|\b{_STORE} (?:drop[- ]?offs?|return)\b"
        rf"|\bdrop[- ]?offs? (?:at|in) (?:a|the|your) {_STORE}\b"
        r"|(?:拿|送|带|退|还|拎)(?:[回到去]+)(?:你们|你家|附近|最近)?(?:的|那)?(?:门店|实体店|店里|店铺|店)"
        r"|(?:去|到)(?:你们|附近|最近)?(?:的)?(?:门店|实体店|店里|店)(?:里|去|来)*(?:退|还|办)|(?:门店|线下"
        r"|到店)(?:自)?(?:退|送)",
        re.IGNORECASE,
    ),
    "pickup": re.compile(
        rf"\bpick{_IT} ?-?up\b(?! (?:where|from where|on|the (?:phone|thread|conversation))\b)|\b(?:have|get|want"
        rf"|be){_IT} (?:picked ?up|collected)\b|\bpick-?ups?\b"
        rf"|\bcollect(?:ed|ion)?\b{_IT}(?= (?:from|at)\b)"
        rf"|\b(?:come|courier|carrier|driver|someone|somebody)\b[^.,;!?]{{0,16}}\b(?:get|fetch|collect){_OBJECT}"
        r"|\bcollection from (?:my|our|the)\b"
        r"|上门(?:来)?(?:取|收|拿|揽)|(?:来|到)我?家里?(?:来)?[取收拿]|[来过]+(?:上门)?取(?:件|货|一下|走)"
        r"|派人[^，。]{0,4}取",
        re.IGNORECASE,
    ),
    "own": re.compile(
        rf"\b(?:mail|post|ship|send|return)(?:ing)?{_IT}(?: back)? (?:myself|ourselves|on my own)\b"
        r"|\bmy own (?:label|postage|courier|carrier|shipping|mail)\b"
        r"|自己(?:去)?(?:寄|邮|发(?:快递|货)?|叫快递|找快递|下单寄)|自寄",
        re.IGNORECASE,
    ),
    "label": re.compile(
        r"\b(?:(?:use|want|need|prefer|send|mail|e-?mail|print)(?: me)?|give me)"
        r" (?:a |the |your |that )?(?:pre-?paid |return |shipping |mailing )*labels?\b(?! (?:that|which|still|on|off"
        r"|says?)\b| ?[\"“])"
        r"|\b(?:with|by|via|using) (?:a |the |your |that )?(?:pre-?paid |return |shipping |mailing )+labels?\b"
        r"|(?:^|\b(?:a|return|pre-?paid) )\W*labels?(?:,? (?:please|pls)\b| (?:is fine|is ok(?:ay)?|will do|works"
        r"|would be (?:fine|good|great))\W*$)"
        r"|(?:用|给我?|发我?|要)(?:你们|你)?(?:的)?(?:一?[张个])?"
        r"(?:(?:退货|预付)?(?:面单|运单(?!号))|(?:退货|预付)标签)",
        re.IGNORECASE,
    ),
}
_OWN_PICKUP: Final = re.compile(
    r"\b(?:i|we)(?:['’](?:ll|d|m|ve))?(?: (?:will|can|could|would|just|already|to|want|like|am|have))* "
    r"(?:pick|collect)\w*\b|\b(?:from|at|in) (?:the |a |your )?(?:stores?|shops?|branch)\b|(?:我|自己)(?:要|想|会"
    r"|可以|明天"
    r"|今天)*(?:去|来|到店)",
    re.IGNORECASE,
)
"""Who fetches goods at a store sends none back."""
_REFUSED: Final = re.compile(
    r"(?:\b(?:no|not|without|never|than|instead of|can['’]?t|cannot|unable|skip|forget|drop|stop|change|move)\b"
    r"|n['’]t\b)[^,.;!?]{0,28}$"
    r"|(?:不|别|没法|没有?|无法|懒得|省得)[^，。；！？,]{0,6}$",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|hey|oh|then|also|yes|no|wait)\W+)*"
    r"(?:what|when|where|which|who|how|why|do|does|did|is|are|was|were|has|have (?:you|they|i|we)|will|would it"
    r"|should|must|am)\b"
    r"|多少|什么|怎么|几[点天]|哪|要钱|收费|吗[^，。]*要|是不是|有没有|会不会|需不需要|要不要",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    r"\b(?:never|already|yesterday|last (?:week|night|time)|ago|came|come back|was(?! (?:hoping|thinking))|were|did"
    r"|didn['’]?t|got|left"
    r"|hate|refuse|pain|annoying|nuisance|hassle|ridiculous|too|costs?|expensive|(?:have|had|having|got) to|must"
    r"|nowhere"
    r"|any(?:thing|where| way)? but|except|either|cancel\w*|resched\w*|chang\w+ (?:the|my) pick)\b"
    r"|^\W*(?:(?:and|so|but|ok|oh)\W+)*if\b"
    r"|太|[退寄去取拿印用不]不[了到]|也打印|已经|昨天|前天|上次|刚才|凭[啥什]|难道|必须|一定|只能|非[得要]|还要|还得"
    r"|过分|(?<![\s，,])麻烦(?![您你一帮])|算了吧?\W*$"
    r"|取消|没|让我|叫我|不收|改[成到为]?(?:明|后|今|下?周|星期|早|晚|上午|下午|[\d一二三四五六七八九十]+[点号])",
    re.IGNORECASE,
)
"""It is told, complained of, called off or put to another day."""
_HAN_ASKED: Final = re.compile(r"[吗么]\W*$")
_MAY_I: Final = re.compile(r"^\W*(?:(?:and|so|but|ok|okay|oh|then|also)\W+)*(?:can|could|may|might) i\b", re.IGNORECASE)
_RATHER: Final = re.compile(r"\b(?:instead|rather|please|pls|plz)\b", re.IGNORECASE)
_POLITE: Final = re.compile(
    r"\b(?:can|could|would|will) (?:you|u|they|someone|somebody|anyone|(?:a|the|your) \w+)\b|[能可][^，。]*吗|帮|麻烦",
    re.IGNORECASE,
)
"""A question that is a wish all the same."""
_CLAUSE: Final = re.compile(r"[^,.;!?，。；！？\n]+[?？]?")


def way_back(text: str) -> WayBack | None:
    """The way back that `text` wishes for; None where it wishes for none, or for several."""
    found: set[WayBack] = set()
    for clause in _CLAUSE.finditer(text):
        said = clause.group()
        may_i = _MAY_I.search(said) is not None or said.endswith(("?", "？"))
        if (
            _ASKED.search(said)
            or _TOLD.search(said)
            or (may_i and not _RATHER.search(said) and not _POLITE.search(said))
        ):
            continue
        for way, words in _WAYS.items():
            met = words.search(said)
            if met is None or _REFUSED.search(said[: met.start()]):
                continue
            if way == "pickup" and _OWN_PICKUP.search(said):
                continue
            if way in ("own", "store") and (_HAN_ASKED.search(said) or "的话" in said):
                # What a shopper does themselves is asked about; what the shop does is asked for.
                continue
            found.add(way)
    return found.pop() if len(found) == 1 else None
