"""`shopdesk import` and `shopdesk export`, as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.order_files import write_marketplace


def shopdesk(home: Path, *arguments: str | Path, database: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SHOPDESK_HOME": str(home), "SHOPDESK_CRM_DATABASE_URL": database, "COLUMNS": "160"}
    return subprocess.run(
        [sys.executable, "-m", "shopdesk.cli", *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_import_reports_and_export_comes_back_unchanged(crm_database_url: str, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    write_marketplace(files, orders=30)
    outcome = shopdesk(tmp_path, "import", files, "--report", tmp_path / "report.json", database=crm_database_url)
    assert outcome.returncode == 0, outcome.stderr
    assert "of the marketplace shape" in outcome.stdout
    assert "Assumed timezone America/Sao_Paulo, currency BRL, country BR" in outcome.stdout
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    rows = report["rows"]
    assert rows["read"] == rows["loaded"] + rows["unchanged"] + rows["merged"] + rows["rejected"] > 100
    assert report["records"]["orders"]["inserted"] == 30
    again = shopdesk(tmp_path, "import", files, database=crm_database_url)
    assert "Nothing was changed." in again.stdout
    for form in ("csv", "jsonl"):
        outcome = shopdesk(tmp_path, "export", tmp_path / form, "--format", form, database=crm_database_url)
        assert outcome.returncode == 0, outcome.stderr
        outcome = shopdesk(tmp_path, "import", tmp_path / form, database=crm_database_url)
        assert "Nothing was changed." in outcome.stdout, outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["import", "nowhere"], 1, "There is no folder nowhere."),
        (["import", ".", "--format", "parchment"], 2, "parchment"),
        (["import", ".", "--report", "no/such/folder/report.json"], 1, "there is no folder"),
        (["export", "pyproject.toml"], 1, "is a file; give a folder"),
    ],
)
def test_mistakes_are_one_sentence_and_a_status(
    tmp_path: Path, arguments: list[str], status: int, sentence: str
) -> None:
    outcome = shopdesk(tmp_path, *arguments)
    assert outcome.returncode == status
    assert sentence in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_export_refuses_a_folder_with_other_files(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "diary.txt").write_text("mine")
    outcome = shopdesk(tmp_path, "export", target)
    assert (outcome.returncode, [path.name for path in target.iterdir()]) == (1, ["diary.txt"])
    assert "holds other files (diary.txt)" in outcome.stderr


def test_a_database_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    write_marketplace(tmp_path / "files", orders=3)
    outcome = shopdesk(
        tmp_path, "import", tmp_path / "files", database="postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    )
    assert outcome.returncode == 1
    assert "The CRM's database cannot be used" in outcome.stderr
    assert "Traceback" not in outcome.stderr
