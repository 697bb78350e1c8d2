"""Backups and erasures know Rasa's table of trackers by a copy of its columns: this one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import sqlalchemy as sa

from shopdesk.trackers import create_table

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import sys
import sqlalchemy
from rasa.core.tracker_store import SQLTrackerStore
engine = sqlalchemy.create_engine("sqlite:///" + sys.argv[1])
SQLTrackerStore.Base.metadata.create_all(engine)
"""


def described(path: Path) -> object:
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        tables = {
            name: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)],
                inspector.get_pk_constraint(name)["constrained_columns"],
                [(index["name"], index["column_names"]) for index in inspector.get_indexes(name)],
            )
            for name in inspector.get_table_names()
        }
    engine.dispose()
    return tables


def test_the_copy_is_what_rasa_makes(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SHOPDESK_", "PYTHON"))}
    subprocess.run(
        [ROOT / "bot" / ".venv" / "bin" / "python", "-c", MAKE, tmp_path / "rasa.sqlite3"],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ours.sqlite3'}")
    with engine.begin() as connection:
        create_table(connection)
    engine.dispose()
    assert described(tmp_path / "ours.sqlite3") == described(tmp_path / "rasa.sqlite3")
