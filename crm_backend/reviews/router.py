"""`/shopper/{conversation_id}/reviews`: what the shopper wrote of products. Writing one is a change."""

from __future__ import annotations

from fastapi import APIRouter

from crm_backend.dependencies import Reading
from crm_backend.identity.access import ShopperAccess
from crm_backend.reviews import service
from shopdesk_schemas.account import ReviewList
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/shopper/{conversation_id}/reviews", tags=["reviews"], responses=problems_openapi(NotFound))


@router.get("", summary="What the shopper wrote of products")
def reviews(access: ShopperAccess, session: Reading) -> ReviewList:
    """The newest first. 404 for a conversation that is not verified as a customer."""
    return service.own(session, access)
