"""`shipment.instruct`: another day or place for a parcel, or keeping it back: what carriers and people decide.

The wish goes to the carrier as a request, and to a person who sees that it is answered in time. A new address for an
order that was not sent yet is `order.address`.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, Refusal, Words
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.policies.changes import ChangeTerms
from crm_backend.shipments.repository import parcels_of
from shopdesk_schemas.changes import OfferLine

INSTRUCT = "carrier.instruct"
"""Effect: ask the carrier for it; only for parcels that are with one."""

CASE = "delivery_wish"
"""The kind of case: a person sees what can be done, and says so."""


class InstructionDetails(Details):
    """What is wished for."""

    order: OrderNumber
    wish: Literal["day", "place", "hold", "other"] = Field(
        default="other", description="Another day or time; left somewhere or redirected; kept for collection."
    )
    on: date | None = Field(default=None, description="The day that is wished for.")
    description: Words = Field(description="In the shopper's words.")


class InstructDelivery(ChangeKind[InstructionDetails]):
    """The kind. Nothing is promised, so nothing is confirmed."""

    name = "shipment.instruct"
    details = InstructionDetails
    terms = ChangeTerms(level="order", no_confirmation=True)

    def offer(self, unit: Unit, details: InstructionDetails) -> Offer:
        """That it is passed on, and until when there is an answer."""
        order = unit.find_order(details.order)
        if order.state == "cancelled":
            raise Refusal("already_cancelled")
        parcels = [one.shipment for one in parcels_of(unit.session, order.id)]
        moving = [one for one in parcels if one.delivered_at is None and one.state not in {"delivered", "returned"}]
        if order.state == "delivered" or (parcels and not moving):
            raise Refusal("already_delivered", alternatives=[OfferLine(key="claim_not_received")])
        if details.on is not None and details.on < unit.now.date():
            raise Refusal("day_is_over", values={"on": details.on.isoformat()})
        values: dict[str, JsonValue] = {
            "order": order.number,
            "wish": details.wish,
            "on": details.on.isoformat() if details.on else None,
        }
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="delivery_wish", values=values)],
            notes=[OfferLine(key="person_answers", values={"hours": unit.policies.cases.hours(CASE)})],
            values=values,
            plan={"parcels": [one.external_id for one in moving]},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: InstructionDetails, offer: Offer) -> Outcome:
        """Pass it on."""
        order = unit.session.get_one(Order, offer.order_id)
        parcels = offer.plan["parcels"]
        assert isinstance(parcels, list)  # noqa: S101 - as `offer` made it
        wished: dict[str, JsonValue] = {"wish": details.wish, "on": offer.values["on"]}
        for parcel in parcels:
            unit.effect(INSTRUCT, order_id=order.id, payload={"shipment": parcel, **wished})
        unit.open_case(
            CASE,
            order_id=order.id,
            customer_id=order.customer_id,
            details={**wished, "description": details.description},
            links=[("shipment", str(parcel)) for parcel in parcels],
        )
        unit.touch(order)
        told: dict[str, JsonValue] = {"order": order.number, "description": details.description}
        return Outcome(values=told if parcels else {**told, "state": "unsent"})
