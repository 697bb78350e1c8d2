"""The whole state into canonical files: the whole of `shopdesk export`."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.canonical.types import OWN_TYPES, RECORD_TYPES, ROOTS
from crm_backend.pipeline.canonical_files import CanonicalWriter, FileFormat
from crm_backend.pipeline.canonical_own import count_own, export_own
from crm_backend.pipeline.errors import PipelineError
from crm_backend.pipeline.importing import NoProgress, Progress
from crm_backend.pipeline.stored import LOOKUP_CHUNK, TABLES, load_stored


@dataclass(slots=True)
class ExportReport:
    """Rows written, by kind of record."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


def export_folder(
    engine: Engine, folder: Path, file_format: FileFormat = "csv", progress: Progress | None = None
) -> ExportReport:
    """Write the whole state as canonical files into `folder`, from one snapshot of the database.

    Records are in the order of `source` and `external_id`, so equal states give equal files, whichever database holds
    them. Files of an earlier export in the same format are replaced, all at once at the end. Raises PipelineError when
    the folder holds anything else: an import of it would take that for part of the export.
    """
    progress = progress or NoProgress()
    began = time.monotonic()
    own = {f"{kind.name}.{file_format}" for kind in RECORD_TYPES}
    if folder.exists() and not folder.is_dir():
        raise PipelineError(f"{folder} is a file; give a folder to export into.")
    strange = sorted(path.name for path in folder.iterdir() if path.name not in own) if folder.exists() else []
    if strange:
        raise PipelineError(f"{folder} holds other files ({', '.join(strange[:3])}); give an empty folder.")
    report = ExportReport(folder)
    snapshot = {"shopdesk_read": True} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.execution_options(**snapshot).connect() as connection:
        total = sum(connection.scalar(select(func.count()).select_from(TABLES[root.name])) or 0 for root in ROOTS)
        total += count_own(connection)
        progress.start("writing", total)
        try:
            with CanonicalWriter(folder, file_format) as writer:
                for root in ROOTS:
                    _export_kind(connection, root, writer, progress)
                for kind in OWN_TYPES:
                    for record in export_own(connection, kind):
                        writer.write_record(kind, record)
                        progress.advance(1)
        except OSError as error:
            raise PipelineError(f"{folder} cannot be written: {error.strerror or error}.") from error
        report.rows = dict(writer.counts)
    report.seconds = time.monotonic() - began
    return report


def _export_kind(connection: Connection, kind: RecordType, writer: CanonicalWriter, progress: Progress) -> None:
    table = TABLES[kind.name]
    order: list[ColumnElement[str]] = [table.c.source, table.c.external_id]
    if connection.dialect.name == "postgresql":
        # Byte order, as SQLite has it, whatever language the server sorts by.
        order = [column.collate("C") for column in order]
    query = select(table.c.id).order_by(*order)
    for ids in connection.execute(query, execution_options={"yield_per": LOOKUP_CHUNK}).scalars().partitions():
        for stored in load_stored(connection, kind, ids):
            writer.write(stored.aggregate)
        progress.advance(len(ids))
