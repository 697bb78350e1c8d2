"""Keys of the shop's own systems: `sdk_<name>_<secret>`, each with the scopes it needs and no more."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity.machine_models import ApiKey

Scope = Literal["effects:read", "effects:answer", "records:read", "records:write", "events:write"]
"""effects:* work for other systems · records:* bulk reads and upserts · events:write things that happened."""

SCOPES: tuple[Scope, ...] = get_args(Scope)

_SHAPE = re.compile(r"sdk_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


def create(
    session: WriteSession, name: str, scopes: Sequence[Scope], *, now: datetime, expires_at: datetime | None = None
) -> str:
    """Make a key and return it. It is not kept and cannot be shown again."""
    public_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    session.add(
        ApiKey(
            public_id=public_id,
            secret_hash=_hash(secret),
            name=name,
            scopes=" ".join(sorted(set(scopes))),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return f"sdk_{public_id}_{secret}"


def find(session: ReadSession, key: str, now: datetime) -> ApiKey | None:
    """The key's record, None when it is not good or not good any more."""
    parts = _SHAPE.fullmatch(key)
    if parts is None:
        return None
    found = session.scalars(select(ApiKey).where(ApiKey.public_id == parts[1])).first()
    if found is None or not secrets.compare_digest(found.secret_hash, _hash(parts[2])):
        return None
    if found.revoked_at is not None or (found.expires_at is not None and found.expires_at <= now):
        return None
    return found


def list_keys(session: ReadSession) -> Sequence[ApiKey]:
    """All keys, oldest first."""
    return session.scalars(select(ApiKey).order_by(ApiKey.id)).all()


def revoke(session: WriteSession, public_id: str, now: datetime) -> bool:
    """Make a key worthless from now on. False when there is none of this name."""
    found = session.scalars(select(ApiKey).where(ApiKey.public_id == public_id)).first()
    if found is None:
        return False
    found.revoked_at = found.revoked_at or now
    return True


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
