"""Pages written in the console: stored version by version, laid over the files of the shop's folder.

The folder may be read-only and under version control; what is written here belongs to the CRM's database, is backed up
with it, and can be taken back, which lets the file hold again.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from crm_backend.audit import service as audit
from crm_backend.callers import Staff
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.pages.documents import Page, page_path, parse_page
from crm_backend.pages.from_policies import NAME as MADE_FROM_POLICIES
from crm_backend.pages.models import HelpPageVersion
from crm_backend.pages.retrieval import Index
from crm_backend.pages.written import in_force
from shopdesk_schemas.help import (
    HelpPageChange,
    HelpPageEntry,
    HelpPageList,
    HelpPageSaved,
    HelpPageSource,
    HelpPageTrial,
)
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.turn import Language


def entries(index: Index, session: ReadSession) -> HelpPageList:
    """All pages and where each comes from."""
    written = {(one.language, one.name) for one in in_force(session)}
    found = [
        HelpPageEntry(
            name=name, language="zh" if language == "zh" else "en", title=page.title,
            origin="policies" if name == MADE_FROM_POLICIES
            else "console" if (language, name) in written else "file",
        )
        for (language, name), page in index.pages.items()
    ]  # fmt: skip
    return HelpPageList(pages=sorted(found, key=lambda one: (one.language, one.name)))


def source(session: ReadSession, shop: Path, language: Language, name: str, version: int | None) -> HelpPageSource:
    """A page as it is written: the one in force, or as `version` of the console was. Raises NotFound for a version
    that there is not; a page that there is not yet has empty words.
    """
    saved = _versions(session, language, name)
    file = page_path(shop, language, name)
    from_file = file.read_text(encoding="utf-8-sig") if file.is_file() else None
    newest = saved[0] if saved else None
    shown = newest
    if version is not None and (shown := next((one for one in saved if one.version == version), None)) is None:
        raise NotFound
    words = shown.markdown if shown is not None and shown.markdown is not None else from_file
    console = newest is not None and newest.markdown is not None
    return HelpPageSource(
        name=name,
        language=language,
        markdown=words or "",
        version=newest.version if newest else 0,
        in_force="console" if console else "file" if from_file is not None else "nothing",
        has_file=from_file is not None,
        saved=[
            HelpPageSaved(
                version=one.version, saved_by=one.saved_by, saved_at=one.saved_at, withdrawn=one.markdown is None
            )
            for one in saved
        ],
    )


def draft(body: HelpPageTrial | HelpPageChange, language: Language, name: str) -> Page:
    """The page that the words make. Raises InvalidInput where no section has any words, or the name is taken."""
    if name == MADE_FROM_POLICIES:
        raise InvalidInput(errors=[FieldProblem(field="body.name", message="is made from the policies")])
    page = parse_page(body.markdown.replace("\r\n", "\n"), name=name, language=language)
    if not page.sections:
        raise InvalidInput(errors=[FieldProblem(field="body.markdown", message="has no words under a heading")])
    return page


def with_draft(index: Index, page: Page) -> Index:
    """All pages with a draft in the place of its page."""
    return Index([*(one for key, one in index.pages.items() if key != (page.language, page.name)), page])


def save(
    session: WriteSession, agent: Staff, language: Language, name: str, wanted: HelpPageChange, now: datetime
) -> None:
    """Let the words hold. Raises Conflict when somebody saved the page meanwhile, and InvalidInput."""
    draft(wanted, language, name)
    _store(session, agent, language, name, wanted.version, wanted.markdown.replace("\r\n", "\n"), now)


def withdraw(session: WriteSession, agent: Staff, language: Language, name: str, version: int, now: datetime) -> None:
    """Take the console's page back. Raises Conflict when it was saved meanwhile, NotFound where there is none."""
    saved = _versions(session, language, name)
    if not saved or saved[0].markdown is None:
        raise NotFound
    _store(session, agent, language, name, version, None, now)


def _store(
    session: WriteSession, agent: Staff, language: str, name: str, version: int, markdown: str | None, now: datetime
) -> None:
    take_turns(session, ["help_page_versions"])
    saved = _versions(session, language, name)
    if version != (saved[0].version if saved else 0):
        raise Conflict("Somebody saved the page meanwhile.")
    session.add(
        HelpPageVersion(
            language=language, name=name, version=version + 1, markdown=markdown, saved_by=agent.id, saved_at=now
        )
    )
    session.flush()
    action = "help_page.withdrawn" if markdown is None else "help_page.saved"
    audit.note(session, agent.actor, now, action, ("help_page", f"{language}/{name}"), {"version": version + 1})


def _versions(session: ReadSession, language: str, name: str) -> list[HelpPageVersion]:
    query = select(HelpPageVersion).where(HelpPageVersion.language == language, HelpPageVersion.name == name)
    return list(session.scalars(query.order_by(HelpPageVersion.version.desc())))
