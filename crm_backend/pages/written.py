"""Reading the pages that were written in the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from crm_backend.database.engine import Database, ReadSession
from crm_backend.pages.documents import Page, parse_page
from crm_backend.pages.models import HelpPageVersion


@dataclass(frozen=True)
class Written:
    """What the console's pages are at a moment: `at` changes whenever they do."""

    at: int
    pages: tuple[Page, ...]


def reader(database: Database) -> Callable[[int | None], Written | None]:
    """Reads the pages in force; None where nothing changed since `at`."""

    def read(at: int | None) -> Written | None:
        with database.read() as session:
            newest = session.scalar(select(func.max(HelpPageVersion.id))) or 0
            return None if newest == at else Written(newest, tuple(in_force(session)))

    return read


def in_force(session: ReadSession) -> list[Page]:
    """The pages of the console that hold now."""
    newest = select(func.max(HelpPageVersion.id)).group_by(HelpPageVersion.language, HelpPageVersion.name)
    rows = session.scalars(select(HelpPageVersion).where(HelpPageVersion.id.in_(newest)))
    return [parse_page(one.markdown, name=one.name, language=one.language) for one in rows if one.markdown is not None]
