"""`order.modify`: items of an order become other variants of the same products, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders import repository
from crm_backend.orders.models import Order, OrderLine
from crm_backend.orders.remaining import Remaining, lines_of, remaining
from crm_backend.orders.replacing import add_line, change_amounts
from crm_backend.orders.repository import CataloguedLine
from crm_backend.orders.untouched import check_untouched
from crm_backend.payments.books import fix_shares
from crm_backend.payments.charging import choose_method, method_move, request_charge
from crm_backend.payments.ledger import OrderMoney
from crm_backend.payments.refunding import refund_moves, request_refunds
from crm_backend.payments.repository import is_paid, money_of, payments_of
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products.models import Product, Variant
from crm_backend.products.variants import check_together, other_variant, price_of
from crm_backend.supply.holds import hold
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

MODIFY = "order.modify"
"""The kind of effect that tells the warehouse what to pack instead."""

_ASK_A_PERSON = OfferLine(key="ask_a_person")


class ModifiedLine(Details):
    """A line, or some of it, and what it becomes."""

    line_number: int = Field(ge=1, le=1_000_000)
    quantity: int | None = Field(default=None, ge=1, le=1_000_000, description="All that is left when not given.")
    sku: str = Field(min_length=1, max_length=100, description="The new variant's, of the same product.")


class ModifyDetails(Details):
    """All lines that are to change, together. A line stands here as often as its pieces become different variants."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, as typed.")
    lines: list[ModifiedLine] = Field(min_length=1, max_length=500)
    payment_method: str | None = Field(
        default=None,
        max_length=200,
        description="The saved method (its external id) that pays what the new ones cost more, or gets what less.",
    )
    refund_target: Literal["original", "gift_card"] | None = Field(
        default=None, description="Where a lower price goes back to, when no saved method is chosen."
    )


class _PlannedLine(BaseModel):
    """A line as it will be."""

    model_config = ConfigDict(extra="forbid")

    line_number: int
    quantity: int
    variant_id: int
    listed_minor: int
    """What the old ones are listed at."""
    worth_minor: int
    cost_minor: int


class _Plan(BaseModel):
    """What `carry_out` needs."""

    lines: list[_PlannedLine]


class ModifyOrder(ChangeKind[ModifyDetails]):
    """The kind."""

    name = "order.modify"
    details = ModifyDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: ModifyDetails) -> Offer:
        """What becomes what, and what it costs more or less."""
        rules = unit.policies.modification
        order = unit.find_order(details.order)
        lines = lines_of(unit.session, order.id)
        left = remaining(unit.session, order, lines)
        check_open(unit, order, left)
        asked = _asked(details, left)
        catalogued = {one.line.line_number: one for one in repository.lines(unit.session, [order.id])}
        money = money_of(unit.session, order, lines)
        if money is None:
            raise Refusal("order_without_prices", alternatives=[_ASK_A_PERSON])
        variants = [other_variant(unit, order, catalogued[number], sku, pieces) for number, pieces, sku in asked]
        wanted: dict[int, int] = {}
        for (_, pieces, _), variant in zip(asked, variants, strict=True):
            wanted[variant.id] = wanted.get(variant.id, 0) + pieces
        check_together(unit, order, wanted, variants)
        taken = [(number, pieces) for number, pieces, _ in asked]
        planned = _plan(taken, left, variants, money, keeps_discount=rules.keeps_discount)
        difference = sum(line.cost_minor - line.worth_minor for line in planned)
        moves, notes = _settlement(unit, details, order, money, difference)
        if rules.items_once_only:
            notes.append(OfferLine(key="cannot_be_changed_again"))
        return Offer(
            order_id=order.id,
            lines=[
                _told(catalogued[line.line_number], line, variant)
                for line, variant in zip(planned, variants, strict=True)
            ],
            moves=moves,
            notes=notes,
            values={"order": order.number, "difference_minor": difference},
            plan=_Plan(lines=planned).model_dump(mode="json"),
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: ModifyDetails, offer: Offer) -> Outcome:
        """Change the lines, put the new ones aside, move the difference."""
        order = unit.session.get_one(Order, offer.order_id)
        plan = _Plan.model_validate(offer.plan)
        wanted: dict[int, int] = {}
        for one in plan.lines:
            wanted[one.variant_id] = wanted.get(one.variant_id, 0) + one.quantity
        held = hold(unit, order, wanted)
        # The way back is worked out before the order's worth is another one.
        for move in offer.moves:
            if move.direction == "charge":
                request_charge(unit, order, move, MODIFY)
        refunds = [move for move in offer.moves if move.direction == "refund"]
        request_refunds(unit, order, refunds, MODIFY)
        lines = {line.line_number: line for line in lines_of(unit.session, order.id)}
        money = money_of(unit.session, order, list(lines.values()))
        assert money is not None  # noqa: S101 - or there would be no offer
        fix_shares(list(lines.values()), money)
        packed: list[JsonValue] = []
        for one in plan.lines:
            variant = unit.session.get_one(Variant, one.variant_id)
            new = _replace(unit, order, lines[one.line_number], one, variant)
            packed.append({"from": one.line_number, "line_number": new, "sku": variant.sku, "quantity": one.quantity})
        order.items_changed_at = unit.now
        unit.touch(order)
        effect = unit.effect(MODIFY, order_id=order.id, payload={"lines": packed})
        unit.session.flush()
        for goods in held:
            goods.effect_id = effect.id
        unit.audit(
            "order.modified",
            "order",
            str(order.id),
            {"lines": len(plan.lines), "direction": offer.direction, "amount_minor": offer.amount_minor},
        )
        return Outcome(values={"order": order.number, "state": order.state})


def check_open(unit: Unit, order: Order, left: Mapping[int, Remaining]) -> None:
    """Raises Refusal when items cannot be changed any more."""
    rules = unit.policies.modification
    if order.state == "cancelled" or (left and not any(part.left for part in left.values())):
        raise Refusal("already_cancelled")
    if order.state == "delivered":
        raise Refusal("already_delivered", alternatives=[OfferLine(key="exchange_items")])
    check_untouched(unit, order)
    if not left:
        raise Refusal("order_without_lines", alternatives=[_ASK_A_PERSON])
    if order.state == "shipped" or any(part.sent for part in left.values()):
        raise Refusal("already_dispatched", alternatives=[OfferLine(key="exchange_after_delivery")])
    if order.state not in rules.allowed_states:
        raise Refusal("state_not_changeable", values={"state": order.state})


def _asked(details: ModifyDetails, left: Mapping[int, Remaining]) -> list[tuple[int, int, str]]:
    """Line number, pieces and new SKU of each; of no line more pieces than are left, and each SKU once."""
    asked: list[tuple[int, int, str]] = []
    for index, one in enumerate(details.lines):
        field = f"body.details.lines.{index}.line_number"
        part = left.get(one.line_number)
        if part is None:
            raise InvalidInput(errors=[FieldProblem(field=field, message="the order has no such line of goods")])
        before = [(pieces, sku) for number, pieces, sku in asked if number == one.line_number]
        if any(sku == one.sku for _, sku in before):
            raise InvalidInput(errors=[FieldProblem(field=field, message="is given twice")])
        if part.left == 0:
            raise Refusal("line_already_gone", values={"line_number": one.line_number})
        still_left = part.left - sum(pieces for pieces, _ in before)
        quantity = still_left if one.quantity is None else one.quantity
        if quantity > still_left or quantity == 0:
            raise Refusal(
                "more_than_is_left",
                values={
                    "line_number": one.line_number,
                    "quantity": quantity + part.left - still_left,
                    "left": part.left,
                },
            )
        asked.append((one.line_number, quantity, one.sku))
    return asked


def _plan(
    asked: Sequence[tuple[int, int]],
    left: Mapping[int, Remaining],
    variants: Sequence[Variant],
    money: OrderMoney,
    *,
    keeps_discount: bool,
) -> list[_PlannedLine]:
    """Each line's worth is what the order is worth less without it: the parts add up to the whole."""
    planned = []
    before: dict[int, int] = {}
    for (number, quantity), variant in zip(asked, variants, strict=True):
        line = left[number].line
        total = line.total_minor if line.total_minor is not None else (line.unit_price_minor or 0) * line.quantity
        earlier = before.get(number, 0)
        before[number] = earlier + quantity
        # Of several parts of a line the last takes what rounding left.
        listed = total * before[number] // line.quantity - total * earlier // line.quantity
        # The postage stays whether or not anything is left of the order: something comes instead.
        taken = money.take({number: quantity}, "never")
        worth, money = taken.goods[number], taken.after
        cost = price_of(variant, quantity, paid_minor=worth, listed_minor=listed, keeps_discount=keeps_discount)
        planned.append(
            _PlannedLine(
                line_number=number,
                quantity=quantity,
                variant_id=variant.id,
                listed_minor=listed,
                worth_minor=worth,
                cost_minor=cost,
            )
        )
    return planned


def _settlement(
    unit: Unit, details: ModifyDetails, order: Order, money: OrderMoney, difference: int
) -> tuple[list[MoneyMove], list[OfferLine]]:
    held = any(payment.state == "authorised" for payment in payments_of(unit.session, order.id))
    if not is_paid(order) and not money.paid_minor and not held:
        return [], [OfferLine(key="pay_new_total")] if difference else [OfferLine(key="same_price")]
    if difference > 0:
        chosen = choose_method(unit, order, details.payment_method, difference, "charge")
        return [method_move(order, chosen, difference, "charge")], []
    back = min(-difference, money.refundable_minor)
    if back <= 0:
        return [], [OfferLine(key="same_price" if difference == 0 else "pay_new_total")]
    notes = [OfferLine(key="refund_takes_days", values={"days": unit.policies.cancellation.refund_days})]
    if details.payment_method is not None:
        chosen = choose_method(unit, order, details.payment_method, back, "refund")
        return [method_move(order, chosen, back, "refund")], notes
    offered = unit.policies.cancellation.refund_targets
    target = details.refund_target or offered[0]
    if target not in offered:
        raise Refusal(
            "refund_target_not_offered",
            values={"target": target},
            alternatives=[OfferLine(key=f"refund_to_{other}") for other in offered],
        )
    return refund_moves(unit.session, order, money, back, target), notes


def _replace(unit: Unit, order: Order, line: OrderLine, planned: _PlannedLine, variant: Variant) -> int:
    """The number of the line that now has the new variant: the same where all of it changes, else a new one."""
    change_amounts(order, listed_minor=-planned.listed_minor, cost_minor=-planned.worth_minor)
    if planned.quantity == line.quantity:
        listed = (variant.price_minor or 0) * planned.quantity
        product = unit.session.get(Product, variant.product_id)
        line.sku, line.variant_id, line.options = variant.sku, variant.id, dict(variant.options)
        # The old title may say the old variant's options.
        line.title = product.name if product and product.name else line.title
        line.unit_price_minor, line.total_minor = variant.price_minor, listed
        line.net_minor = planned.cost_minor
        change_amounts(order, listed_minor=listed, cost_minor=planned.cost_minor)
        return line.line_number
    line.quantity -= planned.quantity
    if line.total_minor is not None:
        line.total_minor -= planned.listed_minor
    if line.net_minor is not None:
        line.net_minor -= planned.worth_minor
    unit.session.flush()
    new = add_line(
        unit.session,
        order,
        variant,
        planned.quantity,
        planned.cost_minor,
        ship_by=line.ship_by,
        seller=line.seller,
    )
    return new.line_number


def _told(line: CataloguedLine, planned: _PlannedLine, variant: Variant) -> OfferLine:
    old: dict[str, JsonValue] = dict(line.line.options)
    new: dict[str, JsonValue] = dict(variant.options)
    return OfferLine(
        key="line_changed",
        values={
            "line_number": planned.line_number,
            "title": line.line.title,
            "quantity": planned.quantity,
            "sku": line.line.sku,
            "options": old,
            "new_sku": variant.sku,
            "new_options": new,
            "worth_minor": planned.worth_minor,
            "cost_minor": planned.cost_minor,
        },
    )
