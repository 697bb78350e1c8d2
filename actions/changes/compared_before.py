"""A comparison whose goods were named in the words before it: "I have mugs in two orders. Cancel the dearer one"."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.records import ORDERS_READ, Records
from actions.crm_client import CrmNotFound
from actions.desk import Turn, last_words
from actions.resolver import resolve_lines
from actions.resolver.asked_comparison import without_asked_comparison

_COMPARES: Final = re.compile(
    r"\bthe (?:cheap|dear|pric|expensive|cost|small|big|larg|long|short|old|new)\w*\b"
    r"|\bthe (?:more|less|most|least) expensive\b"
    r"|(?:便宜|贵|大|小|长|短|早|晚|新|旧)(?:一?[点些])?的?(?:那|这)?(?:一?[个件条双只台套块把盒瓶本])?(?![单笔])",
    re.IGNORECASE,
)
_ORDER_ONLY: Final = re.compile(
    r"(?:另|单独)(?:外|下的?|买的?|的)?(?:那|这)?(?:一|个|张|笔)*(?:订)?单"
    r"|\bthe other (?:one|order)\b|\b(?:one|order) (?:that(?:['’]s| is) )?(?:on its own|by itself)\b",
    re.IGNORECASE,
)
"""Only the order is told, of goods named before."""
_CLAUSE: Final = re.compile(r"[^,，。.!！;；?？\n]+")
_NAMES: Final = frozenset({"name", "near_name", "category"})


async def with_goods_before(turn: Turn, records: Records, text: str) -> str:
    """`text` behind the clause that names what it compares, where that was the request before it; else as it is."""
    noted = turn.metadata.get("noted")
    further = int(turn.metadata.get("request") or 1) > 1
    if not further:
        return text
    before = str(noted.get("before") or "") if isinstance(noted, dict) else last_words(turn)
    asked = f"{before.rstrip('?？!！.。 ')}? {text}"
    if before and not before.startswith("/") and without_asked_comparison(asked) != asked:
        # "Which has more memory?" before "Keep that one and cancel the other"
        return asked
    if not (_COMPARES.search(text) or _ORDER_ONLY.search(text)):
        return text
    try:
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    except CrmNotFound:
        return text
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]

    def names(words: str) -> bool:
        found = resolve_lines(words, lines, today=records.today)
        return any(reason.kind in _NAMES for match in found.matches for reason in match.reasons)

    if not before or not lines or names(text):
        return text
    clause = next((each.strip() for each in reversed(_CLAUSE.findall(before)) if names(each)), "")
    return f"{clause}, {text}" if clause else text


__all__ = ["with_goods_before"]
