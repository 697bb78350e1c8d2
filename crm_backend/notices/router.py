"""`/chat-notices`: news that the gateway brings to shoppers on messaging platforms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from crm_backend.dependencies import Reading, Writing
from crm_backend.notices import service
from shopdesk_schemas.notices import ChatNotices
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/chat-notices", tags=["notices"])


@router.get("", summary="News to bring to shoppers")
def waiting(session: Reading) -> ChatNotices:
    """Of orders: only to who agreed to it, on an account that was verified as theirs. The oldest hundred.

    Of goodwill: in the conversation that it was given in, as many.
    """
    return ChatNotices(notices=service.waiting(session))


@router.post("/{notice_id}/told", status_code=204, summary="It was taken over", responses=problems_openapi(NotFound))
def told(notice_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_]{1,64}$")], session: Writing) -> None:
    """The gateway stored it; from now on it is the gateway's to send."""
    service.told(session, notice_id)
