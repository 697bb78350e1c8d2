"""One message at which an action did the wrong thing, as a file for whoever mends it in the code.

The message goes through the same masking as examples; values of entities and the words of replies, which may name
people, are left out: what ran, in which versions, is what is looked for.
"""

from __future__ import annotations

from typing import Any

from gateway.conversations.models import Turn
from gateway.review.masking import mask
from gateway.review.models import ReviewItem
from shopdesk_schemas.turn import Entity


def case_of(turn: Turn, item: ReviewItem | None, kinds: list[str], address: str) -> dict[str, Any]:
    """The case. `kinds` are the contents of the replies, in order; `address` is the gateway's own."""
    understood = turn.understanding or {}
    entities = [Entity.model_validate(one) for one in understood.get("entities", [])]
    return {
        "turn": turn.id,
        "at": turn.received_at.isoformat(),
        "page": f"{address}/console/review/turns/{turn.id}",
        "input": {
            "kind": turn.input.get("kind"),
            "text": mask(str(turn.input.get("text") or ""), entities) or None,
            "payload_intent": _intent_of(turn.input.get("payload")),
        },
        "language": item.language if item is not None else None,
        "understood": {
            "intent": turn.intent,
            "confidence": turn.confidence,
            "ranking": understood.get("ranking", []),
            "entities": sorted({one.entity for one in entities}),
        },
        "actions": turn.actions or [],
        "replies": kinds,
        "state": turn.state,
        "attempts": turn.attempts,
        "model": turn.model,
        "timings_ms": turn.timings_ms or {},
        "found": {
            "cause": item.cause,
            "subject": item.subject,
            "remedy": item.remedy,
            "signals": item.signals,
        }
        if item is not None
        else None,
    }


def _intent_of(payload: object) -> str | None:
    """The intent of a button: its values may be order numbers."""
    return str(payload).partition("{")[0] if payload else None
