"""Chains of events, carriers and stock as agents see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from crm_backend.database.engine import ReadSession
from crm_backend.policies.supply import SupplyRules
from crm_backend.supply import log, repository
from crm_backend.supply.log import Broken, Event
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.supply import (
    Breach,
    CarrierList,
    CarrierPerformance,
    EventLog,
    LocationStock,
    LogEvent,
    LogGap,
    Movement,
    OnOrder,
    SkuStock,
)

ENDED = frozenset({"delivered", "returned"})
"""States of a parcel from which on nothing more is to be heard."""


@dataclass(frozen=True)
class Window:
    """The time that is asked about; open where an end is None."""

    start: datetime | None = None
    end: datetime | None = None


def shipment_log(session: ReadSession, reference: str, window: Window, rules: SupplyRules, now: datetime) -> EventLog:
    """The chain of a parcel, from its order on. Raises NotFound."""
    found = repository.find_shipment(session, reference)
    if found is None:
        raise NotFound
    shipment, order = found
    zone = ZoneInfo(order.timezone)
    recorded = [
        Event(scan.code, scan.at, scan.place, scan.description) for scan in repository.scans(session, shipment.id)
    ]
    known = {event.code for event in recorded}
    said = [Event("order_placed", order.placed_at, recorded=False)]
    if order.approved_at is not None:
        said.append(Event("payment_approved", order.approved_at, recorded=False))
    for code, at in (("handed_over", shipment.handed_over_at), ("delivered", shipment.delivered_at)):
        if at is not None and code not in known:
            said.append(Event(code, at, recorded=False))
    promised_on = shipment.promised_on or order.promised_on
    delivered_at = shipment.delivered_at or _when(recorded, "delivered")
    ended = shipment.state in ENDED or delivered_at is not None or order.state == "cancelled"
    handed_over_at = shipment.handed_over_at or _when(recorded, "handed_over")
    found_broken = [
        log.broken("ship_by", repository.ship_by(session, shipment), handed_over_at, now),
        log.broken("delivery", log.end_of(promised_on, zone) if promised_on else None, delivered_at, now),
    ]
    # What came back, or was delivered nobody knows when, breaks no promise that can be told.
    breaches = [one for one in found_broken if one is not None and (one.kept_at is not None or not ended)]
    return _told(
        "shipment",
        shipment.tracking_number or shipment.external_id,
        shipment.state,
        promised_on,
        order.timezone,
        [*said, *recorded],
        breaches,
        timedelta(hours=rules.parcel_gap_hours),
        ended,
        window,
        now,
    )


def purchase_order_log(
    session: ReadSession, reference: str, window: Window, rules: SupplyRules, now: datetime
) -> EventLog:
    """The chain of a purchase order. Raises NotFound."""
    order = repository.find_purchase_order(session, reference)
    if order is None:
        raise NotFound
    recorded = [
        Event(event.code, event.at, event.place, event.description)
        for event in repository.purchase_order_events(session, order.id)
    ]
    known = {event.code for event in recorded}
    said = [
        Event(code, at, recorded=False)
        for code, at in (("placed", order.placed_at), ("received", order.received_at))
        if at is not None and code not in known
    ]
    ended = order.state in {"received", "cancelled"}
    received_at = order.received_at or _when(recorded, "received")
    promised = log.end_of(order.promised_on, ZoneInfo(order.timezone)) if order.promised_on else None
    breach = log.broken("arrival", promised, received_at, now)
    return _told(
        "purchase_order",
        order.number,
        order.state,
        order.promised_on,
        order.timezone,
        [*said, *recorded],
        [breach] if breach is not None and (breach.kept_at is not None or not ended) else [],
        timedelta(hours=rules.purchase_order_gap_hours),
        ended,
        window,
        now,
    )


def _when(events: Sequence[Event], code: str) -> datetime | None:
    return max((event.at for event in events if event.code == code and event.at is not None), default=None)


def _told(
    kind: Literal["shipment", "purchase_order"],
    reference: str,
    state: str,
    promised_on: object,
    timezone: str,
    events: Sequence[Event],
    breaches: Sequence[Broken],
    longest: timedelta,
    ended: bool,
    window: Window,
    now: datetime,
) -> EventLog:
    chain = log.mark_late(log.in_order(events), breaches)
    gaps = [
        gap
        for gap in log.gaps(chain, longest, finished=ended, now=now)
        if (window.start is None or gap.until >= window.start) and (window.end is None or gap.since <= window.end)
    ]
    return EventLog.model_validate(
        {
            "kind": kind,
            "reference": reference,
            "state": state,
            "promised_on": promised_on,
            "timezone": timezone,
            "events": [
                LogEvent(
                    at=event.at,
                    code=event.code,
                    place=event.place,
                    description=event.description,
                    recorded=event.recorded,
                    late=event.late,
                )
                for event in log.between(chain, window.start, window.end)
            ],
            "gaps": [
                LogGap(since=gap.since, until=gap.until, hours=round(gap.hours, 1), open=gap.lasts) for gap in gaps
            ],
            "breaches": [
                Breach(
                    promise=breach.promise,
                    promised=breach.promised,
                    kept_at=breach.kept_at,
                    hours_late=round(breach.hours_late, 1),
                )
                for breach in breaches
            ],
        }
    )


# --- Carriers ---------------------------------------------------------------------------------------------------


@dataclass
class _Tally:
    parcels: int = 0
    delivered: int = 0
    on_time: int = 0
    late: int = 0
    exceptions: int = 0
    days: list[float] = field(default_factory=list)


def carriers(session: ReadSession, window: Window, now: datetime) -> CarrierList:
    """How each carrier did with the parcels that were handed over in a time."""
    tallies: defaultdict[str | None, _Tally] = defaultdict(_Tally)
    for carrier, state, handed_over_at, delivered_at, promised_on, timezone in repository.carried(
        session, window.start, window.end
    ):
        tally = tallies[carrier]
        tally.parcels += 1
        tally.exceptions += state in {"exception", "returned"}
        tally.delivered += state == "delivered" or delivered_at is not None
        if delivered_at is not None and handed_over_at is not None and delivered_at >= handed_over_at:
            tally.days.append((delivered_at - handed_over_at).total_seconds() / 86400)
        if promised_on is None or (delivered_at is None and state in ENDED):
            continue
        promised = log.end_of(promised_on, ZoneInfo(timezone))
        if (delivered_at or now) > promised:
            tally.late += 1
        elif delivered_at is not None:
            tally.on_time += 1
    ordered = sorted(tallies.items(), key=lambda item: (-item[1].parcels, item[0] or ""))
    return CarrierList(
        carriers=[
            CarrierPerformance(
                carrier=carrier,
                parcels=tally.parcels,
                delivered=tally.delivered,
                on_time=tally.on_time,
                late=tally.late,
                exceptions=tally.exceptions,
                on_time_share=(
                    round(tally.on_time / (tally.on_time + tally.late), 4) if tally.on_time + tally.late else None
                ),
                median_days=round(median(tally.days), 2) if tally.days else None,
            )
            for carrier, tally in ordered
        ]
    )


# --- Stock ------------------------------------------------------------------------------------------------------


def stock(session: ReadSession, sku: str) -> SkuStock:
    """All that is known of a SKU's stock; empty for one that nobody has heard of."""
    locations = [
        LocationStock(
            store=store.external_id,
            name=store.name,
            quantity=held.quantity,
            reserved=held.reserved,
            available=max(held.quantity - held.reserved, 0),
        )
        for held, store in repository.stock_of(session, sku)
    ]
    return SkuStock(
        sku=sku,
        locations=locations,
        available=sum(location.available for location in locations),
        on_order=[
            OnOrder(
                purchase_order=order.number,
                supplier=supplier,
                quantity=line.quantity - line.received_quantity,
                promised_on=order.promised_on,
            )
            for order, line, supplier in repository.on_order(session, sku)
        ],
        movements=[
            Movement(
                quantity=moved.quantity, reason=moved.reason, store=moved.store_external_id, moved_at=moved.moved_at
            )
            for moved in repository.movements(session, sku)
        ],
    )
