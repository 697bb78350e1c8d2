"""`payment.query`: a charge or tax that the shopper cannot explain. Explained from the order's own records; what was
paid twice goes back, and what nothing explains goes to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.charges import Charged, doubled, explain
from crm_backend.payments.charging import original_move
from crm_backend.payments.models import Payment
from crm_backend.payments.refunding import request_refunds
from crm_backend.payments.repository import overpaid, payments_of
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

CASE = "charge_query"
"""The kind of case for charges that nothing explains, or that a person has to give back."""


class QueryDetails(Details):
    """Which order, and what the shopper sees."""

    order: OrderNumber
    problem: Literal["unknown_charge", "tax", "charged_twice", "payment_failed"] = "unknown_charge"
    amount_minor: int | None = Field(default=None, ge=1, le=10**12, description="As the statement shows it.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="Of the statement; the order's when not given."
    )
    description: str | None = Field(default=None, max_length=2000, description="In the shopper's words.")


class QueryCharge(ChangeKind[QueryDetails]):
    """The kind. The offer itself is the explanation; confirming it asks for the refund, or for a person."""

    name = "payment.query"
    details = QueryDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: QueryDetails) -> Offer:
        """What was charged and why, what was charged twice, and whether a person has to look at it."""
        if details.currency is not None and details.amount_minor is None:
            raise InvalidInput(errors=[FieldProblem(field="body.details.amount_minor", message="is missing")])
        order = unit.find_order(details.order)
        payments = payments_of(unit.session, order.id)
        charged = Charged(order.total_minor, order.shipping_minor, order.tax_minor, payments)
        twice = doubled(charged, overpaid(unit.session, order))
        explanation = (
            explain(charged, details.amount_minor, details.currency or order.currency, order.currency)
            if details.amount_minor is not None
            else None
        )
        gives_back = unit.policies.payments.charges.double_charge == "refund"
        moves: list[MoneyMove] = [original_move(order, one, one.amount_minor) for one in twice] if gives_back else []
        unexplained = not twice and not _is_explained(details, order, payments, explanation)
        by_person = unexplained or bool(twice and not gives_back)
        hours = unit.policies.cases.hours(CASE)
        notes = [OfferLine(key="person_decides", values={"hours": hours})] if by_person else []
        if moves:
            notes.append(OfferLine(key="refund_takes_days", values={"days": unit.policies.returns.refund_days}))
        return Offer(
            order_id=order.id,
            lines=[
                *_amounts(unit, order),
                *(_payment(one) for one in payments),
                *(OfferLine(key="charged_twice", values=_money(one)) for one in twice),
                *_said(details, order, explanation),
            ],
            moves=moves,
            notes=notes,
            values={"order": order.number, "explained": not by_person, "explanation": explanation},
            plan={"by_person": by_person},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: QueryDetails, offer: Offer) -> Outcome:
        """Give back what came twice; open a case for what nothing explains."""
        order = unit.session.get_one(Order, offer.order_id)
        request_refunds(unit, order, offer.moves, "charged_twice")
        if offer.plan["by_person"]:
            unit.open_case(
                CASE,
                order_id=order.id,
                customer_id=order.customer_id,
                details={
                    "problem": details.problem,
                    "amount_minor": details.amount_minor,
                    "currency": details.currency or order.currency,
                    "description": details.description,
                },
            )
        unit.touch(order)
        unit.audit("order.charge_queried", "order", str(order.id), {"amount_minor": offer.amount_minor})
        return Outcome(values={"order": order.number, "explained": offer.values["explained"]})


def _is_explained(details: QueryDetails, order: Order, payments: Sequence[Payment], explanation: str | None) -> bool:
    if details.amount_minor is not None:
        return explanation is not None
    if details.problem == "tax":
        return order.tax_minor is not None
    if details.problem == "payment_failed":
        return any(payment.state in {"failed", "cancelled", "authorised"} for payment in payments)
    if details.problem == "charged_twice":
        # Held and released amounts look like charges on a statement.
        return bool(payments) and all(payment.state != "unknown" for payment in payments)
    return False


def _amounts(unit: Unit, order: Order) -> list[OfferLine]:
    """What the order's total is made of."""
    extra = sum(
        line.total_minor or 0 for line in lines_of(unit.session, order.id) if line.kind in {"fee", "adjustment"}
    )
    parts: dict[str, int | None] = {
        "charged_goods": order.subtotal_minor,
        "charged_discount": order.discount_minor or None,
        "charged_shipping": order.shipping_minor,
        "charged_fees": extra or None,
        "charged_tax": order.tax_minor,
        "charged_total": order.total_minor,
    }
    told = [
        OfferLine(key=key, values={"amount_minor": amount, "currency": order.currency})
        for key, amount in parts.items()
        if amount is not None
    ]
    return told or [OfferLine(key="amounts_unknown", values={"order": order.number})]


def _payment(payment: Payment) -> OfferLine:
    return OfferLine(key=f"payment_{payment.state}", values=_money(payment))


def _money(payment: Payment) -> dict[str, JsonValue]:
    return {
        "payment": payment.external_id,
        "method": payment.method,
        "brand": payment.brand,
        "last4": payment.last4,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "instalments": payment.instalments,
        "paid_at": payment.paid_at.isoformat() if payment.paid_at else None,
        "for_a_change": payment.effect_id is not None,
    }


def _said(details: QueryDetails, order: Order, explanation: str | None) -> list[OfferLine]:
    if details.amount_minor is None:
        return []
    values: dict[str, JsonValue] = {
        "amount_minor": details.amount_minor,
        "currency": details.currency or order.currency,
    }
    return [OfferLine(key=f"amount_is_{explanation}" if explanation else "amount_not_explained", values=values)]
