"""Opening a return: the rows, and whether it is approved at once or looked at by a person first."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crm_backend.changes.unit import Unit, new_id
from crm_backend.orders.models import Order
from crm_backend.policies.returns import Condition, Method
from crm_backend.returns.models import Return, ReturnLine, StockHold
from crm_backend.returns.settling import follow_approval, mark_approved
from crm_backend.returns.signals import history_of, signals

REVIEW = "return_review"
"""The kind of case for returns that a person looks at."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without letters and digits that are taken for one another."""


class PlannedLine(BaseModel):
    """A line of the return, priced."""

    model_config = ConfigDict(extra="forbid")

    line_number: int
    quantity: int
    reason: str
    worth_minor: int = 0
    share_minor: int = 0
    restocking_minor: int = 0
    new_variant_id: int | None = None
    new_total_minor: int | None = None
    new_unit_price_minor: int | None = None


class Plan(BaseModel):
    """What an offer of a return would do: kept in the offer, carried out as it is."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["refund", "exchange", "repair"]
    reason: str
    method: Method
    condition: Condition
    law: str | None = None
    shipping_minor: int = 0
    refund_shipping: Literal["never", "whole_order", "promised"] = "never"
    freight_minor: int = 0
    insured_minor: int = 0
    refund_minor: int = 0
    charge_minor: int = 0
    target: str | None = None
    lines: list[PlannedLine]


def open_return(
    unit: Unit,
    order: Order,
    plan: Plan,
    *,
    new_lines: Mapping[int, int] | None = None,
    held: Sequence[StockHold] = (),
) -> Return:
    """The return of an offer, approved unless a person looks at it first.

    Of an exchange, `new_lines` are the numbers of the lines that come instead, and `held` the goods put aside.
    """
    worth = sum(line.worth_minor for line in plan.lines)
    found = signals(
        unit.policies.returns.review,
        history_of(unit.session, order.customer_id, unit.now),
        worth,
        order.currency,
    )
    returned = Return(
        public_id=new_id("ret"),
        number="RT" + "".join(secrets.choice(_ALPHABET) for _ in range(8)),
        order_id=order.id,
        kind=plan.kind,
        state="requested",
        reason=plan.reason,
        law=plan.law,
        condition=plan.condition,
        currency=order.currency,
        goods_minor=worth,
        shipping_minor=plan.shipping_minor,
        refund_shipping=plan.refund_shipping,
        restocking_minor=sum(line.restocking_minor for line in plan.lines),
        freight_minor=plan.freight_minor,
        insured_minor=plan.insured_minor,
        refund_minor=plan.refund_minor,
        charge_minor=plan.charge_minor,
        target=plan.target,
        method=plan.method,
        fraud_signals=found,
        requested_at=unit.now,
    )
    looked_at = unit.actor.kind != "staff" and len(found) >= unit.policies.returns.review.signals
    if not looked_at:
        mark_approved(unit, returned)
    unit.session.add(returned)
    unit.session.flush()
    lines = [
        ReturnLine(
            return_id=returned.id,
            line_number=line.line_number,
            quantity=line.quantity,
            reason=line.reason,
            worth_minor=line.worth_minor,
            share_minor=line.share_minor,
            restocking_minor=line.restocking_minor,
            new_variant_id=line.new_variant_id,
            new_line_number=(new_lines or {}).get(line.line_number),
            new_unit_price_minor=line.new_unit_price_minor,
            new_total_minor=line.new_total_minor,
        )
        for line in plan.lines
    ]
    unit.session.add_all(lines)
    for one in held:
        one.return_id = returned.id
    unit.touch(order)
    unit.audit(
        "return.requested",
        "return",
        returned.public_id,
        {"kind": plan.kind, "order": order.id, "goods_minor": worth, "refund_minor": plan.refund_minor},
    )
    if looked_at:
        unit.open_case(
            REVIEW,
            order_id=order.id,
            customer_id=order.customer_id,
            details={"return": returned.number, "signals": found},
            links=[("return", returned.number)],
        )
    else:
        follow_approval(unit, order, returned, lines)
    return returned
