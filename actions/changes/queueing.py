"""What waits behind the change that is open: taken up at once, kept for afterwards, or dropped once it is settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet

from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, is_same_wish
from actions.changes.turned_down import turned_down
from actions.desk import Event, Turn
from actions.resolver import LineCandidate, resolve_lines, without_order_words

SLOT = "queue"


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
