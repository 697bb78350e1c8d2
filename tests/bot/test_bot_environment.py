"""Runs the bot's own tests (tests/bot/cases) in the bot's environment, which has another Python than this one."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_bots_tests_pass_in_its_own_environment(postgres_server):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SHOPDESK_", "PYTEST_"))}
    database = f"trackers_{os.getpid()}"
    run = subprocess.run(
        [ROOT / "bot" / ".venv" / "bin" / "python", "-m", "pytest", "-q", "tests/bot/cases"],
        cwd=ROOT,
        env={**environment, "SHOPDESK_TEST_TRACKER_DATABASE_URL": postgres_server.create_database(database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, "\n".join((run.stdout + run.stderr).splitlines()[-80:])
    postgres_server.drop_database(database)
