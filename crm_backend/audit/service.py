"""Appending to the audit log, and verifying that nobody changed it.

Every entry holds the hash of the one before it, so that an entry which was changed, removed or slipped in breaks the
chain. Removing entries at the end leaves a whole, shorter chain: whoever keeps the head's hash elsewhere, as
`shopdesk audit verify` prints it, can tell that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, event, insert, select
from sqlalchemy.orm import Session

from crm_backend.audit.models import AuditEntry
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns

if TYPE_CHECKING:
    from crm_backend.changes.kind import Actor

FIRST = "0" * 64
"""What stands for the hash before the first entry."""

_WAITING = "shopdesk_audit"
_BATCH = 1000

# The table and not the model: entries need nothing of a session, and a session's way of writing rows costs more.
_ADD = insert(cast(Table, AuditEntry.__table__))
_COLUMNS = ("at", "actor_kind", "actor_id", "conversation_id", "message_id", "action", "subject_type", "subject_id")
_NEWEST = select(AuditEntry.entry_hash).order_by(AuditEntry.id.desc()).limit(1)


def note(
    session: WriteSession, actor: Actor, at: datetime, action: str, subject: tuple[str, str],
    details: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Note what somebody did; `subject` is its type and id. No personal data: ids, names of fields, amounts."""
    append(
        session, at=at, actor_kind=actor.kind, actor_id=actor.id, conversation_id=actor.conversation_id,
        message_id=actor.message_id, action=action, subject_type=subject[0], subject_id=subject[1],
        details=dict(details or {}),
    )  # fmt: skip


def append(session: WriteSession, **entry: Any) -> None:
    """Add an entry (the columns of `AuditEntry` but for its hashes) when the session commits; `note` puts it together.

    Entries wait until then, because a chain has one end and whoever writes to it makes all others wait.
    """
    # Through JSON, so that what is hashed is what the database gives back.
    entry["details"] = json.loads(json.dumps(entry["details"], allow_nan=False))
    session.info.setdefault(_WAITING, []).append(entry)


@event.listens_for(WriteSession, "before_commit")
def _write(session: Session) -> None:
    waiting: list[dict[str, Any]] = session.info.pop(_WAITING, [])
    if not waiting:
        return
    assert isinstance(session, WriteSession)  # noqa: S101 - the listener is registered for this class
    session.flush()
    take_turns(session, ["audit_log"])
    previous = session.scalars(_NEWEST).first() or FIRST
    rows = []
    for values in waiting:
        row = {**dict.fromkeys(_COLUMNS), **values, "previous_hash": previous}
        previous = _hash(row)
        rows.append({**row, "entry_hash": previous})
    # In the order in which they were added: the ids must rise with the chain.
    session.execute(_ADD, rows)


@event.listens_for(WriteSession, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the entry as canonical JSON, the hash before it included."""
    return _hash({name: getattr(entry, name) for name in (*_COLUMNS, "details", "previous_hash")})


def _hash(row: Mapping[str, Any]) -> str:
    said = {**row, "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What verifying found. `broken_at` is the first entry that does not fit, by its number; None when all do."""

    entries: int
    head: str
    """The hash of the last entry: keep it elsewhere to notice that the end was cut off."""
    last_at: datetime | None
    broken_at: int | None


def verify(session: ReadSession, *, known_head: str | None = None) -> Verdict:
    """Walk the whole chain. `known_head` is a head printed before: it must still be in the chain."""
    previous, count, last_at = FIRST, 0, None
    seen_known = known_head in (None, FIRST)
    for entry in _entries(session):
        if entry.previous_hash != previous or entry.entry_hash != entry_hash(entry):
            return Verdict(count, previous, last_at, entry.id)
        count, previous, last_at = count + 1, entry.entry_hash, entry.at
        seen_known = seen_known or previous == known_head
    return Verdict(count, previous, last_at, None if seen_known else count + 1)


def _entries(session: ReadSession) -> Iterator[AuditEntry]:
    last = 0
    while True:
        page = session.scalars(
            select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id).limit(_BATCH)
        ).all()
        if not page:
            return
        yield from page
        last = page[-1].id
        session.expunge_all()
