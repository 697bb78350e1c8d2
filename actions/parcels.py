"""How parcels are told: their state, their scans, and the timeline. Pure functions over the CRM's `OrderView`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from actions.wording import Wording
from shopdesk_schemas.content import ShipmentTimelineContent, ShipmentTimelineParcel, TimelineEvent
from shopdesk_schemas.crm import OrderView, ScanEventView, ShipmentView


def parcel_state(shipment: ShipmentView) -> str:
    """The parcel's state, with `delivery_attempted` where that was the last thing that happened on the way."""
    under_way = shipment.state in {"handed_over", "in_transit", "out_for_delivery"}
    if under_way and shipment.events and shipment.events[-1].code == "delivery_attempted":
        return "delivery_attempted"
    return shipment.state


def parcel_trouble_description(shipment: ShipmentView) -> str | None:
    """What the carrier wrote beside its last report of a problem."""
    scan = next((event for event in reversed(shipment.events) if event.code == "exception"), None)
    return scan.description if scan else None


def delivery_record(shipment: ShipmentView, order: OrderView, wording: Wording) -> str:
    """When the carrier recorded the parcel as delivered, with the place and the note it gave, in sentences."""
    scan = next((event for event in reversed(shipment.events) if event.code == "delivered"), None)
    moment = (scan.at if scan else None) or shipment.delivered_at
    key = "by_somebody" if shipment.carrier is None else "by_carrier"
    values = {} if shipment.carrier is None else {"carrier": shipment.carrier}
    if moment is None:
        record = wording.say(f"orders.recorded.{key}_undated", **values)
    else:
        record = wording.say(f"orders.recorded.{key}", delivered=wording.moment(moment, order.timezone), **values)
    return wording.sentences(
        record,
        wording.say("orders.recorded.place", place=scan.place) if scan and scan.place else None,
        wording.say("orders.recorded.note", description=scan.description) if scan and scan.description else None,
    )


def parcel_name(number: int, several: bool, wording: Wording) -> str:
    """What to call a parcel: by its number where there are several."""
    return wording.say("shipments.parcel.numbered", number=number) if several else wording.say("shipments.parcel.one")


_NOTHING_TO_FORESEE = frozenset({"out_for_delivery", "ready_for_pickup", "delivered", "returned"})
"""States of a parcel that say more than any forecast: it comes today, lies there, is there, or comes no more."""


_TELLS_NOTHING = timedelta(days=14)
"""A span between the likeliest and the latest day that is no help to anybody, such as of a parcel that got lost."""


def arrival_forecast(shipment: ShipmentView, order: OrderView, wording: Wording) -> str | None:
    """The likeliest day of arrival and the day by which nearly all of its like are there; None where none is
    told, or nothing that helps.

    Where the likeliest day is after a promised one that has not passed yet, it is said to be later than that.
    """
    if shipment.predicted_on is None or shipment.predicted_by is None or shipment.state in _NOTHING_TO_FORESEE:
        return None
    if shipment.predicted_by - shipment.predicted_on > _TELLS_NOTHING:
        return None
    promised = shipment.promised_on or order.promised_on
    later = promised is not None and not shipment.late and shipment.predicted_on > promised
    key = "shipments.forecast.later" if later else "shipments.forecast.probably"
    day = wording.day(shipment.predicted_on, order.timezone)
    if shipment.predicted_on == shipment.predicted_by:
        return wording.say(f"{key}_on", day=day)
    return wording.say(key, day=day, latest=wording.day(shipment.predicted_by, order.timezone))


def parcel_summary(shipment: ShipmentView, name: str, order: OrderView, wording: Wording) -> str:
    """One of several parcels: its state, and when it will probably arrive where that is foreseen."""
    state = wording.say(f"shipments.state.{parcel_state(shipment)}")
    if shipment.state == "delivered":
        if shipment.delivered_at is not None:
            day = wording.day_of(shipment.delivered_at, order.timezone)
            state = wording.say("shipments.parcel.delivered_on", delivered=day)
    elif shipment.promised_on is not None and shipment.state != "returned":
        day = wording.day(shipment.promised_on, order.timezone)
        key = "shipments.parcel.overdue" if shipment.late else "shipments.parcel.expected"
        state = wording.say(key, state=state, promised=day)
    summary = wording.say("shipments.summary", parcel=name, state=state)
    return wording.sentences(summary, arrival_forecast(shipment, order, wording))


def shipment_timeline(order: OrderView, wording: Wording) -> tuple[str, dict[str, Any]] | None:
    """The timeline's words and its structured part without them; None for an order without parcels."""
    if not order.shipments:
        return None
    parcels = [_parcel(shipment, order, wording) for shipment in order.shipments]
    several = len(parcels) > 1
    text = "\n".join(
        _parcel_text(parcel, parcel_name(index, several, wording), wording)
        for index, parcel in enumerate(parcels, start=1)
    )
    timeline: ShipmentTimelineContent[Any] = ShipmentTimelineContent(
        text=text, order_number=order.number, parcels=parcels
    )
    return text, timeline.model_dump(mode="json", exclude={"text"})


def _parcel(shipment: ShipmentView, order: OrderView, wording: Wording) -> ShipmentTimelineParcel:
    promised = shipment.promised_on or order.promised_on
    return ShipmentTimelineParcel(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        state=shipment.state,
        state_text=wording.say(f"shipments.state.{parcel_state(shipment)}"),
        promised_on=promised,
        promised_text=None if promised is None else wording.day(promised, order.timezone),
        late=shipment.late,
        events=[_event(event, order, wording) for event in _events(shipment)],
    )


def _events(shipment: ShipmentView) -> list[ScanEventView]:
    """The carrier's scans; where there are none, what the shop itself knows of the parcel."""
    if shipment.events:
        return shipment.events
    known: list[ScanEventView] = []
    if shipment.handed_over_at is not None:
        known.append(ScanEventView(at=shipment.handed_over_at, code="handed_over"))
    if shipment.delivered_at is not None:
        known.append(ScanEventView(at=shipment.delivered_at, code="delivered"))
    return known


def _event(event: ScanEventView, order: OrderView, wording: Wording) -> TimelineEvent:
    label = wording.say(f"shipments.scan.{event.code}")
    if event.code == "exception" and event.description:
        label = wording.say("shipments.scan_with_description", label=label, description=event.description)
    return TimelineEvent(
        at=event.at,
        at_text=None if event.at is None else wording.moment(event.at, order.timezone),
        label=label,
        place=event.place,
    )


def _parcel_text(parcel: ShipmentTimelineParcel, name: str, wording: Wording) -> str:
    facts = []
    if parcel.carrier is None and parcel.tracking_number is None:
        facts.append(wording.say("shipments.parcel.no_carrier_or_tracking"))
    else:
        facts.append(parcel.carrier or wording.say("shipments.parcel.no_carrier"))
        number = parcel.tracking_number
        facts.append(
            wording.say("shipments.parcel.tracking", number=number)
            if number is not None
            else wording.say("shipments.parcel.no_tracking")
        )
    head = wording.say(
        "shipments.parcel.head",
        parcel=name,
        facts=wording.say("shipments.parcel.fact_separator").join(facts),
        state=parcel.state_text,
    )
    events = wording.say("shipments.parcel.event_separator").join(_event_text(each, wording) for each in parcel.events)
    scans = wording.say("shipments.parcel.events", events=events) if events else None
    promise = None
    if parcel.promised_text is not None and parcel.state in {"handed_over", "in_transit", "out_for_delivery"}:
        key = "shipments.parcel.late" if parcel.late else "shipments.parcel.due"
        promise = wording.say(key, promised=parcel.promised_text)
    return wording.sentences(head, scans, promise)


def _event_text(event: TimelineEvent, wording: Wording) -> str:
    if event.at_text is None:
        text = wording.say("shipments.parcel.event_undated", label=event.label)
    else:
        text = wording.say("shipments.parcel.event", label=event.label, moment=event.at_text)
    return wording.say("shipments.parcel.event_at_place", event=text, place=event.place) if event.place else text
