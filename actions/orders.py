"""How an order is told: its state in sentences, its card, and its name on a button.

Everything said comes from the CRM's `OrderView`; a fact that is null there is said to be absent. Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from actions.changes.records import left_of
from actions.parcels import (
    arrival_forecast,
    delivery_record,
    parcel_name,
    parcel_state,
    parcel_summary,
    parcel_trouble_description,
)
from actions.wording import Wording
from shopdesk_schemas.content import OrderCardContent, OrderCardLine
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView, ShipmentView

OPEN_STATES = frozenset({"created", "approved", "invoiced", "processing", "shipped"})
"""States in which something is still to come."""

_SHOWN_LINES = 10
_GOODS = frozenset({"item", "sample", "gift_voucher"})
_TROUBLED = frozenset({"exception", "delivery_attempted"})
_COMES_NO_MORE = frozenset({"ready_for_pickup", "returned"})
"""States of a parcel after which no day of delivery is awaited."""
_CLOSED = frozenset({"cancelled", "unavailable"})
_REFUND_TARGETS = frozenset({"original", "gift_card"})


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
    if order.late and order.promised_on is not None:
        sentences = [_late(order, order.promised_on, order.state, {}, wording), _no_new_day(wording)]
    else:
        sentences = [_first_not_sent(order, wording), _promise(order.promised_on, order, wording)]
    if order.shipments:
        # Parts of an order that is still being prepared may be on their way already.
        sentences += _summaries(order, wording)
    return sentences


def _first_not_sent(order: OrderView, wording: Wording) -> str:
    if order.state == "created":
        return wording.say(
            "orders.status.created", order=order.number, placed=wording.day_of(order.placed_at, order.timezone)
        )
    if order.state == "approved" and order.approved_at is not None:
        return wording.say(
            "orders.status.approved", order=order.number, approved=wording.day_of(order.approved_at, order.timezone)
        )
    key = "approved_undated" if order.state == "approved" else order.state
    return wording.say(f"orders.status.{key}", order=order.number)


def _late(order: OrderView, promised: date, situation: str, values: dict[str, str], wording: Wording) -> str:
    """The first sentence about what is past its promised day and not there."""
    return wording.say(
        "orders.late",
        order=order.number,
        promised=wording.day(promised, order.timezone),
        situation=wording.say(f"orders.situation.{situation}", **values),
    )


def _no_new_day(wording: Wording) -> str:
    return wording.say("orders.promise.no_new_day")


def _shipped(order: OrderView, wording: Wording) -> list[str]:
    if not order.shipments:
        if order.late and order.promised_on is not None:
            late = _late(order, order.promised_on, "shipped_without_parcel", {}, wording)
            return [late, _no_new_day(wording)]
        return [
            wording.say("orders.status.shipped_without_parcel", order=order.number),
            _promise(order.promised_on, order, wording),
        ]
    shipment = order.shipments[0]
    if shipment.state == "delivered":
        return _delivered(order, wording)
    state = parcel_state(shipment)
    promised = shipment.promised_on or order.promised_on
    description = parcel_trouble_description(shipment) if state == "exception" else None
    situation, values = _situation(order, shipment, state, wording)
    if promised is not None and shipment.late and state not in _COMES_NO_MORE:
        if description is not None:
            situation = situation.replace("exception", "exception_explained")
            values["description"] = description
        sentences = [_late(order, promised, situation, values, wording)]
        if state != "out_for_delivery":
            sentences.append(_no_new_day(wording))
    else:
        sentences = [wording.say(f"orders.status.{situation}", order=order.number, **values)]
        if description is not None:
            sentences.append(wording.say("orders.note.reason", description=description))
        if promised is not None and state in _TROUBLED:
            day = wording.day(promised, order.timezone)
            sentences.append(wording.say("orders.promise.due_while_troubled", promised=day))
        elif state not in _COMES_NO_MORE:
            sentences.append(_promise(promised, order, wording))
    foreseen = arrival_forecast(shipment, order, wording)
    if foreseen is not None:
        sentences.append(foreseen)
    if shipment.tracking_number is None:
        missing = "no_carrier_or_tracking" if shipment.carrier is None else "no_tracking"
        sentences.append(wording.say(f"orders.note.{missing}"))
    return sentences


def _situation(order: OrderView, shipment: ShipmentView, state: str, wording: Wording) -> tuple[str, dict[str, str]]:
    """The key under which the parcel's situation is worded, and the values it takes."""
    carrier = shipment.carrier or wording.say("orders.carrier.unknown")
    if state in {"handed_over", "in_transit"}:
        if shipment.handed_over_at is None:
            return "shipped_undated", {"carrier": carrier}
        day = wording.day_of(shipment.handed_over_at, order.timezone)
        return "shipped", {"carrier": carrier, "handed_over": day}
    scan = next((event for event in reversed(shipment.events) if event.code == state), None)
    if state == "ready_for_pickup":
        if scan is None or scan.place is None:
            return "ready_for_pickup_unplaced", {}
        return "ready_for_pickup", {"place": scan.place}
    values = {
        "carrier": carrier,
        "carrier_first": shipment.carrier or wording.say("orders.carrier.unknown_first"),
    }
    if scan is None or scan.at is None:
        return f"{state}_undated", values
    return state, {**values, "since": wording.day_of(scan.at, order.timezone)}


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
    awaited = [each for each in order.shipments if each.state != "delivered"]
    late = [each for each in awaited if each.late and each.state not in _COMES_NO_MORE]
    key = "parcels" if not late else "parcels_all_late" if len(late) == len(order.shipments) else "parcels_some_late"
    first = wording.say(f"orders.status.{key}", order=order.number, count=len(order.shipments))
    return [first, *_summaries(order, wording), *_refunds(order, wording)]


def _summaries(order: OrderView, wording: Wording) -> list[str]:
    several = len(order.shipments) > 1
    return [
        parcel_summary(shipment, parcel_name(index, several, wording), order, wording)
        for index, shipment in enumerate(order.shipments, start=1)
    ]


def _cancelled(order: OrderView, wording: Wording) -> list[str]:
    first = _first_of_closed(order, wording)
    return [first, *(_refunds(order, wording) or [wording.say("orders.note.no_refund")])]


def _first_of_closed(order: OrderView, wording: Wording) -> str:
    """cancelled, unavailable."""
    if order.state == "unavailable":
        return wording.say("orders.status.unavailable", order=order.number)
    if order.cancelled_at is None:
        return wording.say("orders.status.cancelled_undated", order=order.number)
    day = wording.day_of(order.cancelled_at, order.timezone)
    return wording.say("orders.status.cancelled", order=order.number, cancelled=day)


def _unavailable(order: OrderView, wording: Wording) -> list[str]:
    sentences = [_first_of_closed(order, wording)]
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


def _promise(promised: date | None, order: OrderView, wording: Wording) -> str:
    if promised is None:
        return wording.say("orders.promise.none")
    return wording.say("orders.promise.due", promised=wording.day(promised, order.timezone))


def is_recorded_delivered(order: OrderView) -> bool:
    """Whether the records have the order, or a parcel of it, as delivered."""
    return order.state == "delivered" or any(shipment.state == "delivered" for shipment in order.shipments)


def delivery_records(order: OrderView, wording: Wording) -> str:
    """When, where and with which note each parcel was recorded as delivered; what is with the others."""
    if not order.shipments:
        return wording.say("orders.recorded.by_somebody_undated")
    several = len(order.shipments) > 1
    sentences = []
    for index, shipment in enumerate(order.shipments, start=1):
        name = parcel_name(index, several, wording)
        if shipment.state != "delivered" and order.state != "delivered":
            sentences.append(parcel_summary(shipment, name, order, wording))
            continue
        record = delivery_record(shipment, order, wording)
        sentences.append(wording.say("orders.recorded.parcel", parcel=name, recorded=record) if several else record)
    return wording.sentences(*sentences)


def refund_status(order: OrderView, wording: Wording, *, usual_days: int | None = None) -> str:
    """What has become of the order's money: state, amount, target and days of each refund, or that there is none.

    `usual_days`: the working days that the shop says such a refund takes, where it says so.
    """
    if not order.refunds:
        state = _first_of_closed(order, wording) if order.state in _CLOSED else order_status(order, wording)
        return wording.sentences(wording.say("orders.refund.none", order=order.number), state)
    sentences = []
    for refund in order.refunds:
        moment = {"paid": refund.paid_at, "failed": None}.get(refund.state, refund.requested_at)
        values = {"order": order.number, "amount": wording.money(refund.amount_minor, refund.currency).text}
        key = refund.state if moment is not None or refund.state == "failed" else f"{refund.state}_undated"
        if moment is not None:
            day = wording.day_of(moment, order.timezone)
            values["paid" if refund.state == "paid" else "requested"] = day
        sentences.append(wording.say(f"orders.refund.{key}", **values))
        if refund.state != "failed":
            target = refund.target if refund.target in _REFUND_TARGETS else "other" if refund.target else "unknown"
            sentences.append(wording.say(f"orders.refund.target.{target}"))
        if refund.state in {"requested", "pending"}:
            said = wording.say("orders.refund.usual_days", days=usual_days) if usual_days is not None else None
            sentences.append(said or wording.say("orders.refund.no_day"))
    return wording.sentences(*sentences)


def order_card(order: OrderView, wording: Wording) -> tuple[str, dict[str, Any]]:
    """The card's words, and its structured part without them."""
    goods = [line for line in order.lines if line.kind in _GOODS]
    left = [line for line in goods if left_of(line) > 0]
    lines = [_card_line(line, order.currency, wording) for line in left or goods]
    placed = wording.day_of(order.placed_at, order.timezone)
    if lines:
        text = wording.say("orders.card.placed", order=order.number, placed=placed, items=_items(lines, wording))
    else:
        text = wording.say("orders.card.without_items", order=order.number, placed=placed)
    # Of an order of which nothing is left, what it was is shown.
    comes_to = total_now(order) if left else order.total_minor
    total = None if comes_to is None else wording.money(comes_to, order.currency)
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
    # Of what was cancelled in part the rest is shown; of what is gone altogether, as in a cancelled order, all of it.
    quantity = left_of(line) or line.quantity
    total = line.total_minor
    if total is not None and line.quantity:
        total = total * quantity // line.quantity
    return OrderCardLine(
        title=_title(line, wording),
        options=wording.listed(options) or None,
        quantity=quantity,
        total=None if total is None else wording.money(total, currency),
    )


def total_now(order: OrderView) -> int | None:
    """What the goods that an order still has come to with its postage, in minor units; None where that is not recorded.

    What was cancelled or came back leaves its share of the total, as it was listed.
    """
    goods = [line for line in order.lines if line.kind in _GOODS]
    if order.total_minor is None or any(line.total_minor is None for line in goods):
        return order.total_minor
    listed = sum(line.total_minor or 0 for line in goods)
    left = sum((line.total_minor or 0) * left_of(line) // line.quantity for line in goods if line.quantity)
    if left == listed or not listed:
        return order.total_minor
    postage = order.shipping_minor or 0
    return postage + (order.total_minor - postage) * left // listed


def line_name(line: OrderLineView, wording: Wording) -> str:
    """The item with its chosen options, as it is named in questions and on buttons."""
    options = wording.listed(
        [wording.say("orders.card.option", name=name, value=each) for name, each in line.options.items()]
    )
    title = _title(line, wording)
    return wording.say("orders.item.with_options", title=title, options=options) if options else title


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
