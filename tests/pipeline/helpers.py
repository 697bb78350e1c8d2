"""What the pipeline's tests share."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_backend.database.engine import Database
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.types import BY_NAME
from crm_backend.pipeline.importing import ImportOptions, import_folder
from crm_backend.pipeline.report import ImportReport
from crm_backend.pipeline.stored import TABLES, load_stored

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def run(database: Database, folder: Path, **options: Any) -> ImportReport:
    """Import a folder, at a time that no test's data lies ahead of."""
    return import_folder(database.engine, folder, ImportOptions(**{"now": NOW, **options}))


def stored(database: Database, kind: str) -> dict[str, Aggregate]:
    """Every aggregate of a kind that the database holds, by external id. For small databases."""
    with database.engine.connect() as connection:
        ids = list(connection.scalars(select(TABLES[kind].c.id).order_by(TABLES[kind].c.id)))
        return {
            found.aggregate.external_id: found.aggregate
            for start in range(0, len(ids), 500)
            for found in load_stored(connection, BY_NAME[kind], ids[start : start + 500])
        }


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every imported table, ids and hashes included: what "nothing was written" is judged by."""
    with database.engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
            for name, table in TABLES.items()
        }


def read_csv(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows, read by nothing of ours."""
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_csv(path: Path, rows: Sequence[Mapping[str, object]], columns: Sequence[str] | None = None) -> None:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns or list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def assert_accounted(report: ImportReport) -> None:
    """Every row read has exactly one outcome, file by file."""
    for file in report.files.values():
        assert file.read == sum(file.outcomes.values()), file
    assert sum(report.reasons.values()) == report.rows("rejected")
