"""What a backup holds: JSON lines, deflated.

    {"shopdesk_backup": 1, "made_at": …, "shop": …, "secrets": …}          first
    {"store": "crm", "revision": "0050", "tables": {"orders": 1234, …}}    for each database
    {"table": "orders", "columns": [["id", "integer"], …]}                 for each table of it
    [1, "web", …]                                                          for each row
    {"complete": true}                                                     last

Values are written by the kind of their column, so that a backup of one kind of database can be restored to another:
instants as ISO 8601 in UTC, JSON documents as the text they were stored as (a document `null` is not SQL's NULL),
bytes in base64.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, cast

from shopdesk.backup.errors import NotABackup
from shopdesk.backup.sealed import Seal, SealedWriter, unsealed
from shopdesk.databases import STORES, StoreName

FORMAT = 1

Kind = Literal["integer", "number", "boolean", "text", "instant", "day", "json", "bytes"]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    shop: Mapping[str, str]
    """Names of the shop directory's files and their SHA-256; the files themselves are not in the backup."""
    secrets: str | None
    """The text of secrets.env; None where there is none."""


@dataclass(frozen=True)
class StoreHead:
    """A database: its schema's revision (None where it has no migrations) and how many rows its tables hold."""

    name: StoreName
    revision: str | None
    tables: Mapping[str, int]


@dataclass(frozen=True)
class TableHead:
    """A table and its columns, in the order of its rows' values."""

    name: str
    columns: Sequence[tuple[str, Kind]]


Row = list[Any]
Item = Manifest | StoreHead | TableHead | Row


class ArchiveWriter:
    """Writes a backup. Without `close` it is not complete."""

    def __init__(self, file: BinaryIO, seal: Seal, manifest: Manifest) -> None:
        self._sealed = SealedWriter(file, seal)
        self._deflate = zlib.compressobj(6)
        self._line(
            {
                "shopdesk_backup": FORMAT,
                "made_at": manifest.made_at,
                "shop": dict(manifest.shop),
                "secrets": manifest.secrets,
            }
        )

    def store(self, head: StoreHead) -> None:
        """A database begins."""
        self._line({"store": head.name, "revision": head.revision, "tables": dict(head.tables)})

    def table(self, head: TableHead) -> None:
        """A table of it begins."""
        self._line({"table": head.name, "columns": [list(column) for column in head.columns]})

    def row(self, values: Sequence[Any]) -> None:
        """A row of it."""
        self._line(list(values))

    def close(self) -> None:
        """Everything was written."""
        self._line({"complete": True})
        self._sealed.write(self._deflate.flush())
        self._sealed.close()

    def _line(self, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        # Half a surrogate pair can be in a text of SQLite's; JSON's escapes can say it and UTF-8 cannot.
        try:
            line = text.encode()
        except UnicodeEncodeError:
            line = json.dumps(value, separators=(",", ":")).encode()
        self._sealed.write(self._deflate.compress(line + b"\n"))


def read_archive(file: BinaryIO, seal: Seal, on_bytes: Callable[[int], None] = lambda _count: None) -> Iterator[Item]:
    """Everything in a backup, in order; `file` stands behind its header. Raises NotABackup.

    The iterator ending without an error is what says that the file is whole: use nothing of it before.
    """
    lines = _lines(_inflated(_counted(unsealed(file, seal), on_bytes)))
    yield _manifest(next(lines, None))
    columns = 0
    for line in lines:
        if isinstance(line, list):
            if len(line) != columns:
                raise NotABackup("The backup has a row that does not fit its table.")
            yield line
        elif line.get("complete"):
            break
        elif "store" in line:
            if line["store"] not in STORES:
                raise NotABackup(f"The backup has a database {line['store']!r}, which this version does not know.")
            columns = 0
            yield StoreHead(cast(StoreName, line["store"]), line["revision"], line["tables"])
        else:
            head = TableHead(line["table"], [(name, kind) for name, kind in line["columns"]])
            columns = len(head.columns)
            yield head
    else:
        raise NotABackup("The backup is not complete.")
    for _more in lines:
        raise NotABackup("The backup goes on behind its end.")


def _counted(chunks: Iterable[bytes], on_bytes: Callable[[int], None]) -> Iterator[bytes]:
    for chunk in chunks:
        on_bytes(len(chunk))
        yield chunk


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj()
    for chunk in chunks:
        yield inflate.decompress(chunk)
    yield inflate.flush()
    if not inflate.eof:
        raise NotABackup("The backup is not complete.")


def _lines(parts: Iterable[bytes]) -> Iterator[Any]:
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            yield json.loads(line)
    if rest:
        raise NotABackup("The backup is not complete.")


def _manifest(line: Any) -> Manifest:
    if not isinstance(line, dict) or line.get("shopdesk_backup") != FORMAT:
        raise NotABackup("The backup's contents have a format that this version does not know.")
    return Manifest(line["made_at"], line["shop"], line["secrets"])
