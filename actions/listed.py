"""The list of goods that was shown last, so that "anything else?" brings those that come after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, Self

from rasa_sdk.events import SlotSet

from actions.desk import Event, Turn

SLOT: Final = "listed"


@dataclass(frozen=True)
class Listed:
    """A list on the screen: the action that showed it, the words it answered, what was shown of it."""

    action: str
    text: str
    shown: Sequence[str] = field(default=())
    """Products by their external ids, all pages together."""
    skip: int = 0
    """How many of the catalogue's answer are behind us."""
    anchor: str | None = None
    """The product or order that the list is about."""

    @classmethod
    def of(cls, turn: Turn) -> Self | None:
        """As the conversation remembers it; None where nothing was listed yet."""
        kept = turn.tracker.get_slot(SLOT)
        return cls(**kept) if kept else None

    def remembered(self) -> Event:
        """The event that keeps it."""
        return SlotSet(SLOT, {**asdict(self), "shown": list(self.shown)})
