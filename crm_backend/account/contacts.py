"""`account.contact`: another e-mail address or phone number of a customer. The old address is told of it.

A shopper proves the new one first: their yes sends a code there, and what they type back lets it take effect. An
e-mail address that another customer has gets a message about that in place of the code; nothing else is different, so
that nobody learns who is a customer. A phone number of a shop that sends no short messages takes effect at once: no
code can ever go there. Agents see who has what, and are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator
from sqlalchemy import select

from crm_backend.account.access import customer_of
from crm_backend.account.changing import OfAccount, held_customer, plan_fields, tell_shop
from crm_backend.account.models import Customer
from crm_backend.changes.kind import ChangeKind, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.models import Proposal
from crm_backend.changes.unit import Unit
from crm_backend.identity import codes
from crm_backend.messages import service as messages
from crm_backend.normalise import email_key, phone_key
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.account import CodeConfirmation, ContactProven
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound

NOTICE = "contact_changed"
"""The message that goes to the old address."""
CODE, TAKEN = "contact_code", "contact_taken"
"""The messages that go to the new address: the code, or that it is another customer's."""


class ContactDetails(OfAccount):
    """What is to be different."""

    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", max_length=254)] | None
    ) = Field(default=None)
    phone: Annotated[str, StringConstraints(pattern=r"^[+(]?[0-9][0-9 ()./-]{3,38}[0-9]$")] | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if (self.email is None) == (self.phone is None):
            raise ValueError("give one of email, phone")
        return self


class ChangeContact(ChangeKind[ContactDetails]):
    """The kind."""

    name = "account.contact"
    details = ContactDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: ContactDetails) -> Offer:
        """The contact that would be different. An agent is refused an address that another customer has."""
        customer = customer_of(unit, details.order)
        given = {"email": details.email, "phone": details.phone}
        after: dict[str, JsonValue] = {
            name: value for name, value in given.items() if value is not None and getattr(customer, name) != value
        }
        if not after:
            raise Refusal("nothing_would_change")
        by_code = _needs_code(unit, after)
        cannot = "email" in after and (
            not by_code if unit.codes is not None else _taken(unit, customer, str(after["email"]))
        )
        if cannot:
            raise Refusal("contact_not_possible", alternatives=[OfferLine(key="ask_a_person")])
        notes = [OfferLine(key="code_goes_to_new_contact")] if by_code else []
        if customer.email:
            notes.append(OfferLine(key="old_contact_is_told"))
        return Offer(
            lines=[OfferLine(key=f"{name}_changed", values={"value": value}) for name, value in after.items()],
            notes=notes,
            plan={
                "customer_id": customer.id,
                "after": after,
                "before": {n: getattr(customer, n) for n in after},
                "by_code": by_code,
            },
        )

    def carry_out(self, unit: Unit, details: ContactDetails, offer: Offer) -> Outcome:
        """Send the code that lets it take effect; where none is needed, write it.

        Raises TooManyRequests by the limits of codes.
        """
        customer = held_customer(unit, offer)
        after = _unchanged(customer, offer)
        taken = "email" in after and _taken(unit, customer, str(after["email"]))
        if offer.plan.get("by_code") and unit.codes is not None and unit.proposal is not None:
            channel = _CHANNELS[next(iter(after))]
            codes.send_to_new(
                unit.session,
                unit.actor.id,
                customer,
                unit.proposal.id,
                channel,
                str(next(iter(after.values()))),
                kind=TAKEN if taken else CODE,
                fits=not taken,
                policies=unit.policies,
                key=unit.codes.key,
                now=unit.clock.wall(),
            )
            unit.audit("account.contact_code_sent", "customer", str(customer.id))
            return Outcome(values={"fields": [*sorted(after)], "promise": "code", "digits": codes.DIGITS})
        if taken:
            raise ProposalVoid
        _write(unit, customer, after)
        return Outcome(values={"fields": [*sorted(after)]})


def take_effect(unit: Unit, request: CodeConfirmation) -> ContactProven | NotFound:
    """Write the contact that the code went to. NotFound, for whatever does not fit, is returned to be kept.

    The conversation still has to be verified as that customer.
    """
    if unit.codes is None or unit.access.customer_id is None:
        return NotFound()
    code = codes.given_back(
        unit.session, unit.actor.id, request.code, unit.policies, unit.codes.key, unit.clock.wall(), of_change=True
    )
    if code is None or code.customer_id != unit.access.customer_id:
        return NotFound()
    unit.proposal = unit.session.get_one(Proposal, code.proposal_id)
    offer = Offer.model_validate(unit.proposal.offer)
    try:
        customer = held_customer(unit, offer)
        after = _unchanged(customer, offer)
    except ProposalVoid:
        return NotFound()
    if "email" in after and _taken(unit, customer, str(after["email"])):
        return NotFound()
    _write(unit, customer, after)
    return ContactProven(fields=sorted(after))


_CHANNELS: dict[str, Literal["email", "sms"]] = {"email": "email", "phone": "sms"}


def _needs_code(unit: Unit, after: Mapping[str, JsonValue]) -> bool:
    """Whether the new contact is proven by a code: a shopper's, where the shop sends codes that way."""
    if unit.codes is None:
        return False
    return all(_CHANNELS[name] in {*unit.policies.codes.channels} & {*unit.codes.channels} for name in after)


def _unchanged(customer: Customer, offer: Offer) -> dict[str, Any]:
    """What is to stand there. Raises ProposalVoid where something else stands there by now."""
    before, after = plan_fields(offer, "before"), plan_fields(offer, "after")
    if any(getattr(customer, name) != value for name, value in before.items()):
        raise ProposalVoid
    return after


def _write(unit: Unit, customer: Customer, after: Mapping[str, Any]) -> None:
    """Write them, and tell the address that codes went to so far."""
    told = customer.email
    if "email" in after:
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


def _taken(unit: Unit, customer: Customer, email: str) -> bool:
    """Whether another customer of the same system has the address: a code to it would open the wrong record."""
    query = select(Customer.id).where(
        Customer.email_key == email_key(email), Customer.id != customer.id, Customer.source == customer.source
    )
    return unit.session.execute(query.limit(1)).first() is not None
