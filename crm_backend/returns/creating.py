"""`return.create`: giving back lines of an order, or some of a line, for money or for a repair."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.payments.refunding import refund_moves
from crm_backend.payments.repository import is_paid, set_off_notes
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.returns import Method
from crm_backend.returns import asking
from crm_backend.returns.asking import AskedLine, Chosen
from crm_backend.returns.opening import Plan, PlannedLine, open_return
from crm_backend.returns.pricing import Price, freight_of, price, refunds_shipping
from crm_backend.returns.rules import strictest
from crm_backend.returns.standing import Standing, standing
from shopdesk_schemas.changes import OfferLine


class ReturnDetails(Details):
    """What comes back, why, for what, and how."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, or a parcel's, as typed.")
    lines: list[AskedLine] | None = Field(
        default=None, min_length=1, max_length=500, description="All that can come back when not given."
    )
    reason: str = Field(max_length=50, description="One of the shop's reasons.")
    wish: Literal["refund", "repair"] = "refund"
    refund_target: Literal["original", "gift_card"] | None = None
    method: Method | None = Field(default=None, description="The shop's first when not given.")
    goodwill: bool = Field(default=False, description="For agents: windows and categories are left aside.")


class CreateReturn(ChangeKind[ReturnDetails]):
    """The kind."""

    name = "return.create"
    details = ReturnDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: ReturnDetails) -> Offer:
        """Which lines come back, what for them, and what the shopper has to do."""
        order = unit.find_order(details.order)
        now = standing(unit.session, unit.policies, order)
        chosen, left_out = asking.choose(
            unit, now, details.lines, details.reason, details.wish, goodwill=details.goodwill
        )
        method = asking.choose_method(chosen, details.method)
        if details.wish == "repair":
            return self._repair(now, chosen, method, left_out)
        return self._refund(unit, details, now, chosen, method, left_out)

    def carry_out(self, unit: Unit, details: ReturnDetails, offer: Offer) -> Outcome:
        """Open the return."""
        order = unit.session.get_one(Order, offer.order_id)
        returned = open_return(unit, order, Plan.model_validate(offer.plan))
        return Outcome(values={"return": returned.number, "state": returned.state})

    def _repair(self, now: Standing, chosen: list[Chosen], method: Method, left_out: list[OfferLine]) -> Offer:
        order = now.order
        # A repair under warranty costs the shopper nothing.
        plan = Plan(
            kind="repair",
            reason=chosen[0].reason,
            method=method,
            condition="any",
            lines=[
                PlannedLine(line_number=one.line_number, quantity=one.quantity, reason=one.reason) for one in chosen
            ],
        )
        return Offer(
            order_id=order.id,
            lines=[asking.told_line(now, "line_repaired", one, until=_until(one)) for one in chosen],
            notes=[OfferLine(key=f"send_by_{method}"), OfferLine(key="freight_paid_by_shop"), *left_out],
            values={"order": order.number, "wish": "repair", "method": method},
            plan=plan.model_dump(mode="json"),
        ).rests_on(order)

    def _refund(
        self,
        unit: Unit,
        details: ReturnDetails,
        now: Standing,
        chosen: list[Chosen],
        method: Method,
        left_out: list[OfferLine],
    ) -> Offer:
        order = now.order
        target = asking.refund_target(unit, details.refund_target)
        if now.money is None and is_paid(order):
            raise Refusal("order_without_prices", alternatives=[asking.ASK_A_PERSON])
        terms = {one.line_number: one.verdict.terms for one in chosen}
        quantities = {one.line_number: one.quantity for one in chosen}
        worth = (
            price(now.money, quantities, terms, method=method, currency=order.currency)
            if now.money
            else Price({}, 0, {}, *freight_of(list(terms.values()), method=method, currency=order.currency))
        )
        shares = now.money.take(quantities, "never").goods if now.money else {}
        rule = refunds_shipping(list(terms.values()))
        postage = worth.shipping
        if now.others_open:
            # The order keeps its postage until the last of them is settled, and nobody knows which that will be.
            worth = worth.without_shipping()
        # By the time it is sent another refund may have moved the shares of several payments.
        moves = refund_moves(unit.session, order, now.ledger, worth.refund, target) if now.ledger else []
        condition = strictest([one.condition for one in terms.values()])
        plan = Plan(
            kind="refund",
            reason=details.reason,
            method=method,
            condition=condition,
            law=next((one.law for one in terms.values() if one.law), None),
            shipping_minor=worth.shipping,
            refund_shipping="promised" if postage else rule,
            freight_minor=worth.freight,
            insured_minor=worth.insured,
            refund_minor=worth.refund,
            target=target,
            lines=[
                PlannedLine(
                    line_number=one.line_number,
                    quantity=one.quantity,
                    reason=one.reason,
                    worth_minor=worth.goods.get(one.line_number, 0),
                    share_minor=shares.get(one.line_number, 0),
                    restocking_minor=worth.restocking.get(one.line_number, 0),
                )
                for one in chosen
            ],
        )
        notes = asking.way_back_notes(
            list(terms.values()),
            method=method,
            freight=worth.freight,
            insured=worth.insured,
            condition=condition,
            currency=order.currency,
        )
        if worth.restocking_minor:
            fee: dict[str, JsonValue] = {"restocking_minor": worth.restocking_minor, "currency": order.currency}
            notes.append(OfferLine(key="restocking_fee", values=fee))
        if postage:
            back: dict[str, JsonValue] = {"shipping_minor": postage, "currency": order.currency}
            notes.append(
                OfferLine(key="shipping_refunded" if worth.shipping else "shipping_refunded_last", values=back)
            )
        less = set_off_notes(unit.session, order, now.money, quantities)
        notes += less if moves else []
        notes += asking.refund_notes(unit, moves) if moves else [OfferLine(key="nothing_to_refund")]
        return Offer(
            order_id=order.id,
            lines=[
                asking.told_line(
                    now,
                    "line_returned",
                    one,
                    # What is set off is said beside it.
                    worth_minor=(shares if less else worth.goods).get(one.line_number, 0),
                    currency=order.currency,
                    until=_until(one),
                )
                for one in chosen
            ],
            moves=moves,
            notes=[*notes, *left_out],
            values={"order": order.number, "wish": "refund", "method": method, "target": target},
            plan=plan.model_dump(mode="json"),
        ).rests_on(order)


def _until(one: Chosen) -> str | None:
    return one.verdict.until.isoformat() if one.verdict.until else None
