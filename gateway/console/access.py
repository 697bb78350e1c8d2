"""Who calls the console's JSON routes, and what their role allows.

A browser proves itself with the session cookie (`SameSite=Strict`) and, for anything that changes something, the form
token of that session in `X-Shopdesk-Form`: a page of another origin can read neither.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Cookie, Depends, Header, Path, Request

from gateway.console.models import Agent, Role
from gateway.dependencies import GatewayServices
from gateway.secrets import Tokens
from shopdesk_schemas.problems import Forbidden, Unauthenticated

SESSION_COOKIE: Final = "shopdesk_console"
FORM_HEADER: Final = "X-Shopdesk-Form"
WRITERS: Final[frozenset[Role]] = frozenset({"agent", "lead", "admin"})
"""Roles that may speak to shoppers; `read_only` may only look."""

ConversationId = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

_SAFE_METHODS = frozenset({"GET", "HEAD"})


def form_token(tokens: Tokens, session_token: str) -> str:
    """The form token of a session: what its pages carry, and nobody else can know."""
    return tokens.keyed("console form", session_token)


def is_form_token(tokens: Tokens, session_token: str, given: str) -> bool:
    """Whether `given` is the session's form token, in constant time."""
    return hmac.compare_digest(form_token(tokens, session_token).encode(), given.encode())


async def signed_in_agent(
    request: Request,
    services: GatewayServices,
    session_token: Annotated[str | None, Cookie(alias=SESSION_COOKIE, max_length=200)] = None,
    form: Annotated[str | None, Header(alias=FORM_HEADER, max_length=200)] = None,
) -> Agent:
    """The agent who calls. Raises `Unauthenticated`; `Forbidden` when a change comes without the form token."""
    agent = None
    if session_token is not None:
        async with services.database.read() as session:
            agent = await services.accounts.signed_in(session, session_token)
    if agent is None or session_token is None:
        raise Unauthenticated
    if request.method not in _SAFE_METHODS and not is_form_token(services.tokens, session_token, form or ""):
        raise Forbidden("The form's token is missing or belongs to another session.")
    return agent


def having_role(*roles: Role) -> Callable[[Agent], Awaitable[Agent]]:
    """A dependency: the agent who calls, if they have one of `roles`; `Forbidden` otherwise."""

    async def check(agent: Annotated[Agent, Depends(signed_in_agent)]) -> Agent:
        if agent.role not in roles:
            raise Forbidden("Your role does not allow this.")
        return agent

    return check


SignedInAgent = Annotated[Agent, Depends(signed_in_agent)]
WritingAgent = Annotated[Agent, Depends(having_role(*sorted(WRITERS)))]
