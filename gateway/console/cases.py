"""`/console/cases`: what outlives a conversation and somebody has to see to, as the CRM keeps it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, get_args

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.responses import Response

from gateway import locales
from gateway.console.forms import Csrf
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from shopdesk_schemas.cases import CaseChange, CaseState, CaseView

STATES: tuple[CaseState, ...] = get_args(CaseState)
OUTCOMES: Final = ("solved", "refunded", "replaced", "explained", "not_justified", "no_answer")
"""Outcomes that the form offers; the CRM takes others from other programs."""

_ID = re.compile(r"[a-z0-9_]{1,64}")

router = APIRouter(prefix="/cases")


async def _case_page(
    console: Console, visitor: Visitor, case: CaseView, problem: str | None = None, status: int = 200
) -> Response:
    language = console.language
    reply_due = (await console.services.cases.timers([case])).get(case.id)
    return console.page(
        "case.html",
        visitor,
        status=status,
        case=case,
        reply_due=reply_due,
        now=console.services.clock.wall(),
        kind=kind_in_words(case.kind, language),
        details=[(name, _plain(value)) for name, value in case.details.items()],
        conversations=[one.reference for one in case.links if one.kind == "conversation"],
        others=[one for one in case.links if one.kind != "conversation"],
        outcomes=OUTCOMES,
        states=STATES,
        may_write=visitor.may_write,
        problem=problem,
    )


@router.get("")
async def list_cases(
    console: ConsoleRequest,
    state: Annotated[str, Query(max_length=20)] = "",
    owner: Annotated[str, Query(max_length=64)] = "",
    order: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Cases by state and owner; without a state those that are not closed."""
    visitor = await console.signed_in()
    staff = visitor.staff
    states: list[CaseState] = [one for one in STATES if one == state] or ["open", "waiting"]
    page = await console.services.staff.cases(
        staff, states, owner=staff.id if owner == "me" else None, unowned=owner == "nobody",
        order_number=order.strip() or None,
    )  # fmt: skip
    language = console.language
    return console.page(
        "cases.html",
        visitor,
        cases=[(one, kind_in_words(one.kind, language)) for one in page.cases],
        timers=await console.services.cases.timers(page.cases),
        now=console.services.clock.wall(),
        states=STATES,
        chosen={"state": state, "owner": owner, "order": order},
    )


@router.get("/{case_id}")
async def show_case(console: ConsoleRequest, case_id: str) -> Response:
    """One case."""
    visitor = await console.signed_in()
    if not _ID.fullmatch(case_id):
        return console.not_found(visitor)
    return await _case_page(console, visitor, await console.services.staff.case(visitor.staff, case_id))


@router.post("/{case_id}")
async def change_case(
    console: ConsoleRequest,
    case_id: str,
    csrf: Csrf = "",
    version: Annotated[int, Form(ge=1, le=2**31 - 1)] = 1,
    owner: Annotated[str, Form(max_length=64)] = "",
    state: Annotated[str, Form(max_length=20)] = "",
    outcome: Annotated[str, Form(max_length=50)] = "",
    due_at: Annotated[str, Form(max_length=30)] = "",
    words: Annotated[str, Form(alias="note", max_length=4000)] = "",
) -> Response:
    """What the form says is how the case is to be; `due_at` is UTC."""
    visitor = await console.writer(csrf)
    if not _ID.fullmatch(case_id):
        return console.not_found(visitor)
    case = await console.services.staff.case(visitor.staff, case_id)
    try:
        change = _change(version, owner, state, outcome, due_at, words)
    except (ValidationError, ValueError):
        return await _case_page(console, visitor, case, "case_problem", 422)
    if change.state == "closed" and not (change.outcome or case.outcome):
        return await _case_page(console, visitor, case, "case_needs_outcome", 422)
    try:
        await console.services.staff.change_case(visitor.staff, case_id, change)
    except UpstreamRejected as error:
        if error.status not in {409, 422}:
            raise
        problem = "case_changed" if error.status == 409 else "case_problem"
        return await _case_page(console, visitor, case, problem, error.status)
    fields = sorted(change.model_fields_set - {"version"})
    await console.audit(visitor, "case.change", case=case_id, fields=fields)
    return see_other(f"/console/cases/{case_id}")


def kind_in_words(kind: str, language: str) -> str:
    """What a case is about: from the locale file, else its own name made readable."""
    return str(locales.texts(language, "console").get(f"case_kind_{kind}", kind.replace("_", " ")))


def _change(version: int, owner: str, state: str, outcome: str, due_at: str, words: str) -> CaseChange:
    """Raises ValueError for what cannot be meant."""
    given: dict[str, Any] = {"version": version, "owner": owner.strip() or None}
    if state:
        given["state"] = state
    if outcome:
        given["outcome"] = outcome
    if words.strip():
        given["note"] = words.strip()
    if due_at:
        given["due_at"] = datetime.fromisoformat(due_at).replace(tzinfo=UTC)
    return CaseChange.model_validate(given)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return "–" if value is None else str(value)
