"""The demo shop has every kind of record: its export is the import's identity."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crm_backend.database.engine import Database, make_engine
from crm_backend.migrations import migrate
from crm_backend.pipeline.canonical.types import RECORD_TYPES
from crm_backend.pipeline.exporting import export_folder
from shopdesk.demo.fill import fill
from shopdesk.demo.settings import load_settings
from tests.pipeline.helpers import assert_accounted, everything, run


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_demo_shop_comes_back_unchanged(
    database: Database, crm_database_url: str, tmp_path: Path, form: Any
) -> None:
    fill(
        load_settings(),
        crm_database_url,
        tmp_path / "home",
        seed=1,
        customers=60,
        now=datetime(2026, 3, 12, tzinfo=UTC),
    )
    before = everything(database)
    assert {name for name, rows in before.items() if not rows} == set()
    exported = export_folder(database.engine, tmp_path / "first", form)
    assert exported.rows == {name: len(rows) for name, rows in before.items()}
    report = run(database, tmp_path / "first")
    assert_accounted(report)
    assert not report.changed()
    assert everything(database) == before
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    migrate(url)
    empty = Database(make_engine(url))
    run(empty, tmp_path / "first")
    export_folder(empty.engine, tmp_path / "second", form)
    empty.dispose()
    for kind in RECORD_TYPES:
        name = f"{kind.name}.{form}"
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name
