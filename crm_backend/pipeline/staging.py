"""A place on disk to sort rows in: a SQLite file that lives as long as the import.

Rows are staged as they are read and come back in the order in which aggregates need them, so that memory stays flat
however large the files are. Nothing reaches the CRM's database before every file has been read once.
"""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm_backend.pipeline.reading import InputFile, Row, read_rows
from crm_backend.pipeline.report import ImportReport, RowRef

_CHUNK = 5000


class Staging:
    """The staging database of one import, and the list of its rejected rows."""

    def __init__(self, report: ImportReport, directory: Path | None = None) -> None:
        self.report = report
        self._folder = tempfile.TemporaryDirectory(prefix="shopdesk-import-", dir=directory)
        self.connection = sqlite3.connect(Path(self._folder.name) / "staging.sqlite3", isolation_level=None)
        # It is thrown away after a crash, so nothing here needs to survive one.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "temp_store=FILE", "cache_size=-32768"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("CREATE TABLE rejections (file INTEGER, row INTEGER, reason TEXT)")
        self._pending: list[tuple[int, int, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        self._folder.cleanup()

    def fill(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run an INSERT for each row."""
        iterator = iter(rows)
        while chunk := list(islice(iterator, _CHUNK)):
            self.connection.execute("BEGIN")
            self.connection.executemany(statement, chunk)
            self.connection.execute("COMMIT")

    def read(self, file: InputFile, on_bytes: Callable[[int], None]) -> Iterator[Row]:
        """The usable rows of a file; counts them all and rejects those that are broken."""
        count = self.report.files[file.id]
        for row in read_rows(file, on_bytes):
            count.read += 1
            if row.problem is None:
                yield row
            else:
                self.reject([(file.id, row.number)], f"the row {row.problem}", kind="malformed row")

    def reject(self, rows: Sequence[RowRef], reason: str, *, kind: str | None = None) -> None:
        """Note rows that cannot be used. `kind` groups reasons that differ from row to row in the report."""
        if not rows:
            return
        self.report.count_rows("rejected", rows)
        self.report.reasons[kind or reason] += len(rows)
        self._pending.extend((file, number, reason) for file, number in rows)
        if len(self._pending) >= _CHUNK:
            self._flush()

    def _flush(self) -> None:
        self.connection.execute("BEGIN")
        self.connection.executemany("INSERT INTO rejections VALUES (?, ?, ?)", self._pending)
        self.connection.execute("COMMIT")
        self._pending.clear()

    def write_rejected(self, files: Sequence[InputFile], path: Path) -> bool:
        """Write the rejected rows as they stood, with file, row number and reason. False when there are none.

        The files are read a second time for it, which costs less than keeping every row until then. An earlier file
        of the same name is replaced, or removed when nothing was rejected.
        """
        self._flush()
        if self.connection.execute("SELECT NOT EXISTS (SELECT 1 FROM rejections)").fetchone()[0]:
            path.unlink(missing_ok=True)
            return False
        self.connection.execute("CREATE INDEX rejections_order ON rejections (file, row)")
        columns = list(dict.fromkeys(column for file in files for column in file.columns))
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle, lineterminator="\r\n")
            writer.writerow(["import_file", "import_row", "import_reason", *columns])
            for file in files:
                writer.writerows(self._rejected_rows(file, columns))
        part.replace(path)
        return True

    def _rejected_rows(self, file: InputFile, columns: list[str]) -> Iterator[list[str]]:
        wanted = self.connection.execute("SELECT row, reason FROM rejections WHERE file = ? ORDER BY row", (file.id,))
        target: tuple[int, str] | None = wanted.fetchone()
        if target is None:
            return
        for row in read_rows(file):
            if row.number != target[0]:
                continue
            values: dict[str, Any] = row.values or dict(zip(file.columns, row.cells, strict=False))
            beyond = row.cells[len(file.columns) :]
            cells = ["" if values.get(column) is None else str(values[column]) for column in columns]
            yield [file.name, str(row.number), target[1], *cells, *beyond]
            target = wanted.fetchone()
            if target is None:
                return
