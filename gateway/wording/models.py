"""Versions of the words of a response."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database.base import Identified, Model


class WordingVersion(Identified, Model):
    """What a response says in one language from `at` on, the newest in force. Rows are only added."""

    __tablename__ = "wording_versions"
    __table_args__ = (UniqueConstraint("language", "name", "version"),)

    language: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    """Of each response and language from 1 on: two who save at once cannot both store the same one."""
    texts: Mapped[list[Any] | None]
    """One for each variation; None where the repository's hold again."""
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id", ondelete="SET NULL"))
    at: Mapped[datetime]
