"""A guest who was taken for somebody else: what they say of it, and which of the proofs in a message are denied.

Pure. "You've got the wrong person", 你查错人了, "that's not my account", "not 94185", 94185那边不是.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_SAYS: Final = re.compile(
    r"\b(?:wrong|different|other) (?:person|customer|account|record|profile|guy|lady|man|woman)\b(?!['’]s)"
    r"|\b(?:mixed|mixing|confus\w+|mistak\w+) (?:me|us)(?: up)? (?:with|for)\b"
    r"|\b(?:that|this|it)(?:'?s| is| was)(?: really| just| definitely)?(?: not|n'?t) "
    r"(?:me\b|my (?:account|name|record|profile)\b)"
    r"|\b(?:that|this|it)(?: is|'?s|was)?n'?t (?:me\b(?! who)|my (?:account|name|record|profile)\b)"
    r"|\bi(?:'?m| am) not (?:that|this|the same) (?:person|customer|[A-Z][a-z]+ [A-Z][a-z]+)\b"
    r"|\b(?:those|these)(?: orders?)?(?: are|'re)(?: not|n'?t) (?:my orders?|mine)\b"
    r"|\b(?:that|this) order(?:'?s| is)(?: not|n'?t) mine\b|\b(?:that|this)(?:'?s| is)(?: not|n'?t) my order\b"
    r"|\b(?:these|those|that|this)(?: order)? belongs? to (?:someone|somebody) else\b"
    r"|(?:查|找|认|弄|搞|看|翻)错(?:了)?(?:人|账[号户]|客户)|不是(?:我)?本人|不是我的(?:账[号户]|记录|资料|名字)"
    r"|[这那](?:个|几个|些|几?[单张]|几?个?订单)?(?:根本|都|也)?不是我的(?:订单|单子?)?(?=$|[，。！!,；;\s啊呀吧])"
    r"|(?:我)?不是(?:你|您)(?:说|查|找)(?:的|到的)?(?:那|这)?(?:个|位)?人"
    r"|(?:那|这)(?:个|位)?(?:人)?(?:根本)?不是我(?=$|[，。！!,；;\s啊呀吧])|(?:同名|别人)的(?:订单|账[号户]|单子?)",
    re.IGNORECASE,
)
"""What is shown is somebody else's."""
_OF_GOODS: Final = re.compile(
    r"\b(?:came|arrived|received|sent|delivered|parcel|package|box|item|door|photo|picture|signed|bank|charged?"
    r"|payment|courier|driver)\b"
    r"|收到|寄[来错给]|发[来错给]|包裹|快递|签收|照片|图片|扣款|扣了|送到",
    re.IGNORECASE,
)
"""It is said of what came, of who signed or of a payment."""
_ELSEWHERE: Final = re.compile(
    r"\b(?:refund\w*|money|pay|paid|cards?|ship\w*|send\w*|deliver\w*|give|gift|recipient|put|use|ordered|bought"
    r"|(?:go|going|goes) to|to an?|change)\b[^.;!?]*"
    r"\b(?:different|other|wrong) (?:person|customer|account|record|profile|guy|lady|man|woman)\b"
    r"|(?:退|打|转)[^，。]{0,6}别人|收[货件]|\b(?:size|colou?r|style|fit)\b",
    re.IGNORECASE,
)
"""Where money or goods go, or whom something fits: nobody was taken for somebody else."""
_DENIES_BEFORE: Final = re.compile(
    r"(?:\b(?:not|isn'?t|wasn'?t|never|no longer(?: at| in)?)\W*(?:in |at |the )?|不是(?:在)?|别(?:用|查))\W*$"
)
_DENIES_BEHIND: Final = re.compile(
    r"^\W*(?:那边|那个|那里|那单|这个|的)?(?:根本|也|都)?(?:就)?不(?:是|对)(?!吗|吧)"
    r"|^\W*(?:one |that )?(?:is|was)(?:n'?t| not)\b|^\W*(?:is )?(?:wrong|not mine|not me)\b",
    re.IGNORECASE,
)


def says_wrong_person(text: str) -> bool:
    """Whether somebody says that they are not who they were taken for, or that what is shown is not theirs."""
    return not any(pattern.search(text) for pattern in (_OF_GOODS, _ELSEWHERE)) and _SAYS.search(text) is not None


def without_denied(text: str, entities: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Identifiers of a message without those that are said to be none of the shopper's."""
    return [each for each in entities if not _is_denied(text, str(each.get("value") or ""))]


def without_denied_words(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """`text` without the clauses whose identifier is said to be none of the shopper's."""
    rest = text
    for value in (str(each.get("value") or "") for each in entities):
        if _is_denied(text, value):
            rest = re.sub(
                rf"[^,;.!?，。；！？\n]*{re.escape(value)}[^,;.!?，。；！？\n]*[,;，；]?\s*", "", rest, count=1
            )
    return rest


def _is_denied(text: str, value: str) -> bool:
    place = text.find(value) if value else -1
    if place < 0:
        return False
    before, behind = text[max(0, place - 30) : place], text[place + len(value) : place + len(value) + 30]
    return _DENIES_BEFORE.search(before) is not None or _DENIES_BEHIND.search(behind) is not None


__all__ = ["says_wrong_person", "without_denied", "without_denied_words"]
