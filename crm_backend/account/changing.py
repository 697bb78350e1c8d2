"""Changes of an account: profile, address book, consents.

A customer has no version to rest on, so an offer keeps what stood there, and is void when something else stands there.
"""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator
from sqlalchemy import select, update

from crm_backend.account.access import customer_of
from crm_backend.account.models import Address, Consent, Customer
from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.normalise import clean_text, restore_postcode
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound

CUSTOMER_CHANGED = "customer.changed"
"""Tells the shop's own system, without the words: it reads them from the CRM."""

MAXIMUM_ADDRESSES = 50

Words = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
AddressId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]

_PARTS = (
    "label", "recipient", "phone", "line1", "line2", "district", "city", "region", "postcode", "country"
)  # fmt: skip


class OfAccount(Details):
    """Base of these details."""

    order: str | None = Field(default=None, min_length=1, max_length=100, description="Whose, for agents: an order.")


def tell_shop(unit: Unit, customer: Customer, what: str) -> None:
    """Have the shop's own system told that something of the customer is different, and note it in the audit log."""
    unit.effect(
        CUSTOMER_CHANGED,
        payload={"source": customer.source, "external_id": customer.external_id, "what": what},
    )
    unit.audit(f"account.{what}_changed", "customer", str(customer.id))


def held_customer(unit: Unit, offer: Offer) -> Customer:
    """The customer, held against other writers. Raises ProposalVoid when they are gone."""
    query = select(Customer).where(Customer.id == offer.plan["customer_id"]).with_for_update()
    customer = unit.session.scalars(query).first()
    if customer is None:
        raise ProposalVoid
    return customer


# --- Profile ----------------------------------------------------------------------------------------------------


class ProfileDetails(OfAccount):
    """What is to be different. Contacts are not among it: they are what codes are sent to."""

    name: Words | None = None
    given_name: Words | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.name is None and self.given_name is None and self.language is None:
            raise ValueError("give at least one of name, given_name, language")
        return self


class ChangeProfile(ChangeKind[ProfileDetails]):
    """The kind."""

    name = "account.profile"
    details = ProfileDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ProfileDetails) -> Offer:
        """The fields that would be different."""
        customer = customer_of(unit, details.order)
        given = {name: clean_text(getattr(details, name)) for name in ("name", "given_name", "language")}
        after: dict[str, JsonValue] = {
            name: value for name, value in given.items() if value is not None and getattr(customer, name) != value
        }
        if not after:
            raise Refusal("nothing_would_change")
        return Offer(
            lines=[OfferLine(key=f"{name}_changed", values={"value": value}) for name, value in after.items()],
            plan={"customer_id": customer.id, "after": after, "before": {n: getattr(customer, n) for n in after}},
        )

    def carry_out(self, unit: Unit, details: ProfileDetails, offer: Offer) -> Outcome:
        """Write them."""
        customer = held_customer(unit, offer)
        before, after = plan_fields(offer, "before"), plan_fields(offer, "after")
        if any(getattr(customer, name) != value for name, value in before.items()):
            raise ProposalVoid
        for name, value in after.items():
            setattr(customer, name, value)
        tell_shop(unit, customer, "profile")
        return Outcome(values={"fields": [*sorted(after)]})


def plan_fields(offer: Offer, name: str) -> dict[str, Any]:
    """One part of an offer's plan, by field: what stood there, or what is to stand there."""
    fields = offer.plan[name]
    assert isinstance(fields, dict)  # noqa: S101 - as `offer` made it
    return fields


# --- Addresses --------------------------------------------------------------------------------------------------


class AddressDetails(OfAccount):
    """The parts of an address; those that are not given are not known, or stay."""

    label: Words | None = None
    recipient: Words | None = None
    phone: Annotated[str, StringConstraints(min_length=3, max_length=40)] | None = None
    line1: Words | None = None
    line2: Words | None = None
    district: Words | None = None
    city: Words | None = None
    region: Words | None = None
    postcode: Annotated[str, StringConstraints(min_length=1, max_length=20)] | None = None
    country: Country | None = None
    is_default: bool | None = None

    def parts(self, country: str | None) -> dict[str, str]:
        """What was given, cleaned."""
        values = {name: clean_text(getattr(self, name)) for name in _PARTS}
        values["postcode"] = restore_postcode(self.postcode, self.country or country)
        return {name: value for name, value in values.items() if value is not None}


class AddDetails(AddressDetails):
    """A new address: at least street and city."""

    line1: Words
    city: Words


class AddAddress(ChangeKind[AddDetails]):
    """The kind."""

    name = "account.address.add"
    details = AddDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: AddDetails) -> Offer:
        """The address as it would be kept."""
        customer = customer_of(unit, details.order)
        book = _book(unit, customer)
        if len(book) >= MAXIMUM_ADDRESSES:
            raise Refusal("address_book_is_full", values={"maximum": MAXIMUM_ADDRESSES})
        country = details.country or customer.country or unit.policies.shop.country
        parts: dict[str, JsonValue] = {**details.parts(country), "country": country}
        if any(all(getattr(known, name) == parts.get(name) for name in _PARTS if name != "label") for known in book):
            raise Refusal("address_is_there_already")
        default = bool(details.is_default) or not book
        return Offer(
            lines=[
                OfferLine(key="address_added", values={**parts, "is_default": default}),
                *([OfferLine(key="address_made_default", values={**parts})] if details.is_default else []),
            ],
            plan={"customer_id": customer.id, "parts": parts, "is_default": default},
        )

    def carry_out(self, unit: Unit, details: AddDetails, offer: Offer) -> Outcome:
        """Add it to the book."""
        customer = held_customer(unit, offer)
        address = Address(
            customer_id=customer.id, external_id=f"desk-{secrets.token_hex(8)}", **plan_fields(offer, "parts")
        )
        unit.session.add(address)
        unit.session.flush()
        if offer.plan["is_default"]:
            _make_default(unit, address)
        tell_shop(unit, customer, "address")
        return Outcome(values={"address": address.external_id})


class ChangeDetails(AddressDetails):
    """Which address, and what is to be different."""

    address: AddressId

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.is_default is None and not any(getattr(self, name) is not None for name in _PARTS):
            raise ValueError("give at least one part of the address")
        if self.is_default is False:
            raise ValueError("make another address the default instead")
        return self


class ChangeBookAddress(ChangeKind[ChangeDetails]):
    """The kind."""

    name = "account.address.change"
    details = ChangeDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ChangeDetails) -> Offer:
        """The parts that would be different."""
        customer = customer_of(unit, details.order)
        address = _find(unit, customer, details.address)
        given = details.parts(address.country)
        after: dict[str, JsonValue] = {n: value for n, value in given.items() if getattr(address, n) != value}
        default = details.is_default is True and not address.is_default
        if not after and not default:
            raise Refusal("nothing_would_change")
        lines = [OfferLine(key=f"{name}_changed", values={"value": value}) for name, value in after.items()]
        if default:
            stands = {name: after.get(name, getattr(address, name)) for name in _PARTS}
            lines.append(OfferLine(key="address_made_default", values=stands))
        return Offer(
            lines=lines,
            values={"address": address.external_id},
            plan={
                "customer_id": customer.id,
                "address_id": address.id,
                "after": after,
                "before": {name: getattr(address, name) for name in _PARTS},
                "is_default": default,
            },
        )

    def carry_out(self, unit: Unit, details: ChangeDetails, offer: Offer) -> Outcome:
        """Write them."""
        customer = held_customer(unit, offer)
        address = _unchanged(unit, offer)
        for name, value in plan_fields(offer, "after").items():
            setattr(address, name, value)
        if offer.plan["is_default"]:
            _make_default(unit, address)
        tell_shop(unit, customer, "address")
        return Outcome(values={"address": address.external_id})


class RemoveDetails(OfAccount):
    """Which address."""

    address: AddressId


class RemoveAddress(ChangeKind[RemoveDetails]):
    """The kind."""

    name = "account.address.remove"
    details = RemoveDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: RemoveDetails) -> Offer:
        """The address that would go. Orders keep the address that they were placed with."""
        customer = customer_of(unit, details.order)
        address = _find(unit, customer, details.address)
        before: dict[str, JsonValue] = {name: getattr(address, name) for name in _PARTS}
        return Offer(
            lines=[OfferLine(key="address_removed", values={n: value for n, value in before.items() if value})],
            values={"address": address.external_id},
            plan={"customer_id": customer.id, "address_id": address.id, "before": before},
        )

    def carry_out(self, unit: Unit, details: RemoveDetails, offer: Offer) -> Outcome:
        """Remove it; the oldest of those that stay becomes the default where it was that."""
        customer = held_customer(unit, offer)
        address = _unchanged(unit, offer)
        was_default, external_id = address.is_default, address.external_id
        unit.session.delete(address)
        unit.session.flush()
        if was_default and (rest := _book(unit, customer)):
            rest[0].is_default = True
        tell_shop(unit, customer, "address")
        return Outcome(values={"address": external_id})


def _book(unit: Unit, customer: Customer) -> list[Address]:
    return list(
        unit.session.scalars(select(Address).where(Address.customer_id == customer.id).order_by(Address.id)).all()
    )


def _find(unit: Unit, customer: Customer, external_id: str) -> Address:
    address = next((one for one in _book(unit, customer) if one.external_id == external_id), None)
    if address is None:
        raise NotFound
    return address


def _unchanged(unit: Unit, offer: Offer) -> Address:
    query = select(Address).where(Address.id == offer.plan["address_id"]).with_for_update()
    address = unit.session.scalars(query).first()
    if address is None or any(getattr(address, name) != value for name, value in plan_fields(offer, "before").items()):
        raise ProposalVoid
    return address


def _make_default(unit: Unit, address: Address) -> None:
    unit.session.execute(
        update(Address)
        .where(Address.customer_id == address.customer_id, Address.id != address.id)
        .values(is_default=False)
    )
    address.is_default = True


# --- Consents ---------------------------------------------------------------------------------------------------


class ConsentDetails(OfAccount):
    """A yes or a no."""

    purpose: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    channel: Literal["email", "sms", "phone", "post"] | None = None
    granted: bool


class SetConsent(ChangeKind[ConsentDetails]):
    """Appended to what was said before: the newest holds."""

    name = "consent.set"
    details = ConsentDetails
    terms = ChangeTerms(level="customer", no_confirmation=True)

    def offer(self, unit: Unit, details: ConsentDetails) -> Offer:
        """What would hold."""
        customer = customer_of(unit, details.order)
        return Offer(
            lines=[
                OfferLine(
                    key="consent_given" if details.granted else "consent_withdrawn",
                    values={"purpose": details.purpose, "channel": details.channel},
                )
            ],
            plan={"customer_id": customer.id},
        )

    def carry_out(self, unit: Unit, details: ConsentDetails, offer: Offer) -> Outcome:
        """Note it, with the time and where it was said."""
        customer = held_customer(unit, offer)
        note_consent(unit, customer, details.purpose, details.channel, granted=details.granted)
        tell_shop(unit, customer, "consent")
        return Outcome(values={"purpose": details.purpose, "granted": details.granted})


def note_consent(unit: Unit, customer: Customer, purpose: str, channel: str | None, *, granted: bool) -> Consent:
    """Append a statement to the customer's history."""
    consent = Consent(
        customer_id=customer.id,
        external_id=f"desk-{secrets.token_hex(8)}",
        purpose=purpose,
        channel=channel,
        granted=granted,
        at=unit.now,
        origin="chat" if unit.actor.kind == "shopper" else unit.actor.kind,
    )
    unit.session.add(consent)
    unit.session.flush()
    return consent


def contact_of(customer: Customer, channel: Literal["email", "sms"]) -> str:
    """Where the customer is reached. Raises InvalidInput where the shop has no such contact."""
    contact = customer.email if channel == "email" else customer.phone
    if contact is None:
        raise InvalidInput(
            errors=[FieldProblem(field="body.details.channel", message="the shop has no such contact of the customer")]
        )
    return contact
