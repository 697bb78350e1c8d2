"""What was recommended last, and the log of what came of it: shown, and looked at more closely.

The log is what the shop compares its ways of recommending by and what later fits use. A shopper never waits for it
and never sees it fail: an entry that the CRM cannot take is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from rasa_sdk.events import SlotSet

from actions.crm_client import CrmError
from actions.desk import Desk, Event, Turn
from shopdesk_schemas.recommendations import RecommendationsSeen, ShelfName

SLOT = "recommended"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownShelf:
    """The list on the screen: its products in order, each with its reason in words, and those that were looked at."""

    shelf: ShelfName
    reasons: Mapping[str, str]
    clicked: Sequence[str] = field(default=())

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """As the conversation remembers it; None where nothing was recommended yet."""
        kept: dict[str, Any] | None = turn.tracker.get_slot(SLOT)
        if not kept or "shelf" not in kept:
            return None
        return cls(cast(ShelfName, kept["shelf"]), dict(kept["reasons"]), tuple(kept["clicked"]))

    def remembered(self) -> Event:
        """The event that keeps it."""
        value = {"shelf": self.shelf, "reasons": dict(self.reasons), "clicked": list(self.clicked)}
        return SlotSet(SLOT, value)


async def log_shown(desk: Desk, turn: Turn, shown: ShownShelf) -> None:
    """Tells the CRM what was shown."""
    seen = RecommendationsSeen(kind="shown", shelf=shown.shelf, products=list(shown.reasons))
    await _log_seen(desk, turn, seen)


async def log_clicked(desk: Desk, turn: Turn, products: Collection[str]) -> list[Event]:
    """Tells the CRM that a shopper chose something shown or asks about it, once for each time it was shown."""
    shown = ShownShelf.of(turn)
    new = [each for each in shown.reasons if each in products and each not in shown.clicked] if shown else []
    if shown is None or not new:
        return []
    places = list(shown.reasons)
    for product in new:
        place = places.index(product) + 1
        seen = RecommendationsSeen(kind="clicked", shelf=shown.shelf, products=[product], first_position=place)
        await _log_seen(desk, turn, seen)
    return [replace(shown, clicked=(*shown.clicked, *new)).remembered()]


async def _log_seen(desk: Desk, turn: Turn, seen: RecommendationsSeen) -> None:
    key = f"{turn.message_id}:{seen.kind}:{seen.shelf}:{seen.first_position}"[:200]
    try:
        await desk.crm.recommendations_seen(turn.conversation_id, seen, key=key)
    except CrmError as error:
        _log.warning("what was %s of a shelf is not in the log: %s", seen.kind, type(error).__name__)
