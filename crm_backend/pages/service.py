"""Answering questions from pages and policies, and keeping up with pages that change."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from crm_backend.pages.documents import Page, page_files, read_page
from crm_backend.pages.from_policies import policy_pages
from crm_backend.pages.retrieval import Found, Index
from crm_backend.pages.written import Written
from crm_backend.policies.policy import Policies
from shopdesk_schemas.help import HelpAnswer, HelpAnswers, HelpPage, HelpSection
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

_LOOKED_AT_SECONDS = 5.0
_QUOTED = 420
"""Characters up to which a section is quoted whole; of a longer one the paragraph that answers is."""

_Signature = tuple[tuple[str, int, int], ...]


class Pages:
    """The shop's pages: those on the disk, and over them those that were written in the console, and what the policies
    that hold now (`rules`) say in words.

    A page that is added or changed is found within seconds. `written` reads the console's (`written.reader`).
    """

    def __init__(
        self,
        shop: Path,
        policies: Policies,
        written: Callable[[int | None], Written | None] = lambda _at: None,
        rules: Callable[[], Policies] | None = None,
    ) -> None:
        self._shop = shop
        self._policies = policies
        self._rules = rules or (lambda: policies)
        self._read_written = written
        # The database is asked with the first question: when a program starts, it may have no schema yet.
        self._written: Written | None = None
        self._files: list[Page] = []
        self._lock = Lock()
        self._looked = float("-inf")
        self._signature: _Signature | None = None
        self._index = Index([])
        self._look_at_files()
        self._arrange()

    def index(self) -> Index:
        """The present one. A file that is broken meanwhile, or a database that is away, leaves what was there."""
        with self._lock:
            if (policies := self._rules()) is not self._policies:
                self._policies = policies
                self._arrange()
            if time.monotonic() - self._looked < _LOOKED_AT_SECONDS:
                return self._index
            self._looked = time.monotonic()
            files, written = self._look_at_files(), self._look_at_written()
            if files or written:
                self._arrange()
            return self._index

    def look_again(self) -> None:
        """The next question is answered from what is there then: something was just saved."""
        self._looked = float("-inf")

    def _look_at_files(self) -> bool:
        """Whether they changed. Raises PageError for one that cannot be read when the program starts."""
        signature = self._read_signature()
        if signature == self._signature:
            return False
        try:
            self._files = [read_page(path) for path in page_files(self._shop)]
        except ValueError:
            if self._signature is None:
                raise
            return False
        self._signature = signature
        return True

    def _look_at_written(self) -> bool:
        try:
            found = self._read_written(self._written.at if self._written is not None else None)
        except SQLAlchemyError:
            return False
        if found is not None:
            self._written = found
        return found is not None

    def _arrange(self) -> None:
        over = {(one.language, one.name): one for one in (self._written.pages if self._written is not None else ())}
        files = [one for one in self._files if (one.language, one.name) not in over]
        self._index = Index([*files, *over.values(), *policy_pages(self._policies)])

    def _read_signature(self) -> _Signature:
        found = []
        for path in page_files(self._shop):
            status = path.stat()
            found.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(found)


def answers(index: Index, policies: Policies, question: str, language: Language) -> HelpAnswers:
    """The sections that answer a question: none where none has enough of its words."""
    found = index.search(question, language=language)
    enough = [one for one in found if one.share >= policies.help.threshold]
    own = [one for one in enough if one.page.language == language]
    return HelpAnswers(answers=[_answer(one) for one in (own or enough)])


def page(index: Index, language: str, name: str) -> HelpPage:
    """A page as readers see it. Raises NotFound."""
    found = index.pages.get((language, name))
    if found is None:
        raise NotFound
    sections = [HelpSection(title=one.title, paragraphs=one.paragraphs) for one in found.sections]
    return HelpPage(name=found.name, language=_language(found), title=found.title, sections=sections)


def _answer(found: Found) -> HelpAnswer:
    whole = "\n".join(found.section.paragraphs)
    return HelpAnswer(
        page=found.page.name,
        language=_language(found.page),
        page_title=found.page.title,
        title=found.section.title,
        text=whole if len(whole) <= _QUOTED else found.paragraph,
        path=f"/pages/{found.page.language}/{found.page.name}",
        url=found.page.url,
        share=round(found.share, 3),
    )


def _language(found: Page) -> Language:
    return "zh" if found.language == "zh" else "en"
