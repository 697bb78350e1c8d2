"""Answers to questions about the shop, quoted from its own pages and policies."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import AwareDatetime, Field

from shopdesk_schemas.content import Schema

Language = Literal["en", "zh"]


class HelpAnswer(Schema):
    """A section that answers."""

    page: str
    language: Language = Field(description="Of the page; another than was asked for where no page in that answers.")
    page_title: str
    title: str = Field(description="Of the section.")
    text: str = Field(description="The section, or of a long one the paragraph that answers: quoted, never put anew.")
    path: str = Field(description="Of the page under `/help`.")
    url: str | None = Field(description="Where the shop itself shows it.")
    share: float = Field(ge=0, le=1, description="How much of the question's words it has, rare ones counting more.")


class HelpAnswers(Schema):
    """The sections that answer a question, the best first; none where nothing does."""

    answers: list[HelpAnswer]


class HelpSection(Schema):
    """A part of a page."""

    title: str
    paragraphs: list[str]


class HelpPage(Schema):
    """A page for readers."""

    name: str
    language: Language
    title: str
    sections: list[HelpSection]


# --- Writing pages: the console --------------------------------------------------------------------------------------

MAX_PAGE: Final = 50_000
"""Characters of a page's Markdown."""


class HelpPageEntry(Schema):
    """A page in the list of all."""

    name: str
    language: Language
    title: str
    origin: Literal["file", "console", "policies"] = Field(
        description="The shop's folder `pages/`, the console, or made from policies.yml (read only)."
    )


class HelpPageList(Schema):
    """All pages, by language and name."""

    pages: list[HelpPageEntry]


class HelpPageSaved(Schema):
    """A version of a page that was saved in the console."""

    version: int
    saved_by: str
    saved_at: AwareDatetime
    withdrawn: bool = Field(description="Taken back: the shop's file held again.")


class HelpPageSource(Schema):
    """A page as it is written."""

    name: str
    language: Language
    markdown: str
    version: int = Field(description="The newest that was saved in the console; 0: none was.")
    in_force: Literal["file", "console", "nothing"]
    has_file: bool
    saved: list[HelpPageSaved] = Field(description="The newest first.")


class HelpPageChange(Schema):
    """New Markdown for a page."""

    version: int = Field(ge=0, description="That was read; another is a 409.")
    markdown: str = Field(min_length=1, max_length=MAX_PAGE, pattern=r"^[^\x00]*$")


class HelpPageTrial(Schema):
    """A question put to the pages as they would be with a draft."""

    question: str = Field(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")
    language: Language
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")
    markdown: str = Field(min_length=1, max_length=MAX_PAGE, pattern=r"^[^\x00]*$")
