"""What happens to a return after it was asked for: approval, the parcel, the inspection, and what it then brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from pydantic import JsonValue
from sqlalchemy import select

from crm_backend.changes.unit import Unit
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.books import book
from crm_backend.payments.charging import method_move, methods_of
from crm_backend.payments.refunding import GIFT_CARD, ORIGINAL, refund_moves, request_refunds
from crm_backend.payments.repository import awaited, money_of, overpaid, promised_money_of
from crm_backend.returns import repository
from crm_backend.returns.models import Return, ReturnLine
from crm_backend.returns.pricing import share_of_acceptance
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
    """Say yes to a return that waits: the goods may be sent, and other systems know of it."""
    unit.touch(returned, order)
    mark_approved(unit, returned)
    follow_approval(unit, order, returned, lines_of(unit, returned))


def mark_approved(unit: Unit, returned: Return) -> None:
    """Note on a return that the goods may be sent. One that is not written yet is then written so at once."""
    returned.state = "approved"
    returned.approved_at = unit.now
    returned.send_by = unit.now + timedelta(days=unit.policies.returns.send_within_days)


def follow_approval(unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine]) -> None:
    """Let other systems know of an approved return, and do what is to be done at once. `lines` are the return's."""
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
    elif not some and not (returned.kind == "exchange" and _new_ones_sent(unit, order, returned)):
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
        _price_again(returned, lines, accepted)
    postage = _count_as_back(unit, order, returned, lines, accepted)
    left = returned.goods_minor + postage - returned.restocking_minor
    returned.freight_minor = min(returned.freight_minor, left)
    returned.refund_minor = left - returned.freight_minor
    unit.session.flush()
    returned.refund_minor -= _not_there(unit, order, returned)
    moves = moves_to(unit, order, returned.refund_minor, returned.target or ORIGINAL)
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


def _not_there(unit: Unit, order: Order, returned: Return) -> int:
    """What of this refund waits for a charge that was counted on and has not come. It goes back when the charge comes
    (`charge_answers`).
    """
    outstanding = awaited(unit.session, order.id, ("authorised", "failed"))
    money = promised_money_of(unit.session, order, list(_ordered(unit, order).values())) if outstanding else None
    if money is None:
        return 0
    short = max(0, money.worth_left + returned.refund_minor - money.refundable_minor)
    return min(outstanding, short, returned.refund_minor)


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
    money = money_of(unit.session, order, list(ordered.values()))
    not_wanted: dict[int, int] = {}
    for line in lines:
        if line.new_line_number is not None:
            new = ordered[line.new_line_number]
            not_wanted[new.line_number] = new.quantity - new.returned_quantity - new.cancelled_quantity
            new.cancelled_quantity = new.quantity - new.returned_quantity
    if money is not None and not_wanted:
        book(order, list(ordered.values()), money, money.take(not_wanted, "never").goods)
    for other in repository.of_order(unit.session, order.id):
        if other.refund_shipping == "promised":
            # Goods of the order stay after all, and its postage with them.
            other.refund_shipping = "whole_order"
    returned.refund_minor = returned.charge_minor = returned.restocking_minor = returned.freight_minor = 0
    unit.session.flush()
    # A charge that has not come yet goes back when it comes.
    there = min(charged, overpaid(unit.session, order))
    if there:
        moves = moves_to(unit, order, there, returned.target or ORIGINAL)
        request_refunds(unit, order, moves, returned.reason, return_id=returned.id)


def send_new(
    unit: Unit,
    order: Order,
    returned: Return,
    lines: Sequence[ReturnLine],
    quantities: Mapping[int, int] | None = None,
) -> None:
    """Ask for the new variants to be sent, for so many of each line where not for all; what is held for them is let go
    of when they have left the stock.
    """
    ordered = _ordered(unit, order)
    pieces: list[JsonValue] = [
        {
            "line_number": line.new_line_number,
            "sku": ordered[line.new_line_number].sku,
            "quantity": line.quantity if quantities is None else quantities[line.line_number],
        }
        for line in lines
        if line.new_line_number is not None
    ]
    effect = unit.effect(SEND, order_id=order.id, payload={"return": returned.number, "lines": pieces})
    unit.session.flush()
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
    """The old goods are back: count them so, send the new ones, and give back what the shopper has paid too much.

    Where less came back than was promised, as many fewer are exchanged; but where the new ones are on their way
    already, all count as exchanged and a person sees to what is missing.
    """
    taken = {line.line_number: line.quantity for line in lines}
    if accepted != taken:
        if _new_ones_sent(unit, order, returned):
            unit.open_case(
                NOT_AS_PROMISED,
                order_id=order.id,
                customer_id=order.customer_id,
                details={"return": returned.number, "accepted": {str(n): q for n, q in accepted.items()}},
                links=[("return", returned.number)],
            )
        else:
            _exchange_fewer(unit, order, returned, lines, accepted)
            taken = dict(accepted)
    owed = returned.refund_minor
    postage = _count_as_back(unit, order, returned, lines, taken)
    if unit.policies.returns.exchange.ship == "inspected":
        send_new(unit, order, returned, [line for line in lines if taken[line.line_number]], taken)
    moves = moves_to(unit, order, owed, returned.target or ORIGINAL) + moves_to(unit, order, postage, ORIGINAL)
    request_refunds(unit, order, moves, returned.reason, return_id=returned.id)
    unit.audit("return.settled", "return", returned.public_id, {"refund_minor": owed, "shipping_minor": postage})


def _new_ones_sent(unit: Unit, order: Order, returned: Return) -> bool:
    asked = unit.session.scalars(select(Effect).where(Effect.order_id == order.id, Effect.kind == SEND))
    return any(effect.payload.get("return") == returned.number for effect in asked)


def _exchange_fewer(
    unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine], accepted: Mapping[int, int]
) -> None:
    """Take from an exchange what did not come back: its share of the price, of what was charged and of what is held."""
    ordered = _ordered(unit, order)
    money = money_of(unit.session, order, list(ordered.values()))
    worth = cost = 0
    kept: dict[str, int] = {}
    not_wanted: dict[int, int] = {}
    for line in lines:
        part = accepted[line.line_number]
        listed = line.new_total_minor or 0
        line.worth_minor = share_of_acceptance(line.worth_minor, part, line.quantity)
        line.new_total_minor = share_of_acceptance(listed, part, line.quantity)
        worth, cost = worth + line.worth_minor, cost + line.new_total_minor
        if line.new_line_number is not None:
            new = ordered[line.new_line_number]
            new.cancelled_quantity += line.quantity - part
            not_wanted[new.line_number] = listed - line.new_total_minor
            kept[new.sku or ""] = kept.get(new.sku or "", 0) + part
    if money is not None:
        book(order, list(ordered.values()), money, not_wanted)
    holds.keep_only(unit.session, holds.of_return(unit.session, returned), kept)
    returned.goods_minor = worth
    returned.freight_minor = min(returned.freight_minor, max(0, returned.charge_minor + worth - cost))
    difference = cost - worth + returned.freight_minor
    owed = max(0, returned.charge_minor - difference)
    if returned.charge_minor > 0 and owed:
        # Of what was charged; what is due beyond it is a refund of its own.
        back = min(owed, returned.charge_minor)
        moves = moves_to(unit, order, back, returned.target or ORIGINAL)
        request_refunds(unit, order, moves, returned.reason, return_id=returned.id)
        returned.charge_minor -= back
        owed -= back
    returned.refund_minor = owed if returned.charge_minor == 0 else 0


def _price_again(returned: Return, lines: Sequence[ReturnLine], accepted: Mapping[int, int]) -> None:
    """What is due for goods and taken off for fees when less came back than was promised: each in proportion."""
    for line in lines:
        line.worth_minor = share_of_acceptance(line.worth_minor, accepted[line.line_number], line.quantity)
        line.restocking_minor = share_of_acceptance(line.restocking_minor, accepted[line.line_number], line.quantity)
    returned.goods_minor = sum(line.worth_minor for line in lines)
    returned.restocking_minor = sum(line.restocking_minor for line in lines)


def _count_as_back(
    unit: Unit, order: Order, returned: Return, lines: Sequence[ReturnLine], taken: Mapping[int, int]
) -> int:
    """Count so many of each line as given back, and return the postage that goes back with them (minor units).

    That is all that is left of it once nothing is left of the order, where this return's terms say so or a return
    that was settled before had it promised: an order keeps its postage while any of its goods may stay.
    """
    ordered = _ordered(unit, order)
    money = money_of(unit.session, order, list(ordered.values()))
    for line in lines:
        line.share_minor = share_of_acceptance(line.share_minor, taken[line.line_number], line.quantity)
        ordered[line.line_number].returned_quantity += taken[line.line_number]
    returned.settled_at = unit.now
    unit.session.flush()
    if money is None:
        return 0
    others = repository.of_order(unit.session, order.id)
    due = returned.refund_shipping != "never" or any(
        one.refund_shipping == "promised" and one.settled_at is not None for one in others
    )
    postage = money.shipping_left_minor if due and money.without(taken).nothing_left else 0
    book(order, list(ordered.values()), money, {line.line_number: line.share_minor for line in lines}, postage)
    returned.shipping_minor = postage
    unit.session.flush()
    return postage


def _ordered(unit: Unit, order: Order) -> Mapping[int, OrderLine]:
    rows = unit.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.line_number))
    return {line.line_number: line for line in rows}


def _close(unit: Unit, returned: Return, state: str) -> None:
    returned.state = state
    returned.closed_at = unit.now
    unit.audit(f"return.{state}", "return", returned.public_id)
