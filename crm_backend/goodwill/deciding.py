"""A lead allows or declines what is above an agent's limit; never their own."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from crm_backend.callers import Staff
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.models import Proposal
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.goodwill import repository
from crm_backend.goodwill.giving import CASE, check, hand_over, lock_customer
from crm_backend.goodwill.models import Goodwill
from crm_backend.orders.models import Order
from shopdesk_schemas.goodwill import GoodwillDecision, GoodwillPage, GoodwillView
from shopdesk_schemas.notices import ChatNoticeView
from shopdesk_schemas.problems import Conflict, Forbidden, NotFound

_DECIDED = {"approve": ("requested", "done", "failed"), "decline": ("declined",)}


def listed(session: ReadSession, states: Collection[str], conversation_id: str | None, limit: int) -> GoodwillPage:
    """The newest first."""
    rows = repository.listed(session, states, conversation_id, limit)
    return GoodwillPage(goodwill=[_view(*row) for row in rows])


def show(session: ReadSession, public_id: str) -> GoodwillView:
    """One of them. Raises NotFound."""
    row = repository.find(session, public_id)
    if row is None:
        raise NotFound
    return _view(*row)


def decide(unit: Unit, staff: Staff, public_id: str, said: GoodwillDecision) -> GoodwillView:
    """Allow it and have it carried out, or decline it. The same decision again changes nothing.

    Raises NotFound; Forbidden for who is no lead, or asked for it themselves; Conflict where it was decided otherwise
    or needed no decision; Refusal where the order does not bear it any more.
    """
    if not staff.has("lead"):
        raise Forbidden
    given = repository.lock(unit.session, public_id)
    if given is None:
        raise NotFound
    if given.asked_by == staff.id:
        raise Forbidden("somebody else has to decide what one asks for oneself")
    if given.state != "waiting":
        if given.decided_by is None or given.state not in _DECIDED[said.decision]:
            raise Conflict(f"it is {given.state}")
        return show(unit.session, public_id)
    given.decided_by, given.decided_at, given.decision_note = staff.id, unit.clock.wall(), said.note
    if said.decision == "approve":
        _carry_out(unit, given)
    else:
        given.state = "declined"
    _close_case(unit, given)
    unit.audit(
        f"goodwill.{said.decision}d",
        "goodwill",
        given.public_id,
        {"form": given.form, "worth_minor": given.worth_minor, "currency": given.currency},
    )
    unit.session.flush()
    return show(unit.session, public_id)


def news(session: ReadSession, limit: int) -> list[ChatNoticeView]:
    """What shoppers are to be told of it, in the conversation that it was given in."""
    return [
        ChatNoticeView(
            id=f"{given.public_id}_{given.state}",
            conversation_id=given.conversation_id or "",
            kind=f"goodwill_{'done' if given.state == 'done' else 'granted'}_{given.form}",
            details={
                "order": number, "amount_minor": given.worth_minor, "currency": given.currency,
                "points": given.points,
            },
        )
        for given, number in repository.untold(session, limit)
    ]  # fmt: skip


def told(session: WriteSession, notice_id: str) -> None:
    """The gateway has the news of this id. Safe to repeat. Raises NotFound."""
    public_id, _, state = notice_id.rpartition("_")
    given = repository.lock(session, public_id)
    if given is None or state not in {"requested", "done"}:
        raise NotFound
    if given.told_state != "done":
        given.told_state = state


def _carry_out(unit: Unit, given: Goodwill) -> None:
    order = unit.session.get_one(Order, given.order_id, populate_existing=True, with_for_update=True)
    lock_customer(unit, order)
    moves = check(unit, order, given.form, given.worth_minor)
    given.state = "requested"
    unit.proposal = unit.session.get_one(Proposal, given.proposal_id)
    hand_over(unit, order, given, moves)
    unit.touch(order)


def _close_case(unit: Unit, given: Goodwill) -> None:
    query = (
        select(Case)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(
            Case.kind == CASE, Case.state != "closed", CaseLink.kind == "goodwill",
            CaseLink.reference == given.public_id,
        )
        .with_for_update(of=Case)
    )  # fmt: skip
    for case in unit.session.scalars(query):
        case.state, case.closed_at = "closed", unit.clock.wall()
        case.outcome = "declined" if given.state == "declined" else "solved"
        unit.touch(case)
        unit.audit("case.changed", "case", case.public_id, {"fields": ["outcome", "state"], "state": "closed"})


def _view(given: Goodwill, number: str) -> GoodwillView:
    return GoodwillView.model_validate(
        {
            "id": given.public_id,
            "order_number": number,
            "conversation": given.conversation_id,
            "form": given.form,
            "points": given.points,
            "worth_minor": given.worth_minor,
            "currency": given.currency,
            "reason": given.reason,
            "note": given.note,
            "state": given.state,
            "asked_by": given.asked_by,
            "asked_at": given.asked_at,
            "decided_by": given.decided_by,
            "decided_at": given.decided_at,
            "decision_note": given.decision_note,
        }
    )
