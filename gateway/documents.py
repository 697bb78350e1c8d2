"""`/documents/{id}`: a receipt by its link. The CRM knows what the id opens; the gateway only passes it on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from gateway.dependencies import GatewayServices
from gateway.errors import UpstreamError, UpstreamRejected
from shopdesk_schemas.documents import DOCUMENT_ID
from shopdesk_schemas.problems import NotFound, Unavailable
from shopdesk_schemas.web import problems_openapi

PDF = "application/pdf"

router = APIRouter(prefix="/documents", tags=["documents"], responses=problems_openapi(NotFound, Unavailable))


@router.get(
    "/{document_id}",
    summary="A document by its link",
    response_class=Response,
    responses={200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def open_document(services: GatewayServices, document_id: Annotated[str, Path(pattern=DOCUMENT_ID)]) -> Response:
    """Whoever has the link may read the document until it expires. 404 for an unknown or expired one."""
    try:
        document = await services.crm.document(document_id)
    except UpstreamRejected as error:
        raise NotFound from error
    except UpstreamError as error:
        raise Unavailable("The document cannot be fetched at the moment. Try again.") from error
    return Response(
        document.content,
        media_type=PDF,
        headers={
            "Content-Disposition": document.disposition,
            "Cache-Control": "private, no-store",
            # The address is the key: no page that the document leads to is told of it, and no engine keeps it.
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
