"""Whether a conversation was contained: helped by the assistant alone, to the end. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.insight.models import Against
from gateway.review.signals import LOW_RATING, TurnFacts, is_fallback

PERSON_INTENTS: Final = frozenset({"ask_human"})
OTHER: Final = "other"

_BESIDE: Final = frozenset({"smalltalk", "handoff", "conversation"})
"""Topics that say nothing of what somebody came for, unless they said nothing else."""

_BETWEEN: Final = ("action_listen", "action_extract_slots", "action_session_start", "validate_")
"""Actions that nobody meets as a step."""


@dataclass(frozen=True)
class Around:
    """What is known of a conversation beside its turns."""

    handed_over: bool
    """A person took it, or it still waited for one."""
    person_asked: bool
    """Somebody asked for a person, whether or not there was one."""
    score: int | None
    contacted_again: bool
    """The same person wrote again, on any channel, within the days after which it is judged."""
    unsolved: Against | None
    """What the CRM has against it."""


def against(turns: Sequence[TurnFacts], around: Around) -> Against | None:
    """The first reason why it was not contained, in the order of `Against`; None: it was."""
    typed = [one for one in turns if one.words]
    asked = around.person_asked or any(one.intent in PERSON_INTENTS for one in typed)
    reasons: tuple[tuple[Against, bool], ...] = (
        ("handed_over", around.handed_over),
        ("person_refused", asked),
        ("not_answered", any(one.state == "given_up" for one in turns)),
        ("not_understood", bool(typed) and typed[-1] is turns[-1] and is_fallback(typed[-1].intent, typed[-1].actions)),
        ("low_rating", around.score is not None and around.score <= LOW_RATING),
        ("new_contact", around.contacted_again),
    )
    return next((reason for reason, holds in reasons if holds), around.unsolved)


def subject(turns: Sequence[TurnFacts], topics: Mapping[str, str]) -> tuple[str, str | None]:
    """The topic and intent of what was asked first, small talk aside."""
    known = [one for one in turns if one.intent and not is_fallback(one.intent, one.actions)]
    if not known:
        return OTHER, None
    asked = next((one for one in known if topics.get(one.intent or "", OTHER) not in _BESIDE), known[0])
    return topics.get(asked.intent or "", OTHER), asked.intent


def last_step(turns: Sequence[TurnFacts]) -> str | None:
    """What the assistant last did that a shopper meets: where they left, when an answer was awaited."""
    for turn in reversed(turns):
        steps = [name for name in turn.actions if not name.startswith(_BETWEEN)]
        if steps:
            return steps[-1][:200]
    return None
