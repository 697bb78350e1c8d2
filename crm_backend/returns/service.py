"""Returns as shoppers and agents see them, and what agents do with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import EVERYTHING, Access
from crm_backend.orders import repository as orders
from crm_backend.orders.models import Order
from crm_backend.orders.repository import CataloguedLine
from crm_backend.payments.models import Payment, Refund
from crm_backend.payments.repository import payments_of
from crm_backend.policies.policy import Policies
from crm_backend.products.translations import ordered_options, product_name
from crm_backend.returns import repository, settling
from crm_backend.returns.models import Return, ReturnLine
from crm_backend.returns.pricing import instalment_parts
from crm_backend.returns.rules import Verdict, judge
from crm_backend.returns.standing import standing
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.returns import (
    Inspection,
    InstalmentView,
    ReasonVerdict,
    Returnable,
    ReturnableLine,
    ReturnList,
    ReturnRefundView,
    ReturnView,
    StaffReturnList,
    StaffReturnView,
)

DAYS_BETWEEN_INSTALMENTS = 30


def returnable(
    session: ReadSession, access: Access, policies: Policies, number: str, language: str | None, now: datetime
) -> Returnable:
    """Per line: whether it may come back and until when, or the rule that forbids it. Raises NotFound."""
    order = orders.find_order(session, access, number)
    if order is None:
        raise NotFound
    here = standing(session, policies, order)
    policy = policies.returns
    lines = []
    for line_number, facts in sorted(here.facts.items()):
        verdicts = {reason: judge(policy, facts, reason, "refund", now, goodwill=False) for reason in policy.reasons}
        allowed = [verdict for verdict in verdicts.values() if verdict.allowed]
        exchange = judge(policy, facts, policy.reasons[0], "exchange", now, goodwill=False)
        first = verdicts[policy.reasons[0]]
        windows = [verdict.until for verdict in allowed if verdict.until is not None]
        catalogued = here.lines[line_number]
        lines.append(
            ReturnableLine(
                line_number=line_number,
                sku=catalogued.line.sku,
                title=_title(catalogued, language),
                options=ordered_options(catalogued.line.options, catalogued.variant, language),
                quantity=facts.available,
                allowed=bool(allowed),
                rule=None if allowed else first.rule,
                until=max(windows) if windows else first.until,
                exchangeable=exchange.allowed,
                reasons=[_reason(reason, verdict) for reason, verdict in verdicts.items()],
            )
        )
    return Returnable(order_number=order.number, lines=lines)


def list_returns(session: ReadSession, access: Access, policies: Policies, language: str | None) -> ReturnList:
    """The shopper's returns, newest first."""
    return ReturnList(
        returns=_views(session, policies, repository.list_returns(session, access), language, _as_shopper)
    )


def get_return(
    session: ReadSession, access: Access, policies: Policies, number: str, language: str | None
) -> ReturnView:
    """One of the shopper's returns. Raises NotFound."""
    return _views(session, policies, [_found(session, access, number)], language, _as_shopper)[0]


def list_for_staff(session: ReadSession, policies: Policies, state: str | None, limit: int) -> StaffReturnList:
    """Returns in a state, the oldest first, with their signals."""
    return StaffReturnList(
        returns=_views(session, policies, repository.by_state(session, state, limit), None, _as_staff)
    )


def get_for_staff(session: ReadSession, policies: Policies, number: str) -> StaffReturnView:
    """One return with its signals. Raises NotFound."""
    return _views(session, policies, [_found(session, EVERYTHING, number)], None, _as_staff)[0]


def approve(unit: Unit, number: str) -> StaffReturnView:
    """Let a return that waits for a person go on. Raises NotFound, and Conflict when it does not wait."""
    returned, order = _locked(unit, number)
    _expect(returned, "requested")
    settling.approve(unit, order, returned)
    return get_for_staff(unit.session, unit.policies, number)


def reject(unit: Unit, number: str) -> StaffReturnView:
    """Say no to it. Raises NotFound, and Conflict when it does not wait."""
    returned, order = _locked(unit, number)
    _expect(returned, "requested")
    settling.refuse(unit, order, returned)
    return get_for_staff(unit.session, unit.policies, number)


def receive(unit: Unit, number: str) -> StaffReturnView:
    """Note that its parcel came. Raises NotFound, and Conflict when it cannot have."""
    returned, order = _locked(unit, number)
    _expect(returned, "approved", "in_transit")
    settling.receive(unit, order, returned)
    return get_for_staff(unit.session, unit.policies, number)


def inspect(unit: Unit, number: str, inspection: Inspection) -> StaffReturnView:
    """Note what was found in it, and do what follows. Raises NotFound, InvalidInput and Conflict."""
    returned, order = _locked(unit, number)
    _expect(returned, "approved", "in_transit", "received")
    lines = {line.line_number: line for line in settling.lines_of(unit, returned)}
    accepted = {line_number: line.quantity for line_number, line in lines.items()}
    found = dict.fromkeys(lines, "as_new")
    for index, one in enumerate(inspection.lines):
        line = lines.get(one.line_number)
        if line is None:
            raise _invalid(f"body.lines.{index}.line_number", "the return has no such line")
        if one.accepted_quantity > line.quantity:
            raise _invalid(f"body.lines.{index}.accepted_quantity", f"is more than the {line.quantity} that came back")
        accepted[one.line_number] = one.accepted_quantity
        found[one.line_number] = one.condition
    settling.inspect(unit, order, returned, accepted, found)
    return get_for_staff(unit.session, unit.policies, number)


def _locked(unit: Unit, number: str) -> tuple[Return, Order]:
    returned, order = _found(unit.session, EVERYTHING, number)
    # The order first, as confirmations lock: offers rest on it.
    unit.session.refresh(order, with_for_update=True)
    unit.session.refresh(returned, with_for_update=True)
    return returned, order


def _found(session: ReadSession, access: Access, number: str) -> tuple[Return, Order]:
    returned = repository.find_return(session, access, number)
    if returned is None:
        raise NotFound
    return returned, session.get_one(Order, returned.order_id)


def _expect(returned: Return, *states: str) -> None:
    if returned.state not in states:
        raise Conflict(f"the return is {returned.state}")


def _invalid(field: str, message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldProblem(field=field, message=message)])


def _reason(reason: str, verdict: Verdict) -> ReasonVerdict:
    terms = verdict.terms
    return ReasonVerdict(
        reason=reason,
        allowed=verdict.allowed,
        rule=verdict.rule,
        until=verdict.until,
        freight=terms.freight,
        condition=terms.condition,
        methods=list(terms.methods),
        restocking_per_mille=terms.restocking_per_mille,
        law=terms.law,
        repair_until=verdict.repair_until,
    )


def _title(catalogued: CataloguedLine | None, language: str | None) -> str | None:
    if catalogued is None:
        return None
    name = product_name(catalogued.product, language)
    if language is not None and catalogued.product is not None and name != catalogued.product.name:
        return name
    return catalogued.line.title or name


def _as_shopper(_returned: Return, view: dict[str, object]) -> ReturnView:
    return ReturnView.model_validate(view)


def _as_staff(returned: Return, view: dict[str, object]) -> StaffReturnView:
    return StaffReturnView.model_validate(
        {**view, "id": returned.public_id, "signals": returned.fraud_signals, "version": returned.version}
    )


def _views[V](
    session: ReadSession,
    policies: Policies,
    found: Sequence[tuple[Return, Order]],
    language: str | None,
    make: Callable[[Return, dict[str, object]], V],
) -> list[V]:
    ids = [returned.id for returned, _ in found]
    of_return, refunds = repository.lines_of(session, ids), repository.refunds_of(session, ids)
    catalogued: dict[int, dict[int, CataloguedLine]] = {}
    for one in orders.lines(session, {order.id for _, order in found}):
        catalogued.setdefault(one.line.order_id, {})[one.line.line_number] = one
    payments = {order.id: {p.external_id: p for p in payments_of(session, order.id)} for _, order in found}
    return [
        make(
            returned,
            {
                **{name: getattr(returned, name) for name in _PLAIN},
                "order_number": order.number,
                "lines": [_line(line, catalogued.get(order.id, {}), language) for line in of_return[returned.id]],
                "refunds": [
                    _refund(policies, refund, payments[order.id], ZoneInfo(order.timezone))
                    for refund in refunds[returned.id]
                ],
            },
        )
        for returned, order in found
    ]


_PLAIN = tuple(name for name in ReturnView.model_fields if name not in {"order_number", "lines", "refunds"})


def _line(line: ReturnLine, of_order: Mapping[int, CataloguedLine], language: str | None) -> dict[str, object]:
    old, new = of_order.get(line.line_number), of_order.get(line.new_line_number or 0)
    return {
        "line_number": line.line_number,
        "sku": old.line.sku if old else None,
        "title": _title(old, language),
        "quantity": line.quantity,
        "reason": line.reason,
        "worth_minor": line.worth_minor,
        "accepted_quantity": line.accepted_quantity,
        "new_sku": new.line.sku if new else None,
        "new_options": ordered_options(new.line.options, new.variant, language) if new else {},
        "new_total_minor": line.new_total_minor,
    }


def _refund(policies: Policies, refund: Refund, payments: Mapping[str, Payment], zone: ZoneInfo) -> ReturnRefundView:
    payment = payments.get(refund.payment_external_id or "")
    method = "gift_card" if refund.target == "gift_card" else payment.method if payment else None
    rules = policies.returns
    days = rules.refund_days_by_method.get(method or "unknown", rules.refund_days)
    since = refund.paid_at or refund.requested_at
    expected = working_days_after(since.astimezone(zone).date(), days) if since and refund.state != "failed" else None
    parts = payment.instalments if payment and payment.instalments and rules.refund_in_instalments else 1
    return ReturnRefundView.model_validate(
        {
            "amount_minor": refund.amount_minor,
            "currency": refund.currency,
            "state": refund.state,
            "target": refund.target,
            "method": method,
            "brand": payment.brand if payment else None,
            "last4": payment.last4 if payment else None,
            "requested_at": refund.requested_at,
            "paid_at": refund.paid_at,
            "expected_on": expected,
            "instalments": _instalments(refund.amount_minor, parts, expected) if parts > 1 else [],
        }
    )


def _instalments(amount_minor: int, parts: int, first_on: date | None) -> list[InstalmentView]:
    return [
        InstalmentView(
            amount_minor=part,
            expected_on=first_on + timedelta(days=DAYS_BETWEEN_INSTALMENTS * index) if first_on else None,
        )
        for index, part in enumerate(instalment_parts(amount_minor, parts))
    ]


def working_days_after(day: date, days: int) -> date:
    """The `days`th day after `day` that is no Saturday or Sunday."""
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
