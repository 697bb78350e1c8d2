"""Receipts as PDF: for the shopper of a conversation, for agents, and by link."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from crm_backend.callers import Agent, shopper
from crm_backend.changes.router import ShopperUnit
from crm_backend.dependencies import BusinessClock, Held, Reading, RequestedLanguage, ShopPolicies
from crm_backend.documents import links
from crm_backend.documents.drawing import draw
from crm_backend.documents.fonts import typefaces
from crm_backend.documents.receipt import receipt_of
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import EVERYTHING, Access, ShopperAccess
from crm_backend.policies.policy import Policies
from shopdesk_schemas.documents import DOCUMENT_ID, DocumentLink, DocumentLinkRequest
from shopdesk_schemas.problems import Forbidden, NotFound
from shopdesk_schemas.turn import Language
from shopdesk_schemas.web import problems_openapi

PDF = "application/pdf"


class PdfResponse(Response):
    """A PDF to be kept by nobody but its reader."""

    media_type = PDF

    def __init__(self, content: bytes, name: str) -> None:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
        super().__init__(
            content,
            headers={
                "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
                "Cache-Control": "private, no-store",
            },
        )


_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}, "description": "The document"}
}
OrderNumber = Annotated[
    str, Path(min_length=1, max_length=100, description="The order's number, or a parcel's, as typed.")
]

shopper_router = APIRouter(
    prefix="/shopper/{conversation_id}",
    tags=["documents"],
    route_class=IdempotentRoute,
    responses=problems_openapi(NotFound),
)
staff_router = APIRouter(prefix="/staff/receipts", tags=["documents"], responses=problems_openapi(NotFound, Forbidden))
link_router = APIRouter(prefix="/documents", tags=["documents"], responses=problems_openapi(NotFound))


def _language(asked: Language | None, access: Access, policies: Policies) -> Language:
    """The one asked for, else the conversation's, else the shop's; English where there are no words in that."""
    return asked or access.language or ("zh" if policies.shop.default_language == "zh" else "en")


@shopper_router.get("/receipts/{number:path}", summary="A receipt as PDF", response_class=Response, responses=_PDF)
def receipt(
    access: ShopperAccess,
    session: Reading,
    held: Held,
    policies: ShopPolicies,
    clock: BusinessClock,
    number: OrderNumber,
    language: RequestedLanguage = None,
) -> Response:
    """Of an order of the shopper's. 404 when it is not there or not the shopper's."""
    told = receipt_of(session, access, number, policies.shop, _language(language, access, policies), clock.now())
    return PdfResponse(draw(told, typefaces(held.settings.document_font)), f"{told.title}-{told.number}.pdf")


@shopper_router.post(
    "/document-links",
    status_code=201,
    summary="A link to a document",
    dependencies=[Depends(once(shopper))],
)
def make_link(request: DocumentLinkRequest, unit: ShopperUnit) -> DocumentLink:
    """To give to the shopper: it opens on the gateway without signing in, for as long as the policy says."""
    language = _language(request.language, unit.access, unit.policies)
    identifier, expires_at = links.make(unit, request.kind, request.order, language)
    return DocumentLink(path=f"/documents/{identifier}", expires_at=expires_at)


@staff_router.get("/{number:path}", summary="Any order's receipt as PDF", response_class=Response, responses=_PDF)
def receipt_for_staff(
    session: Reading,
    _agent: Agent,
    held: Held,
    policies: ShopPolicies,
    clock: BusinessClock,
    number: OrderNumber,
    language: RequestedLanguage = None,
) -> Response:
    """As its buyer gets it."""
    told = receipt_of(
        session, EVERYTHING, number, policies.shop, _language(language, EVERYTHING, policies), clock.now()
    )
    return PdfResponse(draw(told, typefaces(held.settings.document_font)), f"{told.title}-{told.number}.pdf")


@link_router.get("/{document_id}", summary="What a link opens", response_class=Response, responses=_PDF)
def open_link(
    session: Reading,
    held: Held,
    policies: ShopPolicies,
    clock: BusinessClock,
    document_id: Annotated[str, Path(pattern=DOCUMENT_ID)],
) -> Response:
    """404 for an unknown id and for one that has expired."""
    link, order, access = links.opened(session, document_id, clock.wall())
    language: Language = "zh" if link.language == "zh" else "en"
    told = receipt_of(session, access, order.number, policies.shop, language, clock.now())
    return PdfResponse(draw(told, typefaces(held.settings.document_font)), f"{told.title}-{told.number}.pdf")
