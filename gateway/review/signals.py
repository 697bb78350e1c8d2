"""How likely a turn went wrong, judged by what stands beside it. Pure; the weights order the reviewers' queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from gateway.search.terms import normalise

WEIGHTS: Final = {
    "given_up": 4.0,
    "fallback": 3.0,
    "handed_over": 3.0,
    "low_rating": 2.5,
    "repeated": 2.5,
    "low_confidence": 2.0,
}
"""By signal what it adds to a turn's score. A low confidence adds its weight in part: the more, the lower."""

FALLBACK_INTENTS: Final = frozenset({"nlu_fallback", "out_of_scope"})
FALLBACK_ACTIONS: Final = frozenset({"action_clarify", "action_out_of_scope", "action_default_fallback"})
LOW_RATING: Final = 2
"""A mark up to this, of five, is a bad one."""

_ALIKE: Final = 0.8
"""From this part of equal characters on (`difflib`'s ratio) a message says the last one again."""
_REPEAT_CHARACTERS: Final = 4
"""Shorter messages ("yes", "好的") are said again for good reasons."""


@dataclass(frozen=True)
class TurnFacts:
    """What is known of one turn."""

    id: str
    at: datetime
    words: str
    """What the shopper typed; empty where a button was pressed."""
    intent: str | None
    confidence: float | None
    actions: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class ConversationFacts:
    """What is known of the conversation around its turns."""

    handed_over_at: tuple[datetime, ...]
    """When a person was asked for, by shopper or assistant."""
    scores: tuple[tuple[datetime, int], ...]
    """Marks and when the shopper was asked for them."""


def is_fallback(intent: str | None, actions: Sequence[str]) -> bool:
    """Whether the assistant said that it did not know what was meant or could not help."""
    return intent in FALLBACK_INTENTS or not FALLBACK_ACTIONS.isdisjoint(actions)


def is_repeated(words: str, before: str) -> bool:
    """Whether `words` say `before` again."""
    said, earlier = normalise(words), normalise(before)
    if min(len(said), len(earlier)) < _REPEAT_CHARACTERS:
        return False
    return SequenceMatcher(None, said, earlier, autojunk=False).ratio() >= _ALIKE


def judge(turns: Sequence[TurnFacts], around: ConversationFacts, low_confidence: float) -> dict[str, dict[str, float]]:
    """By turn the signals that speak against it, each with what it adds; turns without any are left out.

    `turns` in order of time. A person asked for counts against the last typed turn before it; a bad mark against all
    that came since the mark before; saying something again against the turn that was answered wrongly, the first.
    """
    found: dict[str, dict[str, float]] = {one.id: {} for one in turns}
    typed = [one for one in turns if one.words]
    for one in typed:
        if one.state == "given_up":
            found[one.id]["given_up"] = WEIGHTS["given_up"]
        if is_fallback(one.intent, one.actions):
            found[one.id]["fallback"] = WEIGHTS["fallback"]
        elif one.confidence is not None and one.confidence < low_confidence:
            doubt = (low_confidence - one.confidence) / low_confidence
            found[one.id]["low_confidence"] = round(WEIGHTS["low_confidence"] * (0.5 + doubt / 2), 3)
    for before, one in pairwise(typed):
        if is_repeated(one.words, before.words):
            found[before.id]["repeated"] = WEIGHTS["repeated"]
    for at in around.handed_over_at:
        if led := [one for one in typed if one.at <= at]:
            found[led[-1].id]["handed_over"] = WEIGHTS["handed_over"]
    since: datetime | None = None
    for at, score in sorted(around.scores):
        if score <= LOW_RATING:
            for one in typed:
                if (since is None or one.at > since) and one.at <= at:
                    found[one.id]["low_rating"] = WEIGHTS["low_rating"]
        since = at
    return {turn: signals for turn, signals in found.items() if signals}
