"""What happens to a return after it was asked for: approval, the parcel, the inspection, and what it then brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy import select

from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.charging import method_move, methods_of
from crm_backend.payments.refunding import GIFT_CARD, ORIGINAL, refund_moves, request_refunds
from crm_backend.payments.repository import money_of
from crm_backend.policies.returns import ReturnTerms
from crm_backend.returns import repository
from crm_backend.returns.models import Return, ReturnLine
from crm_backend.returns.pricing import price
from crm_backend.returns.standing import standing
from crm_backend.supply import holds
from shopdesk_schemas.changes import MoneyMove

EXPECT = "return.expect"
"""Effect: a label, a pick-up, or only word to the warehouse that a parcel comes."""

WITHDRAW = "return.withdraw"
"""Effect: it does not come after all."""

SEND = "exchange.send"
"""Effect: send the new variant."""

REPAIR = "return.repair"
INSURANCE = "return.insurance"
"""Effect: have the insurance pay the shopper for the way back."""

NOT_AS_PROMISED = "return_not_as_promised"
"""The kind of case for goods that were paid for before they turned out wrong."""


def lines_of(unit: Unit, returned: Return) -> Sequence[ReturnLine]:
    """The lines of one return."""
    return repository.lines_of(unit.session, [returned.id])[returned.id]


def approve(unit: Unit, order: Order, returned: Return) -> None:
    """Say yes: the goods may be sent, and other systems know of it."""
    returned.state = "approved"
    returned.approved_at = unit.now
    returned.send_by = unit.now + timedelta(days=unit.policies.returns.send_within_days)
    lines = lines_of(unit, returned)
    told: list[JsonValue] = [{"line_number": line.line_number, "quantity": line.quantity} for line in lines]
    unit.effect(
        EXPECT,
        order_id=order.id,
        payload={
            "return": returned.number,
            "kind": returned.kind,
            "method": returned.method,
            "lines": told,
            "freight_minor": returned.freight_minor,
            "currency": returned.currency,
        },
    )
    unit.audit("return.approved", "return", returned.public_id)
    if returned.kind == "exchange" and unit.policies.returns.exchange.ship == "at_once":
        send_new(unit, order, returned, lines)
    if returned.kind == "refund" and unit.policies.returns.refund_when == "approved":
        settle(unit, order, returned, {line.line_number: line.quantity for line in lines})
    unit.touch(returned, order)


def on_the_way(unit: Unit, order: Order, returned: Return, carrier: str | None, tracking_number: str) -> None:
    """Note the shopper's own parcel."""
    returned.carrier = carrier
    returned.tracking_number = tracking_number
    returned.state = "in_transit"
    returned.sent_at = returned.sent_at or unit.now
    unit.effect(
        EXPECT,
        order_id=order.id,
        payload={
            "return": returned.number,
            "kind": returned.kind,
            "method": returned.method,
            "carrier": carrier,
            "tracking_number": tracking_number,
        },
    )
    unit.audit("return.sent", "return", returned.public_id)
    unit.touch(returned, order)


def receive(unit: Unit, order: Order, returned: Return) -> None:
    """Note that the parcel is there."""
    returned.state = "received"
    returned.received_at = unit.now
    lines = lines_of(unit, returned)
    unit.audit("return.received", "return", returned.public_id)
    if returned.kind == "exchange" and unit.policies.returns.exchange.ship == "received":
        send_new(unit, order, returned, lines)
    if returned.kind == "refund" and unit.policies.returns.refund_when == "received":
        settle(unit, order, returned, {line.line_number: line.quantity for line in lines})
    unit.touch(returned, order)


def inspect(unit: Unit, order: Order, returned: Return, accepted: Mapping[int, int], found: Mapping[int, str]) -> None:
    """Note how many of each line are as they should be, and do what follows. What is not accepted goes back."""
    lines = lines_of(unit, returned)
    for line in lines:
        line.accepted_quantity = accepted[line.line_number]
        line.found_condition = found[line.line_number]
    returned.received_at = returned.received_at or unit.now
    returned.inspected_at = unit.now
    returned.state = "inspected"
    some = any(accepted.values())
    complete = all(accepted[line.line_number] == line.quantity for line in lines)
    told: dict[str, JsonValue] = {str(number): quantity for number, quantity in accepted.items()}
    unit.audit("return.inspected", "return", returned.public_id, {"accepted": told})
    if returned.settled_at is not None:
        if not complete:
            unit.open_case(
                NOT_AS_PROMISED,
                order_id=order.id,
                customer_id=order.customer_id,
                details={"return": returned.number, "accepted": told},
                links=[("return", returned.number)],
            )
        _close(unit, returned, "refunded" if returned.kind == "refund" else "exchanged")
    elif not some:
        undo(unit, order, returned, lines)
        _close(unit, returned, "rejected")
    elif returned.kind == "repair":
        pieces: list[JsonValue] = [
            {"line_number": line.line_number, "quantity": accepted[line.line_number]}
            for line in lines
            if accepted[line.line_number]
        ]
        unit.effect(REPAIR, order_id=order.id, payload={"return": returned.number, "lines": pieces})
    elif returned.kind == "exchange":
        _exchange(unit, order, returned, lines, accepted)
        _close(unit, returned, "exchanged")
    else:
        settle(unit, order, returned, accepted)
        _close(unit, returned, "refunded")
    unit.touch(returned, order)


def settle(unit: Unit, order: Order, returned: Return, accepted: Mapping[int, int]) -> None:
    """Count the goods as given back and ask for the money: what was promised, or less where less came back."""
    lines = lines_of(unit, returned)
    if any(accepted[line.line_number] < line.quantity for line in lines):
        _price_again(unit, order, returned, lines, accepted)
    ordered = _ordered(unit, order)
    # Worked out before the goods are gone: what can go back to each payment does not depend on them.
    moves = moves_to(unit, order, returned.refund_minor, returned.target or ORIGINAL)
    for line in lines:
        ordered[line.line_number].returned_quantity += accepted[line.line_number]
    returned.settled_at = unit.now
    unit.session.flush()
    request_refunds(unit, order, moves, returned.reason, return_id=returned.id)
    if returned.insured_minor and returned.method == "own":
        unit.effect(
            INSURANCE,
            order_id=order.id,
            payload={
                "return": returned.number,
                "up_to_minor": returned.insured_minor,
                "currency": returned.currency,
            },
        )
    unit.audit("return.settled", "return", returned.public_id, {"refund_minor": returned.refund_minor})


def withdraw(unit: Unit, order: Order, returned: Return) -> None:
    """The shopper keeps the goods: tell whoever expected them, and put everything back."""
    undo(unit, order, returned, lines_of(unit, returned))
    unit.effect(WITHDRAW, order_id=order.id, payload={"return": returned.number})
    _close(unit, returned, "cancelled")
    unit.touch(returned, order)


def refuse(unit: Unit, order: Order, returned: Return) -> None:
    """An agent says no to a return that was looked at."""
    undo(unit, order, returned, lines_of(unit, returned))
    _close(unit, returned, "rejected")
    unit.touch(returned, order)


def undo(unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine]) -> None:
    """What a return that comes to nothing leaves behind is put back: held goods, the new lines, what was charged."""
    holds.release(unit.session, holds.of_return(unit.session, returned))
    charged = returned.charge_minor
    ordered = _ordered(unit, order)
    for line in lines:
        if line.new_line_number is not None:
            new = ordered[line.new_line_number]
            new.cancelled_quantity = new.quantity - new.returned_quantity
    returned.refund_minor = returned.charge_minor = returned.restocking_minor = returned.freight_minor = 0
    unit.session.flush()
    if charged:
        request_refunds(
            unit,
            order,
            moves_to(unit, order, charged, returned.target or ORIGINAL),
            returned.reason,
            return_id=returned.id,
        )


def send_new(unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine]) -> None:
    """Ask for the new variants to be sent; what is held for them is let go of when they have left the stock."""
    ordered = _ordered(unit, order)
    pieces: list[JsonValue] = [
        {
            "line_number": line.new_line_number,
            "sku": ordered[line.new_line_number].sku,
            "quantity": line.quantity,
        }
        for line in lines
        if line.new_line_number is not None
    ]
    effect = unit.effect(SEND, order_id=order.id, payload={"return": returned.number, "lines": pieces})
    for held in holds.of_return(unit.session, returned):
        held.effect_id = effect.id
    unit.session.flush()


def moves_to(unit: Unit, order: Order, amount_minor: int, target: str) -> list[MoneyMove]:
    """The moves of a refund: the ways the order was paid, a gift card, or a saved method."""
    if amount_minor <= 0:
        return []
    if target in (ORIGINAL, GIFT_CARD):
        money = money_of(unit.session, order, list(_ordered(unit, order).values()))
        if money is None:
            return []
        # A refund that a person made beside us may have left less than was promised: no more than there is goes back.
        there = min(amount_minor, sum(payment.left_minor for payment in money.paid))
        return refund_moves(unit.session, order, money, there, "gift_card" if target == GIFT_CARD else "original")
    method = next((one for one in methods_of(unit.session, order) if one.external_id == target), None)
    if method is None:
        # The saved method is gone by now.
        return moves_to(unit, order, amount_minor, ORIGINAL)
    return [method_move(order, method, amount_minor, "refund")]


def _exchange(
    unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine], accepted: Mapping[int, int]
) -> None:
    """The old goods are back: count them so, send the new ones, and give back what the shopper has paid too much."""
    ordered = _ordered(unit, order)
    owed = returned.refund_minor
    for line in lines:
        ordered[line.line_number].returned_quantity += accepted[line.line_number]
    if any(accepted[line.line_number] < line.quantity for line in lines):
        unit.open_case(
            NOT_AS_PROMISED,
            order_id=order.id,
            customer_id=order.customer_id,
            details={"return": returned.number, "accepted": {str(n): q for n, q in accepted.items()}},
            links=[("return", returned.number)],
        )
    returned.settled_at = unit.now
    unit.session.flush()
    if unit.policies.returns.exchange.ship == "inspected":
        send_new(unit, order, returned, lines)
    moves = moves_to(unit, order, owed, returned.target or ORIGINAL)
    request_refunds(unit, order, moves, returned.reason, return_id=returned.id)
    unit.audit("return.settled", "return", returned.public_id, {"refund_minor": owed})


def _price_again(
    unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine], accepted: Mapping[int, int]
) -> None:
    """What is due when less came back than was promised: never more than that, fees in proportion."""
    others = standing(unit.session, unit.policies, order, without=returned)
    if others.money is None:
        return
    quantities = {number: quantity for number, quantity in accepted.items() if quantity}
    free = ReturnTerms(refund_shipping="never" if returned.shipping_minor == 0 else "whole_order")
    worth = price(
        others.money, quantities, dict.fromkeys(quantities, free), method=returned.method, currency=returned.currency
    )
    for line in lines:
        line.restocking_minor = line.restocking_minor * accepted[line.line_number] // line.quantity
    goods = min(returned.goods_minor, worth.goods_minor)
    restocking = sum(line.restocking_minor for line in lines)
    returned.goods_minor = goods
    returned.shipping_minor = min(returned.shipping_minor, worth.shipping)
    returned.restocking_minor = min(restocking, goods)
    returned.freight_minor = min(returned.freight_minor, goods + returned.shipping_minor - returned.restocking_minor)
    returned.refund_minor = goods + returned.shipping_minor - returned.restocking_minor - returned.freight_minor


def _ordered(unit: Unit, order: Order) -> Mapping[int, OrderLine]:
    rows = unit.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.line_number))
    return {line.line_number: line for line in rows}


def _close(unit: Unit, returned: Return, state: str) -> None:
    returned.state = state
    returned.closed_at = unit.now
    unit.audit(f"return.{state}", "return", returned.public_id)
