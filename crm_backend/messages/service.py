"""Writing messages into the outbox, and showing those of the development mailbox."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.messages.models import OutgoingMessage
from crm_backend.messages.wording import parts


def put(
    session: WriteSession,
    *,
    channel: Literal["email", "sms"],
    kind: str,
    to: str | None,
    language: str,
    values: Mapping[str, str],
    worthless_at: datetime | None,
    now: datetime,
) -> OutgoingMessage:
    """Put a message into the outbox: it is sent once the transaction is committed.

    Without a recipient the same work is done and nothing is ever sent.
    """
    words = parts(kind, language)
    text = words["body" if channel == "email" else "short"].format(**values)
    message = OutgoingMessage(
        public_id=f"msg_{secrets.token_hex(16)}",
        channel=channel,
        kind=kind,
        recipient=to,
        recipient_key=to,
        subject=words["subject"].format(**values) if channel == "email" and to is not None else None,
        body=text if to is not None else None,
        state="pending" if to is not None else "failed",
        attempts=0,
        next_try_at=now,
        worthless_at=worthless_at,
        created_at=now,
    )
    session.add(message)
    session.flush()
    return message


def newest(session: ReadSession, limit: int) -> Sequence[OutgoingMessage]:
    """The messages that nobody has sent yet, newest first: what the development mailbox shows."""
    return session.scalars(
        select(OutgoingMessage)
        .where(OutgoingMessage.recipient.is_not(None))
        .order_by(OutgoingMessage.id.desc())
        .limit(limit)
    ).all()
