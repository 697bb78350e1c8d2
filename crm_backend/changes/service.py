"""Offering, confirming and declining changes of every kind: what is the same for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from pydantic import ValidationError

from crm_backend.changes import repository
from crm_backend.changes.kind import (
    Actor,
    ActorKind,
    ChangeKind,
    Offer,
    Outcome,
    ProposalVoid,
    Refusal,
    VerificationNeeded,
)
from crm_backend.changes.kinds import BY_NAME, terms_of
from crm_backend.changes.models import Proposal
from crm_backend.changes.unit import Unit, new_id
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.effects.models import Effect
from crm_backend.identity.access import EVERYTHING, Access
from crm_backend.orders.access import sees
from crm_backend.orders.models import Order
from crm_backend.policies.changes import ChangeTerms, Level
from crm_backend.policies.policy import Policies
from shopdesk_schemas.changes import EffectView, OutcomeView, ProposalRequest, ProposalView
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound, ShopdeskError
from shopdesk_schemas.web import field_problems

_LEVELS: tuple[Level, ...] = ("none", "order", "customer")


def propose(unit: Unit, request: ProposalRequest) -> ProposalView:
    """Work out an offer and keep it; carry it out at once where the policy asks for no confirmation.

    Raises Refusal, VerificationNeeded, NotFound, InvalidInput.
    """
    unit.read_policies()
    kind = BY_NAME.get(request.kind)
    if kind is None or (kind.staff_only and unit.actor.kind != "staff"):
        raise InvalidInput(errors=[FieldProblem(field="body.kind", message="there is no such kind of change")])
    terms = terms_of(kind, unit.policies)
    _check_level(unit.access, terms)
    details = _details(kind, request.details)
    offer = kind.offer(unit, details)
    if terms.no_confirmation and not repository.stands(unit.session, offer.basis):
        # Somebody was quicker. The rows are ours now, so what is worked out again stands.
        unit.session.expire_all()
        offer = kind.offer(unit, details)
    now = unit.clock.wall()
    proposal = Proposal(
        public_id=new_id("prop"),
        kind=kind.name,
        details=details.model_dump(mode="json"),
        offer=offer.model_dump(mode="json"),
        state="open",
        caller=unit.actor.caller,
        actor_kind=unit.actor.kind,
        actor_id=unit.actor.id,
        customer_id=unit.access.customer_id,
        order_id=offer.order_id,
        created_at=now,
        expires_at=now + timedelta(minutes=terms.expires_after_minutes),
        settled_at=None,
        outcome=None,
    )
    unit.session.add(proposal)
    unit.session.flush()
    unit.audit("change.proposed", "proposal", proposal.public_id, {"kind": kind.name})
    if terms.no_confirmation:
        _carry_out(unit, proposal, kind, details, offer)
    return view(unit.session, proposal, offer, [one for one in unit.effects if one.proposal_id == proposal.id])


def confirm(unit: Unit, public_id: str) -> ProposalView | ProposalVoid:
    """Carry an offer out, once; confirming it again tells the same outcome.

    ProposalVoid is returned, not raised, where the proposal was marked so: that is to be committed. Raises NotFound
    and VerificationNeeded, and ProposalVoid where the kind found a reason of its own.
    """
    proposal = repository.find(unit.session, public_id, unit.actor.caller, lock=True)
    if proposal is None:
        raise NotFound
    kind = BY_NAME.get(proposal.kind)
    if kind is None:
        return _settle(unit, proposal, "void")
    _check_level(unit.access, terms_of(kind, unit.policies))
    open_still = proposal.state == "open" and proposal.expires_at > unit.clock.wall()
    offer = Offer.model_validate(proposal.offer)
    stands = open_still and repository.stands(unit.session, offer.basis)
    _check_still_theirs(unit, proposal)
    if proposal.state == "confirmed":
        return view(unit.session, proposal, offer)
    if proposal.state != "open":
        return ProposalVoid()
    if not open_still:
        return _settle(unit, proposal, "expired")
    if not stands:
        return _settle(unit, proposal, "void")
    _carry_out(unit, proposal, kind, kind.details.model_validate(proposal.details), offer)
    return view(unit.session, proposal, offer, [one for one in unit.effects if one.proposal_id == proposal.id])


def decline(unit: Unit, public_id: str) -> ProposalView:
    """Turn an offer down; again changes nothing. Raises NotFound, and ProposalVoid once it is confirmed."""
    proposal = repository.find(unit.session, public_id, unit.actor.caller, lock=True)
    if proposal is None:
        raise NotFound
    if proposal.state == "confirmed":
        raise ProposalVoid
    if proposal.state == "open":
        _settle(unit, proposal, "declined")
    return view(unit.session, proposal)


def show(session: ReadSession, access: Access, public_id: str, caller: str | None) -> ProposalView:
    """A proposal of this caller; of anybody when `caller` is None. Raises NotFound."""
    proposal = repository.find(session, public_id, caller)
    if proposal is None or not _is_theirs(session, access, proposal):
        raise NotFound
    return view(session, proposal)


def offered_again(session: WriteSession, proposal: Proposal, policies: Policies, clock: Clock) -> str:
    """What the same request would be offered under `policies`, or why it would be refused, to be compared with another
    such answer. Nothing of it stays.
    """
    kind = BY_NAME.get(proposal.kind)
    if kind is None:
        return ""
    details, actor = (
        kind.details.model_validate(proposal.details),
        Actor(cast(ActorKind, proposal.actor_kind), proposal.actor_id),
    )
    access = EVERYTHING if proposal.caller == "staff" else Access(proposal.customer_id, proposal.order_id)
    savepoint = session.begin_nested()
    try:
        return kind.offer(Unit(session, policies, clock, actor, access), details).model_dump_json()
    except Refusal as refusal:
        return repr((refusal.rule, refusal.values, refusal.alternatives))
    except ShopdeskError as problem:
        return repr((problem.type, str(problem)))
    finally:
        savepoint.rollback()


def _details(kind: ChangeKind[Any], given: dict[str, Any]) -> Any:
    try:
        return kind.details.model_validate(given)
    except ValidationError as error:
        problems = field_problems(error.errors())
        raise InvalidInput(
            errors=[
                FieldProblem(
                    field="body.details" + ("" if problem.field == "body" else f".{problem.field}"),
                    message=problem.message,
                )
                for problem in problems
            ]
        ) from None


def _check_level(access: Access, terms: ChangeTerms) -> None:
    if terms.level != "none" and _LEVELS.index(access.level) < _LEVELS.index(terms.level):
        raise VerificationNeeded(terms.level)


def _check_still_theirs(unit: Unit, proposal: Proposal) -> None:
    """The conversation may be somebody else's by now: signed out, or signed in as another customer."""
    if not _is_theirs(unit.session, unit.access, proposal):
        raise NotFound


def _is_theirs(session: ReadSession, access: Access, proposal: Proposal) -> bool:
    if access.all_records:
        return True
    if proposal.customer_id is not None and proposal.customer_id != access.customer_id:
        return False
    if proposal.order_id is None:
        return True
    # Mostly read already: whoever confirms has locked it.
    order = session.get(Order, proposal.order_id)
    return order is not None and sees(access, order)


def _settle(unit: Unit, proposal: Proposal, state: str) -> ProposalVoid:
    proposal.state = state
    proposal.settled_at = unit.clock.wall()
    unit.audit(f"change.{state}", "proposal", proposal.public_id, {"kind": proposal.kind})
    return ProposalVoid()


def _carry_out(unit: Unit, proposal: Proposal, kind: ChangeKind[Any], details: Any, offer: Offer) -> None:
    unit.proposal = proposal
    outcome: Outcome = kind.carry_out(unit, details, offer)
    proposal.outcome = {
        **outcome.model_dump(mode="json"),
        "case": unit.cases[0].public_id if unit.cases else None,
    }
    proposal.state = "confirmed"
    proposal.settled_at = unit.clock.wall()
    unit.audit(
        "change.confirmed",
        "proposal",
        proposal.public_id,
        {
            "kind": kind.name,
            "direction": offer.direction,
            "amount_minor": offer.amount_minor,
            "currency": offer.currency,
        },
    )
    unit.session.flush()


def view(
    session: ReadSession, proposal: Proposal, offer: Offer | None = None, effects: Sequence[Effect] | None = None
) -> ProposalView:
    """The proposal as its caller sees it; its effects as they stand now. Whoever has just carried it out has both."""
    offer = offer or Offer.model_validate(proposal.offer)
    if effects is None and proposal.outcome is not None:
        effects = repository.effects_of(session, proposal.id)
    outcome = None
    if proposal.outcome is not None:
        outcome = OutcomeView(
            values=proposal.outcome["values"],
            case=proposal.outcome["case"],
            effects=[
                EffectView.model_validate({"id": effect.public_id, "kind": effect.kind, "state": effect.state})
                for effect in effects or ()
            ],
        )
    return ProposalView.model_validate(
        {
            "id": proposal.public_id,
            "kind": proposal.kind,
            "state": proposal.state,
            "order_number": repository.order_number(session, proposal.order_id),
            "expires_at": proposal.expires_at,
            "lines": offer.lines,
            "direction": offer.direction,
            "amount_minor": offer.amount_minor,
            "currency": offer.currency,
            "moves": offer.moves,
            "notes": offer.notes,
            "values": offer.values,
            "outcome": outcome,
        }
    )
