"""Sending what is in the outbox through a transport: SMTP, or an adapter of a provider that does the same.

Without a transport messages stay in the outbox, where the development mailbox shows them.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Protocol

from pydantic import SecretStr
from sqlalchemy import delete, select

from crm_backend.database.engine import Database, WriteSession
from crm_backend.messages.models import OutgoingMessage
from shopdesk_schemas.clock import Clock

ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=15)
"""Half of that before the second try; it doubles each time. Longer than a transport may take."""

KEPT = timedelta(days=1)
"""How long what was sent, or is not worth sending, stays in the table."""

AT_ONCE = 50
SECONDS = 10.0
"""How long a mail server may take for a step."""

_log = logging.getLogger("shopdesk.messages")


class Transport(Protocol):
    """Sends one message of one channel. Raises OSError (which SMTP's errors are) when it could not."""

    def send(self, to: str, subject: str | None, body: str, reference: str) -> None:
        """Hand it over, or raise. `reference` is the same when the same message is tried again."""


class Smtp:
    """A mail server."""

    def __init__(
        self, host: str, port: int, *, sender: str, user: str = "", password: SecretStr | None = None, tls: bool = True
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._user = user
        self._password = password or SecretStr("")
        self._tls = tls

    def send(self, to: str, subject: str | None, body: str, reference: str) -> None:
        """As plain text, over TLS unless that was turned off. Raises ValueError for an address with line breaks."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, to, subject or ""
        mail.set_content(body)
        with smtplib.SMTP(self._host, self._port, timeout=SECONDS) as server:
            if self._tls:
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password.get_secret_value())
            server.send_message(mail)


def deliver_due(database: Database, clock: Clock, transports: Mapping[str, Transport]) -> int:
    """Send what is due; how many went. Then clear away what nobody needs.

    A message is claimed in one transaction and settled in another: none is open while a server is spoken with.
    """
    sent = 0
    for _ in range(AT_ONCE):
        with database.write() as session:
            message = _claim(session, clock.wall(), tuple(transports))
            session.expunge_all()
        if message is None:
            break
        went = _try(transports[message.channel], message)
        with database.write() as session:
            _settle(session.get_one(OutgoingMessage, message.id), went, clock.wall())
        sent += went
    with database.write() as session:
        _forget(session, clock.wall() - KEPT)
    return sent


def _claim(session: WriteSession, now: datetime, channels: Sequence[str]) -> OutgoingMessage | None:
    """The next message that is worth sending; nobody else takes it for a while."""
    for message in session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.state == "pending",
            OutgoingMessage.next_try_at <= now,
            OutgoingMessage.channel.in_(channels),
        )
        .order_by(OutgoingMessage.next_try_at, OutgoingMessage.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ):
        if message.worthless_at is not None and message.worthless_at <= now:
            _end(message, "failed")
            continue
        message.attempts += 1
        message.next_try_at = now + FIRST_PAUSE * 2**message.attempts
        session.flush()
        return message
    session.flush()
    return None


def _try(transport: Transport, message: OutgoingMessage) -> bool:
    try:
        transport.send(message.recipient or "", message.subject, message.body or "", message.public_id)
    except (OSError, ValueError) as error:
        # Its words may quote the address.
        _log.warning("a message could not be sent", extra={"fields": {"error": type(error).__qualname__}})
        return False
    return True


def _settle(message: OutgoingMessage, went: bool, now: datetime) -> None:
    if went:
        _end(message, "sent")
        message.sent_at = now
    elif message.attempts >= ATTEMPTS:
        _end(message, "failed")


def _end(message: OutgoingMessage, state: str) -> None:
    message.state = state
    message.recipient = message.recipient_key = message.subject = message.body = message.next_try_at = None


def _forget(session: WriteSession, before: datetime) -> None:
    old = (
        select(OutgoingMessage.id)
        .where(OutgoingMessage.created_at < before)
        .limit(500)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(OutgoingMessage).where(OutgoingMessage.id.in_(old)))
