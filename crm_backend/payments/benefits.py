"""`payment.voucher` and `payment.points`: what was not applied, or not given back with the goods it was used for."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field, JsonValue
from sqlalchemy import func, select

from crm_backend.account.access import customer_of
from crm_backend.account.models import Customer, LoyaltyEntry, Voucher
from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, ProposalVoid, Refusal, Words
from crm_backend.changes.unit import Unit, new_id
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.books import book_amount
from crm_backend.payments.ledger import OrderMoney
from crm_backend.payments.refunding import refund_moves, request_refunds
from crm_backend.payments.repository import GOODS, money_of, promised_money_of
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

VOUCHER_GIVE_BACK = "voucher.give_back"
"""Effect: the shop's own systems make a used voucher good again."""

VOUCHER_REDEEM = "voucher.redeem"
"""Effect: the shop's own systems count a voucher as used."""

POINTS_GIVE_BACK = "points.give_back"
"""Effect: the shop's own systems book points back."""

CASE = "voucher_query"
"""The kind of case for vouchers that a person looks at."""


class VoucherDetails(Details):
    """Which voucher, and what went wrong with it."""

    order: OrderNumber
    code: Words
    problem: Literal["not_applied", "not_given_back"]


class AskAboutVoucher(ChangeKind[VoucherDetails]):
    """The kind."""

    name = "payment.voucher"
    details = VoucherDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: VoucherDetails) -> Offer:
        """That it is good again, what it would have taken off, or that a person looks at it."""
        customer = customer_of(unit, details.order)
        order = unit.find_order(details.order)
        voucher = _voucher(unit, customer, details.code)
        if details.problem == "not_given_back":
            return self._give_back(unit, order, voucher)
        return self._apply(unit, order, voucher)

    def carry_out(self, unit: Unit, details: VoucherDetails, offer: Offer) -> Outcome:
        """Do that."""
        order = unit.session.get_one(Order, offer.order_id)
        voucher = unit.session.get_one(Voucher, offer.plan["voucher"], with_for_update=True, populate_existing=True)
        if voucher.state != offer.plan["state"]:
            raise ProposalVoid
        if offer.plan["does"] == "give_back":
            voucher.state, voucher.used_at, voucher.order_number = "active", None, None
            if offer.plan["extended"]:
                voucher.valid_until = unit.now + timedelta(days=unit.policies.payments.vouchers.extend_days)
            unit.effect(VOUCHER_GIVE_BACK, order_id=order.id, payload={"voucher": voucher.external_id})
        elif offer.plan["does"] == "refund":
            lines = lines_of(unit.session, order.id)
            money = money_of(unit.session, order, lines)
            promised = promised_money_of(unit.session, order, lines)
            assert money is not None  # noqa: S101 - or there would be no such offer
            assert promised is not None  # noqa: S101
            postage = voucher.kind == "free_shipping"
            book_amount(order, lines, money, promised, offer.amount_minor or 0, of_postage=postage)
            voucher.state, voucher.used_at, voucher.order_number = "used", unit.now, order.number
            unit.effect(VOUCHER_REDEEM, order_id=order.id, payload={"voucher": voucher.external_id})
            request_refunds(unit, order, offer.moves, "voucher_not_applied")
        else:
            unit.open_case(
                CASE,
                order_id=order.id,
                customer_id=order.customer_id,
                details={"voucher": voucher.external_id, "problem": details.problem},
                links=[("voucher", voucher.external_id)],
            )
        unit.touch(order)
        unit.audit("voucher.seen_to", "order", str(order.id), {"does": offer.plan["does"]})
        return Outcome(values={"order": order.number, "voucher_state": voucher.state})

    def _give_back(self, unit: Unit, order: Order, voucher: Voucher) -> Offer:
        rules = unit.policies.payments.vouchers
        if voucher.state == "active":
            raise Refusal("voucher_is_good", values=_values(voucher))
        if voucher.state != "used" or voucher.order_number != order.number:
            raise Refusal("voucher_not_used_here", values=_values(voucher))
        if rules.give_back == "never":
            raise Refusal("vouchers_not_given_back", values=_values(voucher))
        goods = [line for line in lines_of(unit.session, order.id) if line.kind in GOODS]
        gone = all(line.cancelled_quantity + line.returned_quantity >= line.quantity for line in goods)
        if order.state != "cancelled" and not (goods and gone):
            # Of a part of the order the refund already has the voucher's share taken off.
            raise Refusal("voucher_given_back_with_whole_order", values=_values(voucher))
        over = voucher.valid_until is not None and voucher.valid_until <= unit.now
        if over and rules.extend_days == 0:
            until = voucher.valid_until.isoformat() if voucher.valid_until else None
            raise Refusal("voucher_over", values={**_values(voucher), "until": until})
        plan: dict[str, JsonValue] = {
            "does": "give_back", "voucher": voucher.id, "state": voucher.state, "extended": over,
        }  # fmt: skip
        notes = [OfferLine(key="voucher_extended", values={"days": rules.extend_days})] if over else []
        line = OfferLine(key="voucher_good_again", values=_values(voucher))
        return Offer(order_id=order.id, lines=[line], notes=notes, plan=plan).rests_on(order)

    def _apply(self, unit: Unit, order: Order, voucher: Voucher) -> Offer:
        rules = unit.policies.payments.vouchers
        if voucher.state == "used":
            rule = "voucher_applied" if voucher.order_number == order.number else "voucher_used_elsewhere"
            raise Refusal(rule, values={**_values(voucher), "used_for": voucher.order_number})
        if rules.apply_afterwards == "never":
            raise Refusal("vouchers_not_applied_afterwards", values=_values(voucher))
        _check_fits(order, voucher)
        if unit.now > order.placed_at + timedelta(days=rules.apply_within_days):
            raise Refusal("voucher_asked_too_late", values={**_values(voucher), "days": rules.apply_within_days})
        money = promised_money_of(unit.session, order, lines_of(unit.session, order.id))
        worth = _worth(voucher, order, money) if money is not None else None
        plan: dict[str, JsonValue] = {"voucher": voucher.id, "state": voucher.state, "extended": False}
        if rules.apply_afterwards == "person" or not worth or money is None:
            return Offer(
                order_id=order.id,
                lines=[OfferLine(key="voucher_looked_at", values=_values(voucher))],
                notes=[OfferLine(key="person_decides", values={"hours": unit.policies.cases.hours(CASE)})],
                plan={**plan, "does": "case"},
            ).rests_on(order)
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="voucher_applied_afterwards", values={**_values(voucher), "worth_minor": worth})],
            moves=refund_moves(unit.session, order, money, worth, "original"),
            notes=[OfferLine(key="refund_takes_days", values={"days": unit.policies.returns.refund_days})],
            plan={**plan, "does": "refund"},
        ).rests_on(order)


class PointsDetails(Details):
    """For which order."""

    order: OrderNumber = Field(description="The order that the points were redeemed for.")


class AskAboutPoints(ChangeKind[PointsDetails]):
    """Points that were redeemed for goods which are gone come back."""

    name = "payment.points"
    details = PointsDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: PointsDetails) -> Offer:
        """How many, by the share of the goods that went."""
        customer = customer_of(unit, details.order)
        order = unit.find_order(details.order)
        rule = unit.policies.payments.points.give_back
        redeemed = -_points(unit, customer, order, "redeemed")
        if redeemed <= 0:
            raise Refusal("no_points_redeemed", values={"order": order.number})
        if rule == "never":
            raise Refusal("points_not_given_back", values={"points": redeemed})
        given = _points(unit, customer, order, "given_back")
        due = _due(unit, order, redeemed, in_proportion=rule == "in_proportion") - given
        if due <= 0:
            raise Refusal("no_points_due", values={"points": redeemed, "given_back": given})
        told: dict[str, JsonValue] = {"order": order.number, "points": due, "redeemed": redeemed}
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="points_given_back", values=told)],
            plan={"points": due, "given": given},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: PointsDetails, offer: Offer) -> Outcome:
        """Book them."""
        order = unit.session.get_one(Order, offer.order_id)
        customer = customer_of(unit, details.order, lock=True)
        points = offer.plan["points"]
        assert isinstance(points, int)  # noqa: S101 - as `offer` made it
        if _points(unit, customer, order, "given_back") != offer.plan["given"]:
            raise ProposalVoid
        identifier = new_id("points")
        unit.session.add(
            LoyaltyEntry(
                customer_id=customer.id,
                external_id=identifier,
                kind="given_back",
                points=points,
                at=unit.now,
                order_number=order.number,
                note=None,
            )
        )
        unit.effect(POINTS_GIVE_BACK, order_id=order.id, payload={"entry": identifier, "points": points})
        unit.touch(order)
        unit.audit("points.given_back", "order", str(order.id), {"points": points})
        return Outcome(values={"order": order.number, "points": points})


def _voucher(unit: Unit, customer: Customer, code: str) -> Voucher:
    voucher = unit.session.scalars(
        select(Voucher)
        .where(Voucher.customer_id == customer.id, func.upper(Voucher.code) == code.upper())
        .order_by(Voucher.id)
    ).first()
    if voucher is None:
        raise Refusal("voucher_unknown", alternatives=[OfferLine(key="ask_a_person")])
    return voucher


def _check_fits(order: Order, voucher: Voucher) -> None:
    """Raises Refusal when it would not have counted for the order on the day it was placed."""
    values = _values(voucher)
    early = voucher.valid_from is not None and order.placed_at < voucher.valid_from
    late = voucher.valid_until is not None and order.placed_at >= voucher.valid_until
    if voucher.state == "void" or early or late:
        raise Refusal("voucher_not_valid_then", values=values)
    if voucher.currency is not None and voucher.currency != order.currency:
        raise Refusal("voucher_other_currency", values=values)
    goods = order.subtotal_minor if order.subtotal_minor is not None else order.total_minor or 0
    if voucher.minimum_order_minor is not None and goods < voucher.minimum_order_minor:
        least: dict[str, JsonValue] = {"minimum_minor": voucher.minimum_order_minor, "goods_minor": goods}
        raise Refusal("voucher_minimum_not_met", values={**values, **least, "currency": order.currency})


def _worth(voucher: Voucher, order: Order, money: OrderMoney) -> int | None:
    """What it would have taken off, minor units; None where a person has to say: for goods of some categories only."""
    goods = money.worth_left - money.shipping_left_minor
    if voucher.categories is not None:
        return None
    if voucher.kind == "amount":
        return min(voucher.amount_minor or 0, goods, money.refundable_minor)
    if voucher.kind == "percent":
        return min(goods * (voucher.percent or 0) // 100, money.refundable_minor)
    return min(money.shipping_left_minor, money.refundable_minor)


def _points(unit: Unit, customer: Customer, order: Order, kind: str) -> int:
    query = select(func.coalesce(func.sum(LoyaltyEntry.points), 0)).where(
        LoyaltyEntry.customer_id == customer.id,
        LoyaltyEntry.order_number == order.number,
        LoyaltyEntry.kind == kind,
    )
    return int(unit.session.scalar(query) or 0)


def _due(unit: Unit, order: Order, redeemed: int, *, in_proportion: bool) -> int:
    lines = lines_of(unit.session, order.id)
    money = money_of(unit.session, order, lines)
    goods = [line for line in lines if line.kind in GOODS]
    whole = all(line.cancelled_quantity + line.returned_quantity >= line.quantity for line in goods)
    if order.state == "cancelled" or (goods and whole):
        return redeemed
    if not in_proportion or money is None:
        return 0
    listed = sum(line.total_minor for line in money.lines)
    gone = sum(line.total_minor * line.gone // line.quantity for line in money.lines)
    return redeemed * gone // listed if listed > 0 else 0


def _values(voucher: Voucher) -> dict[str, JsonValue]:
    return {
        "code": voucher.code,
        "kind": voucher.kind,
        "percent": voucher.percent,
        "amount_minor": voucher.amount_minor,
        "currency": voucher.currency,
    }
