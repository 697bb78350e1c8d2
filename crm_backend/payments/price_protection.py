"""`payment.price_protection`: what goods cost less since they were bought goes back (价保)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import Field, JsonValue
from sqlalchemy import select

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of
from crm_backend.orders.repository import CataloguedLine
from crm_backend.payments.books import book
from crm_backend.payments.refunding import refund_moves, request_refunds
from crm_backend.payments.repository import money_of
from crm_backend.policies.changes import ChangeTerms
from crm_backend.policies.payments import PriceProtection
from crm_backend.products.models import PriceRecord, Variant
from crm_backend.products.variants import reduced
from crm_backend.returns.rules import category_names, end_of_window
from crm_backend.returns.standing import Standing, standing
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

_ASK_A_PERSON = OfferLine(key="ask_a_person")


class ProtectionDetails(Details):
    """For which goods, and where the difference should go."""

    order: OrderNumber
    lines: list[int] | None = Field(
        default=None, min_length=1, max_length=500, description="Line numbers; all that cost less now when not given."
    )
    refund_target: Literal["original", "gift_card"] | None = None


@dataclass(frozen=True)
class Difference:
    """What one line cost, and what it would cost now: minor units for `quantity` of it."""

    line_number: int
    quantity: int
    paid_minor: int
    now_minor: int

    @property
    def minor(self) -> int:
        """What it costs less."""
        return max(0, self.paid_minor - self.now_minor)


class ProtectPrice(ChangeKind[ProtectionDetails]):
    """The kind."""

    name = "payment.price_protection"
    details = ProtectionDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: ProtectionDetails) -> Offer:
        """What each line costs less now, and where the difference goes."""
        rules = unit.policies.payments.price_protection
        order = unit.find_order(details.order)
        if not rules.enabled:
            raise Refusal("price_protection_not_offered")
        if order.state == "cancelled":
            raise Refusal("already_cancelled")
        here = standing(unit.session, unit.policies, order)
        if here.money is None or here.ledger is None:
            raise Refusal("order_without_prices", alternatives=[_ASK_A_PERSON])
        if here.money.paid_minor == 0:
            raise Refusal("nothing_was_paid")
        chosen = _chosen(details, here)
        judged = {number: _judge(unit, rules, here, number) for number in chosen}
        found = {number: one for number, one in judged.items() if isinstance(one, Difference)}
        refused = {number: one for number, one in judged.items() if isinstance(one, Refusal)}
        if refused and (details.lines is not None or not found):
            raise next(iter(refused.values()))
        amount = sum(one.minor for one in found.values())
        _check_amount(rules, order, amount)
        # Somebody who has not paid all of it gets no more than what they paid too much.
        unpaid = max(0, here.money.worth_left - here.money.paid_minor)
        back = min(amount - unpaid, here.money.refundable_minor)
        if back <= 0:
            raise Refusal("nothing_to_refund", alternatives=[_ASK_A_PERSON])
        target = details.refund_target or rules.refund_targets[0]
        if target not in rules.refund_targets:
            raise Refusal(
                "refund_target_not_offered",
                values={"target": target},
                alternatives=[OfferLine(key=f"refund_to_{other}") for other in rules.refund_targets],
            )
        return Offer(
            order_id=order.id,
            lines=[_told(here, one) for one in found.values() if one.minor],
            moves=refund_moves(unit.session, order, here.ledger, back, target),
            notes=[
                OfferLine(key="refund_takes_days", values={"days": unit.policies.returns.refund_days}),
                OfferLine(key="return_refunds_lower_price"),
            ],
            values={"order": order.number, "difference_minor": amount, "target": target},
            plan={"differences": {str(number): one.minor for number, one in found.items() if one.minor}},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ProtectionDetails, offer: Offer) -> Outcome:
        """Note the lower worth, so that a return refunds what the goods cost in the end, and ask for the money."""
        order = unit.session.get_one(Order, offer.order_id)
        lines = lines_of(unit.session, order.id)
        money = money_of(unit.session, order, lines)
        differences = offer.plan["differences"]
        assert money is not None  # noqa: S101 - or there would be no offer
        assert isinstance(differences, dict)  # noqa: S101
        book(order, lines, money, {int(number): int(str(minor)) for number, minor in differences.items()})
        request_refunds(unit, order, offer.moves, "price_protection")
        unit.touch(order)
        unit.audit("order.price_protected", "order", str(order.id), {"amount_minor": offer.amount_minor})
        return Outcome(values={"order": order.number})


def _chosen(details: ProtectionDetails, here: Standing) -> list[int]:
    if details.lines is None:
        return sorted(here.facts)
    for index, number in enumerate(details.lines):
        field = f"body.details.lines.{index}"
        if number not in here.facts:
            raise InvalidInput(errors=[FieldProblem(field=field, message="the order has no such line of goods")])
        if number in details.lines[:index]:
            raise InvalidInput(errors=[FieldProblem(field=field, message="is given twice")])
    return details.lines


def _judge(unit: Unit, rules: PriceProtection, here: Standing, number: int) -> Difference | Refusal:
    """The difference of one line, or the rule that stands against it."""
    facts, line = here.facts[number], here.lines[number]
    values: dict[str, JsonValue] = {"line_number": number, "title": line.line.title}
    quantity = facts.ordered - facts.cancelled - facts.returned - facts.coming_back
    if quantity <= 0:
        return Refusal("line_already_gone", values=values)
    if is_excluded(rules, category_names(line.product)):
        return Refusal("category_not_protected", values=values)
    start = facts.placed_at if rules.window_start == "placed" else facts.delivered_at
    if start is None and rules.window_start == "delivered":
        # What has not arrived is within any time after its arrival.
        start = unit.now
    until = end_of_window(start or unit.now, rules.window_days, facts.zone)
    if unit.now >= until:
        over: dict[str, JsonValue] = {
            **values, "days": rules.window_days, "start": rules.window_start, "until": until.isoformat(),
        }  # fmt: skip
        return Refusal("price_window_over", values=over, alternatives=[OfferLine(key="return_instead")])
    price = comparison_price(unit.session, rules, here.order, line, unit.now)
    if price is None:
        return Refusal("line_not_catalogued", values=values, alternatives=[_ASK_A_PERSON])
    assert here.money is not None  # noqa: S101 - looked at before
    paid = here.money.take({number: quantity}, "never").goods[number]
    now_minor = price * quantity
    if rules.keeps_discount:
        listed = (line.line.unit_price_minor or 0) * quantity
        now_minor = reduced(now_minor, paid_minor=paid, listed_minor=listed)
    if now_minor >= paid:
        told: dict[str, JsonValue] = {
            **values, "paid_minor": paid, "now_minor": now_minor, "currency": here.order.currency,
        }  # fmt: skip
        return Refusal("price_not_lower", values=told)
    return Difference(number, quantity, paid, now_minor)


def is_excluded(rules: PriceProtection, categories: Collection[str]) -> bool:
    """Whether goods of the category with these names (lower case) are left out."""
    return any(name.strip().casefold() in categories for name in rules.excluded_categories)


def comparison_price(
    session: ReadSession, rules: PriceProtection, order: Order, line: CataloguedLine, now: datetime
) -> int | None:
    """What one piece of the line costs by the shop's rule, minor units of the order's currency: today, or at the
    lowest since the order was placed. None where the catalogue does not say.
    """
    variant: Variant | None = line.variant
    if variant is None or variant.price_minor is None or variant.currency != order.currency:
        return None
    if rules.price == "present":
        return variant.price_minor
    since = session.scalars(
        select(PriceRecord.price_minor).where(
            PriceRecord.product_id == variant.product_id,
            PriceRecord.sku == variant.sku,
            PriceRecord.currency == order.currency,
            PriceRecord.ended_at > order.placed_at,
            PriceRecord.ended_at <= now,
        )
    ).all()
    return min([variant.price_minor, *since])


def _check_amount(rules: PriceProtection, order: Order, amount: int) -> None:
    least = rules.minimum_minor.get(order.currency, 1)
    if amount < least:
        values: dict[str, JsonValue] = {
            "difference_minor": amount, "minimum_minor": least, "currency": order.currency,
        }  # fmt: skip
        raise Refusal("difference_too_small", values=values)


def _told(here: Standing, one: Difference) -> OfferLine:
    line = here.line(one.line_number)
    return OfferLine(
        key="price_difference",
        values={
            "line_number": one.line_number,
            "sku": line.sku,
            "title": line.title,
            "quantity": one.quantity,
            "paid_minor": one.paid_minor,
            "now_minor": one.now_minor,
            "difference_minor": one.minor,
            "currency": here.order.currency,
        },
    )
