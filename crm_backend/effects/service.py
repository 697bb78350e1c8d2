"""Effects: listing them, taking the answers of other systems, trying one again."""

from __future__ import annotations

from collections.abc import Collection

from crm_backend.changes.models import Proposal
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.effects import repository
from crm_backend.effects.kinds import kind_of
from crm_backend.effects.models import Effect
from crm_backend.effects.repository import EffectRow
from crm_backend.orders.models import Order
from shopdesk_schemas.effects import EffectAnswer, EffectOrder, EffectPage, EffectRecord, EffectWork
from shopdesk_schemas.problems import Conflict, NotFound

_MAY_BECOME = {
    "pending": {"accepted", "done", "failed"},
    "delivered": {"accepted", "done", "failed"},
    "accepted": {"done", "failed"},
    # It was tried again over there without asking us.
    "failed": {"done"},
    "done": set[str](),
}


def list_effects(
    session: ReadSession, states: Collection[str], kind: str | None, after: str | None, limit: int
) -> EffectPage:
    """A page, oldest first."""
    rows = repository.list_effects(session, states, kind, after, limit + 1)
    page = rows[:limit]
    return EffectPage(
        effects=[record(row) for row in page],
        next=page[-1].effect.public_id if len(rows) > limit else None,
    )


def show(session: ReadSession, public_id: str) -> EffectRecord:
    """One effect. Raises NotFound."""
    row = repository.find(session, public_id)
    if row is None:
        raise NotFound
    return record(row)


def answer(unit: Unit, public_id: str, said: EffectAnswer) -> EffectRecord:
    """Note what the other system says and do what follows from it. The same answer again changes nothing.

    Raises NotFound, and Conflict when the effect cannot become that any more.
    """
    effect = repository.lock(unit.session, public_id)
    if effect is None:
        raise NotFound
    if effect.state != said.answer:
        if said.answer not in _MAY_BECOME[effect.state]:
            raise Conflict(f"the effect is {effect.state} and cannot become {said.answer}")
        effect.state = said.answer
        effect.answered_at = unit.clock.wall()
        effect.next_try_at = None
        effect.reference = said.reference or effect.reference
        effect.last_error = said.error if said.answer == "failed" else None
        unit.audit(f"effect.{said.answer}", "effect", effect.public_id, {"kind": effect.kind})
        kind = kind_of(effect.kind)
        if said.answer == "accepted":
            kind.on_accepted(unit, effect)
        elif said.answer == "done":
            kind.on_done(unit, effect)
        else:
            kind.on_failed(unit, effect)
            open_case_for(unit, effect, "effect_failed")
        unit.session.flush()
    return show(unit.session, public_id)


def retry(unit: Unit, public_id: str) -> EffectRecord:
    """Have a failed effect, or one that could not be delivered, sent once more. Raises NotFound and Conflict."""
    effect = repository.lock(unit.session, public_id)
    if effect is None:
        raise NotFound
    if effect.state == "failed":
        kind_of(effect.kind).on_retry(unit, effect)
    elif effect.state != "pending":
        raise Conflict(f"the effect is {effect.state}")
    effect.state = "pending"
    effect.attempts = 0
    effect.next_try_at = unit.clock.wall()
    unit.audit("effect.retried", "effect", effect.public_id, {"kind": effect.kind})
    unit.session.flush()
    return show(unit.session, public_id)


def open_case_for(unit: Unit, effect: Effect, kind: str) -> None:
    """Hand an effect that does not come about to a person, with the conversation that asked for it."""
    order = unit.session.get(Order, effect.order_id) if effect.order_id is not None else None
    proposal = unit.session.get(Proposal, effect.proposal_id) if effect.proposal_id is not None else None
    links = [("effect", effect.public_id)]
    if proposal is not None:
        links.append(("proposal", proposal.public_id))
        if proposal.actor_kind == "shopper":
            links.append(("conversation", proposal.actor_id))
    unit.open_case(
        kind,
        order_id=effect.order_id,
        customer_id=order.customer_id if order else None,
        details={"effect": effect.public_id, "kind": effect.kind, "error": effect.last_error},
        links=links,
    )


def work(row: EffectRow) -> EffectWork:
    """The effect as the other system is told of it."""
    effect, order = row.effect, row.order
    return EffectWork.model_validate(
        {
            "id": effect.public_id,
            "kind": effect.kind,
            "state": effect.state,
            "order": EffectOrder(source=order.source, external_id=order.external_id, number=order.number)
            if order
            else None,
            "payload": effect.payload,
            "created_at": effect.created_at,
        }
    )


def record(row: EffectRow) -> EffectRecord:
    """The effect with what became of it."""
    effect = row.effect
    return EffectRecord.model_validate(
        {
            **dict(work(row)),
            "attempts": effect.attempts,
            "delivered_at": effect.delivered_at,
            "answered_at": effect.answered_at,
            "next_try_at": effect.next_try_at,
            "reference": effect.reference,
            "error": effect.last_error,
            "proposal": row.proposal,
        }
    )
