"""What the shop's desk keeps: returns, claims, invoices, goods put aside; and what members have: consents, points,
vouchers.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.customers import CONSENTS, LOYALTY_ENTRIES, VOUCHERS
from crm_backend.pipeline.canonical.service import (
    CHASES,
    CLAIMS,
    INVOICES,
    RESERVATIONS,
    RETURN_LINES,
    RETURNS,
    STOCK_HOLDS,
)
from shopdesk.demo.calendar import local_moment, minute_of
from shopdesk.demo.catalogue import Catalogue
from shopdesk.demo.orders import Order
from shopdesk.demo.people import Person
from shopdesk.demo.settings import DemoSettings, DeskReturn, Moment, ReturnStep

_CONSENTING = 55
"""Of a hundred accounts, how many said something about marketing."""
_WITH_VOUCHER = 12
"""Of a hundred accounts, how many have a voucher."""


def desk_records(
    settings: DemoSettings, catalogue: Catalogue, orders: Mapping[str, Order], people: Mapping[str, Person], day: date
) -> dict[str, list[Record]]:
    """What the desk has to do with the stories' orders, by story. Nothing in it is later than the day's beginning."""
    told = _Desk(settings, catalogue, orders, day)
    for number, spec in enumerate(settings.desk.returns, 1):
        told.add_return(number, spec)
    told.add_claims()
    told.add_invoices()
    told.add_reservations(people)
    return told.records


class _Desk:
    def __init__(self, settings: DemoSettings, catalogue: Catalogue, orders: Mapping[str, Order], day: date) -> None:
        self._settings = settings
        self._source = settings.shop.source
        self._catalogue = catalogue
        self._orders = orders
        self._day = day
        self.records: dict[str, list[Record]] = {
            kind.name: [] for kind in (RETURNS, RETURN_LINES, CLAIMS, CHASES, STOCK_HOLDS, RESERVATIONS, INVOICES)
        }

    def _at(self, when: Moment | None, person: Person) -> datetime | None:
        if when is None:
            return None
        return local_moment(self._day + timedelta(days=when[0]), minute_of(when[1]), person.home.timezone, 0)

    def add_return(self, number: int, spec: DeskReturn) -> None:
        """A return with its lines, and the goods put aside for an exchange."""
        order = self._orders[spec.order]
        own = {"source": self._source, "order_external_id": order.external_id}
        external_id = f"ret_demo{number:02d}"
        worth = sum(_worth(order, line, quantity) for line, quantity in spec.lines)
        at = {name: self._at(spec.reached.get(name), order.person) for name in _STEPS}
        approved = at["approved"]
        self.records["returns"].append(
            RETURNS.record(
                **own,
                external_id=external_id,
                number=f"R-{70000 + number}",
                kind=spec.kind,
                state=spec.state,
                reason=spec.reason,
                condition="as_new",
                currency=order.person.market.currency,
                goods_minor=worth if spec.kind == "refund" else 0,
                refund_minor=worth if spec.kind == "refund" else 0,
                target=spec.target if spec.kind == "refund" else None,
                method=spec.method,
                carrier=spec.carrier,
                tracking_number=spec.tracking_number,
                send_by=approved + timedelta(days=14) if approved is not None else None,
                refund_external_ids=" | ".join(f"ref-{place}" for place, _ in enumerate(order.refunds, 1)) or None,
                **{f"{name}_at": moment for name, moment in at.items()},
            )
        )
        for line, quantity in spec.lines:
            choice = order.choices[line - 1]
            wanted = self._catalogue.find(choice.item.product.code, spec.wanted) if spec.wanted else None
            price = wanted.prices[order.person.country] if wanted is not None else None
            self.records["return_lines"].append(
                RETURN_LINES.record(
                    **own,
                    return_external_id=external_id,
                    line_number=line,
                    quantity=quantity,
                    reason=spec.reason,
                    worth_minor=_worth(order, line, quantity),
                    share_minor=_worth(order, line, quantity),
                    accepted_quantity=quantity if at["inspected"] is not None else None,
                    found_condition="as_new" if at["inspected"] is not None else None,
                    new_sku=wanted.sku if wanted is not None else None,
                    new_unit_price_minor=price,
                    new_total_minor=price * quantity if price is not None else None,
                )
            )
            if wanted is not None and spec.kept_in is not None:
                self.records["stock_holds"].append(
                    STOCK_HOLDS.record(
                        **own,
                        external_id=f"hold_demo{number:02d}",
                        return_external_id=external_id,
                        store_external_id=spec.kept_in,
                        sku=wanted.sku,
                        quantity=quantity,
                        created_at=at["requested"],
                    )
                )

    def add_claims(self) -> None:
        """Claims about parcels, and carriers asked about them."""
        for number, spec in enumerate(self._settings.desk.claims, 1):
            order = self._orders[spec.order]
            self.records["claims"].append(
                CLAIMS.record(
                    source=self._source,
                    order_external_id=order.external_id,
                    external_id=f"claim_demo{number:02d}",
                    shipment_external_id="parcel-1",
                    kind=spec.kind,
                    state=spec.state,
                    resolution=spec.resolution,
                    quantities={str(line): quantity for line, quantity in spec.lines},
                    evidence={"description": spec.words},
                    currency=order.person.market.currency,
                    created_at=self._at(spec.made, order.person),
                    settled_at=self._at(spec.settled, order.person),
                )
            )
        for chase in self._settings.desk.chases:
            order = self._orders[chase.order]
            self.records["chases"].append(
                CHASES.record(
                    source=self._source,
                    order_external_id=order.external_id,
                    shipment_external_id="parcel-1",
                    asked_at=self._at(chase.at, order.person),
                )
            )

    def add_invoices(self) -> None:
        """Tax invoices over what was paid, gift cards left out."""
        for number, spec in enumerate(self._settings.desk.invoices, 1):
            order = self._orders[spec.order]
            paid = sum(payment.amount for payment in order.payments if payment.method != "gift_card")
            self.records["invoices"].append(
                INVOICES.record(
                    source=self._source,
                    order_external_id=order.external_id,
                    external_id=f"inv_demo{number:02d}",
                    type=spec.type,
                    title=spec.title or order.person.name,
                    tax_number=spec.tax_number,
                    email=order.person.email,
                    state=spec.state,
                    amount_minor=paid,
                    currency=order.person.market.currency,
                    number=spec.number,
                    requested_at=self._at(spec.requested, order.person),
                    issued_at=self._at(spec.issued, order.person),
                    sent_at=self._at(spec.sent, order.person),
                )
            )

    def add_reservations(self, people: Mapping[str, Person]) -> None:
        """Goods that stores keep for customers."""
        for number, spec in enumerate(self._settings.desk.reservations, 1):
            person = people[spec.person]
            made = self._at(spec.made, person)
            assert made is not None  # noqa: S101 - required by the settings
            self.records["reservations"].append(
                RESERVATIONS.record(
                    source=self._source,
                    store_external_id=spec.store,
                    external_id=f"rsv_demo{number:02d}",
                    customer_external_id=person.external_id,
                    sku=self._catalogue.find(*spec.item).sku,
                    quantity=spec.quantity,
                    state=spec.state,
                    hold_until=made + timedelta(days=spec.hold_days),
                    created_at=made,
                    settled_at=self._at(spec.settled, person),
                )
            )


_STEPS: tuple[ReturnStep, ...] = ("requested", "approved", "sent", "received", "inspected", "settled", "closed")


def _worth(order: Order, line: int, quantity: int) -> int:
    return order.line_totals[line - 1] * quantity // order.choices[line - 1].quantity


def returned_quantities(settings: DemoSettings, story: str) -> dict[int, int]:
    """How many of each line of a story's order count as given back."""
    return {
        line: quantity
        for spec in settings.desk.returns
        if spec.order == story and "settled" in spec.reached
        for line, quantity in spec.lines
    }


def member_records(
    settings: DemoSettings, person: Person, orders: list[Order], rng: random.Random, before: datetime
) -> dict[str, list[Record]]:
    """One account's consents, points and vouchers."""
    own = {"source": settings.shop.source, "customer_external_id": person.external_id}
    since = person.registered_at or before
    consents: list[Record] = []
    entries: list[Record] = []
    vouchers: list[Record] = []
    if rng.randrange(100) < _CONSENTING:
        for number, purpose in enumerate(("marketing", "personalisation"), 1):
            granted = rng.randrange(100) < 60
            consents.append(
                CONSENTS.record(
                    **own, external_id=f"cs-{number}", purpose=purpose,
                    channel="email" if purpose == "marketing" else None, granted=granted, at=since, origin="web form",
                )
            )  # fmt: skip
    rate = settings.desk.points_per_thousand[person.market.currency]
    for order in orders:
        points = order.amounts.total * rate // 1000
        if order.state == "delivered" and points > 0:
            at = max(
                (parcel.first("delivered") or order.placed_at for parcel in order.parcels), default=order.placed_at
            )
            entries.append(
                LOYALTY_ENTRIES.record(
                    **own, external_id=f"pt-{len(entries) + 1}", kind="earned", points=points, at=at,
                    order_number=order.number,
                )
            )  # fmt: skip
    earned = sum(entry["points"] for entry in entries)
    if earned > 200 and rng.randrange(100) < 40:
        spent = earned // 2 // 50 * 50
        entries.append(
            LOYALTY_ENTRIES.record(
                **own, external_id=f"pt-{len(entries) + 1}", kind="redeemed", points=-spent,
                at=before - timedelta(days=rng.randint(1, 60)),
            )
        )  # fmt: skip
    if rng.randrange(100) < _WITH_VOUCHER:
        code = "".join(rng.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))
        begun = before - timedelta(days=rng.randint(3, 80))
        vouchers.append(
            VOUCHERS.record(
                **own, external_id="vc-1", code=code, kind="percent", percent=rng.choice((10, 15, 20)),
                valid_from=begun, valid_until=begun + timedelta(days=90),
            )
        )  # fmt: skip
    return {"consents": consents, "loyalty_entries": entries, "vouchers": vouchers}
