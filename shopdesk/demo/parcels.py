"""Parcels' journeys: when each scan happens, where, and what goes wrong on the way."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopdesk.demo.calendar import next_moment
from shopdesk.demo.people import Home
from shopdesk.demo.settings import Carrier, DemoSettings, ScanStep

Mishap = Literal["late", "attempted", "pickup_point", "returned", "lost"] | None


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan, in canonical words."""

    at: datetime
    code: str
    place: str
    description: str


STATE_AFTER = {
    "handed_over": "handed_over",
    "in_transit": "in_transit",
    "arrived_at_facility": "in_transit",
    "departed_facility": "in_transit",
    "customs": "in_transit",
    "out_for_delivery": "out_for_delivery",
    # Back at the depot for the next round.
    "delivery_attempted": "in_transit",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
    "exception": "exception",
    "returned": "returned",
}
"""A parcel's state after its last scan. A parcel that only has a label is not with the carrier yet."""


@dataclass(frozen=True, slots=True)
class Route:
    """A carrier's way to an address: words for places, their zones and what the carrier says of a scan."""

    settings: DemoSettings
    carrier: Carrier
    home: Home
    store: str | None = None

    def place(self, kind: str) -> str:
        """The name of a place on the way, as the carrier writes it."""
        pages, carrier, place = self.settings.tracking_pages, self.carrier, self.home.place
        if kind == "store" and self.store is not None:
            return self.store
        if kind == "depot":
            return carrier.depot.format(
                city=place.city, district=place.district or "", region=place.region, store=self.store or ""
            )
        return {
            "origin": pages.origins[carrier.origin].place,
            "hub": carrier.hub,
            "gateway": carrier.gateway or carrier.hub,
        }.get(kind, place.city)

    def timezone(self, kind: str) -> str:
        """The zone whose clock a place goes by."""
        if kind in ("origin", "hub"):
            return self.settings.tracking_pages.origins[self.carrier.origin].timezone
        return self.home.timezone

    def scan(self, at: datetime, code: str, kind: str, note: str | None = None) -> Scan:
        """A scan in the carrier's words, or those of a note."""
        pages, language = self.settings.tracking_pages, self.carrier.language
        words = pages.notes[note].of(language) if note is not None else pages.words[language][code]  # type: ignore[index]
        return Scan(at, code, self.place(kind), words)


def journey(rng: random.Random, route: Route, ready: datetime, mishap: Mishap = None) -> list[Scan]:
    """All scans of a parcel that is `ready` to be packed, to the end of its way, into the future if need be."""
    steps = route.carrier.scans
    delayed_before = _delayed_step(steps) if mishap in ("late", "lost") else None
    scans: list[Scan] = []
    at = ready
    wait = 1 if rng.randrange(100) < 25 else 0
    for number, step in enumerate(steps):
        if number == delayed_before:
            at = next_moment(rng, at, route.timezone(step.place), ("08:00", "18:00"), days=1)
            if mishap == "lost":
                at = next_moment(rng, at, route.timezone("depot"), ("10:00", "16:00"), days=6)
                return [*scans, route.scan(at, "exception", "hub", "lost")]
            scans.append(route.scan(at, "exception", "hub", rng.choice(("weather", "missorted"))))
            wait = rng.randint(1, 4)
        if step.code == "delivered":
            return [*scans, *_last_mile(rng, route, at, step, mishap)]
        at = _moment(rng, route, at, step, wait)
        wait = 0
        scans.append(route.scan(at, step.code, step.place))
    return scans


def _delayed_step(steps: Sequence[ScanStep]) -> int:
    """Delays happen between the first hub and the depot: before the step that follows the hub."""
    last = next((number for number, step in enumerate(steps) if step.code == "out_for_delivery"), len(steps) - 1)
    return max(2, last - 1)


def _moment(rng: random.Random, route: Route, after: datetime, step: ScanStep, wait: int) -> datetime:
    return next_moment(
        rng,
        after,
        route.timezone(step.place),
        step.between,
        days=step.days + wait,
        sundays=route.carrier.sundays,
    )


def _last_mile(rng: random.Random, route: Route, after: datetime, step: ScanStep, mishap: Mishap) -> list[Scan]:
    collected = route.store is not None
    if mishap == "returned" and not collected:
        refused = _moment(rng, route, after, step, 0)
        note = rng.choice(("address", "refused"))
        back = next_moment(rng, refused, route.timezone("depot"), ("09:00", "16:00"), days=rng.randint(5, 8))
        return [route.scan(refused, "exception", "depot", note), route.scan(back, "returned", "depot")]
    if mishap in ("attempted", "pickup_point") and not collected:
        tried = _moment(rng, route, after, step, 0)
        scans = [route.scan(tried, "delivery_attempted", "town")]
        if mishap == "attempted":
            again = next_moment(rng, tried, route.timezone("depot"), ("07:40", "09:40"), days=1, sundays=False)
            scans.append(route.scan(again, "out_for_delivery", "depot"))
            done = next_moment(rng, again, route.timezone("town"), step.between, sundays=False)
            return [*scans, route.scan(done, "delivered", "town", "signed")]
        waiting = next_moment(rng, tried, route.timezone("depot"), ("09:30", "17:00"), days=1, sundays=False)
        scans.append(route.scan(waiting, "ready_for_pickup", "depot"))
        fetched = next_moment(rng, waiting, route.timezone("town"), ("10:00", "18:00"), days=rng.randint(0, 5))
        return [*scans, route.scan(fetched, "delivered", "depot", "counter")]
    done = _moment(rng, route, after, step, rng.randint(0, 4) if collected else 0)
    how: str | None = (
        "counter" if collected else rng.choice((None, None, None, "signed", "signed", "safe_place", "neighbour"))
    )
    return [route.scan(done, "delivered", step.place, how)]
