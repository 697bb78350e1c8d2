"""Answering questions from pages and policies, and keeping up with pages that change."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock

from crm_backend.pages.documents import Page, page_files, read_page
from crm_backend.pages.from_policies import policy_pages
from crm_backend.pages.retrieval import Found, Index
from crm_backend.policies.policy import Policies
from shopdesk_schemas.help import HelpAnswer, HelpAnswers, HelpPage, HelpSection
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

_LOOKED_AT_SECONDS = 5.0
_QUOTED = 420
"""Characters up to which a section is quoted whole; of a longer one the paragraph that answers is."""

_Signature = tuple[tuple[str, int, int], ...]


class Pages:
    """The shop's pages as they are on the disk. A page that is added or changed is found within seconds."""

    def __init__(self, shop: Path, policies: Policies) -> None:
        self._shop = shop
        self._policies = policies
        self._lock = Lock()
        self._looked = float("-inf")
        self._signature: _Signature | None = None
        self._index = Index([])
        self.index()

    def index(self) -> Index:
        """The present one. Raises PageError for a page that cannot be read when the program starts; a page that is
        broken later leaves what was there.
        """
        with self._lock:
            if time.monotonic() - self._looked < _LOOKED_AT_SECONDS:
                return self._index
            signature = self._read_signature()
            if signature != self._signature:
                try:
                    pages = [read_page(path) for path in page_files(self._shop)]
                except ValueError:
                    if self._signature is None:
                        raise
                    pages = None
                if pages is not None:
                    self._index = Index([*pages, *policy_pages(self._policies)])
                    self._signature = signature
            self._looked = time.monotonic()
            return self._index

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
