"""All of an order goes but what is said to be wanted alone: "cancel everything else, only the lamp should come". Pure.

Said in two sentences, of which neither tells all. They are put into one: "cancel everything except the lamp". Of "the
others" that are the same goods in other orders `kept_apart` reads.
"""

from __future__ import annotations

import re
from typing import Final

_GO: Final = r"(?:cancel|call off|drop|remove|scrap|take off|get rid of|return|send back)"
_GONE: Final = r"(?:cancell?ed|dropped|removed|called off|scrapped|taken off|returned|sent back)"
_REST: Final = (
    r"(?:everything else|all else|(?:all )?(?:of )?the (?:rest|others)|(?:all )?the (?:other|remaining)"
    r" (?:things|items|goods|stuff|products|bits|ones|two|three)|the other stuff|the remainder)"
)
_ORDER: Final = r"(?: (?P<order>(?:in|from|of|on|out of|off) (?!(?:it|them)\b)[^,.;!?]{2,60}?))"
_KEPT: Final = r"(?P<kept>(?!(?:it|that|this|one|to|if)\b)[^,.;!?]{2,60}?)"
_TAIL: Final = r"(?: (?:please|though|instead|still|then|now|as planned|as ordered))*"
_COMES: Final = (
    r" (?:(?:should|can|may|must|is to|are to|needs? to|has to|have to|will) )?(?:still |just )?"
    r"(?:come|be sent|be shipped|be delivered|ship|stay|remain|stays|remains|comes|is wanted|is needed)"
)
_BETWEEN: Final = r"[,.;:!]?\s*(?:-+\s*)?(?:(?:and|but|so|then|please|you can|just) )*"
_WANTING: Final = r"(?:i|we)(?:'d| would)? (?:(?:only|just) (?:want|need|like|wanted)|want only|need only)"
_SAID: Final = (
    re.compile(
        rf"\b(?P<go>{_GO}) {_REST}{_ORDER}?{_TAIL}{_BETWEEN}\b(?:only|just) {_KEPT}{_COMES}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<go>{_GO}) {_REST}{_ORDER}?{_TAIL}{_BETWEEN}"
        rf"\b(?:{_WANTING}|(?:only|just) keep|keep (?:only|just)) {_KEPT}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:\b{_WANTING}|(?:(?<=^)|(?<=[,.;:!?] ))(?:only|just)(?! (?:cancel|one|a|two)\b)|\b(?:keep|leave me) (?:only|just)"  # noqa: E501
        rf"|\b(?:only|just) keep) {_KEPT}{_ORDER}?{_TAIL}{_BETWEEN}"
        rf"\b(?:(?P<go>{_GO}) {_REST}(?: (?:in|from|of|on) (?:it|there|that|that order))?"
        rf"|{_REST} (?:(?:can|should|may|must|could|to|needs? to|has to) )+(?:all )?(?:go|be (?P<gone>{_GONE}))"
        rf"|{_REST} (?:goes|is not needed|are not needed|(?:is|are)n'?t needed))\b{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_REST}{_ORDER}? (?:(?:can|should|may|must|could) )+(?:all )?(?:go|be (?P<gone>{_GONE})){_BETWEEN}"
        rf"\b(?:{_WANTING}|(?:only|just) keep|keep (?:only|just)) {_KEPT}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
)
_OTHERS: Final = re.compile(r"\bthe others?\b(?! (?:things|items|goods|stuff|products|bits))", re.IGNORECASE)
_COMPARED: Final = re.compile(
    r"\b(?:ones?|pairs?|sets?|cheap\w*|dear\w*|expensive|pric\w+|bigg?\w*|small\w*|larg\w*|new\w*|old\w*|first|second"
    r"|last|which\w*|\d+|two|three)\b",
    re.IGNORECASE,
)
"""What is told among its like: "the others" beside it are those."""


def with_rest_going(text: str) -> str:
    """`text` with "cancel everything in my order except the lamp" where it says so in two sentences."""
    for pattern in _SAID:
        if (said := pattern.search(text)) is not None and not _of_the_same(said):
            return text[: said.start()] + _in_one(said) + text[said.end() :]
    return text


def _of_the_same(said: re.Match[str]) -> bool:
    """Whether "the others" may be the same goods: no order is told, or what stays is told by a value."""
    return _OTHERS.search(said[0]) is not None and (not said["order"] or _COMPARED.search(said["kept"]) is not None)


def _in_one(said: re.Match[str]) -> str:
    groups = said.groupdict()
    go = groups.get("go") or ("return" if (groups.get("gone") or "").lower() in ("returned", "sent back") else "cancel")
    order = re.sub(r"^(?:out of|off|of|on)\b", "in", (said["order"] or "").strip())
    return f"{go} everything {order} except {said['kept'].strip()}".replace("  ", " ")


__all__ = ["with_rest_going"]
