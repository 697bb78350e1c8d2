"""Whether a question that a digression interrupted was brought back before already: twice is nagging."""

from __future__ import annotations

from actions.desk import Turn
from actions.proofs import REFERENCE

_RESUMED = "_resume"


def would_nag(turn: Turn, slot: str) -> bool:
    """Whether the number asked for in `slot` was already asked for again since it was last asked for in full.

    Where a number was given the missing proof of it is asked for each time.
    """
    if slot != REFERENCE:
        return False
    for event in reversed(turn.tracker.events):
        said = str((event.get("metadata") or {}).get("utter_action") or "") if event.get("event") == "bot" else ""
        if said.startswith(f"utter_ask_{slot}_"):
            return said.endswith(_RESUMED)
    return False
