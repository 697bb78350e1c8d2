"""`/shopper/{conversation_id}/invoices` and `/staff/invoices`. Asking for one is a change (`changes/router.py`)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from crm_backend.callers import Agent
from crm_backend.dependencies import Reading, ShopPolicies
from crm_backend.documents import invoices
from crm_backend.identity.access import ShopperAccess
from crm_backend.normalise import number_key
from shopdesk_schemas.documents import InvoiceList, InvoiceState, StaffInvoiceList
from shopdesk_schemas.problems import Forbidden
from shopdesk_schemas.web import problems_openapi

shopper_router = APIRouter(prefix="/shopper/{conversation_id}/invoices", tags=["documents"])
staff_router = APIRouter(prefix="/staff/invoices", tags=["documents"], responses=problems_openapi(Forbidden))


@shopper_router.get("", summary="The shopper's tax invoices, newest first")
def list_invoices(access: ShopperAccess, session: Reading) -> InvoiceList:
    """None without a verification. With one order proved, what was typed into it stays unsaid."""
    return invoices.list_invoices(session, access)


@staff_router.get("", summary="Tax invoices, newest first")
def list_for_staff(
    session: Reading,
    _agent: Agent,
    policies: ShopPolicies,
    order: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=100)] | SkipJsonSchema[None],
        Query(description="An order's number, as typed."),
    ] = None,
    state: Annotated[InvoiceState | SkipJsonSchema[None], Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StaffInvoiceList:
    """With what would be due now: where that is another amount, the invoice should be corrected."""
    key = number_key(order) if order is not None else None
    return invoices.list_for_staff(session, policies.invoices, key, state, limit)
