"""`/staff/people/{external_id}`: what privacy law asks for, for leads and admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Lead, leading_staff, staff_actor
from crm_backend.dependencies import BusinessClock, Held, Reading, ShopPolicies, Writing
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.keys import LookupKeys
from crm_backend.privacy import service
from crm_backend.privacy.service import OpenMatters, Subject
from shopdesk_schemas.privacy import ErasureReceipt, ErasureRequest, PersonData
from shopdesk_schemas.problems import Forbidden, NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/staff/people",
    tags=["privacy"],
    route_class=IdempotentRoute,
    responses=problems_openapi(Forbidden, NotFound),
)

ExternalId = Annotated[str, Path(min_length=1, max_length=200, description="The shop's own id of the customer.")]
ErasureId = Annotated[str, Path(pattern=r"^[a-z0-9_]{1,64}$")]


@router.get("/erasures/{erasure_id}", summary="The receipt of an erasure")
def get_receipt(_lead: Lead, session: Reading, erasure_id: ErasureId) -> ErasureReceipt:
    """As it stands: complete once the gateway and the bot have erased their part."""
    return service.find_receipt(session, erasure_id)


# An id may hold slashes, which servers decode before they route.
@router.get("/{external_id:path}/export", summary="All that the CRM knows of a person")
def export(
    lead: Lead,
    session: Writing,
    held: Held,
    clock: BusinessClock,
    external_id: ExternalId,
    source: Annotated[
        str | None, Query(min_length=1, max_length=100, description="Whose id it is, where several systems have it.")
    ] = None,
    whole_profile: Annotated[bool, Query(description="Of all customers who are this person.")] = False,
) -> PersonData:
    """Noted in the audit log. The words of conversations are in `shopdesk export-person`, which asks all stores."""
    subject = Subject(external_id=external_id, source=source, whole_profile=whole_profile)
    return service.export_person(session, subject, LookupKeys(held.settings.lookup_key), clock, lead.actor)


@router.post(
    "/{external_id:path}/erasure",
    summary="Erase a person",
    dependencies=[Depends(leading_staff), Depends(once(staff_actor))],
    responses=problems_openapi(OpenMatters),
)
def erase(
    lead: Lead,
    session: Writing,
    held: Held,
    clock: BusinessClock,
    policies: ShopPolicies,
    external_id: ExternalId,
    request: ErasureRequest,
) -> ErasureReceipt:
    """A dry run unless `dry_run` is false. Erasing again gives the same receipt.

    This erases the CRM's part; `shopdesk up`, or `shopdesk erase-person --finish`, follows in the other stores. 409
    `/problems/open-matters` says what is not finished.
    """
    return service.erase_person(
        session,
        Subject(external_id=external_id, source=request.source, whole_profile=request.whole_profile),
        LookupKeys(held.settings.lookup_key),
        policies,
        clock,
        lead.actor,
        dry_run=request.dry_run,
        despite_open=request.despite_open,
    )
