"""Pages that were written in the console: every version of each, the newest of a page in force."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm_backend.database.base import Identified, Model


class HelpPageVersion(Identified, Model):
    """A page in one language as somebody saved it. Rows are only added."""

    __tablename__ = "help_page_versions"
    __table_args__ = (UniqueConstraint("language", "name", "version"),)

    language: Mapped[str]
    name: Mapped[str]
    version: Mapped[int]
    """Of each page from 1 on: two who save at once cannot both store the same one."""
    markdown: Mapped[str | None] = mapped_column(Text)
    """As `documents` reads it; None where the console's page was taken back, and the shop's file holds again."""
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]
