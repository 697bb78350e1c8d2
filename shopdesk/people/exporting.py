"""All that is known of a person as one ZIP: JSON for machines, one page for people."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.conversations import erasing as gateway_erasing
from shopdesk.databases import Store
from shopdesk.people.erasing import tell_trackers
from shopdesk_schemas.privacy import PersonData
from shopdesk_schemas.problems import Conflict

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_HERE = Path(__file__).parent
Rows = Sequence[Mapping[str, Any]]


def gather(person: PersonData, stores: Sequence[Store]) -> dict[str, dict[str, Rows]]:
    """The person's rows by store and table."""
    found: dict[str, dict[str, Rows]] = {"crm": dict(person.tables)}
    for store in stores:
        if store.name == "crm" or not store.exists():
            continue
        with store.engine().connect() as connection:
            if store.name == "gateway":
                found["gateway"] = dict(gateway_erasing.tell(connection, person.conversations))
            else:
                events = tell_trackers(connection, person.conversations)
                found["trackers"] = {"events": events} if events else {}
    return found


def write_zip(
    file: Path, person: PersonData, found: Mapping[str, Mapping[str, Rows]], languages: Sequence[Language]
) -> None:
    """Write the ZIP, for its owner only. Raises Conflict when there is such a file."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{file} is there already.") from None
    try:
        with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for store, tables in found.items():
                for table, rows in tables.items():
                    told = [_with_files(archive, f"{store}/{table}", number, row) for number, row in enumerate(rows, 1)]
                    archive.writestr(
                        f"data/{store}/{table}.json",
                        json.dumps(told, ensure_ascii=False, indent=2, default=_plain) + "\n",
                    )
            about = {
                "made_at": person.at.isoformat(),
                "shared_conversations_left_out": len(person.shared_conversations),
            }
            archive.writestr("data/about.json", json.dumps(about, indent=2) + "\n")
            for language in languages:
                archive.writestr(f"summary.{language}.html", summary(language, person, found))
    except BaseException:
        with suppress(FileNotFoundError):
            file.unlink()
        raise


def _with_files(archive: zipfile.ZipFile, table: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what is no text (a picture) put into a file of its own, and the file's name in its place."""
    told = dict(row)
    for column, value in row.items():
        if isinstance(value, bytes):
            kind = str(row.get("media_type") or "").rpartition("/")[2] or "bin"
            told[column] = f"data/{table}/{number}.{kind}"
            archive.writestr(told[column], value)
    return told


def summary(language: Language, person: PersonData, found: Mapping[str, Mapping[str, Rows]]) -> str:
    """One HTML page that says in a language what is known; what has no words in it is in the JSON files alone."""
    words = texts(language)
    sections = [
        {
            "title": words["tables"][f"{store}.{table}"],
            "rows": [
                [
                    (words["columns"][name], _shown(value, words))
                    for name, value in row.items()
                    if name in words["columns"] and not isinstance(value, bytes)
                ]
                for row in rows
            ],
        }
        for store, tables in found.items()
        for table, rows in tables.items()
    ]
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("summary.html").render(
        language=language,
        words=words,
        made_at=person.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        shared=len(person.shared_conversations),
        sections=sections,
    )


@cache
def texts(language: Language) -> dict[str, Any]:
    """The words of the page."""
    loaded: dict[str, Any] = yaml.safe_load((_HERE / "locales" / f"{language}.yml").read_text("utf-8"))
    return loaded


def _shown(value: Any, words: Mapping[str, Any]) -> str:
    if isinstance(value, bool):
        return str(words["yes"] if value else words["no"])
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, dict):
        said = value.get("text")
        return said if isinstance(said, str) else json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
