"""What a correction turns down, and what it puts in its place: "not the glass one, the ceramic one", 不是9码，是12码. Pure."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_HAN: Final = re.compile(
    r"(?:^|(?<=[，。；！？,;!?.\s]))(?:不对|不是|错了|搞错了|弄错了)?[，。！,!.\s]*"
    r"(?:我(?:说|指)的)?(?:不是|不要是|并不是)(?P<denied>[^，。；！？,;!?.]{1,20}?)[，。；！？,;!?.\s]+(?:而是|我?(?:说|指|要)的是|是|要)"
)
_HAN_LEAD: Final = re.compile(
    r"^(?:哎呀?|啊|诶)?[，\s]*(?:不对|不是(?:这个|那个|这件|那件|这双|那双|这单|那单)?|错了|搞错了|弄错了|不是的)[了啊呀吧]*"
    r"[，。！,!.\s]+(?:我(?:说|指|要)的)?(?:而是|应该是|是)?"
)
_ENGLISH: Final = re.compile(
    r"(?:^|(?<=[,;.!?\s]))(?:no\W+)?(?:it'?s |i (?:did|do)n'?t mean |i meant )?not (?:the |that |my )?"
    r"(?P<denied>[^,;.!?]{1,40}?)\s*"
    r"(?:[,;.!?-]|\bbut\b)+\s*(?:but |it'?s |i mean |i meant |rather |i said )*(?=(?:the|my|that|one)\b)",
    re.IGNORECASE,
)
_ENGLISH_LEAD: Final = re.compile(
    r"^\W*(?:no|nope|wrong|sorry|not (?:that|this)(?: one)?|that'?s (?:not (?:it|the one)|wrong|the wrong one))"
    r"\b[\s,;.!-]*"
    r"(?:(?:it'?s|i mean|i meant|i said)\s+)(?=(?:the|my|that|one)\b)",
    re.IGNORECASE,
)
_REMARK: Final = re.compile(
    r"^\W*(?:(?:哦+|噢|喔|啊|原来)[^。！？!?.，,]{0,12}[。！!，,.]+\s*(?=那)"
    r"|(?:oh|ah|i see|right|ok|okay)\b,? [^.!?,]{0,25}[.!]+\s*"
    r"(?=(?:then|so|and|well|please|can|could|i|the|cancel|return)\b))",
    re.IGNORECASE,
)
"""What was just told is taken note of: "oh, clicky then. Cancel the tactile one"."""
_STAYS: Final = re.compile(
    r"[，。；！？,;!?]\s*(?:(?:把|那)?[^，。；！？,;!?]{1,12}(?:留着|保留|不动|别动|留下|不用动|不用取消|不用退)[吧了啊]?)"
    r"(?=$|[，。；！？,;!?])"
    r"|[,;.!-]\s*(?:and |but |please |i'?ll |i )*(?:keep|leave|keeping) (?!(?:it|the others?|the rest)\b)[^,;.!?]{1,40}"
    r"(?=$|[,;.!?])"
    r"|[,;.!-]\s*(?:and |but )?(?:the |my )[^,;.!?]{1,30} (?:stays?|can stay)(?=$|[,;.!?])",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"\b(?:else|others?|rest|everything|all|except|goes?)\b|其[他它余]|别的|剩下|全部|都|"
    r"\b(?:cancel|return|send|swap|change|exchange|keep|refund|replace|drop|remove|rid|make)\w*\b"
    r"|取消|退|换|改|不要|不想要|去掉|删",
    re.IGNORECASE,
)


def corrected(text: str) -> str:
    """What is meant, with blanks for what is turned down; empty where nothing is put in the place of something."""
    found = _only_meant(text, (_HAN, _ENGLISH, _HAN_LEAD, _ENGLISH_LEAD))
    return found if found != text else ""


def affirmed(text: str) -> str:
    """`text` with blanks for what it turns down and for the words that correct: only what is meant is left.

    What is said to stay is left out too, where no other wish is said: "the tactile one, keep the clicky one".
    """
    text = _only_meant(text, (_REMARK, _HAN, _ENGLISH, _HAN_LEAD, _ENGLISH_LEAD))
    for stays in _STAYS.finditer(text):
        left = text[: stays.start()] + " " * len(stays[0]) + text[stays.end() :]
        if left.strip(" ，。！？,.!?") and not _WISHES.search(left):
            text = left
    return text


def _only_meant(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for pattern in patterns:
        found = pattern.search(text)
        if found is not None and text[found.end() :].strip(" ，。！？,.!?"):
            text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    return text


__all__ = ["affirmed", "corrected"]
