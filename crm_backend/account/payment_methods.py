"""`account.payment_method.default` and `.remove`: which saved way to pay comes first, and which is forgotten.

A way to pay is saved at the shop's own checkout, never in a conversation: a card's number does not belong in one. The
shop's system hears of both, for it is the one that can charge them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import JsonValue, StringConstraints
from sqlalchemy import select, update

from crm_backend.account.access import customer_of
from crm_backend.account.changing import OfAccount, held_customer, tell_shop
from crm_backend.account.models import Customer
from crm_backend.changes.kind import ChangeKind, Offer, Outcome, ProposalVoid, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.payments.models import PaymentMethod
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine
from shopdesk_schemas.problems import NotFound


class MethodDetails(OfAccount):
    """Which way to pay, by its external id."""

    payment_method: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class DefaultMethod(ChangeKind[MethodDetails]):
    """Another one comes first."""

    name = "account.payment_method.default"
    details = MethodDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: MethodDetails) -> Offer:
        """The way to pay that would come first."""
        customer = customer_of(unit, details.order)
        method = _find(unit, customer, details.payment_method)
        if method.is_default:
            raise Refusal("nothing_would_change")
        return _offered("method_made_default", customer, method)

    def carry_out(self, unit: Unit, details: MethodDetails, offer: Offer) -> Outcome:
        """Put it before the others."""
        customer = held_customer(unit, offer)
        method = _still_there(unit, offer)
        unit.session.execute(
            update(PaymentMethod).where(PaymentMethod.customer_id == customer.id).values(is_default=False)
        )
        method.is_default = True
        tell_shop(unit, customer, "payment_method")
        return Outcome(values={"payment_method": method.external_id})


class RemoveMethod(ChangeKind[MethodDetails]):
    """One is forgotten."""

    name = "account.payment_method.remove"
    details = MethodDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: MethodDetails) -> Offer:
        """The way to pay that would go. A gift card that holds money stays: the money would go with it."""
        customer = customer_of(unit, details.order)
        method = _find(unit, customer, details.payment_method)
        if method.balance_minor:
            raise Refusal(
                "gift_card_has_balance",
                values={"balance_minor": method.balance_minor, "currency": method.currency},
                alternatives=[OfferLine(key="ask_a_person")],
            )
        offer = _offered("method_removed", customer, method)
        following = _following(unit, method)
        offer.plan["following_id"] = following.id if following else None
        if following is not None:
            offer.notes.append(OfferLine(key="method_follows_as_default", values=_shown(following)))
        return offer

    def carry_out(self, unit: Unit, details: MethodDetails, offer: Offer) -> Outcome:
        """Remove it. What was paid with it keeps its brand and digits; refunds go back the way they came."""
        customer = held_customer(unit, offer)
        method = _still_there(unit, offer)
        following = _following(unit, method)
        if method.balance_minor or (following.id if following else None) != offer.plan["following_id"]:
            raise ProposalVoid
        external_id = method.external_id
        unit.session.delete(method)
        if following is not None:
            following.is_default = True
        unit.session.flush()
        tell_shop(unit, customer, "payment_method")
        return Outcome(values={"payment_method": external_id})


def _following(unit: Unit, method: PaymentMethod) -> PaymentMethod | None:
    """What comes first once `method` is gone: of the others the one saved first. None where `method` came not first.

    A gift card takes the place only when nothing else is left: it may be spent before the next order.
    """
    if not method.is_default:
        return None
    others = (
        select(PaymentMethod)
        .where(PaymentMethod.customer_id == method.customer_id, PaymentMethod.id != method.id)
        .order_by(PaymentMethod.kind == "gift_card", PaymentMethod.id)
        .limit(1)
    )
    return unit.session.scalars(others).first()


def _shown(method: PaymentMethod) -> dict[str, JsonValue]:
    return {"method": method.kind, "brand": method.brand, "last4": method.last4}


def _offered(key: str, customer: Customer, method: PaymentMethod) -> Offer:
    return Offer(
        lines=[OfferLine(key=key, values=_shown(method))],
        values={"payment_method": method.external_id},
        plan={"customer_id": customer.id, "method_id": method.id},
    )


def _find(unit: Unit, customer: Customer, external_id: str) -> PaymentMethod:
    query = select(PaymentMethod).where(
        PaymentMethod.customer_id == customer.id, PaymentMethod.external_id == external_id
    )
    method = unit.session.scalars(query).first()
    if method is None:
        raise NotFound
    return method


def _still_there(unit: Unit, offer: Offer) -> PaymentMethod:
    query = select(PaymentMethod).where(PaymentMethod.id == offer.plan["method_id"]).with_for_update()
    method = unit.session.scalars(query).first()
    if method is None:
        raise ProposalVoid
    return method
