"""What is wanted only where the wish cannot be had: "if there is none, cancel it", 没有就取消.

Once the wish is offered that is decided, and such words change nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from actions.changes.turned_down import says_nothing

_STOP_EN: Final = (
    r"(?:please |just |then |i(?:['’]d| would)? (?:rather |want to |like to )?|you can |we can )*"
    r"(?:cancel|return|refund|leave|forget|keep|drop|scrap|skip|send|call|don['’]?t|do not|never ?mind|no change"
    r"|have (?:my|the) money back|get (?:my|the) money back|(?:my|the) money back)\b[^.;!?,]*"
)
_NONE_EN: Final = (
    r"(?:if|in case|when)\b(?![^.;!?,]*\b(?:trouble|bother|mind|late)\b)[^.;!?,]*?"
    r"(?:\b(?:not|none|no|nothing|out of stock|unavailable|gone|sold out|impossible|never)\b|n['’]t\b)[^.;!?,]*?"
)
_THEN_ZH: Final = r"(?:就|那就|才|再|则|那)"
_STOP_ZH: Final = (
    r"(?:给我|帮我|直接|先)*(?:把)?(?:整单|这件|这个|这双|这台|它)?(?:就|也|都)*(?:取消|退|算了|不要|不换|留着|别换|不改|别改|不动|别动|保持|保留|照旧"
    r"|还是原来|原样)[^，。,.!！?？\s]{0,6}"
)
_IF_ZH: Final = r"(?:如果|要是|万一|假如|实在)"
_NONE_ZH: Final = (
    r"(?:没有?货?|缺货|断货|不行|换不了|不能换|没了|卖完了?|办不到)(?:了|的)*(?:[^，。,.\s取退换]{0,6}?)(?:的话)?"
)
_IN_CASE: Final = re.compile(
    rf"\b{_NONE_EN},?\s*{_STOP_EN}|\b{_STOP_EN} {_NONE_EN}(?=[.;!?,]|$)|\b(?:or else|otherwise),?\s*{_STOP_EN}"
    rf"|{_IF_ZH}+[^，。,.\s]{{0,8}}?{_NONE_ZH}[，, ]?{_THEN_ZH}?{_STOP_ZH}|{_NONE_ZH}[，, ]?{_THEN_ZH}{_STOP_ZH}"
    rf"|(?:没有?货?|缺货|断货|不行|没了)(?:了)?的话[，, ]?{_STOP_ZH}"
    rf"|(?:否则|不然)(?:的话)?[，, ]?{_THEN_ZH}?{_STOP_ZH}"
    r"|\b(?:should (?:that|it|this|there) (?:not|n['’]?t|be none)[^.;!?,]{0,30}|no such (?:one|thing|version)|no luck"
    r"|none left)"
    rf"\s*[?,]?\s*{_STOP_EN}|\belse {_STOP_EN}",
    re.IGNORECASE,
)
_AROUND: Final = re.compile(
    r"\b(?:and|but|or|if|so|it|that|then|please|well|have|has|got|is|there|you|do)\b|有(?:货)?的?话?|就|换|啊|现在|那|但",
    re.IGNORECASE,
)


_WISHED: Final = re.compile(
    r"\bif (?:you have|you['’]ve got|there is|it['’]s (?:there|in stock))\b[^.;!?,]{0,12},?\s*(?:then )?"
    r"(?:swap|change|exchange)(?: (?:it|them|that))?\b|有(?:货)?的?话?就(?:换|要)(?:啊|吧|呀)?",
    re.IGNORECASE,
)
"""The wish itself, which is offered."""


def without_fallback(text: str) -> str:
    """`text` with blanks for what is wanted in that case only."""
    return _IN_CASE.sub(lambda said: " " * len(said[0]), text)


@dataclass(frozen=True, slots=True)
class Fallback:
    """What is wanted where the wish cannot be had."""

    wish: Literal["cancel", "return", "leave"]
    sentence: str
    """The sentence in which it is said: it is of what is named there."""
    wanted: str = ""


_CANCELS: Final = re.compile(r"\bcancel|\bscrap|\bdrop\b|\bdon['’]?t want (?:it|them)|取消|不要了|不要$", re.IGNORECASE)
_RETURNS: Final = re.compile(r"\breturn|\brefund|\bmoney\b|\bsend[^.;!?]*\bback\b|退", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[^.;!?。；！？\n]+")


def fallback_in(text: str) -> Fallback | None:
    """What a message wants where its wish cannot be had; None where it says nothing for that case."""
    hit = _IN_CASE.search(text)
    if hit is None:
        return None
    said = hit[0]
    wish: Literal["cancel", "return", "leave"] = (
        "cancel" if _CANCELS.search(said) else "return" if _RETURNS.search(said) else "leave"
    )
    around = (each[0] for each in _SENTENCE.finditer(text) if each.start() < hit.end() and hit.start() < each.end())
    return Fallback(wish, " ".join(around))


def is_fallback(text: str) -> bool:
    """Whether a message says nothing else."""
    rest = _WISHED.sub(" ", without_fallback(text))
    return rest != text and says_nothing(_AROUND.sub(" ", rest))
