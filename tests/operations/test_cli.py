"""The command line as a whole: what it lists, and how it fails."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stack import ROOT, desk_environment, run_shopdesk

COMMANDS = ("up", "demo", "import", "export", "unify", "data-quality", "rebuild", "train", "agent", "identity-token")
"""Those of docs' contract that are built."""

HEAVY = ("pandas", "sklearn", "sqlalchemy", "fastapi", "alembic", "rasa_sdk")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return desk_environment(tmp_path / "home")


def test_help_lists_the_commands(env: dict[str, str]) -> None:
    run = run_shopdesk({**env, "COLUMNS": "100", "NO_COLOR": "1"}, "--help")
    assert run.returncode == 0
    for name in COMMANDS:
        assert re.search(rf"^\W*{name} ", run.stdout, re.MULTILINE), name


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(env: dict[str, str], command: str, tmp_path: Path) -> None:
    run = run_shopdesk(env, command, "--help")
    assert run.returncode == 0
    assert "Usage" in run.stdout
    assert not (tmp_path / "home").exists(), "asking for help makes nothing"


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, shopdesk.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_an_unknown_command_is_wrong_use(env: dict[str, str]) -> None:
    run = run_shopdesk(env, "fly")
    assert run.returncode == 2
    assert "fly" in run.stderr


def test_a_wrong_setting_is_a_sentence_that_names_it(env: dict[str, str]) -> None:
    run = run_shopdesk({**env, "SHOPDESK_LOG_LEVEL": "LOUD"}, "identity-token", "--customer", "C1")
    assert run.returncode == 2
    assert "SHOPDESK_LOG_LEVEL" in run.stderr
    assert "Traceback" not in run.stderr


def test_it_works_from_any_directory(env: dict[str, str], tmp_path: Path) -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "shopdesk"), "identity-token", "--customer", "C1"],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(".") == 2  # header.claims.signature
