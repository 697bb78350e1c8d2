"""`account.contact`: another e-mail address or phone number of a customer. The old address is told of it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.changing import OfAccount, held_customer, plan_fields, tell_shop
from crm_backend.account.models import Customer
from crm_backend.changes.kind import ChangeKind, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.messages import service as messages
from crm_backend.normalise import email_key, phone_key
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

NOTICE = "contact_changed"
"""The message that goes to the old address."""


class ContactDetails(OfAccount):
    """What is to be different."""

    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", max_length=254)] | None
    ) = Field(default=None)
    phone: Annotated[str, StringConstraints(pattern=r"^[+(]?[0-9][0-9 ()./-]{3,38}[0-9]$")] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.email is None and self.phone is None:
            raise ValueError("give at least one of email, phone")
        return self


class ChangeContact(ChangeKind[ContactDetails]):
    """The kind."""

    name = "account.contact"
    details = ContactDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ContactDetails) -> Offer:
        """The contacts that would be different. An address that another customer has is refused."""
        customer = customer_of(unit, details.order)
        given = {"email": details.email, "phone": details.phone}
        after: dict[str, JsonValue] = {
            name: value for name, value in given.items() if value is not None and getattr(customer, name) != value
        }
        if not after:
            raise Refusal("nothing_would_change")
        if "email" in after and _taken(unit, customer, str(after["email"])):
            raise Refusal("contact_not_possible", alternatives=[OfferLine(key="ask_a_person")])
        return Offer(
            lines=[OfferLine(key=f"{name}_changed", values={"value": value}) for name, value in after.items()],
            notes=[OfferLine(key="old_contact_is_told")] if customer.email else [],
            plan={"customer_id": customer.id, "after": after, "before": {n: getattr(customer, n) for n in after}},
        )

    def carry_out(self, unit: Unit, details: ContactDetails, offer: Offer) -> Outcome:
        """Write them, and tell the address that codes went to so far."""
        customer = held_customer(unit, offer)
        before, after = plan_fields(offer, "before"), plan_fields(offer, "after")
        if any(getattr(customer, name) != value for name, value in before.items()):
            raise ProposalVoid
        told = customer.email
        if "email" in after:
            if _taken(unit, customer, str(after["email"])):
                raise ProposalVoid
            customer.email, customer.email_key = str(after["email"]), email_key(str(after["email"]))
        if "phone" in after:
            key = phone_key(str(after["phone"]), customer.country or unit.policies.shop.country)
            # With the country's code the number can be read without the customer's country, which may be unknown.
            customer.phone = key if key is not None and key.startswith("+") else str(after["phone"])
            customer.phone_key = key
        if told is not None:
            shop, language = unit.policies.shop, "zh" if customer.language == "zh" else "en"
            messages.put(
                unit.session,
                channel="email",
                kind=NOTICE,
                to=told,
                language=language,
                values={"shop": shop.name.get(language) or shop.name[shop.default_language]},
                worthless_at=None,
                now=unit.clock.wall(),
            )
        tell_shop(unit, customer, "contact")
        return Outcome(values={"fields": [*sorted(after)]})


def _taken(unit: Unit, customer: Customer, email: str) -> bool:
    """Whether another customer of the same system has the address: a code to it would open the wrong record."""
    query = select(Customer.id).where(
        Customer.email_key == email_key(email), Customer.id != customer.id, Customer.source == customer.source
    )
    return unit.session.execute(query.limit(1)).first() is not None
