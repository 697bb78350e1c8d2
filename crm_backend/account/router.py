"""`/shopper/{conversation_id}`: the shopper's own account. What changes it are proposals (`changing.py`)."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from crm_backend.account import contacts, service
from crm_backend.callers import shopper
from crm_backend.changes.router import ShopperUnit
from crm_backend.dependencies import BusinessClock, Reading, ShopPolicies
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import ShopperAccess
from shopdesk_schemas.account import (
    AddressBook,
    CodeConfirmation,
    Consents,
    ContactProven,
    Loyalty,
    PaymentMethodList,
    PreferenceList,
    Profile,
    VoucherList,
)
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.web import problem_response, problems_openapi

router = APIRouter(prefix="/shopper/{conversation_id}", tags=["account"], responses=problems_openapi(NotFound))
contacts_router = APIRouter(
    prefix="/shopper/{conversation_id}/contacts",
    tags=["account"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound),
)


@router.get("/profile", summary="Who the shopper is")
def profile(access: ShopperAccess, session: Reading) -> Profile:
    """404 for a conversation that is not verified as a customer; so all of these."""
    return service.profile(session, access)


@router.get("/addresses", summary="The shopper's address book")
def addresses(access: ShopperAccess, session: Reading) -> AddressBook:
    """The default first."""
    return service.address_book(session, access)


@router.get("/payment-methods", summary="The shopper's saved ways to pay")
def payment_methods(access: ShopperAccess, session: Reading) -> PaymentMethodList:
    """The default first."""
    return service.payment_methods(session, access)


@router.get("/consents", summary="What the shopper agreed to")
def consents(access: ShopperAccess, session: Reading) -> Consents:
    """What holds now, and the history."""
    return service.consents(session, access)


@router.get("/preferences", summary="What the shopper said of sizes and tastes")
def preferences(access: ShopperAccess, session: Reading) -> PreferenceList:
    """The newest first."""
    return service.preferences(session, access)


@router.get("/loyalty", summary="The shopper's points and tier")
def loyalty(access: ShopperAccess, session: Reading, policies: ShopPolicies, clock: BusinessClock) -> Loyalty:
    """The balance is the sum of the bookings."""
    return service.loyalty(session, access, policies.loyalty, clock.now())


@router.get("/vouchers", summary="The shopper's vouchers")
def vouchers(access: ShopperAccess, session: Reading, clock: BusinessClock) -> VoucherList:
    """With their conditions, and whether each can be used now."""
    return service.vouchers(session, access, clock.now())


@contacts_router.post(
    "/confirm",
    summary="Give back the code that went to a new contact",
    response_model=ContactProven,
    dependencies=[Depends(once(shopper))],
)
def prove_contact(unit: ShopperUnit, request: CodeConfirmation) -> ContactProven | Response:
    """The contact takes effect. 404 for whatever does not fit: wrong, used, too late, or nobody's to have."""
    outcome = contacts.take_effect(unit, request)
    # Returned, not raised: the try that was counted must be committed.
    return problem_response(outcome) if isinstance(outcome, NotFound) else outcome
