"""Agents' accounts: passwords, sign-in, sessions. Every function works inside the caller's transaction."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from gateway.console.models import ROLES, Agent, AgentSession, Role
from gateway.database.engine import AnySession, WriteSession
from gateway.secrets import Tokens
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

MIN_PASSWORD_CHARACTERS = 12
MAX_PASSWORD_CHARACTERS = 256
"""Argon2 takes any length; the limit keeps a sign-in's cost bounded."""


@cache
def _hash_of_nobody() -> str:
    """A hash that no password fits. Made once for a process: making one takes a third of a second."""
    return PasswordHasher().hash(secrets.token_urlsafe(24))


class Accounts:
    """Who may use the console, and who is signed in."""

    def __init__(
        self, clock: Clock, tokens: Tokens, session_life: timedelta, ended: Callable[[int], None] = lambda _: None
    ) -> None:
        """`ended` is told the agent of whom a session was ended before its time, once that is committed."""
        self._ended = ended
        self._clock = clock
        self._tokens = tokens
        self._session_life = session_life
        self._hasher = PasswordHasher()
        # Checked for unknown names, so that they take as long as known ones.
        self._nobody = _hash_of_nobody()

    async def add(self, session: WriteSession, *, username: str, display_name: str, role: Role, password: str) -> Agent:
        """A new agent. Raises `Conflict` when the name is taken, `InvalidInput` naming what is wrong."""
        name = normalised(username)
        if role not in ROLES:
            raise InvalidInput(errors=[FieldProblem(field="role", message=f"must be one of {', '.join(ROLES)}")])
        check_password(password)
        if await by_username(session, name) is not None:
            raise Conflict(f"There is already an agent named {name}.")
        now = self._clock.wall()
        agent = Agent(
            username=name,
            display_name=display_name.strip()[:100] or name,
            password_hash=await self._hash(password),
            role=role,
            active=True,
            created_at=now,
            password_changed_at=now,
        )
        session.add(agent)
        await session.flush()
        return agent

    async def set_password(self, session: WriteSession, username: str, password: str) -> Agent:
        """A new password; signs the agent out everywhere. Raises `NotFound`, `InvalidInput`."""
        check_password(password)
        agent = await _existing(session, username)
        agent.password_hash = await self._hash(password)
        agent.password_changed_at = self._clock.wall()
        await self._sign_out_everywhere(session, agent)
        return agent

    async def set_active(self, session: WriteSession, username: str, *, active: bool) -> Agent:
        """Let an agent in or keep them out; keeping out signs them out everywhere. Raises `NotFound`."""
        agent = await _existing(session, username)
        agent.active = active
        if not active:
            await self._sign_out_everywhere(session, agent)
        return agent

    async def check(self, session: AnySession, username: str, password: str) -> Agent | None:
        """The agent, if the password is theirs and they may sign in; takes the same time for unknown names."""
        name = username.strip().lower()
        agent = await by_username(session, name) if name.isprintable() else None
        known = agent.password_hash if agent is not None else self._nobody
        matches = await asyncio.to_thread(self._matches, known, password[:MAX_PASSWORD_CHARACTERS])
        return agent if agent is not None and matches and agent.active else None

    async def sign_in(
        self, session: WriteSession, agent: Agent, *, address: str | None = None, browser: str | None = None
    ) -> str:
        """A new session; returns the cookie's token."""
        now = self._clock.wall()
        await session.execute(delete(AgentSession).where(AgentSession.expires_at <= now))
        token, token_hash = self._tokens.make()
        session.add(
            AgentSession(
                token_hash=token_hash,
                agent_id=agent.id,
                created_at=now,
                expires_at=now + self._session_life,
                address=address[:64] if address else None,
                browser=browser[:200] if browser else None,
            )
        )
        return token

    async def signed_in(self, session: AnySession, token: str) -> Agent | None:
        """The agent of a cookie's token, None when it is unknown, expired, revoked, or the agent may not sign in."""
        return (
            await session.execute(
                select(Agent)
                .join(AgentSession, AgentSession.agent_id == Agent.id)
                .where(
                    AgentSession.token_hash == self._tokens.hash(token),
                    AgentSession.expires_at > self._clock.wall(),
                    Agent.active,
                )
            )
        ).scalar_one_or_none()

    async def sign_out(self, session: WriteSession, token: str) -> None:
        """Revoke one session."""
        gone = delete(AgentSession).where(AgentSession.token_hash == self._tokens.hash(token))
        for agent_id in (await session.execute(gone.returning(AgentSession.agent_id))).scalars():
            self._tell(session, agent_id)

    async def sessions(self, session: AnySession, agent_id: int) -> Sequence[AgentSession]:
        """The agent's open sessions, newest first."""
        query = (
            select(AgentSession)
            .where(AgentSession.agent_id == agent_id, AgentSession.expires_at > self._clock.wall())
            .order_by(AgentSession.created_at.desc())
        )
        return (await session.execute(query)).scalars().all()

    async def revoke(self, session: WriteSession, agent_id: int, reference: str) -> None:
        """End one of the agent's sessions, by its `reference`. Raises `NotFound`."""
        for one in await self.sessions(session, agent_id):
            if self.reference(one) == reference:
                await session.delete(one)
                self._tell(session, agent_id)
                return
        raise NotFound

    def reference(self, one: AgentSession) -> str:
        """What a page may call a session: of no use to anybody else."""
        return self._tokens.keyed("session reference", one.token_hash)[:16]

    def is_current(self, one: AgentSession, token: str) -> bool:
        """Whether it is the session of this cookie."""
        return one.token_hash == self._tokens.hash(token)

    async def sign_out_everywhere(self, session: WriteSession, agent: Agent) -> None:
        """End all of the agent's sessions."""
        await self._sign_out_everywhere(session, agent)

    async def password_fits(self, agent: Agent, password: str) -> bool:
        """Whether a password is the agent's, for what asks for it again."""
        return await asyncio.to_thread(self._matches, agent.password_hash, password[:MAX_PASSWORD_CHARACTERS])

    async def all(self, session: AnySession) -> Sequence[Agent]:
        """Every agent, by name."""
        return (await session.execute(select(Agent).order_by(Agent.username))).scalars().all()

    async def _sign_out_everywhere(self, session: WriteSession, agent: Agent) -> None:
        await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent.id))
        self._tell(session, agent.id)

    def _tell(self, session: WriteSession, agent_id: int) -> None:
        session.after_commit(lambda: self._ended(agent_id))

    async def _hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def normalised(username: str) -> str:
    """A user name as stored: lower case. Raises `InvalidInput`."""
    name = username.strip().lower()
    if not 1 <= len(name) <= 100 or any(character.isspace() or not character.isprintable() for character in name):
        raise InvalidInput(
            errors=[FieldProblem(field="username", message="must be 1 to 100 printable characters without spaces")]
        )
    return name


def check_password(password: str) -> None:
    """Raises `InvalidInput` when a password is too short or too long."""
    if not MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS:
        raise InvalidInput(
            errors=[
                FieldProblem(
                    field="password",
                    message=f"must have {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters",
                )
            ]
        )


def generate_password() -> str:
    """A password that nobody will guess, without characters that are mistaken for each other."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


async def by_username(session: AnySession, username: str) -> Agent | None:
    """The agent of a normalised name."""
    return (await session.execute(select(Agent).where(Agent.username == username))).scalar_one_or_none()


async def _existing(session: AnySession, username: str) -> Agent:
    agent = await by_username(session, normalised(username))
    if agent is None:
        raise NotFound(f"There is no agent named {username}.")
    return agent
