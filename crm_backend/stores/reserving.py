"""`store.reserve` and `store.cancel_reservation`: having goods kept in a store, and giving them back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit, new_id
from crm_backend.normalise import sku_key
from crm_backend.policies.changes import ChangeTerms
from crm_backend.products import repository as products
from crm_backend.stores import hours, repository, reservations
from crm_backend.stores.models import HELD, Reservation, Stock, Store
from crm_backend.stores.names import store_name
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound

RESERVE = "store.reserve"
RELEASE = "store.release"
OTHER_STORES = 3
"""Named in a refusal."""


class ReserveDetails(Details):
    """What to keep where."""

    store: str = Field(min_length=1, max_length=200, description="The store's external id.")
    sku: str = Field(min_length=1, max_length=100)
    quantity: int = Field(default=1, ge=1, le=1000)
    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")


class Reserve(ChangeKind[ReserveDetails]):
    """Keep goods in a store until they are fetched or the time is up."""

    name = "store.reserve"
    details = ReserveDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ReserveDetails) -> Offer:
        """From which stock row, and until when."""
        rules = unit.policies.stores.reservations
        customer = customer_of(unit, details.order)
        if not rules.enabled:
            raise Refusal("reservations_not_offered")
        store = repository.find_store(unit.session, details.store)
        sold = products.find_variant(unit.session, details.sku)
        problems = [
            FieldProblem(field=f"body.details.{field}", message="there is no such thing in this shop")
            for field, found in (("store", store), ("sku", sold))
            if found is None
        ]
        if store is None or sold is None:
            raise InvalidInput(errors=problems)
        if details.quantity > rules.maximum_quantity:
            raise Refusal(
                "too_many_to_reserve",
                values={"maximum": rules.maximum_quantity},
                alternatives=[OfferLine(key="reserve_fewer", values={"quantity": rules.maximum_quantity})],
            )
        if reservations.open_of(unit.session, customer.id, unit.now) >= rules.maximum_open:
            raise Refusal("too_many_reservations", values={"maximum": rules.maximum_open})
        stock, available = _best_row(unit, store, details.sku)
        if stock is None or available < details.quantity:
            raise Refusal(
                "not_enough_in_store", values={"available": available}, alternatives=_elsewhere(unit, store, details)
            )
        hold_until = _hold_until(store, unit.now + timedelta(hours=rules.hold_hours))
        return Offer(
            lines=[
                OfferLine(
                    key="goods_reserved",
                    values={"sku": sold.variant.sku, "quantity": details.quantity, "store": store.external_id},
                )
            ],
            notes=[OfferLine(key="held_until", values={"at": hold_until.isoformat(), "timezone": store.timezone})],
            values={"store_name": store_name(store, unit.access.language), "product": sold.product.external_id},
            plan={
                "stock_id": stock.id,
                "store_id": store.id,
                "variant_id": sold.variant.id,
                # As it is spelled there: of two spellings in one store, the row that gave them gets them back.
                "sku": stock.sku,
                "hold_until": hold_until.isoformat(),
                "customer_id": customer.id,
            },
        )

    def carry_out(self, unit: Unit, details: ReserveDetails, offer: Offer) -> Outcome:
        """Take them from the shelf, or void the offer when somebody was quicker."""
        plan = offer.plan
        store = unit.session.get_one(Store, plan["store_id"])
        reservations.expire(unit.session, unit.now, store_id=store.id, sku=details.sku)
        hold_until = datetime.fromisoformat(str(plan["hold_until"]))
        if hold_until <= unit.now or not reservations.take(unit.session, int(str(plan["stock_id"])), details.quantity):
            raise ProposalVoid
        reservation = Reservation(
            public_id=new_id("res"),
            store_id=store.id,
            sku=str(plan["sku"]),
            variant_id=plan["variant_id"],
            quantity=details.quantity,
            customer_id=plan["customer_id"],
            state="reserved",
            hold_until=hold_until,
            created_at=unit.now,
        )
        unit.session.add(reservation)
        unit.session.flush()
        unit.effect(
            RESERVE,
            payload={
                "reservation": reservation.public_id,
                "store": store.external_id,
                "sku": reservation.sku,
                "quantity": reservation.quantity,
                "hold_until": hold_until.isoformat(),
            },
        )
        unit.audit(
            "store.reserved", "reservation", reservation.public_id, {"sku": reservation.sku, "store": store.external_id}
        )
        return Outcome(values={"reservation": reservation.public_id, "hold_until": hold_until.isoformat()})


def _best_row(unit: Unit, store: Store, sku: str) -> tuple[Stock | None, int]:
    """The stock row with the most to be had (two spellings of a SKU may have one each), and how many that are."""
    row = unit.session.scalars(
        select(Stock)
        .where(Stock.store_id == store.id, Stock.sku_key == sku_key(sku))
        .order_by((Stock.quantity - Stock.reserved).desc(), Stock.id)
        .limit(1)
    ).first()
    if row is None:
        return None, 0
    overdue = reservations.overdue(unit.session, store.id, sku, unit.now)
    return row, max(row.quantity - max(row.reserved - overdue, 0), 0)


def _elsewhere(unit: Unit, here: Store, details: ReserveDetails) -> list[OfferLine]:
    held = repository.quantities(unit.session, details.sku)
    stores = {store.id: store for store in repository.all_stores(unit.session)}
    enough = sorted(
        ((quantity, stores[store]) for store, quantity in held.items() if quantity >= details.quantity),
        key=lambda pair: (pair[1].country != here.country, pair[1].region != here.region, -pair[0], pair[1].id),
    )
    return [
        OfferLine(
            key="reserve_in_other_store",
            values={
                "store": store.external_id,
                "store_name": store_name(store, unit.access.language),
                "quantity": quantity,
            },
        )
        for quantity, store in enough
        if store.id != here.id
    ][:OTHER_STORES]


def _hold_until(store: Store, until: datetime) -> datetime:
    """That moment, or the end of the next opening where the store is closed then."""
    zone = ZoneInfo(store.timezone)
    then = hours.standing(store.opening_hours, zone, until)
    if then.open_now or then.opens_at is None:
        return until
    return hours.standing(store.opening_hours, zone, then.opens_at).closes_at or until


class CancelDetails(Details):
    """Which reservation."""

    reservation: str = Field(pattern=r"^res_[a-z0-9]{1,64}$")
    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")


class CancelReservation(ChangeKind[CancelDetails]):
    """Give back what is kept."""

    name = "store.cancel_reservation"
    details = CancelDetails
    terms = ChangeTerms(level="customer", no_confirmation=True)

    def offer(self, unit: Unit, details: CancelDetails) -> Offer:
        """The reservation, while it is held."""
        customer = customer_of(unit, details.order)
        reservation = reservations.find(unit.session, details.reservation, customer_id=customer.id)
        if reservation is None:
            raise NotFound
        if reservation.state not in HELD:
            raise Refusal("reservation_is_over", values={"state": reservation.state})
        return Offer(
            lines=[
                OfferLine(
                    key="reservation_cancelled", values={"sku": reservation.sku, "quantity": reservation.quantity}
                )
            ],
            plan={"id": reservation.id},
        ).rests_on(reservation)

    def carry_out(self, unit: Unit, details: CancelDetails, offer: Offer) -> Outcome:
        """Put it back on the shelf."""
        reservation = unit.session.get_one(Reservation, offer.plan["id"])
        reservations.settle(unit.session, reservation, "cancelled", unit.now)
        unit.effect(RELEASE, payload={"reservation": reservation.public_id})
        unit.audit("store.reservation_cancelled", "reservation", reservation.public_id)
        return Outcome(values={"reservation": reservation.public_id})
