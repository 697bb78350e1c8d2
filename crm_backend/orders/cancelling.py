"""`order.cancel`: a whole order, some of its lines, or some of a line.

Before it is sent, or, where the shop tries that, by stopping its parcels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import Remaining, lines_of, remaining
from crm_backend.orders.untouched import check_untouched
from crm_backend.payments.books import book
from crm_backend.payments.ledger import OrderMoney
from crm_backend.payments.refunding import refund_moves, request_refunds
from crm_backend.payments.repository import is_paid, money_of, payments_of, promised_money_of, set_off_notes, worth_of
from crm_backend.policies.changes import ChangeTerms
from crm_backend.shipments.models import Shipment
from crm_backend.shipments.repository import parcels_of
from shopdesk_schemas.changes import MoneyMove, OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput

CANCEL = "order.cancel"
"""The kind of effect that tells the shop's systems not to send."""

INTERCEPT = "shipment.intercept"
AUTHORISATION = "payment.authorisation"
"""Money that is only held: so much of it is needed still."""


class CancelLine(Details):
    """A line, or some of it."""

    line_number: int = Field(ge=1, le=1_000_000)
    quantity: int | None = Field(default=None, ge=1, le=1_000_000, description="All that is left when not given.")


class CancelDetails(Details):
    """What is to be cancelled, why, and where money should go."""

    order: OrderNumber
    lines: list[CancelLine] | None = Field(
        default=None, min_length=1, max_length=500, description="The whole order when not given."
    )
    reason: str | None = Field(default=None, max_length=50, description="One of the shop's reasons.")
    refund_target: Literal["original", "gift_card"] | None = None


class CancelOrder(ChangeKind[CancelDetails]):
    """The kind."""

    name = "order.cancel"
    details = CancelDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: CancelDetails) -> Offer:
        """Which lines go, what comes back, and where it goes."""
        rules = unit.policies.cancellation
        order = unit.find_order(details.order)
        _check_reason(unit, details.reason)
        lines = lines_of(unit.session, order.id)
        left = remaining(unit.session, order, lines)
        _check_open(unit, order, left)
        wanted = _wanted(details, left)
        intercepted = _check_sent(unit, order, left, wanted)
        whole = all(wanted.get(number, 0) == part.left for number, part in left.items())
        if not whole and not rules.partial:
            raise Refusal("cancel_whole_order_only", alternatives=[OfferLine(key="cancel_whole_order")])
        money = money_of(unit.session, order, lines)
        if money is None and is_paid(order):
            raise Refusal("order_without_prices", alternatives=[OfferLine(key="ask_a_person")])
        target = details.refund_target or rules.refund_targets[0]
        if target not in rules.refund_targets:
            raise Refusal(
                "refund_target_not_offered",
                values={"target": target},
                alternatives=[OfferLine(key=f"refund_to_{other}") for other in rules.refund_targets],
            )
        # What is promised for goods that are on their way back is not there to be given a second time.
        promised = promised_money_of(unit.session, order, lines)
        rule = rules.refund_shipping
        if rule == "whole_order" and money and not money.without(wanted).nothing_left:
            # The rest may be on its way back, but it may also stay.
            rule = "never"
        amount = promised.refund_for(wanted, rule) if promised else 0
        taken = promised.take(wanted, rule) if promised else None
        moves = refund_moves(unit.session, order, money, amount, target) if money else []
        offer = Offer(
            order_id=order.id,
            lines=_told(order, left, wanted, whole=whole),
            moves=moves,
            notes=[
                *_notes(unit, order, money, moves, whole=whole, intercepted=intercepted),
                *(set_off_notes(unit.session, order, promised, wanted) if list(moves) else []),
            ],
            values={"whole_order": whole, "reason": details.reason},
            plan={
                "quantities": {str(number): quantity for number, quantity in wanted.items()},
                "worth": {str(number): share for number, share in taken.goods.items()} if taken else {},
                "shipping_minor": taken.shipping_minor if taken else 0,
                "whole": whole,
                "parcels": [parcel.external_id for parcel in intercepted],
                "authorisations": _authorisations(unit, order, money, wanted),
            },
        )
        return offer.rests_on(order)

    def carry_out(self, unit: Unit, details: CancelDetails, offer: Offer) -> Outcome:
        """Cancel now, or, for goods on their way, ask that the parcels be stopped and cancel when they were."""
        order = unit.session.get_one(Order, offer.order_id)
        parcels = offer.plan["parcels"]
        if isinstance(parcels, list) and parcels:
            for parcel in parcels:
                unit.effect(INTERCEPT, order_id=order.id, payload={"shipment": parcel, "reason": details.reason})
            unit.touch(order)
            return Outcome(values={"state": "intercept_requested"})
        apply_cancellation(unit, order, offer, details.reason)
        return Outcome(values={"state": order.state})


def apply_cancellation(unit: Unit, order: Order, offer: Offer, reason: str | None) -> None:
    """Take the lines of the offer from the order and ask for what follows: the warehouse, the money."""
    quantities = offer.plan["quantities"]
    assert isinstance(quantities, dict)  # noqa: S101 - as `offer` made it
    lines = {line.line_number: line for line in lines_of(unit.session, order.id)}
    # What was paid has not changed since the offer, or the order's version had.
    money = worth_of(order, list(lines.values()))
    if money is not None:
        book(order, list(lines.values()), money, *_worth(offer))
    for number, quantity in quantities.items():
        assert isinstance(quantity, int)  # noqa: S101
        line = lines[int(number)]
        if line.cancelled_quantity + line.returned_quantity + quantity > line.quantity:
            raise ProposalVoid
        line.cancelled_quantity += quantity
    if offer.plan["whole"] and all(line.returned_quantity == 0 for line in lines.values()):
        order.state = "cancelled"
        order.cancelled_at = unit.now
    unit.touch(order)
    payload: dict[str, JsonValue] = {
        "whole_order": offer.plan["whole"],
        "lines": [
            {"line_number": int(number), "sku": lines[int(number)].sku, "quantity": quantity}
            for number, quantity in quantities.items()
        ],
        "reason": reason,
    }
    unit.effect(CANCEL, order_id=order.id, payload=payload)
    authorisations = offer.plan["authorisations"]
    if isinstance(authorisations, list):
        for held in authorisations:
            assert isinstance(held, dict)  # noqa: S101
            unit.effect(AUTHORISATION, order_id=order.id, payload=held)
    request_refunds(unit, order, offer.moves, reason)
    unit.audit(
        "order.cancelled",
        "order",
        str(order.id),
        {"whole_order": offer.plan["whole"], "quantities": quantities, "refund_minor": offer.amount_minor},
    )


def _worth(offer: Offer) -> tuple[dict[int, int], int]:
    """What leaves the order's worth with what is cancelled: by line, and postage."""
    worth, shipping = offer.plan.get("worth", {}), offer.plan.get("shipping_minor", 0)
    assert isinstance(worth, dict)  # noqa: S101 - as `offer` made it
    assert isinstance(shipping, int)  # noqa: S101
    return {int(number): share for number, share in worth.items() if isinstance(share, int)}, shipping


def _check_reason(unit: Unit, reason: str | None) -> None:
    rules = unit.policies.cancellation
    if reason is None and rules.reason_required:
        raise Refusal("reason_needed", values={"reasons": [*rules.reasons]})
    if reason is not None and reason not in rules.reasons:
        raise Refusal("reason_unknown", values={"reasons": [*rules.reasons]})


def _check_open(unit: Unit, order: Order, left: Mapping[int, Remaining]) -> None:
    """Raises Refusal when the order as a whole is past cancelling."""
    rules = unit.policies.cancellation
    if order.state == "cancelled" or (left and not any(part.left for part in left.values())):
        raise Refusal("already_cancelled")
    if order.state == "delivered":
        raise Refusal("already_delivered", alternatives=[OfferLine(key="return_order")])
    if not left:
        raise Refusal("order_without_lines", alternatives=[OfferLine(key="ask_a_person")])
    check_untouched(unit, order)
    on_its_way = order.state == "shipped"
    if not on_its_way and order.state not in rules.allowed_states:
        raise Refusal(
            "state_not_cancellable",
            values={"state": order.state},
            alternatives=[OfferLine(key="return_after_delivery")],
        )
    if rules.within_hours is not None and unit.now > order.placed_at + timedelta(hours=rules.within_hours):
        raise Refusal(
            "cancel_window_over",
            values={"hours": rules.within_hours},
            alternatives=[OfferLine(key="return_after_delivery")],
        )
    if rules.once_only and any(part.line.cancelled_quantity for part in left.values()):
        raise Refusal("already_changed_once", alternatives=[OfferLine(key="return_after_delivery")])


def _wanted(details: CancelDetails, left: Mapping[int, Remaining]) -> dict[int, int]:
    """How many of each line. Raises InvalidInput naming the line that cannot be meant."""
    if details.lines is None:
        return {number: part.left for number, part in left.items() if part.left}
    wanted: dict[int, int] = {}
    for index, line in enumerate(details.lines):
        part = left.get(line.line_number)
        field = f"body.details.lines.{index}"
        if part is None:
            raise Refusal("no_such_line", values={"line_number": line.line_number})
        if line.line_number in wanted:
            raise InvalidInput(errors=[FieldProblem(field=f"{field}.line_number", message="is given twice")])
        if part.left == 0:
            raise Refusal("line_already_gone", values={"line_number": line.line_number})
        quantity = part.left if line.quantity is None else line.quantity
        if quantity > part.left:
            raise Refusal(
                "more_than_is_left",
                values={"line_number": line.line_number, "quantity": quantity, "left": part.left},
                alternatives=[
                    OfferLine(key="cancel_quantity", values={"line_number": line.line_number, "quantity": part.left})
                ],
            )
        wanted[line.line_number] = quantity
    return wanted


def _check_sent(unit: Unit, order: Order, left: Mapping[int, Remaining], wanted: Mapping[int, int]) -> list[Shipment]:
    """The parcels to stop: none when nothing of what is wanted was sent. Raises Refusal."""
    # Of a line that is partly sent, what is still here goes first.
    sent = {number: quantity for number, quantity in wanted.items() if quantity > left[number].here}
    if not sent:
        return []
    still_here: list[JsonValue] = [number for number, part in left.items() if part.here]
    alternatives = [OfferLine(key="return_after_delivery")]
    if still_here:
        alternatives.insert(0, OfferLine(key="cancel_lines_not_sent", values={"line_numbers": still_here}))
    if unit.policies.cancellation.after_dispatch == "refuse":
        raise Refusal("already_dispatched", alternatives=alternatives)
    moving = [parcel for parcel in parcels_of(unit.session, order.id) if parcel.shipment.state not in _ARRIVED]
    wants_all_that_left = all(wanted.get(number, 0) == part.left for number, part in left.items() if part.sent)
    if not moving or not wants_all_that_left or any(part.here and wanted.get(n) for n, part in left.items()):
        raise Refusal("only_whole_parcels_can_be_stopped", alternatives=alternatives)
    if any(parcel.shipment.state == "delivered" for parcel in parcels_of(unit.session, order.id)):
        raise Refusal("partly_delivered", alternatives=alternatives)
    return [parcel.shipment for parcel in moving]


_ARRIVED = frozenset({"delivered", "returned", "out_for_delivery", "ready_for_pickup"})
"""Too late to stop."""


def _told(order: Order, left: Mapping[int, Remaining], wanted: Mapping[int, int], *, whole: bool) -> list[OfferLine]:
    told = [OfferLine(key="order_cancelled", values={"order": order.number})] if whole else []
    for number, quantity in wanted.items():
        line = left[number].line
        told.append(
            OfferLine(
                key="line_cancelled",
                values={
                    "line_number": number,
                    "sku": line.sku,
                    "title": line.title,
                    "quantity": quantity,
                    "of": left[number].left,
                },
            )
        )
    return told


def _notes(
    unit: Unit,
    order: Order,
    money: OrderMoney | None,
    moves: Iterable[MoneyMove],
    *,
    whole: bool,
    intercepted: list[Shipment],
) -> list[OfferLine]:
    rules = unit.policies.cancellation
    moves = list(moves)
    notes = []
    if intercepted:
        notes.append(OfferLine(key="only_if_parcel_is_stopped", values={"parcels": len(intercepted)}))
    if not moves:
        unpaid = money is None or money.paid_minor == 0
        notes.append(OfferLine(key="nothing_was_paid" if unpaid else "nothing_to_refund"))
    else:
        notes.append(OfferLine(key="refund_takes_days", values={"days": rules.refund_days}))
        if any(move.instalments for move in moves):
            notes.append(OfferLine(key="instalments_end_with_refund"))
        if money and money.shipping_minor > 0:
            refunded = rules.refund_shipping == "always" or (rules.refund_shipping == "whole_order" and whole)
            notes.append(
                OfferLine(
                    key="shipping_refunded" if refunded else "shipping_not_refunded",
                    values={"shipping_minor": money.shipping_minor, "currency": order.currency},
                )
            )
    if rules.once_only and not whole:
        notes.append(OfferLine(key="cannot_be_changed_again"))
    return notes


def _authorisations(unit: Unit, order: Order, money: OrderMoney | None, wanted: Mapping[int, int]) -> list[JsonValue]:
    """Of payments that are only held: what each is still to hold, 0 for none. The first hold what is needed."""
    held = [payment for payment in payments_of(unit.session, order.id) if payment.state == "authorised"]
    if not held or money is None:
        return []
    rest = money.without(wanted)
    needed = 0 if rest.nothing_left else max(0, rest.worth_left - money.paid_minor)
    changes: list[JsonValue] = []
    for payment in held:
        keep = min(payment.amount_minor, needed)
        needed -= keep
        if keep < payment.amount_minor:
            changes.append({"payment": payment.external_id, "amount_minor": keep, "currency": payment.currency})
    return changes
