"""The fixed orders of `stories.yml`, placed around the business day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shopdesk.demo.baskets import Choice
from shopdesk.demo.calendar import local_moment, minute_of
from shopdesk.demo.catalogue import Catalogue, sku_of
from shopdesk.demo.orders import Order, OrderDesk, amounts_of
from shopdesk.demo.parcels import Route
from shopdesk.demo.people import Person
from shopdesk.demo.settings import DemoSettings, ProductSetting, StoryOrder, StoryParcel


def story_skus(settings: DemoSettings) -> frozenset[str]:
    """What the stories' orders hold, and so must be on sale, except what a story says is not to be had."""
    products = {product.code: product for product in settings.products}
    return frozenset(
        sku_of(settings, products[code], choices)
        for order in settings.stories.orders
        for code, choices, _ in order.lines
        if order.state != "unavailable"
    ) | frozenset(_exchanged(settings, products))


def _exchanged(settings: DemoSettings, products: dict[str, ProductSetting]) -> Iterator[str]:
    """What exchanges want in place of what they give back."""
    orders = {order.key: order for order in settings.stories.orders}
    for spec in settings.desk.returns:
        if spec.wanted is not None:
            for line, _ in spec.lines:
                yield sku_of(settings, products[orders[spec.order].lines[line - 1][0]], spec.wanted)


def story_order(
    desk: OrderDesk, catalogue: Catalogue, rng: random.Random, day: date, person: Person, spec: StoryOrder
) -> Order:
    """One order exactly as the story tells it, days counted from `day`."""
    choices = [Choice(catalogue.find(code, options), quantity) for code, options, quantity in spec.lines]
    order = Order(
        person,
        _moment(day, spec.placed, person.home.timezone),
        choices,
        amounts_of(person, choices),
        spec.state,
        day + timedelta(days=spec.promised),
        story=spec.key,
        story_day=day + timedelta(days=spec.placed[0]),
    )
    if spec.payment == "failed":
        desk.fail_payment(rng, order)
    else:
        approved_at = order.placed_at + timedelta(minutes=rng.randint(2, 9), seconds=rng.randrange(60))
        desk.pay(rng, order, approved_at, spec.gift_card_part)
    for parcel in spec.parcels:
        _add_parcel(desk, rng, day, order, parcel)
    order.state = spec.state
    if spec.cancelled is not None:
        order.cancelled_at = _moment(day, spec.cancelled, person.home.timezone)
    if spec.refund is not None:
        begun = _refund_begins(order)
        between = desk.before - begun
        numbers = spec.refund.lines
        amount = order.amounts.total if numbers is None else sum(desk.line_value(order, number) for number in numbers)
        paid_at = _whole_minute(begun + between * 3 / 4) if spec.refund.state == "paid" else None
        requested_at = _whole_minute(begun + between / 4)
        desk.add_refunds(
            order, amount, spec.refund.target, spec.refund.reason, requested_at, paid_at, spec.refund.state
        )
    return order


def _add_parcel(desk: OrderDesk, rng: random.Random, day: date, order: Order, spec: StoryParcel) -> None:
    settings = desk.settings
    store = next((store.name.en for store in settings.stores if store.id == spec.store), None)
    route = Route(settings, settings.carriers[spec.carrier], order.person.home, store)
    scans = []
    for days, time, code, place, *note in spec.scans:
        at = _moment(day, (days, time), route.timezone(place), rng.randrange(60))
        scans.append(route.scan(at, code, place, note[0] if note else None))
    desk.add_parcel(rng, order, spec.carrier, spec.lines, scans, route)


def _moment(day: date, when: tuple[int, str], timezone: str, seconds: int = 0) -> datetime:
    return local_moment(day + timedelta(days=when[0]), minute_of(when[1]), timezone, seconds)


def _refund_begins(order: Order) -> datetime:
    if order.cancelled_at is not None:
        return order.cancelled_at
    scanned = [parcel.scans[-1].at for parcel in order.parcels]
    return max([order.placed_at + timedelta(days=1), *scanned]) if order.state != "shipped" else max(scanned)


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
