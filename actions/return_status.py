"""Where a return stands, in words. Pure functions over the CRM's `ReturnView`."""

from __future__ import annotations

from collections.abc import Sequence

from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.returns import ReturnRefundView, ReturnView

_BEFORE_THE_MONEY = frozenset({"approved", "in_transit", "received"})
_ENDED = frozenset({"cancelled", "rejected"})


def return_status(returned: ReturnView, policies: PolicyExplanation, zone: str, wording: Wording) -> str:
    """Its state with the day, what comes next, and what has become of its money."""
    moments = {
        "requested": returned.requested_at,
        "approved": returned.approved_at,
        "in_transit": returned.sent_at,
        "received": returned.received_at,
        "inspected": returned.inspected_at,
    }
    moment = moments.get(returned.state, returned.closed_at)
    goods = wording.listed([_goods(line.title, line.quantity, wording) for line in returned.lines])
    key = f"returns.status.{returned.state}" if moment is not None else f"returns.status.{returned.state}_undated"
    day = wording.day_of(moment, zone) if moment is not None else ""
    first = wording.say(key, number=returned.number, goods=goods, day=day)
    return wording.sentences(first, *_next(returned, policies, zone, wording), *_money(returned, zone, wording))


def _next(returned: ReturnView, policies: PolicyExplanation, zone: str, wording: Wording) -> Sequence[str]:
    told = []
    if returned.state == "approved" and returned.send_by is not None:
        told.append(wording.say("returns.send_by", until=wording.day_of(returned.send_by, zone)))
    if returned.kind == "refund" and returned.state in _BEFORE_THE_MONEY and policies.returns and not returned.refunds:
        told.append(wording.say(f"returns.status.next_{policies.returns.refund_when}"))
    return told


def _money(returned: ReturnView, zone: str, wording: Wording) -> Sequence[str]:
    if returned.refunds:
        return [_refund(each, zone, wording) for each in returned.refunds]
    if returned.kind == "refund" and returned.refund_minor and returned.state not in _ENDED:
        amount = wording.money(returned.refund_minor, returned.currency).text
        return [wording.say("returns.status.promised", amount=amount)]
    return []


def _refund(refund: ReturnRefundView, zone: str, wording: Wording) -> str:
    amount = wording.money(refund.amount_minor, refund.currency).text
    if refund.state == "paid" and refund.paid_at is not None:
        return wording.say("orders.note.refund.paid", amount=amount, paid=wording.day_of(refund.paid_at, zone))
    key = "paid_undated" if refund.state == "paid" else refund.state
    told = wording.say(f"orders.note.refund.{key}", amount=amount)
    if refund.expected_on is None or refund.state == "failed":
        return told
    return wording.sentences(told, wording.say("returns.status.expected", day=wording.day(refund.expected_on, zone)))


def _goods(title: str | None, quantity: int, wording: Wording) -> str:
    return wording.say("orders.card.line", quantity=quantity, title=title or wording.say("orders.item.unnamed"))
