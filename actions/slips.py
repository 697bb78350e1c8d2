"""Slips of the finger at the verb that decides what becomes of an order: "I want to cacnel it"."""

from __future__ import annotations

import copy
import re
from typing import Any, Final

from actions.desk import Turn
from actions.resolver.text import distance

_VERB: Final = "cancel"
_WORD: Final = re.compile(r"\b[a-z]{5,7}\b", re.IGNORECASE)
_OTHER_WORDS: Final = frozenset({"cancer", "cancers", "chancel"})


def with_slip_mended(text: str) -> str:
    """`text` with a word that is one slip of the finger away from "cancel" as that."""

    def mended(said: re.Match[str]) -> str:
        word = said.group().casefold()
        slipped = word != _VERB and word not in _OTHER_WORDS and distance(word, _VERB, 1) == 1
        return _VERB if slipped else said.group()

    return _WORD.sub(mended, text)


def as_meant(turn: Turn) -> Turn:
    """The turn with such a slip mended; where it looked like a purchase because of it, it calls something off."""
    text = with_slip_mended(turn.text)
    if turn.pressed or text == turn.text:
        return turn
    tracker = copy.copy(turn.tracker)
    message: dict[str, Any] = {**turn.message, "text": text}
    if turn.intent == "place_order":
        message["intent"] = {"name": "cancel_order", "confidence": 1.0}
    tracker.latest_message = message
    return Turn(tracker)


__all__ = ["as_meant", "with_slip_mended"]
