"""The canonical shape: our own files, in and out."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TextIO

from crm_backend.normalise import sku_key
from crm_backend.pipeline.adapter import Adapter, Facts
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.products import VARIANTS
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.types import BY_NAME, OWN_TYPES, RECORD_TYPES, ROOTS, children_of
from crm_backend.pipeline.canonical.values import BadValue, format_cell, format_value
from crm_backend.pipeline.canonical_own import OwnRow
from crm_backend.pipeline.cleaning import Surroundings, clean_record, clean_row
from crm_backend.pipeline.loader import Incoming
from crm_backend.pipeline.reading import InputFile
from crm_backend.pipeline.report import RowRef
from crm_backend.pipeline.shapes import Classified
from crm_backend.pipeline.staging import Staging

FileFormat = Literal["csv", "jsonl"]


SPELLINGS_AT_HAND = 10_000
"""Stock codes kept in memory while a file is read."""


class CanonicalFiles(Adapter):
    """Reads canonical files."""

    def __init__(self, classified: Classified, facts: Facts, staging: Staging) -> None:
        super().__init__(classified, facts, staging)
        self._around = Surroundings(facts.now, facts.zone, facts.country)
        self._spellings: dict[tuple[str, str], str] = {}

    def unsaid(self) -> frozenset[str]:
        """Kinds without a file: a folder of orders alone does not say that there are no shipments."""
        return frozenset(kind.name for kind in RECORD_TYPES if kind.name not in self.classified.roles)

    def _clean_record(self, kind: RecordType, values: Mapping[str, Any]) -> Record:
        """A row's record. Raises BadValue.

        What the CRM keeps itself comes from an export of ours and is taken as it stands.
        """
        if kind.own:
            return parse_record(kind, values, source=self.facts.source, zone=self.facts.zone)
        counted: list[str] = []
        cleaned = clean_row(kind, values, self._around, counted.append)
        record = parse_record(kind, cleaned, source=self.facts.source, zone=self.facts.zone)
        record = clean_record(kind, record, self._around, counted.append)
        if "sku" in kind.by_name and record["sku"] is not None:
            record["sku"] = self._spelt(kind, record["source"], record["sku"], counted.append)
        for rule in counted:
            self.cleaned(rule)
        return record

    def _spelt(self, kind: RecordType, source: str, sku: str, count: Callable[[str], None]) -> str:
        """The stock code as the catalogue of these files has it: where it stands first, it is the catalogue's."""
        key = (source, sku_key(sku))
        spelling = self._spellings.get(key)
        if spelling is None:
            connection = self.staging.connection
            if kind is VARIANTS:
                connection.execute("INSERT OR IGNORE INTO spellings VALUES (?, ?, ?)", (*key, sku))
            found = connection.execute("SELECT sku FROM spellings WHERE source = ? AND key = ?", key).fetchone()
            spelling = sku if found is None else str(found[0])
            if len(self._spellings) >= SPELLINGS_AT_HAND:
                self._spellings.clear()
            self._spellings[key] = spelling
        if spelling != sku:
            count("sku_case")
        return spelling

    def stage(self, on_bytes: Callable[[int], None]) -> None:
        """Check every row and stage it under its parent's id; reject repeats and rows whose parent is missing."""
        connection = self.staging.connection
        connection.execute("CREATE TABLE spellings (source TEXT, key TEXT, sku TEXT, PRIMARY KEY (source, key))")
        for kind in RECORD_TYPES:
            name = kind.name
            # A code that no variant has may be spelt in many ways; what was kept of these is no catalogue.
            self._spellings.clear()
            connection.execute(
                f"CREATE TABLE {name} (file INTEGER, row INTEGER, source TEXT, owner TEXT, key TEXT, record TEXT)"
            )
            for file in self.classified.roles.get(name, ()):
                self.staging.fill(
                    f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608  names of our own tables
                    self._staged_rows(kind, file, on_bytes),
                )
            connection.execute(f"CREATE INDEX {name}_key ON {name} (source, owner, key, file, row)")
            self._settle_repeats(name)
            if kind.parent is not None:
                self._reject(
                    name,
                    f"SELECT rowid, file, row FROM {name} c WHERE NOT EXISTS"  # noqa: S608
                    f" (SELECT 1 FROM {kind.parent} p WHERE p.source = c.source AND p.owner = c.owner)",
                    f"its {kind.parent.removesuffix('s')} is in no file or was rejected",
                )
        for name in ("shipment_lines", "scan_events"):
            self._reject(
                name,
                f"SELECT rowid, file, row FROM {name} c WHERE NOT EXISTS (SELECT 1 FROM shipments s"  # noqa: S608
                " WHERE s.source = c.source AND s.owner = c.owner"
                " AND json_extract(s.key, '$[0]') = json_extract(c.record, '$.shipment_external_id'))",
                "its shipment is in no file or was rejected",
            )

    def _staged_rows(
        self, kind: RecordType, file: InputFile, on_bytes: Callable[[int], None]
    ) -> Iterator[tuple[object, ...]]:
        owner_column = kind.parent_key or kind.key[0]
        for row in self.staging.read(file, on_bytes):
            values: dict[str, Any] = (
                row.values if row.values is not None else dict(zip(file.columns, row.cells, strict=True))
            )
            try:
                record = self._clean_record(kind, values)
            except BadValue as problem:
                self.staging.reject([(file.id, row.number)], f"{kind.name}: {problem}")
                continue
            yield (
                file.id,
                row.number,
                record["source"],
                record[owner_column],
                json.dumps(
                    [format_value(record[name]) for name in kind.key], ensure_ascii=False, separators=(",", ":")
                ),
                json.dumps(
                    {name: format_value(value) for name, value in record.items()}, ensure_ascii=False, sort_keys=True
                ),
            )

    def _settle_repeats(self, name: str) -> None:
        found = self.staging.connection.execute(
            "SELECT rowid, file, row, record = first_value(record) OVER same, row_number() OVER same AS place"  # noqa: S608
            f" FROM {name} WINDOW same AS (PARTITION BY source, owner, key ORDER BY file, row)"
        )
        repeats = [repeat for *repeat, place in found if place > 1]
        for _rowid, file, row, equal in repeats:
            if equal:
                self.report.count_rows("merged", [(file, row)])
            else:
                self.staging.reject([(file, row)], f"{name}: another row has the same id")
        self.staging.connection.executemany(
            f"DELETE FROM {name} WHERE rowid = ?",  # noqa: S608
            [(repeat[0],) for repeat in repeats],
        )

    def _reject(self, name: str, query: str, reason: str) -> None:
        found = self.staging.connection.execute(query).fetchall()
        self.staging.reject([(file, row) for _rowid, file, row in found], f"{name}: {reason}")
        self.staging.connection.executemany(
            f"DELETE FROM {name} WHERE rowid = ?",  # noqa: S608
            [(rowid,) for rowid, _file, _row in found],
        )

    def aggregates(self) -> Iterator[Iterator[Incoming]]:
        """Every kind that stands alone, customers and products before orders."""
        for root in ROOTS:
            yield self._of(root)

    def own(self) -> Iterator[tuple[RecordType, Iterator[OwnRow]]]:
        """What the CRM keeps itself, kind by kind; to be loaded after all aggregates."""
        for kind in OWN_TYPES:
            if kind.name in self.classified.roles:
                rows = self.staging.connection.execute(_ORDERED.format(name=kind.name))
                yield kind, (OwnRow(_record(kind, text), (file, row)) for file, row, _source, _owner, text in rows)

    def _of(self, root: RecordType) -> Iterator[Incoming]:
        connection = self.staging.connection
        children = [
            (kind, _Beside(connection.execute(_ORDERED.format(name=kind.name))))
            for kind in children_of(root)
            if kind.name in self.classified.roles
        ]
        for file, row, source, owner, text in connection.execute(_ORDERED.format(name=root.name)):
            rows: list[RowRef] = [(file, row)]
            aggregate = Aggregate(root, _record(root, text))
            for kind, stream in children:
                for child_file, child_row, _source, _owner, child_text in stream.of((source, owner)):
                    rows.append((child_file, child_row))
                    aggregate.children.setdefault(kind.name, []).append(_record(kind, child_text))
            yield Incoming(aggregate, rows)


_ORDERED = "SELECT file, row, source, owner, record FROM {name} ORDER BY source, owner, key"


class _Beside:
    """Staged children in the order of their parents, taken parent by parent."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, parent: tuple[str, str]) -> Iterator[Sequence[Any]]:
        while self._next is not None and (self._next[2], self._next[3]) <= parent:
            if (self._next[2], self._next[3]) == parent:
                yield self._next
            self._next = next(self._rows, None)


def _record(kind: RecordType, text: str) -> Record:
    return parse_record(kind, json.loads(text))


class CanonicalWriter:
    """Writes canonical files into a folder: all kinds, so that an empty file says that there are none.

    The files appear under their names only when all are complete.
    """

    def __init__(self, folder: Path, file_format: FileFormat = "csv") -> None:
        self._folder = folder
        self._format = file_format
        self._stack = ExitStack()
        self._handles: dict[str, TextIO] = {}
        self._tables: dict[str, Any] = {}
        self.counts: dict[str, int] = {kind.name: 0 for kind in RECORD_TYPES}

    def path(self, name: str) -> Path:
        """The file of a kind of record."""
        return self._folder / f"{name}.{self._format}"

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        for kind in RECORD_TYPES:
            part = self.path(kind.name).with_suffix(f".{self._format}.part")
            handle = self._stack.enter_context(part.open("w", encoding="utf-8", newline=""))
            self._handles[kind.name] = handle
            if self._format == "csv":
                # RFC 4180's line ends: with a plain newline the writer would leave a carriage return unquoted.
                self._tables[kind.name] = csv.writer(handle, lineterminator="\r\n")
                self._tables[kind.name].writerow(kind.names)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        for name in self._handles:
            part = self.path(name).with_suffix(f".{self._format}.part")
            if error is None:
                part.replace(self.path(name))
            else:
                part.unlink(missing_ok=True)

    def write(self, aggregate: Aggregate) -> None:
        """Write a record and what belongs to it, children in the order of their keys."""
        aggregate.sort_children()
        self.write_record(aggregate.kind, aggregate.record)
        for name, records in aggregate.children.items():
            for record in records:
                self.write_record(BY_NAME[name], record)

    def write_record(self, kind: RecordType, record: Record) -> None:
        """Write one row."""
        self.counts[kind.name] += 1
        if self._format == "csv":
            self._tables[kind.name].writerow([format_cell(record[name]) for name in kind.names])
        else:
            # Columns in their order, but keys inside a value sorted: databases keep those in orders of their own.
            values = (
                f"{json.dumps(name)}: {json.dumps(format_value(record[name]), ensure_ascii=False, sort_keys=True)}"
                for name in kind.names
            )
            self._handles[kind.name].write(f"{{{', '.join(values)}}}\n")
