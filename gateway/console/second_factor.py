"""Codes from an authenticator app (TOTP, RFC 6238), and recovery codes for the day it is lost.

The secret is stored encrypted under a key derived from `SHOPDESK_SESSION_SECRET`; recovery codes only as keyed hashes.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select

from gateway.console.models import Agent
from gateway.database.engine import WriteSession
from gateway.secrets import Tokens
from shopdesk_schemas.clock import Clock

RECOVERY_CODES: Final = 10
STEP_SECONDS: Final = 30
_STEPS_EITHER_SIDE: Final = 1
"""Clocks of telephones may be that many steps off."""

PENDING_SECONDS: Final = 300
"""How long after the password the code may be given."""


class SecondFactor:
    """Sets up and checks second factors, inside the caller's transaction."""

    def __init__(self, tokens: Tokens, clock: Clock) -> None:
        self._tokens = tokens
        self._clock = clock
        self._vault = Fernet(base64.urlsafe_b64encode(bytes.fromhex(tokens.keyed("second factor", "key"))))

    def begin(self, agent: Agent) -> None:
        """Make a secret; nothing is asked for until `confirm` has seen a code of it."""
        if agent.totp_since is None:
            agent.totp_secret = self._vault.encrypt(pyotp.random_base32().encode()).decode()

    def address(self, agent: Agent) -> str | None:
        """What the app scans; None when there is no secret."""
        secret = self._secret(agent)
        return (
            pyotp.TOTP(secret).provisioning_uri(name=agent.username, issuer_name="Shopdesk")
            if secret is not None
            else None
        )

    async def confirm(self, session: WriteSession, agent_id: int, code: str) -> list[str] | None:
        """From now on signing in asks for a code. Returns recovery codes, to be shown once; None: a wrong code."""
        agent = await self._locked(session, agent_id)
        if agent.totp_since is not None or not self._use(agent, code):
            return None
        agent.totp_since = self._clock.wall()
        codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(RECOVERY_CODES)]
        agent.recovery_codes = [self._tokens.keyed("recovery code", code) for code in codes]
        return codes

    async def check(self, session: WriteSession, agent_id: int, code: str) -> str | None:
        """`code` or `recovery_code` when it is right, and used up with that; None when it is not."""
        agent = await self._locked(session, agent_id)
        if agent.totp_since is None:
            return None
        if self._use(agent, code):
            return "code"
        hashed = self._tokens.keyed("recovery code", code.strip().lower())
        left = list(agent.recovery_codes or ())
        if hashed not in left:
            return None
        agent.recovery_codes = [one for one in left if one != hashed]
        return "recovery_code"

    def remove(self, agent: Agent) -> None:
        """Signing in asks for the password alone again."""
        agent.totp_secret = agent.totp_since = agent.totp_step = agent.recovery_codes = None

    # --- Between the password and the code --------------------------------------------------------------------------

    def pending(self, agent: Agent) -> str:
        """Says that the agent's password was right, for some minutes; worthless after the password changes."""
        until = int(self._clock.wall().timestamp()) + PENDING_SECONDS
        return f"{agent.id}.{until}.{self._seal(agent, until)}"

    async def pending_agent(self, session: WriteSession, token: str | None) -> Agent | None:
        """Whose password was right by such a token."""
        parts = (token or "").split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts[:2]):
            return None
        agent_id, until = int(parts[0][:12]), int(parts[1][:12])
        agent = await session.get(Agent, agent_id)
        if agent is None or not agent.active or until < self._clock.wall().timestamp():
            return None
        return agent if secrets.compare_digest(parts[2].encode(), self._seal(agent, until).encode()) else None

    def _seal(self, agent: Agent, until: int) -> str:
        return self._tokens.keyed("second step", f"{agent.id}\0{until}\0{agent.password_hash}")

    def _use(self, agent: Agent, code: str) -> bool:
        """Whether it is the code of a step later than the last one used; uses it up."""
        secret = self._secret(agent)
        given = "".join(code.split())
        if secret is None or not (given.isascii() and given.isdecimal()):
            return False
        totp = pyotp.TOTP(secret)
        now = int(self._clock.wall().timestamp()) // STEP_SECONDS
        for step in range(now - _STEPS_EITHER_SIDE, now + _STEPS_EITHER_SIDE + 1):
            if step > (agent.totp_step or 0) and secrets.compare_digest(totp.at(step * STEP_SECONDS), given):
                agent.totp_step = step
                return True
        return False

    def _secret(self, agent: Agent) -> str | None:
        if agent.totp_secret is None:
            return None
        try:
            return self._vault.decrypt(agent.totp_secret.encode()).decode()
        except InvalidToken:
            # The session secret was changed: codes can no longer be checked, recovery codes neither.
            return None

    async def _locked(self, session: WriteSession, agent_id: int) -> Agent:
        query = select(Agent).where(Agent.id == agent_id).with_for_update().execution_options(populate_existing=True)
        return (await session.execute(query)).scalar_one()
