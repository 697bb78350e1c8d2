"""Files of rows: CSV of any common dialect or JSON Lines, plain or gzipped, read one row at a time.

Row numbers are a spreadsheet's: the header is row 1, the first record row 2 (in JSON Lines the first line is row 1).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO, cast

from crm_backend.pipeline.errors import PipelineError

_TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_JSON_LINES_ENDINGS = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_LONGEST_CELL = 1 << 20
_BYTES_PER_REPORT = 1 << 18


def column_key(name: str) -> str:
    """A column's name as headers are compared: `Customer ID`, `customer_id` and `CustomerID` are one."""
    return re.sub(r"[^0-9a-z\u0080-\U0010ffff]", "", name.casefold())


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file, its dialect and its columns as they are written."""

    id: int
    path: Path
    encoding: str
    delimiter: str | None
    """None for JSON Lines."""
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The name without its endings."""
        return self.path.name.split(".")[0]

    @property
    def decimal_comma(self) -> bool:
        """Whether `1,234` is more likely one and a bit: where the comma parts no columns."""
        return self.delimiter == ";"

    def positions(self) -> dict[str, int]:
        """Where each column is, by its compared name. The first of two equal names counts."""
        found: dict[str, int] = {}
        for position, column in enumerate(self.columns):
            found.setdefault(column_key(column), position)
        return found


@dataclass(slots=True)
class Row:
    """One row. `problem` says why it cannot be used at all; then the cells are only for the record."""

    number: int
    cells: list[str]
    values: dict[str, Any] | None = None
    """The object of a JSON line."""
    problem: str | None = None


def discover(folder: Path, *, encoding: str | None = None) -> list[InputFile]:
    """The files of rows in a folder (or the one file given), by name. Raises PipelineError.

    `encoding` is that of files without a byte-order mark; UTF-8 unless told otherwise.
    """
    if not folder.exists():
        raise PipelineError(f"There is no folder {folder}.")
    if encoding is not None:
        try:
            "".encode(encoding)
        except LookupError as error:
            raise PipelineError(f"{encoding} is not an encoding that Python knows.") from error
    paths = [folder] if folder.is_file() else sorted(path for path in folder.iterdir() if path.is_file())
    found: list[InputFile] = []
    for path in paths:
        name = path.name.casefold()
        if name.startswith((".", "~")) or not name.endswith(_TABLE_ENDINGS + _JSON_LINES_ENDINGS):
            continue
        found.append(_inspect(len(found) + 1, path, encoding or "utf-8"))
    if not found:
        raise PipelineError(f"{folder} holds no .csv, .tsv, .txt or .jsonl file (plain or .gz).")
    return found


def _open_bytes(path: Path) -> tuple[IO[bytes], IO[bytes]]:
    """The stream to read from and the stream whose position tells how far into the file we are."""
    raw = path.open("rb")
    if path.name.casefold().endswith(".gz"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw)), raw
    return raw, raw


def _inspect(identifier: int, path: Path, encoding: str) -> InputFile:
    try:
        stream, raw = _open_bytes(path)
        with raw:
            start = stream.read(4)
    except (OSError, EOFError) as error:
        raise PipelineError(f"{path} cannot be read: {error}.") from error
    if start.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    elif start.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    if path.name.casefold().endswith(_JSON_LINES_ENDINGS):
        plain = InputFile(identifier, path, encoding, None, ())
        for row in read_rows(plain):
            return InputFile(identifier, path, encoding, None, tuple(row.values or ()))
        return plain
    with _text(path, encoding) as lines:
        try:
            first = next((line for line in lines if line.strip()), "")
        except UnicodeError as error:
            raise _bad_encoding(path, 1, encoding) from error
        except (OSError, EOFError) as error:
            raise PipelineError(f"{path} cannot be read: {error}.") from error
    outside_quotes = re.sub(r'"[^"]*"', "", first)
    delimiter = max(",;\t|", key=outside_quotes.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    return InputFile(identifier, path, encoding, delimiter, tuple(cell.strip() for cell in header))


@contextmanager
def _text(path: Path, encoding: str) -> Iterator[TextIO]:
    stream, raw = _open_bytes(path)
    with raw, io.TextIOWrapper(stream, encoding=encoding, newline="") as lines:
        yield lines


def _bad_encoding(path: Path, row: int, encoding: str) -> PipelineError:
    return PipelineError(
        f"{path.name} is not {encoding.removesuffix('-sig').upper()} near row {row}; "
        "give the file's encoding with --encoding, such as latin-1 or gb18030."
    )


def read_rows(file: InputFile, on_bytes: Callable[[int], None] = lambda _count: None) -> Iterator[Row]:
    """The file's rows. Empty lines are no rows. `on_bytes` hears of each piece of the file that was read.

    Raises PipelineError when the file cannot be decoded or opened.
    """
    number = 0
    csv.field_size_limit(_LONGEST_CELL)
    try:
        stream, raw = _open_bytes(file.path)
        with raw, io.TextIOWrapper(stream, encoding=file.encoding, newline="") as lines:
            told = 0
            rows = _json_lines(lines) if file.delimiter is None else _table(lines, file)
            for row in rows:
                number = row.number
                if number % 1024 == 0 and (position := raw.tell()) - told >= _BYTES_PER_REPORT:
                    on_bytes(position - told)
                    told = position
                yield row
            on_bytes(file.path.stat().st_size - told)
    except UnicodeError as error:
        raise _bad_encoding(file.path, number + 1, file.encoding) from error
    except csv.Error as error:
        raise PipelineError(f"{file.name} cannot be read near row {number + 1}: {error}.") from error
    except (OSError, EOFError) as error:
        raise PipelineError(f"{file.path} cannot be read: {error}.") from error


def _table(lines: Iterable[str], file: InputFile) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=file.delimiter or ",")
    width = len(file.columns)
    number = 0
    for cells in reader:
        if not cells or (len(cells) == 1 and not cells[0].strip() and width > 1):
            continue
        number += 1
        if number == 1:
            continue
        if len(cells) == width:
            yield Row(number, cells)
        else:
            yield Row(number, cells, problem=f"has {len(cells)} cells where the header has {width}")


def _json_lines(lines: Iterable[str]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if isinstance(values, dict):
            yield Row(number, [], values)
        else:
            yield Row(number, [line.rstrip("\r\n")], problem="is not a JSON object")
