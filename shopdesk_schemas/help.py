"""Answers to questions about the shop, quoted from its own pages and policies."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

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
