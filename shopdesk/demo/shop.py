"""The whole demo shop: who bought what when, numbered, in canonical records."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.stores import STOCK
from crm_backend.pipeline.canonical.types import RECORD_TYPES
from shopdesk.demo.baskets import Baskets, Choice
from shopdesk.demo.calendar import business_day, day_start, local_moment
from shopdesk.demo.catalogue import Catalogue, build_catalogue, catalogue_records
from shopdesk.demo.desk import desk_records, member_records, returned_quantities
from shopdesk.demo.orders import Order, OrderDesk, order_records
from shopdesk.demo.people import Person, Registry, people_records
from shopdesk.demo.settings import BuyerKind, DemoSettings
from shopdesk.demo.stores import movement_records, store_records
from shopdesk.demo.stories import story_order, story_skus
from shopdesk.demo.supply import supply_records

DEFAULT_SEED = 20
DEFAULT_CUSTOMERS = 400

STORIES_SINCE_DAYS = 45
"""A story's person bought by chance only before this many days ago, so that the story stands out."""

_HOURS = (1, 1, 0, 0, 0, 1, 2, 4, 6, 7, 7, 7, 8, 7, 6, 6, 6, 7, 8, 10, 12, 11, 8, 4)
"""How willingly people order at each hour of their own clock."""

_BATCH_DAYS = 6
"""Regulars order together what runs out within this many days."""


@dataclass(frozen=True, slots=True)
class DemoShop:
    """The shop on `day`, in the canonical format: records by record type name, parents before children."""

    day: date
    records: dict[str, list[Record]]
    people: list[Person]
    orders: list[Order]


def generate(settings: DemoSettings, *, seed: int, customers: int, now: datetime) -> DemoShop:
    """The demo shop at the business time `now` (aware).

    `customers` counts accounts, those of the stories included. A pure function of its arguments, and of `now` only
    through the shop's calendar day: everything in it happened before that day began.
    """
    shop = settings.shop
    day = business_day(now, shop.timezone)
    before = day_start(day, shop.timezone)
    catalogue = build_catalogue(settings, _stream(seed, "catalogue"), story_skus(settings))
    desk = OrderDesk(settings, before)
    baskets = Baskets(settings, catalogue)
    people, story_people = _people(settings, seed, customers)
    orders = []
    for spec in settings.stories.orders:
        rng = _stream(seed, "story", spec.key)
        orders.append(story_order(desk, catalogue, rng, day, story_people[spec.person], spec))
    told = {person.key for person in story_people.values()}
    for person in people:
        if person.key in told and person.external_id is None:
            continue
        rng = _stream(seed, "orders", person.key)
        latest = STORIES_SINCE_DAYS if person.key in told else 1
        for days_ago, choices in _visits(settings, baskets, rng, person, day, latest):
            placed_at = _placed(rng, day - timedelta(days=days_ago), person, before)
            orders.append(desk.simulate(rng, person, placed_at, choices))
    _number(settings, orders, day, customers)
    _register(seed, people, orders, before)
    return DemoShop(day, _records(settings, catalogue, people, orders, seed, day, before), people, orders)


def _stream(seed: int, *names: str) -> random.Random:
    """A stream of chance of its own, so that a change in one part of the shop leaves the others as they are."""
    return random.Random(":".join((str(seed), *names)))  # noqa: S311 - a reproducible shop, no secret


def _people(settings: DemoSettings, seed: int, customers: int) -> tuple[list[Person], dict[str, Person]]:
    registry = Registry(settings)
    kinds = settings.behaviour.kinds
    told: dict[str, Person] = {}
    accounts = 0
    for key, spec in settings.stories.people.items():
        accounts += not spec.guest
        external_id = None if spec.guest else f"C-{10000 + accounts}"
        told[key] = registry.story_person(_stream(seed, "person", key), key, external_id, spec)
    people = list(told.values())
    for number in range(accounts + 1, customers + 1):
        rng = _stream(seed, "person", str(number))
        kind = rng.choices(list(kinds), [kind.share for kind in kinds.values()])[0]
        people.append(registry.person(rng, str(number), f"C-{10000 + number}", kind))
    for number in range(customers * settings.behaviour.guests_per_hundred_customers // 100):
        rng = _stream(seed, "guest", str(number))
        people.append(registry.person(rng, f"guest-{number}", None, "once"))
    return people, told


def _visits(
    settings: DemoSettings, baskets: Baskets, rng: random.Random, person: Person, day: date, latest: int
) -> Iterator[tuple[int, list[Choice]]]:
    """When (days ago, newest last) a person ordered, and what."""
    kind = settings.behaviour.kinds[person.kind]
    since = min(rng.randint(*kind.since_days), settings.shop.history_days)
    until = max(latest, rng.randint(*kind.until_days) if kind.until_days is not None else latest)
    if since < until:
        return
    if kind.repeats:
        yield from _repeats(settings, baskets, rng, person, kind, day, since, until)
        return
    months = kind.months or settings.behaviour.months
    if kind.orders is not None:
        for _ in range(kind.orders):
            days_ago = _some_day(rng, day, since, until, months)
            month = (day - timedelta(days=days_ago)).month
            yield days_ago, baskets.fill(rng, person, month, days_ago, baskets.size(rng, kind))
        return
    assert kind.every_days is not None  # noqa: S101 - neither repeats nor a fixed number of orders
    days_ago = since
    while days_ago >= until:
        month = (day - timedelta(days=days_ago)).month
        if rng.randrange(100) < months[month]:
            yield days_ago, baskets.fill(rng, person, month, days_ago, baskets.size(rng, kind))
        # Some of the days drawn fall away by season, so they are drawn closer.
        days_ago -= max(1, round(rng.expovariate(1 / (kind.every_days * 7 / 10))))


def _some_day(rng: random.Random, day: date, since: int, until: int, months: dict[int, int]) -> int:
    """One day in the span, likelier in the good months."""
    for _ in range(20):
        days_ago = rng.randint(until, since)
        if rng.randrange(100) < months[(day - timedelta(days=days_ago)).month]:
            return days_ago
    return since


def _repeats(
    settings: DemoSettings,
    baskets: Baskets,
    rng: random.Random,
    person: Person,
    kind: BuyerKind,
    day: date,
    since: int,
    until: int,
) -> Iterator[tuple[int, list[Choice]]]:
    """A regular's orders: each favourite when it runs out, those due close together in one basket."""
    spread = settings.behaviour.repeat_spread_per_mille
    thirst = rng.randint(900, 1900)
    favourites = baskets.favourites(rng, person, kind)
    due = [(-since + rng.randint(0, 25), number) for number in range(len(favourites))]
    heapq.heapify(due)
    while due and -due[0][0] >= until:
        today = due[0][0]
        running_out = []
        while due and due[0][0] <= today + _BATCH_DAYS:
            running_out.append(heapq.heappop(due)[1])
        days_ago = -today
        month = (day - timedelta(days=days_ago)).month
        wanted = len(running_out)
        if rng.randrange(1000) < kind.discover_per_mille:
            wanted += baskets.size(rng, kind)
        choices = baskets.fill(rng, person, month, days_ago, wanted, [favourites[number] for number in running_out])
        yield days_ago, choices
        quantity = {choice.item.sku: choice.quantity for choice in choices}
        for number in running_out:
            item = favourites[number]
            assert item.product.repeat_days is not None  # noqa: S101 - favourites are consumables
            lasts = item.product.repeat_days * thirst * quantity[item.sku] // 1000
            wavers = rng.randint(1000 - spread, 1000 + spread)
            heapq.heappush(due, (today + max(4, lasts * wavers // 1000), number))


def _placed(rng: random.Random, on: date, person: Person, before: datetime) -> datetime:
    """A moment of that day by the person's clock; the day before where it would lie after the shop's midnight."""
    hour = rng.choices(range(24), _HOURS)[0]
    minutes = hour * 60 + rng.randrange(60)
    at = local_moment(on, minutes, person.home.timezone, rng.randrange(60))
    return at if at < before else at - timedelta(days=1)


def _number(settings: DemoSettings, orders: list[Order], day: date, customers: int) -> None:
    """Numbers orders by day. The stories of a day come first, so that their numbers are the same on every day."""
    numbers = settings.shop.order_numbers
    per_day = numbers.numbers_per_day * max(1, -(-customers // DEFAULT_CUSTOMERS))
    oldest = day - timedelta(days=settings.shop.history_days)

    def counted_on(order: Order) -> date:
        return order.story_day or business_day(order.placed_at, settings.shop.timezone)

    def by_chance(order: Order) -> tuple[datetime, str]:
        return order.placed_at, order.person.key

    # Sorting is stable: the stories of a day keep the order of the settings and come before the rest of it.
    told = [order for order in orders if order.story is not None]
    others = sorted((order for order in orders if order.story is None), key=by_chance)
    orders[:] = sorted([*told, *others], key=counted_on)
    last = numbers.first - 1
    for order in orders:
        on = counted_on(order)
        last = max(last + 1, numbers.first + (on - oldest).days * per_day)
        order.number = numbers.format.format(last)
        order.external_id = str(last)


def _register(seed: int, people: list[Person], orders: list[Order], before: datetime) -> None:
    """Accounts are opened shortly before the first order; who never ordered opened one at some time."""
    first: dict[str, datetime] = {}
    for order in orders:
        key = order.person.key
        first[key] = min(order.placed_at, first.get(key, order.placed_at))
    for person in people:
        if person.external_id is not None:
            rng = _stream(seed, "registered", person.key)
            opened = first.get(person.key, before - timedelta(days=rng.randint(1, 600)))
            person.registered_at = opened - timedelta(minutes=rng.randint(2, 4000))


def _members(
    settings: DemoSettings, people: list[Person], orders: list[Order], seed: int, before: datetime
) -> Iterator[dict[str, list[Record]]]:
    bought: dict[str, list[Order]] = {}
    for order in orders:
        bought.setdefault(order.person.key, []).append(order)
    for person in people:
        if person.external_id is not None:
            rng = _stream(seed, "member", person.key)
            yield member_records(settings, person, bought.get(person.key, []), rng, before)


def _count_returned(settings: DemoSettings, orders: list[Order], records: dict[str, list[Record]]) -> None:
    """What a settled return gave back is off its lines."""
    back = {
        (order.external_id, line): quantity
        for order in orders
        if order.story is not None
        for line, quantity in returned_quantities(settings, order.story).items()
    }
    for row in records["order_lines"]:
        if (quantity := back.get((row["order_external_id"], row["line_number"]))) is not None:
            row["returned_quantity"] = quantity


def _shelve_what_is_kept(records: dict[str, list[Record]]) -> None:
    """What is put aside in a store lies there, whatever chance put on its shelves."""
    shelves = {(row["store_external_id"], row["sku"]): row for row in records["stock"]}
    kept: dict[tuple[str, str], int] = {}
    for row in (*records["stock_holds"], *records["reservations"]):
        if row["state"] in ("held", "reserved", "ready"):
            place = row["store_external_id"], row["sku"]
            kept[place] = kept.get(place, 0) + row["quantity"]
    for (store, sku), quantity in kept.items():
        there = shelves.get((store, sku))
        if there is None:
            source = records["stores"][0]["source"]
            records["stock"].append(
                STOCK.record(source=source, store_external_id=store, sku=sku, quantity=quantity + 1)
            )
        else:
            there["quantity"] = max(there["quantity"], quantity + 1)


def _records(
    settings: DemoSettings,
    catalogue: Catalogue,
    people: list[Person],
    orders: list[Order],
    seed: int,
    day: date,
    before: datetime,
) -> dict[str, list[Record]]:
    records: dict[str, list[Record]] = {kind.name: [] for kind in RECORD_TYPES}
    parts = [
        people_records(settings, people),
        catalogue_records(settings, catalogue),
        store_records(settings, catalogue, _stream(seed, "stores"), day),
        *(order_records(settings, order) for order in orders),
        movement_records(settings, catalogue, _stream(seed, "movements"), before, 90),
        *_members(settings, people, orders, seed, before),
        supply_records(settings, catalogue, _stream(seed, "supply"), day, before),
        desk_records(
            settings,
            catalogue,
            {order.story: order for order in orders if order.story is not None},
            {person.key: person for person in people},
            day,
        ),
    ]
    for part in parts:
        for name, rows in part.items():
            records[name].extend(rows)
    _count_returned(settings, orders, records)
    _shelve_what_is_kept(records)
    return records
