"""Words on which the rest of a message hangs, written as they are meant: "my last odrer", "evrything exept the belt".

Goods are known by their names even when misspelt; of these few words it must be known before goods are looked for.
"""

from __future__ import annotations

import re
from typing import Final

from actions.resolver.rest_goes import with_rest_going
from actions.resolver.text import distance

_LIKE_ONE: Final = re.compile(r"\b[a-z]{4,12}\b", re.IGNORECASE)
_KNOWN: Final = ("order", "orders", "except", "everything", "excluding", "besides")
_NONE_OF_THEM: Final = frozenset({
    "older", "elder", "border", "borders", "odder", "ordered", "ordeal", "expect", "expects", "accept", "accepts",
    "exempt", "excerpt", "beside", "besides", "bedside", "bedsides",
})  # fmt: skip
"""Words of their own that look like them."""
_LONG: Final = 7
"""Of words so long two letters may be wrong."""
_EXCEPT: Final = re.compile(
    r"(?<=\S )(?:expect|accept|exempt|excerpt)(?= (?:for |from )?(?:the|my|that|this|those|these)\b)", re.IGNORECASE
)
_ALL: Final = re.compile(r"\b(?:all|everything|both|the lot|whole|entire)\b", re.IGNORECASE)
_FROM: Final = re.compile(
    r"\b(apart|aside|everything|all|back|off|anything|items?|things?|goods) (?:form|fom|fron|frm)\b", re.IGNORECASE
)
_OTHER_THAN: Final = re.compile(r"\bother (?:then|tahn|thna)(?= (?:the|my|that|this|those|these)\b)", re.IGNORECASE)
_EACH: Final = re.compile(
    r"\b(?P<where>in|from|out of|off|of) (?:each|every|every one)(?: one)? (?:of )?(?:(?:my|the|those|these) )?"
    r"(?:(?:two|2|both|open) )?orders?\b"
    r"(?: (?:that|which) (?:has|have|is|are)(?:n['’]?t| not)(?: yet)?(?: been)?(?: yet)? (?:shipped|sent|dispatched|out|left)(?: yet)?)?"  # noqa: E501
    r"(?! (?:with|from|of|to|i|number|that|which)\b)",
    re.IGNORECASE,
)
_REST: Final = re.compile(
    r"(?P<pause>[,.;:!]\s*(?:and |but )?)rest (?=(?:of it |can |should |to )?(?:stays?|remains?|comes?|is|are|stay)\b)",
    re.IGNORECASE,
)
_HAN: Final = (("定单", "订单"), ("除啦", "除了"))


def spelt(text: str) -> str:
    """`text` with "order", "everything" and the words for an exception as they are written, and said in one."""
    text = _REST.sub(lambda said: f"{said['pause']}the rest ", text)
    text = _EACH.sub(lambda said: f"{said['where']} both orders", text)
    text = _FROM.sub(lambda said: f"{said[1]} from", _LIKE_ONE.sub(_right, text))
    if _ALL.search(text):
        # "Everything expect the belt"; "I accept the offer" leaves nothing out.
        text = _OTHER_THAN.sub("other than", _EXCEPT.sub("except", text))
    for wrong, right in _HAN:
        text = text.replace(wrong, right)
    return with_rest_going(text)


def _right(said: re.Match[str]) -> str:
    word = said.group().lower()
    if word in _KNOWN or word in _NONE_OF_THEM:
        return said.group()
    for known in _KNOWN:
        limit = 2 if len(known) >= _LONG else 1
        if word[0] == known[0] and distance(word, known, limit) <= limit:
            return known
    return said.group()


__all__ = ["spelt"]
