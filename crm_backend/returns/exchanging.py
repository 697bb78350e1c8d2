"""`return.exchange`: giving back lines of an order for other variants of the same products."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.orders.replacing import add_line
from crm_backend.payments.books import fix_shares
from crm_backend.payments.charging import choose_method as choose_payment
from crm_backend.payments.charging import method_move, request_charge
from crm_backend.payments.refunding import refund_moves
from crm_backend.payments.repository import money_of
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.returns import Method
from crm_backend.products.models import Variant
from crm_backend.products.variants import check_together, other_variant, price_of
from crm_backend.returns import asking, repository
from crm_backend.returns.asking import AskedLine, Chosen
from crm_backend.returns.opening import Plan, PlannedLine, open_return
from crm_backend.returns.pricing import freight_of, refunds_shipping, worths
from crm_backend.returns.rules import strictest
from crm_backend.returns.standing import Standing, standing
from crm_backend.supply.holds import hold
from shopdesk_schemas.changes import MoneyMove, OfferLine


class ExchangedLine(AskedLine):
    """A line, or some of it, and what should come instead."""

    sku: str = Field(min_length=1, max_length=100, description="The new variant's, of the same product.")


class ExchangeDetails(Details):
    """What comes back, and what instead. All lines of one exchange go together."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, or a parcel's, as typed.")
    lines: list[ExchangedLine] = Field(min_length=1, max_length=500)
    reason: str = Field(max_length=50, description="One of the shop's reasons.")
    payment_method: str | None = Field(
        default=None,
        max_length=200,
        description="The saved method (its external id) that pays what the new ones cost more, or gets what less.",
    )
    refund_target: Literal["original", "gift_card"] | None = Field(
        default=None, description="Where a lower price goes back to, when no saved method is chosen."
    )
    method: Method | None = Field(default=None, description="The shop's first when not given.")
    goodwill: bool = Field(default=False, description="For agents: windows and categories are left aside.")


class ExchangeItems(ChangeKind[ExchangeDetails]):
    """The kind."""

    name = "return.exchange"
    details = ExchangeDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: ExchangeDetails) -> Offer:
        """What goes back, what comes, and what it costs more or less."""
        rules = unit.policies.returns.exchange
        order = unit.find_order(details.order)
        now = standing(unit.session, unit.policies, order)
        _check_once(unit, order)
        chosen, _ = asking.choose(unit, now, details.lines, details.reason, "exchange", goodwill=details.goodwill)
        if now.money is None or now.ledger is None:
            raise Refusal("order_without_prices", alternatives=[asking.ASK_A_PERSON])
        variants = {
            one.line_number: other_variant(unit, order, now.lines[one.line_number], asked.sku, one.quantity)
            for one, asked in zip(chosen, details.lines, strict=True)
        }
        check_together(unit, order, _wanted(chosen, variants), list(variants.values()))
        method = asking.choose_method(chosen, details.method)
        terms = [one.verdict.terms for one in chosen]
        quantities = {one.line_number: one.quantity for one in chosen}
        worth, shares = worths(now.money, quantities), now.money.take(quantities, "never").goods
        cost = {
            one.line_number: price_of(
                variants[one.line_number],
                one.quantity,
                paid_minor=worth[one.line_number],
                listed_minor=_listed(now, one),
                keeps_discount=rules.keeps_discount,
            )
            for one in chosen
        }
        freight, insured = freight_of(terms, method=method, currency=order.currency)
        difference = sum(cost.values()) - sum(worth.values()) + freight
        moves, target = _moves(unit, details, now, difference)
        condition = strictest([one.condition for one in terms])
        plan = Plan(
            kind="exchange",
            reason=details.reason,
            method=method,
            condition=condition,
            law=next((one.law for one in terms if one.law), None),
            refund_shipping=refunds_shipping(terms),
            freight_minor=freight,
            insured_minor=insured,
            refund_minor=max(0, -difference),
            charge_minor=max(0, difference),
            target=target,
            lines=[
                PlannedLine(
                    line_number=one.line_number,
                    quantity=one.quantity,
                    reason=one.reason,
                    worth_minor=worth[one.line_number],
                    share_minor=shares[one.line_number],
                    new_variant_id=variants[one.line_number].id,
                    new_total_minor=cost[one.line_number],
                    new_unit_price_minor=variants[one.line_number].price_minor,
                )
                for one in chosen
            ],
        )
        notes = asking.way_back_notes(
            terms, method=method, freight=freight, insured=insured, condition=condition, currency=order.currency
        )
        notes.append(OfferLine(key=f"new_sent_{rules.ship}"))
        if difference < 0:
            notes += asking.refund_notes(unit, moves)
        elif difference == 0:
            notes.append(OfferLine(key="same_price"))
        if rules.once_only:
            notes.append(OfferLine(key="cannot_be_exchanged_again"))
        return Offer(
            order_id=order.id,
            lines=[
                _told(now, one, variants[one.line_number], worth[one.line_number], cost[one.line_number])
                for one in chosen
            ],
            moves=moves,
            notes=notes,
            values={"order": order.number, "method": method, "difference_minor": difference, "target": target},
            plan=plan.model_dump(mode="json"),
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ExchangeDetails, offer: Offer) -> Outcome:
        """Put the new ones aside, take what they cost more, and open the return."""
        order = unit.session.get_one(Order, offer.order_id)
        plan = Plan.model_validate(offer.plan)
        wanted: dict[int, int] = {}
        for line in plan.lines:
            assert line.new_variant_id is not None  # noqa: S101 - as `offer` made it
            wanted[line.new_variant_id] = wanted.get(line.new_variant_id, 0) + line.quantity
        held = hold(unit, order, wanted)
        for move in offer.moves:
            if move.direction == "charge":
                request_charge(unit, order, move, "exchange")
        lines = lines_of(unit.session, order.id)
        money = money_of(unit.session, order, lines)
        if money is not None:
            fix_shares(lines, money)
        new_lines = _new_lines(unit, order, plan)
        returned = open_return(unit, order, plan, new_lines=new_lines, held=held)
        return Outcome(values={"return": returned.number, "state": returned.state})


def _new_lines(unit: Unit, order: Order, plan: Plan) -> dict[int, int]:
    """By number of the line that goes back, the number of the line that comes."""
    numbers = {}
    for line in plan.lines:
        variant = unit.session.get_one(Variant, line.new_variant_id)
        added = add_line(unit.session, order, variant, line.quantity, line.new_total_minor or 0)
        numbers[line.line_number] = added.line_number
    return numbers


def _check_once(unit: Unit, order: Order) -> None:
    if not unit.policies.returns.exchange.once_only:
        return
    if any(one.kind == "exchange" and one.state != "cancelled" for one in repository.of_order(unit.session, order.id)):
        raise Refusal("already_exchanged_once", alternatives=[OfferLine(key="return_instead")])


def _wanted(chosen: list[Chosen], variants: dict[int, Variant]) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for one in chosen:
        identifier = variants[one.line_number].id
        wanted[identifier] = wanted.get(identifier, 0) + one.quantity
    return wanted


def _listed(now: Standing, one: Chosen) -> int:
    line = now.line(one.line_number)
    total = line.total_minor if line.total_minor is not None else (line.unit_price_minor or 0) * line.quantity
    return total * one.quantity // line.quantity


def _moves(unit: Unit, details: ExchangeDetails, now: Standing, difference: int) -> tuple[list[MoneyMove], str | None]:
    order = now.order
    if difference > 0:
        chosen = choose_payment(unit, order, details.payment_method, difference, "charge")
        return [method_move(order, chosen, difference, "charge")], chosen.external_id
    if difference < 0 and details.payment_method is not None:
        chosen = choose_payment(unit, order, details.payment_method, -difference, "refund")
        return [method_move(order, chosen, -difference, "refund")], chosen.external_id
    if difference < 0:
        target = asking.refund_target(unit, details.refund_target)
        ledger = now.ledger
        return (refund_moves(unit.session, order, ledger, -difference, target) if ledger else []), target
    return [], None


def _told(now: Standing, one: Chosen, variant: Variant, worth: int, cost: int) -> OfferLine:
    options: dict[str, JsonValue] = dict(variant.options)
    return asking.told_line(
        now,
        "line_exchanged",
        one,
        new_sku=variant.sku,
        new_options=options,
        worth_minor=worth,
        cost_minor=cost,
        currency=now.order.currency,
    )
