"""Writing the audit log, inside the transaction of what is noted."""

from __future__ import annotations

from typing import Any

from gateway.audit.models import AuditEntry
from gateway.database.engine import WriteSession
from shopdesk_schemas.clock import Clock


def note(
    session: WriteSession,
    clock: Clock,
    *,
    agent_id: int | None,
    action: str,
    conversation_id: str | None = None,
    **details: Any,
) -> None:
    """Add one entry. `agent_id` None: the system did it by itself."""
    session.add(
        AuditEntry(
            at=clock.wall(), agent_id=agent_id, action=action, conversation_id=conversation_id, details=details or None
        )
    )
