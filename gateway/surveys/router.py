"""`POST /api/chat/rating`: for clients that ask in their own way."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from gateway.conversations.router import HeldConversation
from gateway.conversations.schemas import Words
from gateway.dependencies import GatewayServices
from gateway.errors import PayloadTooLarge
from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import Forbidden, InvalidInput, Unauthenticated
from shopdesk_schemas.web import problems_openapi

router = APIRouter(
    prefix="/api/chat", tags=["chat"], responses=problems_openapi(Forbidden, InvalidInput, PayloadTooLarge)
)


class RatingRequest(Schema):
    """How it was."""

    score: Annotated[int, Field(ge=1, le=5, description="1 is bad, 5 is very good.")]
    comment: Annotated[Words, Field(max_length=2000)] | None = None


@router.post("/rating", status_code=204, summary="Say how it was", responses=problems_openapi(Unauthenticated))
async def rate(request: RatingRequest, services: GatewayServices, conversation_id: HeldConversation) -> None:
    """Kept once for a day's conversation; saying it again replaces it."""
    async with services.database.write() as session:
        await services.surveys.rate(session, conversation_id, request.score, request.comment)
