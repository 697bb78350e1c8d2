"""Agents and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model

Role = Literal["agent", "lead", "admin", "read_only"]
ROLES: tuple[Role, ...] = get_args(Role)


class Agent(Identified, Model):
    """A person who may sign in to the console. `username` is stored in lower case."""

    __tablename__ = "agents"
    __table_args__ = (CheckConstraint("role IN ('agent','lead','admin','read_only')", name="role"),)

    username: Mapped[str] = mapped_column(String(100), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int] = mapped_column(default=5, server_default="5")
    """How many conversations the agent is given at once."""
    case_capacity: Mapped[int] = mapped_column(default=20, server_default="20")
    """Up to how many cases that are not closed the agent is given further ones."""
    available_until: Mapped[datetime | None]
    """Until when they count as there, by their page's last sign of life; null when they said that they are not."""
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    """Encrypted (`gateway.console.second_factor`)."""
    totp_since: Mapped[datetime | None]
    """Since when signing in asks for a code; null while it is only being set up."""
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the last code that was used: no code is good twice (RFC 6238 section 5.2)."""
    recovery_codes: Mapped[list[Any] | None]
    """Keyed hashes of those that are left."""
    oidc_subject: Mapped[str | None] = mapped_column(String(400), unique=True, index=True)
    """Issuer and subject at the identity provider, from the first sign-in there on."""


class AgentSession(Model):
    """A signed-in browser, by keyed hash of its cookie. Revoked by deleting the row."""

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str | None] = mapped_column(String(200))
    """From where it was opened, for its owner to recognise."""
