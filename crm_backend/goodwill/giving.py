"""`goodwill.give`: a voucher, points or a part of what was paid, given by an agent who does not owe it (补偿).

An agent gives up to the limit of their role for one customer in some time; above it confirming asks a lead
(`deciding.py`). Either way the shop's systems carry it out as effects, and a refund is booked against the order's worth
like every other, so that no return brings it a second time.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints
from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, ProposalVoid, Refusal, Words
from crm_backend.changes.unit import Unit, new_id
from crm_backend.goodwill import repository
from crm_backend.goodwill.models import Goodwill
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.books import book_amount
from crm_backend.payments.refunding import refund_moves, request_refunds
from crm_backend.payments.repository import money_of, promised_money_of
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

VOUCHER = "voucher.create"
"""Effect: the shop's own systems make a voucher."""

POINTS = "points.grant"
"""Effect: the shop's own systems book points."""

CASE = "goodwill_approval"
"""The kind of case by which a lead learns of a request."""

REASON = "goodwill"
"""Of its refunds."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for one another."""


class GoodwillDetails(Details):
    """What, how much, and why."""

    order: OrderNumber
    form: Literal["voucher", "points", "refund"]
    amount_minor: Annotated[int, Field(ge=1, le=10**12)] | None = Field(
        default=None, description="Of a voucher or refund, in minor units of the order's currency."
    )
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="In which the amount was typed: another than the order's is refused."
    )
    points: Annotated[int, Field(ge=1, le=10**9)] | None = None
    reason: Literal["late", "lost", "damaged", "wrong_item", "quality", "service", "price", "loyalty", "other"]
    note: Words | None = Field(default=None, description="For the lead and for colleagues.")
    conversation: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")] | None = Field(
        default=None, description="Where the shopper is told once it is done."
    )


class GiveGoodwill(ChangeKind[GoodwillDetails]):
    """The kind."""

    name = "goodwill.give"
    details = GoodwillDetails
    terms = ChangeTerms(level="none")
    staff_only = True

    def offer(self, unit: Unit, details: GoodwillDetails) -> Offer:
        """What would be given, or that a lead has to allow it."""
        order = unit.find_order(details.order)
        worth = worth_of(unit, order, details)
        moves = check(unit, order, details.form, worth)
        waits = over_limit(unit, order, worth)
        values: dict[str, JsonValue] = {
            "order": order.number, "form": details.form, "worth_minor": worth, "points": details.points,
            "currency": order.currency,
        }  # fmt: skip
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="goodwill_asked_for" if waits else "goodwill_given", values=values)],
            # Money moves by the lead's yes, not by this one.
            moves=[] if waits else moves,
            notes=[OfferLine(key="goodwill_needs_lead")] if waits else [],
            values={**values, "needs_approval": waits},
            plan={"worth_minor": worth, "waits": waits},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: GoodwillDetails, offer: Offer) -> Outcome:
        """Give it, or ask a lead. Raises ProposalVoid where what was given meanwhile puts it above the limit."""
        order = unit.session.get_one(Order, offer.order_id)
        lock_customer(unit, order)
        worth, waits = int(str(offer.plan["worth_minor"])), bool(offer.plan["waits"])
        if waits != over_limit(unit, order, worth):
            raise ProposalVoid
        assert unit.proposal is not None  # noqa: S101 - it is being carried out
        given = Goodwill(
            public_id=new_id("goodwill"),
            order_id=order.id,
            customer_id=order.customer_id,
            proposal_id=unit.proposal.id,
            conversation_id=details.conversation,
            form=details.form,
            points=details.points,
            worth_minor=worth,
            currency=order.currency,
            reason=details.reason,
            note=details.note,
            state="waiting" if waits else "requested",
            told_state=None,
            asked_by=unit.actor.id,
            asked_at=unit.clock.wall(),
            decided_by=None,
            decided_at=None,
            decision_note=None,
            done_at=None,
        )
        unit.session.add(given)
        unit.session.flush()
        if waits:
            links = [("goodwill", given.public_id)]
            if details.conversation:
                links.append(("conversation", details.conversation))
            unit.open_case(CASE, order_id=order.id, customer_id=order.customer_id, links=links)
        else:
            hand_over(unit, order, given, offer.moves)
        unit.touch(order)
        unit.audit(
            "goodwill.asked_for" if waits else "goodwill.given",
            "goodwill",
            given.public_id,
            {"form": given.form, "worth_minor": worth, "currency": given.currency},
        )
        return Outcome(values={"goodwill": given.public_id, "state": given.state})


def worth_of(unit: Unit, order: Order, details: GoodwillDetails) -> int:
    """Minor units of the order's currency. Raises InvalidInput and Refusal."""
    rules = unit.policies.goodwill
    if order.currency not in rules.most or details.form not in rules.forms:
        raise Refusal("goodwill_not_offered", values={"form": details.form, "currency": order.currency})
    if details.currency not in (None, order.currency):
        raise Refusal("goodwill_other_currency", values={"currency": order.currency})
    wanted, other = ("points", "amount_minor") if details.form == "points" else ("amount_minor", "points")
    if getattr(details, wanted) is None:
        raise InvalidInput(errors=[FieldProblem(field=f"body.details.{wanted}", message="is missing")])
    if getattr(details, other) is not None:
        raise InvalidInput(errors=[FieldProblem(field=f"body.details.{other}", message="does not go with this form")])
    if details.points is None:
        return details.amount_minor or 0
    point = rules.point_minor.get(order.currency)
    if point is None:
        raise Refusal("goodwill_not_offered", values={"form": "points", "currency": order.currency})
    return details.points * point


def check(unit: Unit, order: Order, form: str, worth: int) -> list[MoneyMove]:
    """Where the money of a refund would go; none for other forms. Raises Refusal."""
    most = unit.policies.goodwill.most.get(order.currency, 0)
    if worth > most:
        raise Refusal("goodwill_above_most", values={"most_minor": most, "currency": order.currency})
    if form != "refund":
        if order.customer_id is None:
            # A voucher and points belong to an account.
            raise Refusal("goodwill_without_account", alternatives=[OfferLine(key="goodwill_refund")])
        return []
    promised = promised_money_of(unit.session, order, lines_of(unit.session, order.id))
    if promised is None:
        raise Refusal("order_without_prices")
    at_most = min(promised.refundable_minor, promised.worth_left)
    if worth > at_most:
        raise Refusal("goodwill_above_paid", values={"most_minor": max(0, at_most), "currency": order.currency})
    return refund_moves(unit.session, order, promised, worth, "original")


def over_limit(unit: Unit, order: Order, worth: int) -> bool:
    """Whether it is more than the role of who acts may give this customer now."""
    rules = unit.policies.goodwill
    since = unit.clock.wall() - timedelta(days=rules.within_days)
    given = repository.given_minor(unit.session, order, since)
    return given + worth > rules.limit(unit.actor.role, order.currency)


def lock_customer(unit: Unit, order: Order) -> None:
    """What two agents give one customer at the same time, for two orders, is given one after the other."""
    if order.customer_id is not None:
        unit.session.scalars(select(Customer.id).where(Customer.id == order.customer_id).with_for_update()).one()


def hand_over(unit: Unit, order: Order, given: Goodwill, moves: list[MoneyMove]) -> None:
    """Ask the shop's systems for it. What a refund takes is booked against the order."""
    about: dict[str, JsonValue] = {"customer": _customer(unit, order), "reason": given.reason}
    if given.form == "refund":
        lines = lines_of(unit.session, order.id)
        money, promised = money_of(unit.session, order, lines), promised_money_of(unit.session, order, lines)
        assert money is not None  # noqa: S101 - or it would have been refused
        assert promised is not None  # noqa: S101
        book_amount(order, lines, money, promised, given.worth_minor)
        request_refunds(unit, order, moves, REASON)
    elif given.form == "points":
        unit.effect(POINTS, order_id=order.id, payload={"entry": given.public_id, "points": given.points, **about})
    else:
        rules = unit.policies.goodwill
        code = rules.voucher_prefix + "".join(secrets.choice(_LETTERS) for _ in range(10))
        until = unit.now + timedelta(days=rules.voucher_days)
        unit.effect(
            VOUCHER,
            order_id=order.id,
            payload={
                "voucher": given.public_id, "code": code, "amount_minor": given.worth_minor,
                "currency": given.currency, "valid_until": until.isoformat(), **about,
            },
        )  # fmt: skip


def _customer(unit: Unit, order: Order) -> str | None:
    customer = unit.session.get(Customer, order.customer_id) if order.customer_id is not None else None
    return customer.external_id if customer is not None else None
