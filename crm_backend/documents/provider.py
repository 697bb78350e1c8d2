"""Invoice providers: who issues, sends and takes back invoices where the shop's own system does not.

`InvoiceProvider` is the port. `HttpInvoiceProvider` is an adapter for a provider, or a small bridge to one, that takes
signed JSON; where no provider is set the work goes to the shop's own system like every other effect.

The provider is asked by effect id and does each once. It says at once what became of it, or that it has begun; then it
is asked again, under the same id, until it knows.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, SecretStr, StringConstraints, ValidationError

from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import Database
from crm_backend.documents.invoices import EFFECTS
from crm_backend.effects import repository, service
from crm_backend.effects.delivery import (
    ATTEMPTS,
    CLAIM,
    ID_HEADER,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    signature,
    wait_after,
)
from crm_backend.identity.access import EVERYTHING
from crm_backend.policies.policy import Policies
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.effects import EffectAnswer, EffectWork

ASKED_AGAIN = timedelta(minutes=2)
"""How long after "begun" the provider is asked what became of it."""
LARGEST_ANSWER = 64 * 1024


class ProviderAway(Exception):
    """It did not answer, or not in a way that we understand: worth another try. The message names no person."""


class ProviderAnswer(BaseModel):
    """What the provider says of one piece of work."""

    model_config = ConfigDict(extra="ignore")

    state: Literal["accepted", "done", "failed"]
    reference: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$", max_length=200)] | None = None
    """The invoice's number (of `invoice.void` the red-letter invoice's)."""
    error: Annotated[str, StringConstraints(pattern=r"^[^\x00]+$", max_length=500)] | None = None


class InvoiceProvider(Protocol):
    """The port. Called outside any transaction."""

    def carry_out(self, work: EffectWork, now: datetime) -> ProviderAnswer:
        """Issue, send or take back, once for each `work.id`. Raises ProviderAway."""


class HttpInvoiceProvider:
    """Posts the work as JSON to one address, signed like the effects' webhook (docs/effects.md)."""

    def __init__(
        self, url: str, secret: SecretStr, seconds: float, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._url = url
        self._secret = secret
        self._client = httpx.Client(timeout=seconds, follow_redirects=False, transport=transport)

    def carry_out(self, work: EffectWork, now: datetime) -> ProviderAnswer:
        """One call. 2xx with a `ProviderAnswer`; anything else is away."""
        body = work.model_dump_json(exclude={"state"}).encode()
        timestamp = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: work.id,
            "Idempotency-Key": work.id,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: signature(self._secret, timestamp, body),
        }
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        if not answer.is_success:
            raise ProviderAway(f"HTTP {answer.status_code}")
        if len(answer.content) > LARGEST_ANSWER:
            raise ProviderAway("its answer is too long")
        try:
            return ProviderAnswer.model_validate(json.loads(answer.content))
        except (ValueError, ValidationError):
            # Their words may quote the buyer.
            raise ProviderAway("its answer is none that we understand") from None

    def close(self) -> None:
        """Let go of its connections."""
        self._client.close()


@dataclass(frozen=True)
class _Claimed:
    work: EffectWork
    attempts: int


def deliver_due(
    database: Database,
    policies: Policies,
    clock: Clock,
    provider: InvoiceProvider,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Have the provider do what is due, one after another; how many it answered for."""
    answered = 0
    while not stopped() and (claimed := _claim(database, clock.wall())) is not None:
        try:
            answer = provider.carry_out(claimed.work, clock.wall())
        except ProviderAway as error:
            _put_off(database, policies, clock, claimed, str(error))
            continue
        _note(database, policies, clock, claimed, answer)
        answered += 1
    return answered


def _claim(database: Database, now: datetime) -> _Claimed | None:
    with database.read() as reading:
        if not repository.is_due(reading, now, kinds=EFFECTS, states=_ASKED):
            return None
    with database.write() as session:
        row = repository.claim_due(session, now, kinds=EFFECTS, states=_ASKED)
        if row is None:
            return None
        row.effect.attempts += 1
        row.effect.next_try_at = now + CLAIM
        return _Claimed(service.work(row), row.effect.attempts)


_ASKED = ("pending", "accepted")


def _note(database: Database, policies: Policies, clock: Clock, claimed: _Claimed, answer: ProviderAnswer) -> None:
    with database.write() as session:
        effect = repository.lock(session, claimed.work.id)
        if effect is None or effect.state not in _ASKED or effect.attempts != claimed.attempts:
            return  # Answered meanwhile, or claimed anew after this process was given up.
        unit = Unit(session, policies, clock, Actor("system", "invoice-provider"), EVERYTHING)
        said = EffectAnswer(answer=answer.state, reference=answer.reference, error=answer.error)
        service.answer(unit, effect.public_id, said)
        if effect.state == "accepted":
            # Begun is no failure: it is asked again for as long as that takes.
            effect.attempts = 0
            effect.next_try_at = clock.wall() + ASKED_AGAIN


def _put_off(database: Database, policies: Policies, clock: Clock, claimed: _Claimed, error: str) -> None:
    with database.write() as session:
        effect = repository.lock(session, claimed.work.id)
        if effect is None or effect.state not in _ASKED or effect.attempts != claimed.attempts:
            return
        effect.last_error = error
        if effect.attempts < ATTEMPTS:
            effect.next_try_at = clock.wall() + wait_after(effect.attempts)
            return
        effect.next_try_at = None
        unit = Unit(session, policies, clock, Actor("system", "invoice-provider"), EVERYTHING)
        service.open_case_for(unit, effect, "effect_undeliverable")
