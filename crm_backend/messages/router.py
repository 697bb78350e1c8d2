"""`/dev/mailbox`: what would have been sent, where there is nothing to send it with. Development only."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter

from crm_backend.dependencies import Held, Reading
from crm_backend.messages import service
from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/dev/mailbox", tags=["development"])

SHOWN = 100


class MailboxMessage(Schema):
    """One message."""

    channel: str
    kind: str
    to: str
    subject: str | None
    body: str
    at: datetime


class Mailbox(Schema):
    """Messages, newest first."""

    messages: list[MailboxMessage]


@router.get("", summary="The development mailbox", responses=problems_openapi(NotFound))
def mailbox(session: Reading, held: Held) -> Mailbox:
    """404 in production, whatever there is."""
    if held.settings.environment != "development":
        raise NotFound
    return Mailbox(
        messages=[
            MailboxMessage(
                channel=message.channel,
                kind=message.kind,
                to=message.recipient or "",
                subject=message.subject,
                body=message.body or "",
                at=message.created_at,
            )
            for message in service.newest(session, SHOWN)
        ]
    )
