"""What is wanted first of two wishes that are said the other way about: "cancel the lamp unless you have it in black".

The condition names what is wanted, and the verb before it what holds if that cannot be had. The rest of the resolver
reads the wish first and the other way out behind it, so the words are put in that order: "change the lamp to black,
otherwise cancel it", 把台灯换成黑色，没有就取消.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Fallback = Literal["cancel", "return", "leave"]

_VERBS: Final[dict[Fallback, str]] = {
    "cancel": r"cancel(?:ling)?|call(?:ing)? off|drop|scrap|remove|get rid of|ditch",
    "return": r"return(?:ing)?|send(?:ing)? back|give back|refund|send(?=[^,;.!?]* back\b)",
    "leave": r"keep(?:ing)?|leave",
}
_VERB: Final = "|".join(rf"(?P<{wish}>{words})" for wish, words in _VERBS.items())
_GOT: Final = (
    r"(?:you(?:'ve|’ve| guys)?(?: still| also| do| happen to| can| could| might)*(?: have| got| get| stock| sell| do| offer)+"  # noqa: E501
    r"|there(?:'s|’s| is| are| happens to be)(?: still| also)?|(?:it|they|that|this|one|the same)(?:'s|’s| is| are)? (?:also |still )?"  # noqa: E501
    r"(?:comes?|available|in stock)(?= (?:in|as|with|for)\b)"
    r"|(?:i|we) can (?:still )?(?:get|have)|(?:you|i|we) can (?:still )?(?:change|swap|switch|exchange|make) (?:it|them|that)"  # noqa: E501
    r"(?: over)?(?: (?:to|for|into|with))?)"
)
_GOT_NONE: Final = (
    r"(?:you(?:'ve|’ve)? (?:do not|don['’]?t|haven['’]?t)(?: have| got| stock| sell| do)*"
    r"|there(?:'s|’s| is| are)(?: no|n['’]?t| not)(?: any| an?)?|(?:it|they) (?:doesn['’]?t|don['’]?t|does not) come(?= (?:in|as|with)\b))"  # noqa: E501
)
_IN_CASE: Final = rf"(?:(?P<unless>unless|except if) {_GOT}|if {_GOT_NONE})"
_NOT_GOODS: Final = (
    r"(?!\W*(?:already|just|now|been|sent|shipped|dispatched|posted|to\b|an?y? (?:problem|fee|charge|cost|penalty|objection"  # noqa: E501
    r"|way|chance|reason|refund|discount|better idea|question)|(?:one|it|them|that|those|any|some|more|left|none)?\W*$))"  # noqa: E501
)
_THEN_DO: Final = (
    r"(?:(?:and|then|so|but|in which case|in that case|if so|otherwise|i|i'd|i’d|i'll|i’ll|we|we'd|would|will|just|please|rather|like|want|you"  # noqa: E501
    r"|can|to|change|swap|switch|exchange|make|take|have|send|give|me|go|for|with|it|that|this|them|those|one|ones|instead|the|cheaper|do|prefer|love|is|fine)\b\W*)+"
)
_THEN: Final = rf"(?:(?:\s*[,;–-]\s*|\s+(?=then\b|in which case\b|in that case\b|if so\b|otherwise\b)|[.]\s+(?=(?:then|in that case|if so|otherwise)\b)){_THEN_DO})?(?=$|[.,;!?]|\s+(?:and|also|btw)\b)"  # noqa: E501
_BEHIND_EN: Final = re.compile(
    rf"\b(?:{_VERB})\s+(?P<goods>(?:(?!\b(?:change|swap|switch|exchange|cancel|if|unless)\b)[^.;!?]){{2,70}}?),?\s+"
    rf"{_IN_CASE}\s+{_NOT_GOODS}(?P<wanted>[^.,;!?–]{{1,80}}?){_THEN}",
    re.IGNORECASE,
)
_BEFORE_EN: Final = re.compile(
    rf"\b{_IN_CASE}\s+{_NOT_GOODS}(?P<wanted>[^.,;!?]{{1,80}}?),?\s+(?:then )?(?:i(?:'d| would) like to |i want to |please |just |you can )*"  # noqa: E501
    rf"(?:{_VERB})\s+(?P<goods>[^.,;!?]{{2,50}}?)(?=$|[.,;!?])",
    re.IGNORECASE,
)
_PLEASE: Final = r"(?:(?:then|please|just|you can|can you|i(?:['’]d| would|['’]ll)?|like|want|to|rather)\s+)*"
_NONE: Final = r"if (?:you don['’]?t(?: have (?:it|one))?|there (?:isn['’]?t|is not|['’]?s none)(?: one)?)"
_IF_SO_EN: Final = re.compile(
    rf"\bif {_GOT}\s+(?:the |an? |my |any |that )?(?P<goods>[a-z][a-z -]{{1,30}}?)"
    rf" (?:in|with|as|that['’]?s|that is|made of) (?P<wanted>[^.,;!?]{{1,60}}?),?\s+{_PLEASE}"
    r"(?:swap|change|exchange|switch|take)(?: (?:it|that|them|this|those|one|mine|to|for|over|please|then)\b)*"
    rf"(?:[,.;]?\s*(?:and |but )?(?:otherwise|if not|or else|else|{_NONE}),?\s*{_PLEASE}"
    rf"(?:{_VERB})(?: (?:it|them|that|the [a-z ]{{2,20}}))?(?: back)?)?(?=$|[.,;!?])",
    re.IGNORECASE,
)
"""If you have the lamp in black swap it, otherwise cancel it."""
_SAME: Final = re.compile(
    r"^(?:(?:it|them|that|this|these|those|one|ones|any|some)\b(?: (?:in|as|with|for)\b)?\s*|in\s+(?=a?\s?\w))",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"\s+(?:back|please|pls|instead|in stock|left|available|too)$", re.IGNORECASE)
_POINTS: Final = re.compile(r"^(?:it|them|that|this|those|these)$", re.IGNORECASE)

_WANTED_BEFORE: Final = re.compile(
    r"(?:(?:it|that|this|them|these|those|such|the same|either|any|one|ones)\b\s*)+(?:left|either|in stock|available)?",
    re.IGNORECASE,
)

_ZH_VERBS: Final[dict[Fallback, str]] = {
    "cancel": r"取消掉?|撤掉|不要了|删掉",
    "return": r"退货|退掉|退了|退回去?|退",
    "leave": r"留着|保留|不换|别换|不动",
}
_ZH_VERB: Final = "|".join(rf"(?P<{wish}>{words})" for wish, words in _ZH_VERBS.items())
_ZH_GOT: Final = r"除非(?:是|你们|店里|你们店里|还|能|可以)*(?:有(?!问题|优惠|费|运费|别的办法|什么)|换成?|换到)"
_ZH_WANTED: Final = r"(?P<wanted>(?!货|的话|$)[^，。,.;；！!？?]{1,24}?)(?:的话)?"
_ZH_THEN: Final = (
    r"(?:[，,]\s*(?:如果)?(?:有的话|有|那样的话|那)?(?:我)?(?:就|那就|再)?(?:给我|帮我)?(?:换|改|要)(?:成|那个|那款|那件|那双|它|一下|一?[个件双台把条]|过去|掉)*(?:吧|了|就行)?)?"
    r"(?=$|[，。,.;；！!？?])"
)
_LEAD_ZH: Final = r"(?:请|麻烦|你|帮我|给我|我想|我要|想|要|先|就|那|把|将)*"
_ZH_GOODS: Final = r"(?P<goods>[^，。,.;；！!？?]{1,24}?)"
_ZH_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_LEAD_ZH}{_ZH_GOODS}(?:就|都|给我|帮我|先)*(?:{_ZH_VERB})(?:吧|了|掉)?[，,]\s*{_ZH_GOT}{_ZH_WANTED}{_ZH_THEN}",
        rf"{_LEAD_ZH}(?:{_ZH_VERB})(?:掉|了)?{_ZH_GOODS}[，,]\s*{_ZH_GOT}{_ZH_WANTED}{_ZH_THEN}",
        rf"{_ZH_GOT}{_ZH_WANTED}[，,]\s*(?:否则|不然|要不然?|不然的话)?{_LEAD_ZH}{_ZH_GOODS}(?:就|都|给我|帮我|先)*(?:{_ZH_VERB})(?:吧|了|掉)?(?=$|[，。,.;；！!？?])",
        rf"{_ZH_GOT}{_ZH_WANTED}[，,]\s*(?:否则|不然|要不然?|不然的话)?{_LEAD_ZH}(?:{_ZH_VERB})(?:掉|了)?{_ZH_GOODS}(?:吧)?(?=$|[，。,.;；！!？?])",
    )
)
_ZH_FALLBACK: Final[dict[Fallback, str]] = {"cancel": "没有就取消", "return": "没有就退货", "leave": "没有就算了"}
_EN_FALLBACK: Final[dict[Fallback, str]] = {"cancel": "cancel it", "return": "return it", "leave": "leave it"}


@dataclass(frozen=True, slots=True)
class WishFirst:
    """A message in whose words the wish stands before the other way out; `fallback` is that way."""

    text: str
    fallback: Fallback


def wish_first(text: str) -> WishFirst | None:
    """`text` with what is wanted before what holds if there is none of it; None where it says no such thing."""
    for pattern in (_BEHIND_EN, _IF_SO_EN, _BEFORE_EN):
        if (hit := pattern.search(text)) is not None:
            return _in_english(text, hit)
    for pattern in _ZH_PATTERNS:
        if (hit := pattern.search(text)) is not None:
            fallback = _fallback(hit)
            put = f"把{hit['goods'].strip()}换成{hit['wanted'].strip()}，{_ZH_FALLBACK[fallback]}"
            return WishFirst(text[: hit.start()] + put + text[hit.end() :], fallback)
    return None


def _in_english(text: str, hit: re.Match[str]) -> WishFirst | None:
    fallback = _fallback(hit)
    wanted, goods = _TAIL.sub("", hit["wanted"].strip()), _TAIL.sub("", hit["goods"].strip())
    if _WANTED_BEFORE.fullmatch(wanted):
        # "Swap it for the red one, and if you don't have that one cancel it": the wish stands first already.
        return None
    wanted = _SAME.sub("", wanted).strip()
    if not wanted or (_POINTS.match(goods) and not hit.groupdict().get("unless")):
        return None
    put = f"change {goods} to {wanted}, otherwise {_EN_FALLBACK[fallback]}"
    return WishFirst(text[: hit.start()] + put + text[hit.end() :], fallback)


def _fallback(hit: re.Match[str]) -> Fallback:
    return next((wish for wish in _VERBS if hit[wish] is not None), "leave")


__all__ = ["Fallback", "WishFirst", "wish_first"]
