"""Orders: their money, their way from basket to door as far as it has come, and what is given back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.orders import (
    ORDER_LINES,
    ORDERS,
    PAYMENTS,
    REFUNDS,
    SCAN_EVENTS,
    SHIPMENT_LINES,
    SHIPMENTS,
)
from shopdesk.demo.baskets import Choice
from shopdesk.demo.calendar import local_moment, next_moment, working_days_later, zone
from shopdesk.demo.money import included_tax, share
from shopdesk.demo.parcels import STATE_AFTER, Mishap, Route, Scan, journey
from shopdesk.demo.patterns import Unique
from shopdesk.demo.people import Person, SavedMethod
from shopdesk.demo.settings import DemoSettings, StoreSetting


@dataclass(frozen=True, slots=True)
class Amounts:
    """An order's money in minor units: subtotal + shipping − discount = total. `tax` is inside the total."""

    subtotal: int
    discount: int
    shipping: int
    total: int
    tax: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as far as it has come. `lines` are (line number, quantity)."""

    carrier: str
    service: str
    tracking_number: str | None
    lines: list[tuple[int, int]]
    scans: list[Scan]
    promised_on: date

    @property
    def state(self) -> str:
        """Where it stands after its last scan."""
        return STATE_AFTER[self.scans[-1].code]

    def first(self, code: str) -> datetime | None:
        """When it was first scanned so."""
        return next((scan.at for scan in self.scans if scan.code == code), None)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came or was tried."""

    method: str
    brand: str | None
    last4: str | None
    saved: str | None
    amount: int
    state: str
    paid_at: datetime | None
    instalments: int | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back. `payment` is the index of the payment it is taken from."""

    payment: int
    amount: int
    target: str
    state: str
    reason: str
    requested_at: datetime
    paid_at: datetime | None


@dataclass(slots=True)
class Order:
    """An order as it stands at the beginning of the business day."""

    person: Person
    placed_at: datetime
    choices: list[Choice]
    amounts: Amounts
    state: str
    promised_on: date | None
    channel: str = "web"
    approved_at: datetime | None = None
    cancelled_at: datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    number: str = ""
    external_id: str = ""
    story: str | None = None
    story_day: date | None = None
    """For a story: the day it tells, under which the order is numbered."""

    @property
    def line_totals(self) -> list[int]:
        """What each line costs, in minor units."""
        return [choice.quantity * choice.item.prices[self.person.country] for choice in self.choices]


def amounts_of(
    person: Person, choices: Sequence[Choice], *, discount_per_mille: int = 0, shipped: bool = True
) -> Amounts:
    """The money of a basket in the person's market."""
    market = person.market
    subtotal = sum(choice.quantity * choice.item.prices[person.country] for choice in choices)
    discount = share(subtotal, discount_per_mille, 1000)
    free = not shipped or subtotal - discount >= market.shipping.free_from
    shipping = 0 if free else market.shipping.fee
    total = subtotal - discount + shipping
    return Amounts(subtotal, discount, shipping, total, included_tax(total, market.tax_per_mille))


class OrderDesk:
    """Carries orders from basket to door, up to the moment `before` at which the business day begins."""

    def __init__(self, settings: DemoSettings, before: datetime) -> None:
        self.settings = settings
        self.before = before
        self._tracking = Unique()

    # -- by chance ---------------------------------------------------------------------------------------------------

    def simulate(self, rng: random.Random, person: Person, placed_at: datetime, choices: list[Choice]) -> Order:
        """An order with whatever befalls it by chance."""
        if person.external_id is not None and self._happens(rng, "in_store") and self._store_near(person) is not None:
            return self._bought_in_store(rng, person, placed_at, choices)
        goods = [number for number, choice in enumerate(choices, 1) if choice.item.product.kind == "item"]
        discount = rng.choice((100, 100, 150, 200)) if self._happens(rng, "discount") else 0
        amounts = amounts_of(person, choices, discount_per_mille=discount, shipped=bool(goods))
        order = Order(person, placed_at, choices, amounts, "created", None)
        method = self._method(rng, person)
        declined = self._happens(rng, "declined_card")
        approved_at = self._approval(rng, order, method, declined=declined)
        cancelled = self._happens(rng, "cancelled")
        gift_card_part = self._gift_card_part(rng, order)
        if declined and rng.randrange(3) == 0:
            # Nobody came back to pay; the shop closes the order after two days.
            order.payments = [_payment(method, amounts.total, "failed", None)]
            self._promise(rng, order, 0)
            self._cancel(order, placed_at + timedelta(days=2, minutes=rng.randrange(60)))
            return order
        if approved_at >= self.before:
            order.payments = [_payment(method, amounts.total, "failed", None)] if declined else []
            self._promise(rng, order, 0)
            return order
        order.approved_at, order.state = approved_at, "approved"
        order.payments = self._captured(order, method, gift_card_part)
        if declined:
            order.payments.append(_payment(method, amounts.total, "failed", None))
        if cancelled or self._happens(rng, "unavailable"):
            self._promise(rng, order, 0)
            self._call_off(rng, order, "cancelled" if cancelled else "unavailable")
            return order
        if not goods:
            order.state = "delivered"
            return order
        self._dispatch(rng, order, goods)
        self._give_back(rng, order)
        return order

    def _bought_in_store(self, rng: random.Random, person: Person, placed_at: datetime, choices: list[Choice]) -> Order:
        store = self._store_near(person)
        assert store is not None  # noqa: S101 - the caller asked
        day = placed_at.astimezone(zone(store.timezone)).date()
        at = local_moment(day, rng.randint(11 * 60, 16 * 60 + 30), store.timezone)
        at = at if at < self.before else at - timedelta(days=1)
        amounts = amounts_of(person, choices, shipped=False)
        order = Order(person, at, choices, amounts, "delivered", None, channel="store", approved_at=at)
        order.payments = self._captured(order, self._method(rng, person), 0)
        return order

    def _happens(self, rng: random.Random, mishap: str) -> bool:
        return rng.randrange(1000) < self.settings.shop.mishaps[mishap]

    def _store_near(self, person: Person) -> StoreSetting | None:
        """The store in the person's city, else the country's first one."""
        stores = [store for store in self.settings.stores if store.country == person.country]
        return next((store for store in stores if store.city == person.home.place.city), stores[0] if stores else None)

    def _method(self, rng: random.Random, person: Person) -> SavedMethod:
        saved = [method for method in person.methods if method.kind != "gift_card"]
        if saved:
            return saved[0] if rng.randrange(100) < 75 else rng.choice(saved)
        methods = person.market.methods
        key = rng.choices(list(methods), list(methods.values()))[0]
        setting = self.settings.shop.methods[key]
        last4 = f"{rng.randrange(10000):04d}" if setting.kind != "wallet" else None
        return SavedMethod("", key, setting.kind, setting.brand, last4)

    def _approval(self, rng: random.Random, order: Order, method: SavedMethod, *, declined: bool) -> datetime:
        minutes = rng.randint(1, 12)
        if method.kind == "bank":
            minutes = rng.randint(20 * 60, 52 * 60)
        if declined:
            minutes += rng.randint(5, 600)
        return order.placed_at + timedelta(minutes=minutes, seconds=rng.randrange(60))

    def _gift_card_part(self, rng: random.Random, order: Order) -> int:
        if order.person.saved("gift_card") is None or not self._happens(rng, "gift_card_part"):
            return 0
        return order.amounts.total * rng.choice((2, 3, 5, 10)) // 10

    def _captured(self, order: Order, method: SavedMethod, gift_card_part: int) -> list[Payment]:
        total = order.amounts.total
        card = order.person.saved("gift_card")
        payments = []
        if card is not None and gift_card_part > 0:
            payments.append(_payment(card, gift_card_part, "captured", order.approved_at))
            total -= gift_card_part
        if total > 0:
            instalments = 3 if method.kind == "card" and total >= 4 * order.person.market.shipping.free_from else None
            payments.append(_payment(method, total, "captured", order.approved_at, instalments))
        return payments

    def _promise(self, rng: random.Random, order: Order, extra: int) -> None:
        placed = order.placed_at.astimezone(zone(order.person.home.timezone)).date()
        order.promised_on = working_days_later(placed, rng.choice(order.person.market.promise_days) + extra)

    def _call_off(self, rng: random.Random, order: Order, how: str) -> None:
        assert order.approved_at is not None  # noqa: S101 - only what is paid is called off here
        at = order.approved_at + timedelta(
            minutes=rng.randint(8, 9 * 60) if how == "cancelled" else rng.randint(600, 2800)
        )
        if at >= self.before:
            return
        if how == "cancelled":
            self._cancel(order, at)
        else:
            order.state = "unavailable"
        reason = rng.choice(self.settings.shop.refund_reasons[how])
        requested = at + timedelta(minutes=rng.randint(1, 90))
        self.refund(rng, order, order.amounts.total, "original", reason, requested, days=(1, 6))

    def _cancel(self, order: Order, at: datetime) -> None:
        if at < self.before:
            order.cancelled_at, order.state = at, "cancelled"

    def _dispatch(self, rng: random.Random, order: Order, goods: list[int]) -> None:
        """Packs the order into one or two parcels and lets them travel up to now."""
        assert order.approved_at is not None  # noqa: S101 - only what is paid is packed
        person = order.person
        collect = rng.randrange(100) < person.market.collect_share
        store = self._store_near(person) if collect else None
        split = store is None and len(goods) > 1 and self._happens(rng, "split_parcels")
        loads = [goods[: len(goods) // 2], goods[len(goods) // 2 :]] if split else [goods]
        carriers = [self._carrier(rng, person, store) for _ in loads]
        self._promise(rng, order, max(self.settings.carriers[carrier].promise_extra for carrier in carriers))
        ready = order.approved_at
        planned = []
        for carrier, load in zip(carriers, loads, strict=True):
            route = Route(
                self.settings,
                self.settings.carriers[carrier],
                person.home,
                store.name.en if store is not None else None,
            )
            scans = journey(rng, route, ready, self._mishap(rng))
            planned.append(scans)
            self.add_parcel(rng, order, carrier, load, [scan for scan in scans if scan.at < self.before], route)
            ready = next_moment(rng, ready, route.timezone("origin"), ("09:00", "17:00"), days=1)
        order.state = self._progress(order, planned)

    def _carrier(self, rng: random.Random, person: Person, store: StoreSetting | None) -> str:
        if store is not None:
            return "store-van-cn" if person.country == "CN" else "store-van"
        return rng.choices(list(person.market.carriers), list(person.market.carriers.values()))[0]

    def _mishap(self, rng: random.Random) -> Mishap:
        names: tuple[tuple[str, Mishap], ...] = (
            ("late_parcel", "late"),
            ("delivery_attempted", "attempted"),
            ("held_at_pickup_point", "pickup_point"),
            ("returned_to_sender", "returned"),
            ("lost", "lost"),
        )
        drawn = rng.randrange(1000)
        for name, mishap in names:
            drawn -= self.settings.shop.mishaps[name]
            if drawn < 0:
                return mishap
        return None

    def _progress(self, order: Order, planned: list[list[Scan]]) -> str:
        """The order's state from its parcels' plans: the future is not known yet."""
        if order.parcels:
            arrived = sum(parcel.state == "delivered" for parcel in order.parcels)
            return "delivered" if arrived == len(planned) else "shipped"
        if any(scans[0].at < self.before for scans in planned):
            return "processing"
        assert order.approved_at is not None  # noqa: S101 - see _dispatch
        return "invoiced" if self.before - order.approved_at > timedelta(hours=10) else "approved"

    def add_parcel(
        self, rng: random.Random, order: Order, carrier: str, lines: Sequence[int], scans: list[Scan], route: Route
    ) -> None:
        """Adds a parcel once the carrier has it; a label alone is no parcel yet."""
        if not any(scan.code != "label_created" for scan in scans):
            return
        assert order.promised_on is not None  # noqa: S101 - promised before it was packed
        pattern = route.carrier.tracking
        order.parcels.append(
            Parcel(
                carrier=route.carrier.name,
                service=route.carrier.service,
                tracking_number=self._tracking.draw(rng, [pattern]) if pattern is not None else None,
                lines=[(number, order.choices[number - 1].quantity) for number in lines],
                scans=scans,
                promised_on=order.promised_on,
            )
        )

    def _give_back(self, rng: random.Random, order: Order) -> None:
        """Refunds for lost and returned parcels, and for goods sent back."""
        for parcel in order.parcels:
            if parcel.state == "returned" or parcel.scans[-1].description in self._lost_words():
                amount = sum(self.line_value(order, number) for number, _ in parcel.lines)
                requested = parcel.scans[-1].at + timedelta(days=rng.randint(1, 3), minutes=rng.randrange(600))
                reason = (
                    rng.choice(self.settings.shop.refund_reasons["lost"])
                    if parcel.state == "exception"
                    else "returned to sender"
                )
                self.refund(rng, order, amount, "original", reason, requested, days=(2, 6))
                return
        if order.state != "delivered":
            return
        worn = [n for n, choice in enumerate(order.choices, 1) if choice.item.product.fit is not None]
        kind = "return_worn" if worn and self._happens(rng, "return_worn") else "return_other"
        if kind == "return_other" and not self._happens(rng, "return_other"):
            return
        goods = [n for n, choice in enumerate(order.choices, 1) if choice.item.product.kind == "item"]
        back = rng.choice(worn if kind == "return_worn" else goods)
        numbers = goods if rng.randrange(100) < 20 else [back]
        arrived = max(parcel.scans[-1].at for parcel in order.parcels)
        requested = arrived + timedelta(days=rng.randint(2, 16), minutes=rng.randrange(1440))
        target = "gift_card" if order.person.saved("gift_card") is not None and rng.randrange(3) == 0 else "original"
        reason = rng.choice(self.settings.shop.refund_reasons[kind])
        amount = sum(self.line_value(order, number) for number in numbers)
        self.refund(rng, order, amount, target, reason, requested, days=(4, 12))

    def _lost_words(self) -> tuple[str, str]:
        lost = self.settings.tracking_pages.notes["lost"]
        return lost.en, lost.zh

    # -- shared with stories -------------------------------------------------------------------------------------------

    def line_value(self, order: Order, number: int) -> int:
        """What was paid for a line: its total less its share of the discount, minor units."""
        total = order.line_totals[number - 1]
        return total - share(order.amounts.discount, total, order.amounts.subtotal)

    def pay(self, rng: random.Random, order: Order, approved_at: datetime, gift_card_part: int) -> None:
        """Marks an order as paid."""
        order.approved_at, order.state = approved_at, "approved"
        order.payments = self._captured(order, self._method(rng, order.person), gift_card_part)

    def fail_payment(self, rng: random.Random, order: Order) -> None:
        """Notes a payment that was declined."""
        order.payments = [_payment(self._method(rng, order.person), order.amounts.total, "failed", None)]

    def refund(
        self,
        rng: random.Random,
        order: Order,
        amount: int,
        target: str,
        reason: str,
        requested_at: datetime,
        *,
        days: tuple[int, int],
    ) -> None:
        """Asks for `amount` back at `requested_at`; it is paid some `days` later, if that is past."""
        if requested_at >= self.before:
            return
        paid_at = requested_at + timedelta(days=rng.randint(*days), minutes=rng.randrange(-300, 300))
        waiting = "pending" if self.before - requested_at > timedelta(hours=30) else "requested"
        state = "paid" if paid_at < self.before else waiting
        self.add_refunds(order, amount, target, reason, requested_at, paid_at if state == "paid" else None, state)

    def add_refunds(
        self,
        order: Order,
        amount: int,
        target: str,
        reason: str,
        requested_at: datetime,
        paid_at: datetime | None,
        state: str,
    ) -> None:
        """Adds refunds of `amount` in all: from the largest payment first, never more than was paid by it."""
        captured = [(n, payment) for n, payment in enumerate(order.payments) if payment.state == "captured"]
        for number, payment in sorted(captured, key=lambda pair: -pair[1].amount):
            part = min(amount, payment.amount)
            if part <= 0:
                break
            order.refunds.append(Refund(number, part, target, state, reason, requested_at, paid_at))
            amount -= part


def _payment(
    method: SavedMethod, amount: int, state: str, paid_at: datetime | None, instalments: int | None = None
) -> Payment:
    saved = method.external_id or None
    return Payment(method.kind, method.brand, method.last4, saved, amount, state, paid_at, instalments)


def order_records(settings: DemoSettings, order: Order) -> dict[str, list[Record]]:
    """One order with all that belongs to it, in canonical form."""
    source, person, amounts = settings.shop.source, order.person, order.amounts
    home = person.home
    own = {"source": source, "order_external_id": order.external_id}
    currency = person.market.currency
    delivered = order.channel == "web"
    records: dict[str, list[Record]] = {
        "orders": [
            ORDERS.record(
                source=source,
                external_id=order.external_id,
                number=order.number,
                customer_external_id=person.external_id,
                sales_channel=order.channel,
                state=order.state,
                source_state=settings.shop.source_states[order.state],
                placed_at=order.placed_at,
                approved_at=order.approved_at,
                cancelled_at=order.cancelled_at,
                timezone=home.timezone,
                currency=currency,
                subtotal_minor=amounts.subtotal,
                shipping_minor=amounts.shipping,
                discount_minor=amounts.discount,
                tax_minor=amounts.tax,
                total_minor=amounts.total,
                promised_on=order.promised_on,
                contact_name=person.name,
                contact_email=person.email,
                contact_phone=person.phone,
                **({"recipient": person.name, **home.fields} if delivered else {}),
            )
        ]
    }
    placed_on = order.placed_at.astimezone(zone(home.timezone)).date()
    ship_by = local_moment(working_days_later(placed_on, 2), 18 * 60, home.timezone) if delivered else None
    records["order_lines"] = [
        ORDER_LINES.record(
            **own,
            line_number=number,
            kind=choice.item.product.kind,
            sku=choice.item.sku,
            title=choice.item.product.name.en,
            options=choice.item.options,
            quantity=choice.quantity,
            unit_price_minor=choice.item.prices[person.country],
            total_minor=total,
            ship_by=ship_by if choice.item.product.kind == "item" else None,
        )
        for number, (choice, total) in enumerate(zip(order.choices, order.line_totals, strict=True), 1)
    ]
    records["payments"] = [
        PAYMENTS.record(
            **own,
            external_id=f"pay-{number}",
            method=payment.method,
            brand=payment.brand,
            last4=payment.last4,
            payment_method_external_id=payment.saved,
            amount_minor=payment.amount,
            currency=currency,
            instalments=payment.instalments,
            state=payment.state,
            paid_at=payment.paid_at,
        )
        for number, payment in enumerate(order.payments, 1)
    ]
    records["refunds"] = [
        REFUNDS.record(
            **own,
            external_id=f"ref-{number}",
            payment_external_id=f"pay-{refund.payment + 1}",
            amount_minor=refund.amount,
            currency=currency,
            target=refund.target,
            state=refund.state,
            reason=refund.reason,
            requested_at=refund.requested_at,
            paid_at=refund.paid_at,
        )
        for number, refund in enumerate(order.refunds, 1)
    ]
    return records | _shipment_records(order, own)


def _shipment_records(order: Order, own: dict[str, str]) -> dict[str, list[Record]]:
    shipments: list[Record] = []
    lines: list[Record] = []
    scans: list[Record] = []
    for number, parcel in enumerate(order.parcels, 1):
        mine = own | {"shipment_external_id": f"parcel-{number}"}
        shipments.append(
            SHIPMENTS.record(
                **own,
                external_id=f"parcel-{number}",
                carrier=parcel.carrier,
                tracking_number=parcel.tracking_number,
                service=parcel.service,
                state=parcel.state,
                handed_over_at=parcel.first("handed_over"),
                delivered_at=parcel.first("delivered"),
                promised_on=parcel.promised_on,
            )
        )
        lines.extend(SHIPMENT_LINES.record(**mine, line_number=line, quantity=count) for line, count in parcel.lines)
        scans.extend(
            SCAN_EVENTS.record(
                **mine, sequence=sequence, at=scan.at, code=scan.code, place=scan.place, description=scan.description
            )
            for sequence, scan in enumerate(parcel.scans, 1)
        )
    return {"shipments": shipments, "shipment_lines": lines, "scan_events": scans}
