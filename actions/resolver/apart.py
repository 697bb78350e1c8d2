"""Wishes that people write one after the other without a sign between them, and the words around them of no goods.

"杯子换蓝的 台灯换黑的 地址换成公司" are three wishes: two about goods, one about where they go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.requests import LineRequest, read_requests

_HAN_VERB: Final = r"(?:换|改|取消|退|[寄送发][到给去]|不要|别要|留着|保留|要留)"
_HAN_CLAUSES: Final = re.compile(rf"(?<=[\u4e00-\u9fff])\s+(?=[^\s，。；！？,]{{0,14}}{_HAN_VERB})")
"""A blank before another wish."""
_ALONG: Final = re.compile(r"(?<=也)(?=一起)一起|(?<=了)[\s，,]*(?:一起|一块儿?)(?:吧|办|弄|了)?(?=\W*$)")
"""Beside something else, and not all of it: 围巾也不要了 一起吧."""
_ARROW: Final = re.compile(r"\s*(?:-+>|=+>|→|⇒|➜|➡️?|—>)\s*")
_WHERE: Final = re.compile(
    r"(?:[,;]?\s*(?:\b(?:and|then|plus|also|please|pls|can you|could you)\b[\s,]*)+|[,;]\s*|^\s*)"
    r"(?:(?:send|deliver|ship|post)(?:ed)?"
    r"(?: (?:it|them|that|this|everything|all of it|(?:the|what['’]?s) (?:rest|left|others?)|both|all"
    r"|(?:the|my|this|that|both|all)(?: [\w'-]+){0,3} (?:orders?|parcels?|packages?)))? (?:to|at)\b"
    r"|deliver(?:y|ed) (?:to|at)\b"
    r"|(?:use|change the address to|with|the address (?:is|to|should be)|address(?: to)?:?)\s+"
    r"(?=(?:my |the |our )?[\w' ]{0,20}(?:address|home|work|office|parents))"
    r"|change (?:it|that|this|the (?:delivery|shipping) address) to "
    r"(?=(?:my|our) [\w' ]{0,20}(?:address|home|work|office|parents)\b(?:['’]s?)?"
    r"(?: (?:address|place|house|flat|instead|please|pls|and|but|then|too)\b|\W*$|[,.;!?])))"
    r"(?:(?!\s+(?:and|but|then|plus)\s+(?:also |please |then |just )*(?:take|remove|cancel|drop|leave|get rid|scratch"
    r"|delete|knock|strike|swap|exchange|make|change|return|send (?:the|me|back))\b)[^,.;!?])*"
    r"|(?:[，。；,;、\s]|^)(?:然后|再|顺便|另外|还有|麻烦|请|帮我|把)*(?:收货|配送|寄送)?地址(?:也|都|再|帮我)*[改换][^，。；,;]*"
    r"|(?:[，。；,;、\s]|^)(?:然后|再|顺便|另外|还有|麻烦|请|帮我|都|一起)*[寄送发][到给去](?:我)?[^，。；,;]*",
    re.IGNORECASE,
)
"""A clause that only says where the order goes."""


def clauses_apart(text: str) -> str:
    """`text` with a comma where a blank alone divides two wishes, and "to" for an arrow: "L->M" is "L to M"."""
    return _ARROW.sub(lambda found: " to ", _HAN_CLAUSES.sub("，", _ALONG.sub(" ", text)))


def without_where(text: str) -> str:
    """`text` with blanks for the clauses that say where an order goes: their words name no goods."""
    return _WHERE.sub(lambda found: " " * len(found[0]), text)


def where_said(text: str) -> str:
    """The clauses that say where an order goes; empty where none does."""
    return "\n".join(found[0].strip(" ,，;；、") for found in _WHERE.finditer(clauses_apart(text)))


_PARTS: Final = re.compile(r"\s+(?:and|n|&|plus)\s+(?:also\s+)?|[,;，；。]\s*|还有|并且", re.IGNORECASE)


def read_apart(
    text: str,
    lines: Sequence[LineCandidate],
    *,
    variants: Mapping[str, Sequence[VariantCandidate]],
    focus: Focus = NO_FOCUS,
    today: date,
) -> list[LineRequest]:
    """The wishes of a message, part by part, where at least two parts each say what another line becomes; else none.

    "Make the mugs blue and the lamp black": one verb, two things, two colours.
    """
    found: list[LineRequest] = []
    for part in _PARTS.split(text):
        found += read_requests(part, lines, variants=variants, focus=focus, today=today)
    plain = [wish for wish in found if wish.lines.sure and wish.target is not None and wish.target.status == "one"]
    named = [line.key for wish in plain for line in wish.lines.candidates]
    if len(plain) < 2 or len(set(named)) != len(named) or any(wish.conditions for wish in found):
        return []
    return [wish for wish in found if wish in plain or (wish.wish == "keep" and wish.lines.sure)]
