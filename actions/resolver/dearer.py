"""Conditions of price: "if it costs more than $20 extra, don't", 贵20以上就算了, "only if it's under $10 more".

They are read apart from the goods, so that no number of theirs is taken for a size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from actions.resolver.prices_said import limit_said
from actions.resolver.text import fold

_AMOUNT: Final = r"[$£€¥￥]?\s?\d+(?:[.,]\d+)*\s?(?:dollars?|bucks?|usd|quid|pounds?|euros?|美元|美金|刀|元|块钱?|镑)?"
_IT: Final = (
    r"(?:(?:it|that|this|they|the (?:price )?difference|the price|the new one|the other one|(?:the|my) [a-z -]{2,24}?)"
    r"(?:'s|'d be| is| are| would be| will be)? )?"
)
_COSTS: Final = r"(?:costs? |cost me )?"
_OVER: Final = r"(?:(?:going to be |to be )?(?:costs? |cost me )?(?:me )?(?:more than|over|above|exceeds?|upwards of))"
_MORE: Final = r"(?:more|extra|dearer|on top|difference|higher|additional|pricier)"
_THAN: Final = rf"(?: ?{_MORE})?(?: than [a-z ]+?)?"
_STOP: Final = (
    r"(?:please )?(?:do not|don'?t|leave|forget|skip|keep|no\b|never ?mind|not worth|stay|cancel|send|return|scrap|drop"
    r"|i(?:'ll| will)? (?:keep|stay|leave|pass|don'?t))"
)
_THEN: Final = rf",? (?:then )?(?:just )?(?P<stop>{_STOP}[^.;!?\n]*)"
_LEAD: Final = r"(?:but |and |, )?\b"
_DEARER: Final = r"(?:costs? (?:any )?(?:more|extra)|(?:is |are )?(?:dearer|more expensive|pricier))"
_AT_MOST: Final = r"(?:no more than|not more than|less than|under|below|within|at most|max(?:imum)?(?: of)?|up to)"
_EN: Final = (
    rf"{_LEAD}(?:if|in case|when|should) {_IT}{_OVER} {_AMOUNT}{_THAN}{_THEN}",
    rf"{_LEAD}(?:if|in case) {_IT}{_COSTS}{_AMOUNT} (?:or )?{_MORE}(?: or more)?{_THEN}",
    rf"(?P<stop>{_STOP}[^.;!?,\n]*?) if {_IT}{_OVER} {_AMOUNT}(?: ?{_MORE})?",
    rf"{_LEAD}(?:if|in case) {_IT}{_DEARER}(?: (?:at all|than [a-z ]+?))?{_THEN}",
)
_ONLY_EN: Final = (
    rf"{_LEAD}(?:only if|as long as|provided|so long as|if) {_IT}{_COSTS}{_AT_MOST} {_AMOUNT}(?: ?{_MORE})?",
    rf"(?:but |, )?\bunless {_IT}{_OVER} {_AMOUNT}(?: ?{_MORE})?",
)
_HAN_IF: Final = r"(?:如果|要是|假如|万一)"
_HAN_THEN: Final = (
    r"(?:的话)?[，,]?(?P<stop>(?:就|那就|则)?(?:都)?(?:算了|不换|不要换|别换|不用换|不改|别改|不动|留着|不要了|取消|退|保持)"
    r"[^，,。；;！!\n]*)"
)
_HAN_MORE: Final = r"(?:差价|要?多付|要?多花|贵|加价|补)(?:的?钱)?(?:了|出|超过|大于|高于|多于|要)*"
_HAN: Final = (
    rf"(?:{_HAN_IF}|但是?|不过)*(?:总共|一共)?{_HAN_MORE}\s?{_AMOUNT}(?:以上|及以上|多)?{_HAN_THEN}",
    rf"{_HAN_IF}(?:总共|一共)?(?:要?多付钱?|要?多花钱?|更贵|贵了|贵的?|要补差价|要加钱){_HAN_THEN}",
)
_PATTERNS: Final = tuple(re.compile(pattern) for pattern in (*_EN, *_HAN))
_ONLY: Final = tuple(re.compile(pattern) for pattern in _ONLY_EN)
_IS_DIFFERENCE: Final = re.compile(rf"\b{_MORE}\b|costs? (?:any )?(?:more|extra)|贵|多|差价|加|补")
_CANCELS: Final = re.compile(r"\bcancel\b|取消")
_RETURNS: Final = re.compile(r"\b(?:send|return)\b[^.]*\b(?:back|it|them)\b|退")


@dataclass(frozen=True, slots=True)
class TooDear:
    """What holds where something costs too much. `limit_minor` is per piece, of the difference or of the price itself."""  # noqa: E501

    limit_minor: int
    of_difference: bool
    otherwise: Literal["leave", "cancel", "return"]

    def holds(self, price_minor: int | None, before_minor: int | None) -> bool:
        """Whether a price is too much beside what was paid."""
        if price_minor is None or (self.of_difference and before_minor is None):
            return False
        return price_minor - (before_minor or 0 if self.of_difference else 0) > self.limit_minor


def too_dear(text: str) -> tuple[TooDear | None, str]:
    """The condition of price in a message, and the message with blanks in its place."""
    folded = fold(text)
    for patterns, only in ((_PATTERNS, False), (_ONLY, True)):
        for pattern in patterns:
            hit = pattern.search(folded)
            if hit is None:
                continue
            words = hit.group()
            limit = limit_said(words)
            if limit is None and re.search(r"\d", words):
                continue
            stop = "" if only else hit["stop"]
            otherwise: Literal["leave", "cancel", "return"] = (
                "cancel" if _CANCELS.search(stop) else "return" if _RETURNS.search(stop) else "leave"
            )
            rest = text[: hit.start()] + " " * (hit.end() - hit.start()) + text[hit.end() :]
            return TooDear(limit or 0, limit is None or _IS_DIFFERENCE.search(words) is not None, otherwise), rest
    return None, text


__all__ = ["TooDear", "too_dear"]
