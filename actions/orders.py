"""How an order is told: its state in sentences, its card, and its name on a button.

Everything said comes from the CRM's `OrderView`; a fact that is null there is said to be absent. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.parcels import parcel_name, parcel_state, parcel_summary, parcel_trouble_description
from actions.wording import Wording
from shopdesk_schemas.content import OrderCardContent, OrderCardLine
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView, ShipmentView

OPEN_STATES = frozenset({"created", "approved", "invoiced", "processing", "shipped"})
"""States in which something is still to come."""

_SHOWN_LINES = 10
_GOODS = frozenset({"item", "sample", "gift_voucher"})
_NO_PROMISE_AFTER = frozenset({"ready_for_pickup", "exception", "returned", "delivery_attempted"})


def order_status(order: OrderView, wording: Wording) -> str:
    """Where the order is and when it should come, in a sentence or a few. The first one answers the question."""
    if order.state == "cancelled":
        return wording.sentences(*_cancelled(order, wording))
    if order.state == "unavailable":
        return wording.sentences(*_unavailable(order, wording))
    if order.state in {"shipped", "delivered"} and len(order.shipments) > 1:
        return wording.sentences(*_several_parcels(order, wording))
    if order.state == "delivered":
        return wording.sentences(*_delivered(order, wording), *_refunds(order, wording))
    if order.state == "shipped":
        return wording.sentences(*_shipped(order, wording), *_refunds(order, wording))
    return wording.sentences(*_not_sent(order, wording), *_refunds(order, wording))


def _not_sent(order: OrderView, wording: Wording) -> list[str]:
    """created, approved, invoiced, processing."""
    if order.state == "created":
        first = wording.say(
            "orders.status.created", order=order.number, placed=wording.day_of(order.placed_at, order.timezone)
        )
    elif order.state == "approved" and order.approved_at is not None:
        first = wording.say(
            "orders.status.approved", order=order.number, approved=wording.day_of(order.approved_at, order.timezone)
        )
    else:
        key = "approved_undated" if order.state == "approved" else order.state
        first = wording.say(f"orders.status.{key}", order=order.number)
    sentences = [first, _promise(order.promised_on, order.late, order, wording)]
    if order.shipments:
        # Parts of an order that is still being prepared may be on their way already.
        sentences += _summaries(order, wording)
    return sentences


def _shipped(order: OrderView, wording: Wording) -> list[str]:
    if not order.shipments:
        return [
            wording.say("orders.status.shipped_without_parcel", order=order.number),
            _promise(order.promised_on, order.late, order, wording),
        ]
    shipment = order.shipments[0]
    if shipment.state == "delivered":
        return _delivered(order, wording)
    state = parcel_state(shipment)
    promised, late = shipment.promised_on or order.promised_on, shipment.late or order.late
    sentences = [_on_the_way(order, shipment, state, wording)]
    if state == "exception" and (description := parcel_trouble_description(shipment)):
        sentences.append(wording.say("orders.note.reason", description=description))
    if state not in _NO_PROMISE_AFTER:
        sentences.append(_promise(promised, late, order, wording))
    elif promised is not None and state != "ready_for_pickup":
        day = wording.day(promised, order.timezone)
        sentences.append(wording.say("orders.promise.due_while_troubled", promised=day))
    if shipment.tracking_number is None:
        missing = "no_carrier_or_tracking" if shipment.carrier is None else "no_tracking"
        sentences.append(wording.say(f"orders.note.{missing}"))
    return sentences


def _on_the_way(order: OrderView, shipment: ShipmentView, state: str, wording: Wording) -> str:
    carrier = shipment.carrier or wording.say("orders.carrier.unknown")
    if state in {"handed_over", "in_transit"}:
        if shipment.handed_over_at is None:
            return wording.say("orders.status.shipped_undated", order=order.number, carrier=carrier)
        day = wording.day_of(shipment.handed_over_at, order.timezone)
        return wording.say("orders.status.shipped", order=order.number, carrier=carrier, handed_over=day)
    scan = next((event for event in reversed(shipment.events) if event.code == state), None)
    if state == "ready_for_pickup":
        if scan is None or scan.place is None:
            return wording.say("orders.status.ready_for_pickup_unplaced", order=order.number)
        return wording.say("orders.status.ready_for_pickup", order=order.number, place=scan.place)
    values = {
        "order": order.number,
        "carrier": carrier,
        "carrier_first": shipment.carrier or wording.say("orders.carrier.unknown_first"),
    }
    if scan is None or scan.at is None:
        return wording.say(f"orders.status.{state}_undated", **values)
    return wording.say(f"orders.status.{state}", since=wording.day_of(scan.at, order.timezone), **values)


def _delivered(order: OrderView, wording: Wording) -> list[str]:
    days = [shipment.delivered_at for shipment in order.shipments if shipment.delivered_at is not None]
    if not days:
        return [wording.say("orders.status.delivered_undated", order=order.number)]
    day = wording.day_of(max(days), order.timezone)
    sentences = [wording.say("orders.status.delivered", order=order.number, delivered=day)]
    promised = order.promised_on or next((each.promised_on for each in order.shipments if each.promised_on), None)
    if promised is not None and (order.late or any(shipment.late for shipment in order.shipments)):
        day = wording.day(promised, order.timezone)
        sentences.append(wording.say("orders.promise.delivered_late", promised=day))
    return sentences


def _several_parcels(order: OrderView, wording: Wording) -> list[str]:
    states = {shipment.state for shipment in order.shipments}
    if states == {"delivered"}:
        return [*_delivered(order, wording), *_refunds(order, wording)]
    first = wording.say("orders.status.parcels", order=order.number, count=len(order.shipments))
    return [first, *_summaries(order, wording), *_refunds(order, wording)]


def _summaries(order: OrderView, wording: Wording) -> list[str]:
    several = len(order.shipments) > 1
    return [
        parcel_summary(shipment, parcel_name(index, several, wording), order, wording)
        for index, shipment in enumerate(order.shipments, start=1)
    ]


def _cancelled(order: OrderView, wording: Wording) -> list[str]:
    if order.cancelled_at is None:
        first = wording.say("orders.status.cancelled_undated", order=order.number)
    else:
        day = wording.day_of(order.cancelled_at, order.timezone)
        first = wording.say("orders.status.cancelled", order=order.number, cancelled=day)
    return [first, *(_refunds(order, wording) or [wording.say("orders.note.no_refund")])]


def _unavailable(order: OrderView, wording: Wording) -> list[str]:
    sentences = [wording.say("orders.status.unavailable", order=order.number)]
    if not order.lines_known:
        sentences.append(wording.say("orders.note.lines_unknown"))
    return sentences + (_refunds(order, wording) or [wording.say("orders.note.no_refund")])


def _refunds(order: OrderView, wording: Wording) -> list[str]:
    sentences = []
    for refund in order.refunds:
        amount = wording.money(refund.amount_minor, refund.currency).text
        if refund.state == "paid" and refund.paid_at is None:
            sentences.append(wording.say("orders.note.refund.paid_undated", amount=amount))
        elif refund.state == "paid" and refund.paid_at is not None:
            paid = wording.day_of(refund.paid_at, order.timezone)
            sentences.append(wording.say("orders.note.refund.paid", amount=amount, paid=paid))
        else:
            sentences.append(wording.say(f"orders.note.refund.{refund.state}", amount=amount))
    return sentences


def _promise(promised: date | None, late: bool, order: OrderView, wording: Wording) -> str:
    if promised is None:
        return wording.say("orders.promise.none")
    day = wording.day(promised, order.timezone)
    return wording.say("orders.promise.late" if late else "orders.promise.due", promised=day)


def order_card(order: OrderView, wording: Wording) -> tuple[str, dict[str, Any]]:
    """The card's words, and its structured part without them."""
    goods = [line for line in order.lines if line.kind in _GOODS]
    lines = [_card_line(line, order.currency, wording) for line in goods]
    placed = wording.day_of(order.placed_at, order.timezone)
    if lines:
        text = wording.say("orders.card.placed", order=order.number, placed=placed, items=_items(lines, wording))
    else:
        text = wording.say("orders.card.without_items", order=order.number, placed=placed)
    total = None if order.total_minor is None else wording.money(order.total_minor, order.currency)
    if total is not None:
        text = wording.sentences(text, wording.say("orders.card.total", total=total.text))
    card: OrderCardContent[Any] = OrderCardContent(
        text=text,
        order_number=order.number,
        state=order.state,
        state_text=wording.say(f"orders.state.{order.state}"),
        placed_at=order.placed_at,
        placed_text=placed,
        lines=lines,
        total=total,
    )
    return text, card.model_dump(mode="json", exclude={"text"})


def _card_line(line: OrderLineView, currency: str, wording: Wording) -> OrderCardLine:
    options = [wording.say("orders.card.option", name=name, value=value) for name, value in line.options.items()]
    return OrderCardLine(
        title=_title(line, wording),
        options=wording.listed(options) or None,
        quantity=line.quantity,
        total=None if line.total_minor is None else wording.money(line.total_minor, currency),
    )


def _title(line: OrderLineView, wording: Wording) -> str:
    if line.title:
        return line.title
    if line.category:
        return wording.say("orders.item.of_category", category=line.category.replace("_", " "))
    return wording.say("orders.item.unnamed")


def _items(lines: Sequence[OrderCardLine], wording: Wording) -> str:
    words = []
    for line in lines[:_SHOWN_LINES]:
        key = "orders.card.line_with_options" if line.options else "orders.card.line"
        words.append(wording.say(key, quantity=line.quantity, title=line.title, options=line.options))
    if len(lines) > _SHOWN_LINES:
        words.append(wording.say("orders.card.more", count=len(lines) - _SHOWN_LINES))
    return wording.listed(words)


def order_choice(order: OrderSummary, zone: str, wording: Wording) -> str:
    """What a button says that stands for this order. `zone` is the shop's."""
    placed = wording.day_of(order.placed_at, zone)
    if not order.titles:
        return wording.say("orders.choice.untitled", order=order.number, placed=placed)
    if order.item_count > 1:
        # In Chinese the count takes in the named one ("等3件"), in English it does not ("and 2 more").
        count = order.item_count if wording.language == "zh" else order.item_count - 1
        return wording.say("orders.choice.titled_and_more", title=order.titles[0], count=count, placed=placed)
    return wording.say("orders.choice.titled", title=order.titles[0], placed=placed)
