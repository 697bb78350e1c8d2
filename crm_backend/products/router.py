"""`/catalogue`: facts about products that anybody may know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from crm_backend.dependencies import Reading, RequestedLanguage
from crm_backend.products import service
from shopdesk_schemas.crm import Catalogue

router = APIRouter(prefix="/catalogue", tags=["products"])


@router.get("/products", summary="Products of the shop")
def products(
    session: Reading,
    language: RequestedLanguage = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 24,
) -> Catalogue:
    """Products with a name, the first `limit` of them. One whose stock nobody knows counts as available."""
    return service.catalogue(session, language, limit)
