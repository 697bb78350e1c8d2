"""How often one may fail to verify: sliding windows over the failures that the database holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.identity import repository
from crm_backend.policies.policy import Limit, Limits
from shopdesk_schemas.crm import ProofMethod

SCOPES = ("conversation", "address", "reference")


@dataclass(frozen=True)
class Scope:
    """One thing that failures are counted by."""

    name: str
    """conversation, address or reference."""
    key: str
    limits: Sequence[Limit]


def scopes_of(
    limits: Limits, proof: ProofMethod, *, conversation_id: str, address_key: str | None, reference_keys: Sequence[str]
) -> list[Scope]:
    """What a try counts under. Without a known address that one is left out; several references count each."""
    named = [
        ("conversation", conversation_id, limits.conversation),
        ("address", address_key, limits.address),
        *(("reference", key, limits.reference) for key in reference_keys),
    ]
    return [
        Scope(name, key, [limit for limit in limited if limit.holds_for(proof)])
        for name, key, limited in named
        if key is not None
    ]


def seconds_to_wait(session: WriteSession, scopes: Sequence[Scope], now: datetime) -> int:
    """0 when a try is allowed, else the whole seconds until it is.

    Holds the scopes until the transaction ends: of many tries at once each sees the failures of those before it.
    """
    take_turns(session, [f"verification:{scope.name}:{scope.key}" for scope in scopes])
    tries = [
        Tries(scope.name, scope.key, limit.failures, timedelta(minutes=limit.minutes))
        for scope in scopes
        for limit in scope.limits
    ]
    return seconds_until_fewer(session, tries, now)


@dataclass(frozen=True)
class Tries:
    """So many tries under one scope and key within a window are too many."""

    scope: str
    key: str
    most: int
    window: timedelta


def seconds_until_fewer(session: ReadSession, limits: Sequence[Tries], now: datetime) -> int:
    """The whole seconds until none of these limits is reached any more; 0 when none is."""
    wanted = [repository.NthFailure(one.scope, one.key, now - one.window, one.most) for one in limits]
    waits = [
        (oldest + one.window - now).total_seconds()
        for one, oldest in zip(limits, repository.times_of(session, wanted), strict=True)
        if oldest is not None
    ]
    return math.ceil(max(waits, default=0.0))


def count_failure(session: WriteSession, scopes: Sequence[Scope], limits: Limits, now: datetime) -> None:
    """Count a failed try, and clear away those too old to matter."""
    repository.add_failures(session, [(scope.name, scope.key) for scope in scopes], now)
    repository.forget_failures(session, now - timedelta(minutes=limits.longest_minutes()), SCOPES)
