"""A purchase that is let be, beside whatever else is said: 另下就算了, 不用加, "forget the extra one". Pure."""

from __future__ import annotations

import re
from typing import Any, Final

from actions.changes.turned_down import clauses_of, says_nothing

_BUYS_ZH: Final = r"(?:另外?|再|重新|单独)(?:下单?|买|加购?|订|拍)(?:一?[件个份条双台])?"
"""Something is bought besides: 买的台灯不要了 calls off what was bought."""
_LET_BE: Final = re.compile(
    rf"{_BUYS_ZH}(?:的?话)?(?:就|那就|还是|也)?(?:算了|不用了?|不要了|免了|不必了?)"
    r"|(?:不用|不必|别|甭|不)(?:再|另外?|单独|给我|帮我)*(?:加(?!急|钱|价|运费)购?|买|下单|另下|订|拍)(?:单|一?[件个份条双台])?"
    r"(?:了|吧|啊)*(?=$|[，。！!,;；\s])"
    r"|\b(?:don['’]?t|do not|no need to|needn['’]?t|won['’]?t|forget|never ?mind)\b"
    r"[^.;!?,]{0,24}?"
    r"\b(?:order(?:ing)? (?:it|one|another|a new|separately|that|anything)|buy(?:ing)?|purchas\w+|add(?:ing)?"
    r"|(?:new|separate|extra) (?:order|one|purchase)|extra(?! large| small| wide| long))\b",
    re.IGNORECASE,
)
"""Nothing is to be bought or added."""
_UNWANTED: Final = re.compile(
    r"不想?要了?\W*$|算了\W*$|不买|^\W*(?:no|nope)\b\W*(?:thanks?(?: you)?)?\W*$"
    r"|\bdon['’]?t (?:want|need) (?:it|one|any\w*)\b",
    re.IGNORECASE,
)
_BUYS_NOTHING: Final = re.compile(
    r"(?:不用|不必|不要|别|甭|不)(?:再|另外?|单独|给我|帮我)*(?:加(?!急|钱|价|运费)购?|买|下单|另下)"
    r"(?:单|一?[件个份条双台])?(?:了|吧|啊)*(?=$|[，。！!,;；\s])"
    r"|\b(?:don['’]?t|do not|no need to|needn['’]?t|won['’]?t)\b[^.;!?,]{0,24}?"
    r"\b(?:buy(?:ing)?|purchas\w+|add(?:ing)?)\b",
    re.IGNORECASE,
)
"""In as many words."""
_CALLS_OFF: Final = re.compile(
    r"\b(?:any ?more|any longer|after all)\b|(?<![另再])(?:不|不要)(?:买|下单)了?\W*$", re.IGNORECASE
)
"""台灯不买了 calls off what was bought, unless nothing at all is to be bought."""
_ANYTHING: Final = re.compile(r"\bany(?:thing| of)\b|什么都|别买", re.IGNORECASE)


def buys_nothing(text: str) -> bool:
    """Whether words say in as many words that nothing is bought or added, and nothing else: they call nothing off."""
    if _CALLS_OFF.search(text) and not _ANYTHING.search(text):
        return False
    said = [clause for clause, _ in clauses_of(text) if not says_nothing(clause)]
    return any(map(_BUYS_NOTHING.search, said)) and all(
        _BUYS_NOTHING.search(each) or _UNWANTED.search(each) for each in said
    )


def lets_buying_be(text: str) -> bool:
    """Whether words say that nothing is to be bought or added after all."""
    return _LET_BE.search(text) is not None


def only_lets_buying_be(text: str) -> bool:
    """Whether words say nothing but that: "no, don't add it. I don't want to buy anything"."""
    said = [clause for clause, _ in clauses_of(text) if not says_nothing(clause)]
    return any(map(lets_buying_be, said)) and all(lets_buying_be(each) or _UNWANTED.search(each) for each in said)


def without_purchases(then: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What follows a request, without what would be bought."""
    return [each for each in then if each.get("kind") not in ("place", "reorder")]


__all__ = ["buys_nothing", "lets_buying_be", "only_lets_buying_be", "without_purchases"]
