"""What waits behind the change that is open: taken up at once, kept for afterwards, or dropped once it is settled."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from rasa_sdk.events import SlotSet

from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, is_same_wish
from actions.changes.placing_words import much_alike
from actions.changes.turned_down import turned_down
from actions.desk import Event, Turn
from actions.resolver import LineCandidate, resolve_lines, without_order_words

SLOT: Final = "queue"
_A_PIECE: Final = 6
"""Shorter words stand in other messages by chance."""
_POINTED: Final = re.compile(r"\b(?:it|that|this|one|them|those)\b|[那这它]|[一1][个条件双只]", re.IGNORECASE)
"""Goods that were spoken of, without their name."""


def waiting(turn: Turn, *, but: Collection[str] = ()) -> list[dict[str, Any]]:
    """What waits already, without the words of `but`."""
    return [each for each in turn.tracker.get_slot(SLOT) or [] if each["text"] not in but]


def said_now(turn: Turn, text: str, intent: str = "") -> Event:
    """What the message says besides is answered in the same turn, before what waits; nothing announces it."""
    now = {"text": text, "intent": intent, "said_now": True}
    return SlotSet(SLOT, [now, *settled(waiting(turn, but=(text, turn.text)))])


def settled(queue: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`queue` without what asks for nothing: that something shall not be done is settled once nothing is open."""
    return [each for each in queue if (down := turned_down(each["text"])) is None or not down.alone]


def without_done(
    queue: Sequence[dict[str, Any]],
    kind: ChangeKind,
    lines: Sequence[LineCandidate],
    done: Collection[str],
    *,
    today: date,
) -> list[dict[str, Any]]:
    """`queue` without what asks for the change that was just made, of no other of its `lines` than those of `done`."""
    left = []
    for each in queue:
        asked = BY_INTENT.get(str(each.get("intent")))
        named: set[str] = set()
        if asked is not None and is_same_wish(asked, kind):
            found = resolve_lines(without_order_words(each["text"]), lines, today=today)
            named = {match.candidate.key for match in found.matches}
        if not (named and named <= set(done)):
            left.append(each)
    return left


def without_bought(queue: Sequence[dict[str, Any]], titles: Sequence[str]) -> list[dict[str, Any]]:
    """`queue` without words that order once more what was just bought, by one of its `titles` or by pointing at it."""

    def same(text: str) -> bool:
        return _POINTED.search(text) is not None or any(much_alike(text, title) for title in titles)

    return [each for each in queue if not (each.get("intent") == "place_order" and same(str(each["text"])))]


def unsaid(queue: Sequence[dict[str, Any]], turn: Turn) -> list[dict[str, Any]]:
    """`queue` without what is said again now, in full: it was a piece of that."""
    return [each for each in queue if len(text := str(each["text"])) < _A_PIECE or text not in turn.text]
