"""`/shopper/{conversation_id}/orders`: the shopper's own orders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage
from crm_backend.identity.access import ShopperAccess
from crm_backend.orders import service
from shopdesk_schemas.crm import OrderList, OrderView
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/shopper/{conversation_id}/orders", tags=["orders"])

LIST_LIMIT = 50
LIST_LIMIT_MAXIMUM = 200


@router.get("", summary="The shopper's orders, newest first")
def list_orders(
    access: ShopperAccess,
    session: Reading,
    language: RequestedLanguage = None,
    limit: Annotated[int, Query(ge=1, le=LIST_LIMIT_MAXIMUM)] = LIST_LIMIT,
) -> OrderList:
    """Those of the verified customer, or the one that was proved; none without a verification."""
    return service.list_orders(session, access, language or access.language, limit)


# A number may hold slashes (2024/0815), which servers decode before they route.
@router.get("/{number:path}", summary="One order", responses=problems_openapi(NotFound))
def get_order(
    access: ShopperAccess,
    session: Reading,
    clock: BusinessClock,
    number: Annotated[str, Path(min_length=1, max_length=100, description="Its number, or a parcel's, as typed.")],
    language: RequestedLanguage = None,
) -> OrderView:
    """With lines, parcels, scans and refunds. 404 when it is not there or not the shopper's."""
    return service.get_order(session, access, number, language or access.language, clock.now())
