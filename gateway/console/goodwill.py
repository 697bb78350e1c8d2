"""`/console/goodwill`: giving something without owing it, and a lead's yes to what is above an agent's limit.

Asking is a proposal of the CRM's: the form makes one, its page says exactly what would happen, the button there
confirms that very one. Doing either twice changes nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, get_args

from babel.numbers import get_currency_precision
from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from gateway.console import figures
from gateway.console.forms import Csrf
from gateway.console.rendering import Console, ConsoleRequest, Visitor, see_other
from gateway.errors import UpstreamRejected
from shopdesk_schemas.changes import ProposalRequest, ProposalView
from shopdesk_schemas.goodwill import GOODWILL_STATES, GoodwillDecision, GoodwillForm, GoodwillState
from shopdesk_schemas.turn import Language

KIND: Final = "goodwill.give"
REASONS: Final = ("late", "lost", "damaged", "wrong_item", "quality", "service", "price", "loyalty", "other")
FORMS: tuple[GoodwillForm, ...] = get_args(GoodwillForm)

_FIELDS: Final = ("conversation", "order", "form", "amount", "currency", "reason", "note")
_ID = re.compile(r"[a-z0-9_]{1,64}")
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")

router = APIRouter(prefix="/goodwill")


async def _listed(
    console: Console, visitor: Visitor, states: list[GoodwillState], problem: str = "", status: int = 200
) -> Response:
    found = await console.services.staff.goodwill(visitor.staff, states=states)
    return console.page(
        "goodwill.html", visitor, status=status,
        g=console.texts("goodwill"), found=found.goodwill, states=GOODWILL_STATES,
        chosen=states[0] if len(states) == 1 else "", problem=problem, me=visitor.staff.id, leads=visitor.leads,
    )  # fmt: skip


async def _form(
    console: Console, visitor: Visitor, given: dict[str, str], problem: str = "", status: int = 200
) -> Response:
    terms = await console.services.staff.goodwill_terms(visitor.staff)
    return console.page(
        "goodwill_form.html", visitor, status=status,
        g=console.texts("goodwill"), terms=terms, reasons=REASONS, given=given, problem=problem,
    )  # fmt: skip


@router.get("")
async def list_goodwill(console: ConsoleRequest, state: Annotated[str, Query(max_length=20)] = "") -> Response:
    """What waits for a lead first; what was given below."""
    visitor = await console.signed_in()
    return await _listed(console, visitor, [one for one in GOODWILL_STATES if one == state])


@router.get("/new")
async def new_goodwill(
    console: ConsoleRequest,
    conversation: Annotated[str, Query(max_length=64)] = "",
    order: Annotated[str, Query(max_length=100)] = "",
    currency: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """The form, filled in from a conversation where it came from one."""
    visitor = await console.writer()
    chosen = {"conversation": conversation, "order": order, "currency": currency}
    return await _form(console, visitor, dict.fromkeys(_FIELDS, "") | chosen)


@router.post("/new")
async def ask(
    console: ConsoleRequest,
    csrf: Csrf = "",
    conversation: Annotated[str, Form(max_length=64)] = "",
    order: Annotated[str, Form(max_length=100)] = "",
    form_of: Annotated[str, Form(alias="form", max_length=20)] = "",
    amount: Annotated[str, Form(max_length=20)] = "",
    currency: Annotated[str, Form(max_length=3)] = "",
    reason: Annotated[str, Form(max_length=20)] = "",
    why: Annotated[str, Form(alias="note", max_length=200)] = "",
) -> Response:
    """Nothing is given yet: the page that follows says what would be."""
    visitor = await console.writer(csrf)
    given = {
        "conversation": conversation, "order": order.strip(), "form": form_of, "amount": amount.strip(),
        "currency": currency, "reason": reason, "note": why.strip(),
    }  # fmt: skip
    texts = console.texts("goodwill")
    try:
        details = _details(given)
    except ValueError as error:
        return await _form(console, visitor, given, texts[str(error)], 422)
    try:
        offer = await console.services.staff.propose(visitor.staff, ProposalRequest(kind=KIND, details=details))
    except UpstreamRejected as error:
        if error.status not in {404, 409, 422}:
            raise
        problem = _refusal(texts, error, console.language)
        return await _form(console, visitor, given, problem, error.status)
    return console.page(
        "goodwill_offer.html", visitor,
        g=texts, offer=offer, given=given, values=offer.lines[0].values,
    )  # fmt: skip


@router.post("/confirm")
async def confirm(
    console: ConsoleRequest,
    csrf: Csrf = "",
    proposal: Annotated[str, Form(max_length=64)] = "",
    conversation: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Confirm the very proposal that was shown."""
    visitor = await console.writer(csrf)
    if not _ID.fullmatch(proposal):
        return console.not_found(visitor)
    try:
        done: ProposalView = await console.services.staff.confirm(visitor.staff, proposal)
    except UpstreamRejected as error:
        if error.status != 409:
            raise
        return await _listed(console, visitor, [], console.texts("goodwill")["offer_over"], 409)
    outcome = done.outcome.values if done.outcome else {}
    await console.audit(visitor, "goodwill.ask", goodwill=outcome.get("goodwill"), state=outcome.get("state"))
    there = _CONVERSATION.fullmatch(conversation)
    return see_other(f"/console/conversations/{conversation}" if there else "/console/goodwill")


@router.post("/{goodwill_id}")
async def decide(
    console: ConsoleRequest,
    goodwill_id: str,
    csrf: Csrf = "",
    decision: Annotated[str, Form(max_length=10)] = "",
    why: Annotated[str, Form(alias="note", max_length=1000)] = "",
) -> Response:
    """A lead's yes or no."""
    visitor = await console.lead(csrf)
    if not _ID.fullmatch(goodwill_id) or decision not in {"approve", "decline"}:
        return console.not_found(visitor)
    said = GoodwillDecision.model_validate({"decision": decision, "note": why.strip() or None})
    try:
        await console.services.staff.decide_goodwill(visitor.staff, goodwill_id, said)
    except UpstreamRejected as error:
        if error.status != 409:
            raise
        return await _listed(console, visitor, [], _refusal(console.texts("goodwill"), error, console.language), 409)
    await console.audit(visitor, f"goodwill.{decision}", goodwill=goodwill_id)
    return see_other("/console/goodwill")


def _details(given: dict[str, str]) -> dict[str, Any]:
    """As the CRM wants them. Raises ValueError with the key of the words that say what is wrong."""
    if not given["order"]:
        raise ValueError("problem_order")
    if given["form"] not in FORMS or given["reason"] not in REASONS:
        raise ValueError("problem_choice")
    details: dict[str, Any] = {"order": given["order"], "form": given["form"], "reason": given["reason"]}
    if given["form"] == "points":
        if not re.fullmatch(r"[0-9]{1,9}", given["amount"]) or int(given["amount"]) == 0:
            raise ValueError("problem_points")
        details["points"] = int(given["amount"])
    else:
        details["amount_minor"] = minor_units(given["amount"], given["currency"])
        details["currency"] = given["currency"]
    if given["note"]:
        details["note"] = given["note"]
    if _CONVERSATION.fullmatch(given["conversation"]):
        details["conversation"] = given["conversation"]
    return details


def minor_units(amount: str, currency: str) -> int:
    """`12.50` or `12,50` in minor units. Raises ValueError with the key of the words that say what is wrong."""
    if not re.fullmatch(r"[0-9]{1,10}([.,][0-9]{1,3})?", amount) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError("problem_amount")
    try:
        minor = Decimal(amount.replace(",", ".")).scaleb(get_currency_precision(currency))
    except InvalidOperation:
        raise ValueError("problem_amount") from None
    if minor != minor.to_integral_value() or minor <= 0:
        raise ValueError("problem_amount")
    return int(minor)


def _refusal(texts: dict[str, Any], error: UpstreamRejected, language: Language) -> str:
    """Why not, in words; the amount where the rule has one."""
    if error.status == 404:
        return str(texts["problem_order"])
    said = str(texts["refused"].get(error.rule or "", texts["refused"]["other"]))
    most = error.values.get("most_minor")
    currency = error.values.get("currency")
    return said.format(most=figures.money(most, currency, language), currency=currency)
