"""Cases as agents see them (`/staff/cases`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from shopdesk_schemas.content import Schema

CaseState = Literal["open", "waiting", "closed"]
"""waiting: for somebody outside the shop."""

AgentId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,64}$")]
CaseNote = Annotated[str, StringConstraints(pattern=r"^[^\x00]*\S[^\x00]*$", max_length=4000)]
CaseOutcome = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]


class CaseLinkView(Schema):
    """Something it is about."""

    kind: str
    reference: str


class CaseView(Schema):
    """One case."""

    id: str
    kind: str
    state: CaseState
    owner: str | None
    order_number: str | None
    details: dict[str, Any]
    due_at: datetime
    overdue: bool
    outcome: str | None
    note: str | None
    created_at: datetime
    closed_at: datetime | None
    links: list[CaseLinkView]
    version: int = Field(description="Goes up with every change: send it with yours.")


class CasePage(Schema):
    """Cases, those due first at the top."""

    cases: list[CaseView]


class OwnedCases(Schema):
    """What somebody has to see to."""

    count: int
    overdue: int
    first_due_at: datetime


class CaseLoad(Schema):
    """Cases that are not closed, by whose they are."""

    owners: dict[str, OwnedCases]
    nobody: OwnedCases | None = Field(description="Those without an owner; null when there are none.")


class CaseOpening(Schema):
    """A case that an agent opens."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
    order_number: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    note: CaseNote
    conversation: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")] | None = None


class CaseChange(Schema):
    """What is to be different. Closing wants an outcome."""

    version: int = Field(ge=1, le=2**31 - 1, description="The version that was read; another one is a 409.")
    owner: AgentId | None = None
    state: CaseState | None = None
    outcome: CaseOutcome | None = None
    note: CaseNote | None = None
    due_at: AwareDatetime | None = None
