"""Who calls: a shopper's conversation, an agent through the gateway, or one of the shop's systems with its key.

Each is a FastAPI dependency that gives an `Actor`, for the audit log and for whose proposals and idempotency keys
these are. A route for shoppers asks for `Shopper` (writing) beside its access; one for agents for `Agent`,
`AgentWriting` or `Lead`; one for systems for `reading_system(scope)` or `writing_system(scope)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import StringConstraints
from pydantic.json_schema import SkipJsonSchema

from crm_backend.changes.kind import Actor
from crm_backend.database.engine import ReadSession
from crm_backend.dependencies import BusinessClock, ConversationId, Reading, Writing
from crm_backend.identity import api_keys
from crm_backend.identity.access import ShopperWriteAccess
from crm_backend.policies.changes import StaffRole
from shopdesk_schemas.problems import Forbidden, Unauthenticated

# In optional headers and queries `SkipJsonSchema[None]`: they can be left out, not be sent as null.
MESSAGE_HEADER = "X-Shopdesk-Message"
STAFF_HEADER = "X-Shopdesk-Staff"

Role = Literal["read_only", "agent", "lead", "admin"]
ROLES: tuple[Role, ...] = ("read_only", "agent", "lead", "admin")
"""The least first: each may do what those before it may."""

MessageId = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:-]{1,128}$")] | SkipJsonSchema[None],
    Header(
        alias=MESSAGE_HEADER,
        description="The message through which this is asked, for the audit log.",
    ),
]


# --- Shoppers ---------------------------------------------------------------------------------------------------


async def shopper(_access: ShopperWriteAccess, conversation_id: ConversationId, message_id: MessageId = None) -> Actor:
    """The conversation that writes. The route's access says what it may see."""
    return Actor("shopper", conversation_id, conversation_id, message_id)


Shopper = Annotated[Actor, Depends(shopper)]


# --- Agents -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Staff:
    """An agent whom the gateway signed in."""

    id: str
    role: Role
    message_id: str | None = None

    @property
    def actor(self) -> Actor:
        """As the audit log has it."""
        return Actor("staff", self.id, message_id=self.message_id, role=self.role)

    def has(self, role: Role | StaffRole) -> bool:
        """Whether the agent may do what this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


async def staff(
    said: Annotated[
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._@+-]{1,64};(read_only|agent|lead|admin)$")]
        | SkipJsonSchema[None],
        Header(
            alias=STAFF_HEADER,
            description="The agent and their role, as in `mia;agent`. Only the gateway sets it.",
        ),
    ] = None,
    message_id: MessageId = None,
) -> Staff:
    """The agent. Only programs that know the service token get this far, and of these only the gateway says this."""
    if said is None:
        raise Forbidden
    agent, _, role = said.partition(";")
    return Staff(agent, cast(Role, role), message_id)


async def writing_staff(agent: Annotated[Staff, Depends(staff)]) -> Staff:
    """An agent who may change something."""
    if not agent.has("agent"):
        raise Forbidden
    return agent


async def staff_actor(agent: Annotated[Staff, Depends(writing_staff)]) -> Actor:
    """The agent who writes."""
    return agent.actor


async def leading_staff(agent: Annotated[Staff, Depends(writing_staff)]) -> Staff:
    """A lead, who may change what holds for everybody: rules, pages, names, segments; and whose a person's data are."""
    if not agent.has("lead"):
        raise Forbidden
    return agent


Agent = Annotated[Staff, Depends(staff)]
AgentWriting = Annotated[Staff, Depends(writing_staff)]
Lead = Annotated[Staff, Depends(leading_staff)]


# --- The shop's systems -----------------------------------------------------------------------------------------

_bearer = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="A key made by `shopdesk api-key create`.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _system(
    session: ReadSession, credentials: HTTPAuthorizationCredentials | None, scope: str, clock: BusinessClock
) -> Actor:
    key = api_keys.find(session, credentials.credentials, clock.wall()) if credentials else None
    if key is None:
        raise Unauthenticated
    if scope not in key.scopes.split():
        raise Forbidden
    return Actor("backoffice", key.public_id)


def reading_system(scope: api_keys.Scope) -> Callable[..., Actor]:
    """Dependency of routes that read: a system whose key has this scope. 401 without a key, 403 without the scope."""

    def system(session: Reading, clock: BusinessClock, credentials: _Credentials) -> Actor:
        return _system(session, credentials, scope, clock)

    return system


def writing_system(scope: api_keys.Scope) -> Callable[..., Actor]:
    """The same for routes that write."""

    def system(session: Writing, clock: BusinessClock, credentials: _Credentials) -> Actor:
        return _system(session, credentials, scope, clock)

    return system
