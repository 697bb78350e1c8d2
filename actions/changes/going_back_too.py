"""What was noted for afterwards and sends further goods of the same order back: it goes into the return that is open.

A return is made once for all that goes back: one parcel, one label, one way back that is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from actions.changes.asked_beside import only_asks
from actions.changes.dialogue import ChangeDialogue
from actions.changes.kinds import BY_INTENT, BY_KEY
from actions.changes.other_pieces import read_other_pieces
from actions.changes.request import all_left
from actions.changes.said_of_each import names_goods
from actions.changes.several import is_of_its_order
from actions.changes.turned_down import clauses_of
from actions.resolver import clauses_apart, read_requests

RETURN: Final = "return"
_GOES: Final = ("return", "cancel")


async def gather_returns(dialogue: ChangeDialogue, noted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Takes what `noted` sends back into the return that is open; what of it is left to be done afterwards."""
    request = dialogue.request
    if request.kind != RETURN or len(request.orders) != 1 or not request.lines:
        return list(noted)
    await dialogue.records.orders(request.orders)
    return [each for each in noted if not await _taken(dialogue, each)]


async def _taken(dialogue: ChangeDialogue, noted: dict[str, Any]) -> bool:
    request, today = dialogue.request, dialogue.records.today
    text, kind = str(noted["text"]), BY_INTENT.get(str(noted.get("intent") or ""))
    if (kind is not None and kind.wish not in (*_GOES, None)) or only_asks(text):
        return False
    lines = dialogue.records.lines(request.orders[0])
    named = names_goods(text, lines, today=today)
    wishes = read_requests(clauses_apart(text), lines, today=today)
    goes = [wish for wish in wishes if wish.wish in _GOES]
    plain = all(wish.wish in (*_GOES, "keep") and wish.lines.status in ("one", "many") for wish in wishes)
    if not goes or not plain or any(wish.target is not None or wish.conditions for wish in goes):
        return False
    back = {
        match.candidate.key: all_left(match.candidate, match.quantity if match.quantity is not None else wish.quantity)
        for wish in goes
        for match in wish.lines.matches
    }
    said = "，".join(each for each, _ in clauses_of(text) if names_goods(each, lines, today=today) & back.keys())
    if not back.keys() <= named or not await is_of_its_order(dialogue, BY_KEY[RETURN], said):
        return False
    request.lines = {**request.lines, **back}
    await read_other_pieces(dialogue.reader, text)
    return True


__all__ = ["gather_returns"]
