"""`return.add_tracking` and `return.cancel`: what a shopper may still do about a return that is open."""

from __future__ import annotations

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.policies.changes import ChangeTerms
from crm_backend.returns import repository, settling
from crm_backend.returns.models import Return
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound

_NUMBER = Field(min_length=1, max_length=40, description="The return's number, as typed.")
ASK_A_PERSON = OfferLine(key="ask_a_person")


class TrackingDetails(Details):
    """Which parcel it is in."""

    number: str = _NUMBER
    carrier: str | None = Field(default=None, min_length=1, max_length=100)
    tracking_number: str = Field(min_length=4, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]+$")


class AddTracking(ChangeKind[TrackingDetails]):
    """Telling the number of one's own parcel, or correcting it."""

    name = "return.add_tracking"
    details = TrackingDetails
    terms = ChangeTerms(level="order", no_confirmation=True)

    def offer(self, unit: Unit, details: TrackingDetails) -> Offer:
        """The parcel."""
        returned, order = _find(unit, details.number)
        if returned.state == "requested":
            raise Refusal("return_not_approved_yet", values={"return": returned.number})
        if returned.state not in {"approved", "in_transit"}:
            raise Refusal("return_past_sending", values={"return": returned.number, "state": returned.state})
        if returned.send_by is not None and returned.state == "approved" and unit.now > returned.send_by:
            raise Refusal(
                "send_window_over",
                values={"return": returned.number, "until": returned.send_by.isoformat()},
                alternatives=[ASK_A_PERSON],
            )
        parcel: dict[str, JsonValue] = {
            "return": returned.number,
            "carrier": details.carrier,
            "tracking_number": details.tracking_number,
        }
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="return_tracking_added", values=parcel)],
            values={"return": returned.number},
            plan={"return_id": returned.id},
        ).rests_on(returned)

    def carry_out(self, unit: Unit, details: TrackingDetails, offer: Offer) -> Outcome:
        """Note it, and tell the warehouse."""
        returned, order = _planned(unit, offer)
        settling.on_the_way(unit, order, returned, details.carrier, details.tracking_number)
        return Outcome(values={"return": returned.number, "state": returned.state})


class WithdrawDetails(Details):
    """Which return."""

    number: str = _NUMBER


class CancelReturn(ChangeKind[WithdrawDetails]):
    """Keeping the goods after all."""

    name = "return.cancel"
    details = WithdrawDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: WithdrawDetails) -> Offer:
        """That nothing comes back, and that what was charged for an exchange does."""
        returned, order = _find(unit, details.number)
        values: dict[str, JsonValue] = {"return": returned.number}
        if returned.state == "cancelled":
            raise Refusal("return_already_cancelled", values=values)
        if returned.settled_at is not None:
            raise Refusal("return_already_paid", values=values, alternatives=[ASK_A_PERSON])
        if returned.state not in {"requested", "approved"}:
            raise Refusal(
                "return_already_sent", values={**values, "state": returned.state}, alternatives=[ASK_A_PERSON]
            )
        if returned.kind == "exchange" and unit.policies.returns.exchange.ship == "at_once":
            raise Refusal("exchange_already_sent", values=values, alternatives=[ASK_A_PERSON])
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="return_cancelled", values={**values, "order": order.number})],
            moves=settling.moves_to(unit, order, returned.charge_minor, returned.target or "original"),
            values=values,
            plan={"return_id": returned.id},
        ).rests_on(returned, order)

    def carry_out(self, unit: Unit, details: WithdrawDetails, offer: Offer) -> Outcome:
        """Let go of everything."""
        returned, order = _planned(unit, offer)
        settling.withdraw(unit, order, returned)
        return Outcome(values={"return": returned.number, "state": returned.state})


def _find(unit: Unit, number: str) -> tuple[Return, Order]:
    returned = repository.find_return(unit.session, unit.access, number)
    if returned is None:
        raise NotFound
    return returned, unit.session.get_one(Order, returned.order_id)


def _planned(unit: Unit, offer: Offer) -> tuple[Return, Order]:
    returned = unit.session.get_one(Return, offer.plan["return_id"], populate_existing=True)
    return returned, unit.session.get_one(Order, returned.order_id)
