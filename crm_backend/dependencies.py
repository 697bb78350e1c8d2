"""What routes ask FastAPI for: a session for the request's one transaction, the clock, the shop's policies.

Sessions end with scope "function": the transaction is committed before the response is sent, so that nobody is told
of a change that then fails to be stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Path, Query, Request

from crm_backend.database.engine import Database, ReadSession, WriteSession
from crm_backend.policies.policy import Policies
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.turn import Language


@dataclass(frozen=True)
class Resources:
    """What the program holds for all requests."""

    settings: CrmSettings
    database: Database
    clock: Clock
    policies: Policies


def resources(request: Request) -> Resources:
    """The application's resources."""
    return cast(Resources, request.app.state.resources)


Held = Annotated[Resources, Depends(resources)]


def _read_session(held: Held) -> Iterator[ReadSession]:
    with held.database.read() as session:
        yield session


def _write_session(held: Held) -> Iterator[WriteSession]:
    with held.database.write() as session:
        yield session


def _clock(held: Held) -> Clock:
    return held.clock


def _policies(held: Held) -> Policies:
    return held.policies


Reading = Annotated[ReadSession, Depends(_read_session, scope="function")]
"""The request's session for reading."""

Writing = Annotated[WriteSession, Depends(_write_session, scope="function")]
"""The request's session for writing: committed when the route returns, rolled back when it raises."""

BusinessClock = Annotated[Clock, Depends(_clock)]
ShopPolicies = Annotated[Policies, Depends(_policies)]

ConversationId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=128,
        pattern=r"^[A-Za-z0-9._~:-]+$",
        description="The gateway's id of the conversation. It is the only thing that says who is asking.",
    ),
]

RequestedLanguage = Annotated[
    Language | None, Query(description="Of product and option names; the conversation's own when not given.")
]
