"""Cases: finding, opening, handing over and closing them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from crm_backend.cases import repository
from crm_backend.cases.repository import CaseRow
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import EVERYTHING
from crm_backend.orders import repository as orders
from shopdesk_schemas.cases import CaseChange, CaseLoad, CaseOpening, CasePage, CaseView, OwnedCases
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound


def list_cases(
    session: ReadSession,
    states: Collection[str],
    now: datetime,
    *,
    owner: str | None = None,
    unowned: bool = False,
    order_number: str | None = None,
    link: tuple[str, str] | None = None,
    limit: int,
) -> CasePage:
    """Cases in these states, by when they are due."""
    order_id = None
    if order_number is not None:
        order = orders.find_order(session, EVERYTHING, order_number)
        if order is None:
            return CasePage(cases=[])
        order_id = order.id
    rows = repository.list_cases(
        session, states, owner=owner, unowned=unowned, order_id=order_id, link=link, limit=limit
    )
    return CasePage(cases=[_view(row, now) for row in rows])


def load(session: ReadSession, now: datetime) -> CaseLoad:
    """How much everybody has to see to."""
    found = {
        owner: OwnedCases(count=count, overdue=overdue, first_due_at=first)
        for owner, count, overdue, first in repository.load(session, now)
    }
    nobody = found.pop(None, None)
    return CaseLoad(owners={owner: one for owner, one in found.items() if owner is not None}, nobody=nobody)


def show(session: ReadSession, public_id: str, now: datetime) -> CaseView:
    """One case. Raises NotFound."""
    row = repository.find(session, public_id)
    if row is None:
        raise NotFound
    return _view(row, now)


def open_by_agent(unit: Unit, opening: CaseOpening) -> CaseView:
    """A case that an agent opens, theirs at first. Raises InvalidInput for an order that does not exist."""
    order = None
    if opening.order_number is not None:
        order = orders.find_order(unit.session, EVERYTHING, opening.order_number)
        if order is None:
            raise InvalidInput(errors=[FieldProblem(field="body.order_number", message="there is no such order")])
    case = unit.open_case(
        opening.kind,
        order_id=order.id if order else None,
        customer_id=order.customer_id if order else None,
        links=[("conversation", opening.conversation)] if opening.conversation else [],
    )
    case.owner = unit.actor.id
    case.note = opening.note
    unit.session.flush()
    return show(unit.session, case.public_id, unit.clock.wall())


def change(unit: Unit, public_id: str, wanted: CaseChange) -> CaseView:
    """Hand over, put off, note or close a case.

    Raises NotFound, Conflict when somebody changed it since it was read, InvalidInput for closing without an outcome.
    """
    case = repository.lock(unit.session, public_id)
    if case is None:
        raise NotFound
    if case.version != wanted.version:
        raise Conflict("the case was changed since it was read")
    given = wanted.model_dump(exclude={"version"}, exclude_unset=True)
    for name in given:
        if name != "owner" and given[name] is None:
            raise InvalidInput(errors=[FieldProblem(field=f"body.{name}", message="cannot be empty")])
    if wanted.due_at is not None and wanted.due_at.tzinfo is None:
        raise InvalidInput(errors=[FieldProblem(field="body.due_at", message="needs a time zone")])
    state = wanted.state or case.state
    if state == "closed" and not (wanted.outcome or case.outcome):
        raise InvalidInput(errors=[FieldProblem(field="body.outcome", message="is needed to close a case")])
    for name, value in given.items():
        setattr(case, name, value)
    case.closed_at = (case.closed_at or unit.clock.wall()) if state == "closed" else None
    unit.touch(case)
    fields = cast(JsonValue, sorted(given))
    unit.audit("case.changed", "case", case.public_id, {"fields": fields, "state": case.state})
    unit.session.flush()
    return show(unit.session, public_id, unit.clock.wall())


def _view(row: CaseRow, now: datetime) -> CaseView:
    case = row.case
    return CaseView.model_validate(
        {
            "id": case.public_id,
            "kind": case.kind,
            "state": case.state,
            "owner": case.owner,
            "order_number": row.order_number,
            "details": case.details,
            "due_at": case.due_at,
            "overdue": case.state != "closed" and case.due_at < now,
            "outcome": case.outcome,
            "note": case.note,
            "created_at": case.created_at,
            "closed_at": case.closed_at,
            "links": [{"kind": link.kind, "reference": link.reference} for link in row.links],
            "version": case.version,
        }
    )
