"""Agents and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import CheckConstraint, ForeignKey, String
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
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]


class AgentSession(Model):
    """A signed-in browser, by keyed hash of its cookie. Revoked by deleting the row."""

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
