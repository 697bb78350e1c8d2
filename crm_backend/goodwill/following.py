"""What was given follows the effects that carry it out: done when all of them are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.models import Effect
from crm_backend.goodwill import repository
from crm_backend.goodwill.models import Goodwill

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


def of_effect(unit: Unit, effect: Effect) -> Goodwill | None:
    """What an effect carries out, if it is goodwill; held against other writers."""
    return repository.of_proposal(unit.session, effect.proposal_id) if effect.proposal_id is not None else None


def follow(unit: Unit, effect: Effect) -> None:
    """An effect is done, or failed for now."""
    given = of_effect(unit, effect)
    if given is None:
        return
    states = set(unit.session.scalars(select(Effect.state).where(Effect.proposal_id == effect.proposal_id)))
    if states == {"done"}:
        given.state, given.done_at = "done", unit.now
    elif "failed" in states:
        given.state = "failed"


def again(unit: Unit, effect: Effect) -> None:
    """An agent has it tried once more."""
    given = of_effect(unit, effect)
    if given is not None and given.state == "failed":
        given.state = "requested"
