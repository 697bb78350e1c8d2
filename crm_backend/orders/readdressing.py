"""`order.address`: where, to whom, with which phone number and note an order is delivered, before it is sent."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, JsonValue, StringConstraints, model_validator

from crm_backend.changes.kind import ChangeKind, Details, Offer, OrderNumber, Outcome, Refusal, Words
from crm_backend.changes.unit import Unit
from crm_backend.normalise import clean_text
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of, remaining
from crm_backend.orders.untouched import check_untouched
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

ADDRESS = "order.address"
"""The kind of effect that tells the warehouse."""

_COLUMNS = {
    "recipient": "recipient",
    "phone": "contact_phone",
    "line1": "line1",
    "line2": "line2",
    "district": "district",
    "city": "city",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "note": "delivery_note",
}
"""Fields of the details and the columns of the order that hold them."""

_PLACE = ("line1", "line2", "district", "city", "region", "postcode", "country")


class AddressDetails(Details):
    """What is to be different; what is not given stays. A new `line1` is a new place: parts of the old are dropped."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in _COLUMNS]
        }
    )

    order: OrderNumber
    recipient: Words | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^[+(]?[0-9][0-9 ()./-]{1,38}[0-9]$")] | None = None
    line1: Words | None = None
    line2: Words | None = None
    district: Words | None = None
    city: Words | None = None
    region: Words | None = None
    postcode: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,19}$")] | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    note: Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=500)] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.given():
            raise ValueError(f"give at least one of {', '.join(_COLUMNS)}")
        return self

    def given(self) -> dict[str, str]:
        """The fields that were given, cleaned."""
        values = {name: clean_text(getattr(self, name)) for name in _COLUMNS}
        return {name: value for name, value in values.items() if value is not None}


class ChangeAddress(ChangeKind[AddressDetails]):
    """The kind."""

    name = "order.address"
    details = AddressDetails
    terms = ChangeTerms(level="order")

    def offer(self, unit: Unit, details: AddressDetails) -> Offer:
        """The fields that would be different. What stood there before is not told: a proof of one order is not enough
        to read its address.
        """
        rules = unit.policies.cancellation
        order = unit.find_order(details.order)
        given = details.given()
        if order.state == "cancelled":
            raise Refusal("already_cancelled")
        if order.state == "delivered":
            raise Refusal("already_delivered")
        parts = remaining(unit.session, order, lines_of(unit.session, order.id)).values()
        if order.state == "shipped" or any(part.sent for part in parts):
            raise Refusal("already_dispatched", alternatives=[OfferLine(key="ask_carrier")])
        check_untouched(unit, order, address=True)
        if order.state not in rules.address_states:
            raise Refusal("state_not_changeable", values={"state": order.state})
        country = given.get("country", order.country)
        if rules.address_within_country and order.country is not None and country != order.country:
            raise Refusal(
                "address_in_other_country",
                values={"country": order.country},
                alternatives=[OfferLine(key="cancel_and_order_anew")],
            )
        new: dict[str, str | None] = dict(given)
        if "line1" in given:
            kept = {"country"}
            if not {"city", "postcode"} & given.keys():
                # Another door in the same street or town.
                kept |= {"district", "city", "region", "postcode"}
            new = {**{name: None for name in _PLACE if name not in kept}, **given}
        changed = {name: value for name, value in new.items() if getattr(order, _COLUMNS[name]) != value}
        if not changed:
            raise Refusal("nothing_would_change")
        fields: dict[str, JsonValue] = dict(changed)
        # Of a place that changes all of what was given is told, also what is as before: its state, its town.
        given_place = given.keys() & (set(_PLACE) - {"country"}) if changed.keys() & set(_PLACE) else set()
        told = {name: value for name, value in new.items() if name in changed or name in given_place}
        return Offer(
            order_id=order.id,
            lines=[
                OfferLine(key=f"{name}_changed" if value is not None else f"{name}_removed", values={"value": value})
                for name, value in told.items()
                if value is not None or name in details.model_fields_set or getattr(order, _COLUMNS[name]) is not None
            ],
            values={"order": order.number},
            plan={"fields": fields},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: AddressDetails, offer: Offer) -> Outcome:
        """Write it, and tell the warehouse the whole new address."""
        order = unit.session.get_one(Order, offer.order_id)
        fields = offer.plan["fields"]
        assert isinstance(fields, dict)  # noqa: S101 - as `offer` made it
        for name, value in fields.items():
            setattr(order, _COLUMNS[name], value)
        unit.touch(order)
        unit.effect(
            ADDRESS,
            order_id=order.id,
            payload={name: getattr(order, column) for name, column in _COLUMNS.items()},
        )
        names: list[JsonValue] = [*sorted(fields)]
        unit.audit("order.readdressed", "order", str(order.id), {"fields": names})
        return Outcome(values={"order": order.number})
