"""The webhook: each effect is sent to the shop's systems, signed, until it is taken.

Claiming and noting are two short transactions around the call, so that nothing is locked while the other side thinks.
A claim puts the next try off; a process that dies in between leaves the effect to be sent again then. So it is sent at
least once, and the receiver tells repetitions by the id.

The signature is HMAC-SHA256 (hex) with the shop's secret over `<timestamp>.<body>`; the timestamp is in seconds since
1970, and a receiver refuses old ones.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from pydantic import SecretStr

from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import Database
from crm_backend.effects import repository, service
from crm_backend.identity.access import EVERYTHING
from crm_backend.policies.policy import Policies
from shopdesk_schemas.clock import Clock

ID_HEADER = "Shopdesk-Effect"
TIMESTAMP_HEADER = "Shopdesk-Timestamp"
SIGNATURE_HEADER = "Shopdesk-Signature"

ATTEMPTS = 12
"""Then a person has to see why nobody takes it; it stays in the list."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
CLAIM = timedelta(minutes=2)
"""How long a claimed effect is left to the process that claimed it: longer than sending may take."""

Send = Callable[[str, bytes, dict[str, str]], int]
"""(url, body, headers) → the status of the answer. Raises httpx.HTTPError when there is none."""


def signature(secret: SecretStr, timestamp: int, body: bytes) -> str:
    """What a receiver compares with, in constant time."""
    return hmac.new(secret.get_secret_value().encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries in vain (from 1): doubled each time, up to a limit."""
    doublings: int = min(attempts - 1, 30)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def sending(seconds: float) -> Send:
    """Sends by HTTP; waits so many seconds for an answer. Follows no redirect: the address is the shop's own choice."""

    def send(url: str, body: bytes, headers: dict[str, str]) -> int:
        return httpx.post(url, content=body, headers=headers, timeout=seconds, follow_redirects=False).status_code

    return send


@dataclass(frozen=True)
class Webhook:
    """Where to send, and the key to sign with."""

    url: str
    secret: SecretStr


@dataclass(frozen=True)
class _Claimed:
    public_id: str
    attempts: int
    body: bytes


def deliver_due(
    database: Database,
    policies: Policies,
    clock: Clock,
    webhook: Webhook,
    send: Send,
    *,
    without: Collection[str] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due, one after another, until nothing is or `stopped` says so; how many were taken.

    Effects of the kinds in `without` are left to who carries them out otherwise.
    """
    taken = 0
    while not stopped() and (claimed := _claim(database, clock.wall(), without)) is not None:
        error = _try(webhook, claimed, clock.wall(), send)
        taken += error is None
        _note(database, policies, clock, claimed, error)
    return taken


def _claim(database: Database, now: datetime, without: Collection[str]) -> _Claimed | None:
    # Looked for by reading first: on SQLite a writing transaction would stop all others every time there is nothing.
    with database.read() as reading:
        if not repository.is_due(reading, now, without=without):
            return None
    with database.write() as session:
        row = repository.claim_due(session, now, without=without)
        if row is None:
            return None
        row.effect.attempts += 1
        row.effect.next_try_at = now + CLAIM
        body = service.work(row).model_dump_json(exclude={"state"}).encode()
        return _Claimed(row.effect.public_id, row.effect.attempts, body)


def _try(webhook: Webhook, claimed: _Claimed, now: datetime, send: Send) -> str | None:
    """Why it was not taken, None when it was. Never the other side's words, which may hold anything."""
    timestamp = int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        ID_HEADER: claimed.public_id,
        TIMESTAMP_HEADER: str(timestamp),
        SIGNATURE_HEADER: signature(webhook.secret, timestamp, claimed.body),
    }
    try:
        status = send(webhook.url, claimed.body, headers)
    except httpx.HTTPError as error:
        return type(error).__name__
    return None if 200 <= status < 300 else f"HTTP {status}"


def _note(database: Database, policies: Policies, clock: Clock, claimed: _Claimed, error: str | None) -> None:
    now = clock.wall()
    with database.write() as session:
        effect = repository.lock(session, claimed.public_id)
        if effect is None or effect.state != "pending" or effect.attempts != claimed.attempts:
            return  # Answered meanwhile, or claimed anew after this process was given up.
        effect.last_error = error
        if error is None:
            effect.state, effect.delivered_at, effect.next_try_at = "delivered", now, None
        elif effect.attempts < ATTEMPTS:
            effect.next_try_at = now + wait_after(effect.attempts)
        else:
            effect.next_try_at = None
            unit = Unit(session, policies, clock, Actor("system", "effects"), EVERYTHING)
            service.open_case_for(unit, effect, "effect_undeliverable")
