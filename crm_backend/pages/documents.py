"""Reading pages: Markdown files `pages/<language>/<name>.md` in the shop's directory.

    ---
    url: https://www.example.com/help/engraving     (optional: where the shop shows the page itself)
    ---
    # Engraving                                     the page's title
    ## What can be engraved                         a section: what an answer quotes
    <!-- also: personalise, monogram, 刻字 -->       (optional: words that people ask with)
    Mugs and lamps, up to 20 letters …

Paragraphs and simple lists are all that is understood of Markdown; the rest is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = "pages"
LANGUAGES = ("en", "zh")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_ALSO = re.compile(r"<!--\s*also:\s*(.*?)\s*-->", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_URL = re.compile(r"^url:\s*(https?://\S+)\s*$", re.MULTILINE)
_HEADING = re.compile(r"^(#{1,3})\s+(.*?)\s*#*\s*$")
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


class PageError(ValueError):
    """A page cannot be read; the message names the file."""


@dataclass(frozen=True)
class SectionText:
    """A part of a page under one heading, its words without marks."""

    title: str
    paragraphs: list[str]
    also: str = ""
    """Words that people ask with and that do not stand in it."""


@dataclass(frozen=True)
class Page:
    """A page in one language."""

    name: str
    language: str
    title: str
    sections: list[SectionText] = field(default_factory=list)
    url: str | None = None
    """Where the shop shows it; None: where the desk does."""


def page_files(shop: Path) -> Iterator[Path]:
    """The files of all pages, in the order of their names."""
    for language in LANGUAGES:
        yield from sorted((shop / FOLDER / language).glob("*.md"))


def page_path(shop: Path, language: str, name: str) -> Path:
    """Where the shop's folder has a page, or would have it."""
    return shop / FOLDER / language / f"{name}.md"


def read_page(path: Path) -> Page:
    """The page in a file. Raises PageError."""
    if not _NAME.fullmatch(path.stem):
        raise PageError(f"{path}: a page's name has small letters, digits and hyphens only")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise PageError(f"{path}: cannot be read as UTF-8 text") from error
    return parse_page(text, name=path.stem, language=path.parent.name)


def parse_page(text: str, *, name: str, language: str) -> Page:
    """A page from its Markdown. What stands before the first section belongs to one called like the page."""
    url = None
    if text.startswith("---\n"):
        head, _, text = text[4:].partition("\n---\n")
        found = _URL.search(head)
        url = found[1] if found else None
    title, sections = name.replace("-", " ").capitalize(), []
    heading, lines = "", list[str]()

    def close() -> None:
        body = "\n".join(lines)
        paragraphs = _paragraphs(_COMMENT.sub("", body))
        if paragraphs:
            sections.append(SectionText(heading or title, paragraphs, " ".join(_ALSO.findall(body))))

    for line in text.splitlines():
        marked = _HEADING.match(line)
        if marked is None:
            lines.append(line)
            continue
        close()
        lines = []
        if len(marked[1]) == 1:
            title, heading = marked[2], ""
        else:
            heading = marked[2]
    close()
    return Page(name, language, title, sections, url)


def _paragraphs(body: str) -> list[str]:
    found = []
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = [line.rstrip() for line in block.splitlines() if line.strip()]
        if not lines:
            continue
        if any(_ITEM.match(line) for line in lines):
            parts = ["• " + _ITEM.sub("", line) if _ITEM.match(line) else line.strip() for line in lines]
            found.append(_plain("\n".join(parts)))
        else:
            found.append(_plain(_joined([line.strip() for line in lines])))
    return found


def _joined(lines: list[str]) -> str:
    """Lines of a paragraph: with a space, between Chinese characters without."""
    text = lines[0]
    for line in lines[1:]:
        han = text[-1:] > "\u2e7f" and line[:1] > "\u2e7f"
        text += line if han else f" {line}"
    return text


def _plain(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))
