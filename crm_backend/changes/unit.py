"""What a change works with: one transaction, the shop's rules, the time, who asks, and ways to note what follows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from pydantic import JsonValue, SecretStr

from crm_backend.audit.service import note
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.kind import Actor
from crm_backend.changes.models import Proposal
from crm_backend.database.engine import WriteSession
from crm_backend.database.memo import hold
from crm_backend.effects.models import Effect
from crm_backend.identity.access import Access
from crm_backend.orders import repository as orders
from crm_backend.orders.models import Order
from crm_backend.policies.in_force import PoliciesInForce
from crm_backend.policies.policy import Policies
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import NotFound


class Touchable(Protocol):
    """A row with a version."""

    version: int


def new_id(prefix: str) -> str:
    """A public id: 128 bits that nobody can guess, and a word that says what it names."""
    return f"{prefix}_{secrets.token_hex(16)}"


@dataclass(frozen=True)
class CodeMeans:
    """What sending one-time codes takes of the program's settings."""

    key: SecretStr
    channels: Sequence[Literal["email", "sms"]]
    """Ways in which messages can be sent at all."""


class Unit:
    """One unit of work. `effects` and `cases` hold what was noted through it, in order."""

    def __init__(
        self,
        session: WriteSession,
        policies: Policies,
        clock: Clock,
        actor: Actor,
        access: Access,
        *,
        proposal: Proposal | None = None,
        codes: CodeMeans | None = None,
        rules: PoliciesInForce | None = None,
    ) -> None:
        self.session = session
        self.policies = policies
        self.clock = clock
        self.actor = actor
        self.access = access
        self.proposal = proposal
        """The one that is being carried out; None while an offer is worked out."""
        self.codes = codes
        """Where a shopper acts, who has to prove a new contact; None for everybody else."""
        self._rules = rules
        self.effects: list[Effect] = []
        self.cases: list[Case] = []

    @property
    def now(self) -> datetime:
        """The business time."""
        return self.clock.now()

    def read_policies(self) -> None:
        """Go by the policies that this transaction reads, which another process may have saved a moment ago."""
        if self._rules is not None:
            self.policies = self._rules.of(self.session)

    def find_order(self, number: str) -> Order:
        """The order with this number, or a parcel's, that the caller may see. Raises NotFound."""
        order = orders.find_order(self.session, self.access, number)
        if order is None:
            raise NotFound
        return hold(self.session, order)

    def touch(self, *rows: Touchable) -> None:
        """Make offers that rest on these rows void. Every change of a row, or of what belongs to it, calls this."""
        for row in rows:
            row.version += 1

    def effect(
        self,
        kind: str,
        *,
        order_id: int | None = None,
        payload: Mapping[str, JsonValue],
    ) -> Effect:
        """Ask another system for something. Stored with the change; delivered once it is committed.

        It has no row id before the session is flushed: several of one change are written together.
        """
        effect = Effect(
            public_id=new_id("eff"),
            kind=kind,
            order_id=order_id,
            proposal_id=self.proposal.id if self.proposal else None,
            payload=dict(payload),
            state="pending",
            attempts=0,
            created_at=self.clock.wall(),
            next_try_at=self.clock.wall(),
        )
        self.session.add(effect)
        self.effects.append(effect)
        self.audit("effect.requested", "effect", effect.public_id, {"kind": kind})
        return effect

    def open_case(
        self,
        kind: str,
        *,
        order_id: int | None = None,
        customer_id: int | None = None,
        details: Mapping[str, JsonValue] | None = None,
        links: Iterable[tuple[str, str]] = (),
        due_after: timedelta | None = None,
    ) -> Case:
        """Hand something to a person. `links` are (kind, reference); conversation and message are linked by itself."""
        now = self.clock.wall()
        case = Case(
            public_id=new_id("case"),
            kind=kind,
            state="open",
            order_id=order_id,
            customer_id=customer_id,
            details=dict(details or {}),
            due_at=now + (due_after or timedelta(hours=self.policies.cases.hours(kind))),
            created_at=now,
        )
        self.session.add(case)
        self.session.flush()
        of_actor = (
            ("conversation", self.actor.conversation_id),
            ("message", self.actor.message_id),
            ("proposal", self.proposal.public_id if self.proposal else None),
        )
        said = {*links, *((what, reference) for what, reference in of_actor if reference is not None)}
        self.session.add_all(CaseLink(case_id=case.id, kind=what, reference=which) for what, which in sorted(said))
        self.cases.append(case)
        self.audit("case.opened", "case", case.public_id, {"kind": kind})
        return case

    def audit(
        self, action: str, subject_type: str, subject_id: str, details: Mapping[str, JsonValue] | None = None
    ) -> None:
        """Note in the audit log who did this, in the same transaction. No personal data: ids, names, amounts."""
        note(self.session, self.actor, self.clock.wall(), action, (subject_type, subject_id), details)
