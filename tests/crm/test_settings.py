"""The CRM's settings, and the program that reads them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from crm_backend.encryption.keyring import new_key
from crm_backend.migrations import migrate
from crm_backend.settings import CrmSettings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without the secrets that somebody's own `var/` may hold."""
    for name in [name for name in os.environ if name.startswith("SHOPDESK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path))


def test_the_database_is_in_home_by_default(tmp_path: Path) -> None:
    assert CrmSettings(home=tmp_path).crm_database_url == f"sqlite:///{tmp_path / 'crm.sqlite3'}"
    assert CrmSettings(crm_database_url="postgresql+psycopg://h/n").crm_database_url == "postgresql+psycopg://h/n"


def test_the_database_is_sqlite_or_postgresql() -> None:
    assert CrmSettings(crm_database_url="postgresql://u:p%40@h/n").crm_database_url == "postgresql+psycopg://u:p%40@h/n"
    for url in ("mysql://u:secret@h/n", "postgresql+psycopg2://u:secret@h/n", "secret"):
        with pytest.raises(ValidationError) as caught:
            CrmSettings(crm_database_url=url)
        assert all("secret" not in error["msg"] for error in caught.value.errors())


def test_a_secret_too_short_for_its_signature_is_refused() -> None:
    with pytest.raises(ValidationError, match="32 bytes"):
        CrmSettings(identity_secret=SecretStr("short"))


def test_production_wants_secrets_of_its_own() -> None:
    with pytest.raises(ValidationError, match="development value"):
        CrmSettings(environment="production", service_token=SecretStr("x" * 40), lookup_key=SecretStr("y" * 40))
    own = SecretStr("z" * 40)
    secrets = {"service_token": own, "lookup_key": own, "identity_secret": own}
    with pytest.raises(ValidationError, match="SHOPDESK_ENCRYPTION_KEYS still has its development value"):
        CrmSettings(environment="production", **secrets)
    CrmSettings(environment="production", encryption_keys=SecretStr(new_key("k1")), **secrets)


@pytest.mark.parametrize(
    "keys",
    ["k1", "k1:short", f"{new_key('k1')},{new_key('k1')}", f"a b:{'A' * 43}="],
    ids=["no key", "a short key", "an id twice", "a space in an id"],
)
def test_keys_that_cannot_seal_are_refused(keys: str) -> None:
    with pytest.raises(ValidationError, match=r"encryption_keys") as refused:
        CrmSettings(encryption_keys=SecretStr(keys))
    assert "AAAA" not in refused.value.errors()[0]["msg"]


def _environment(tmp_path: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOPDESK_")}
    return {**kept, "SHOPDESK_HOME": str(tmp_path), **changes}


def _crm(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "crm_backend"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SHOPDESK_SHOP": "/nowhere"}, "/nowhere/policies.yml does not exist"),
        ({"SHOPDESK_CRM_PORT": "many"}, "SHOPDESK_CRM_PORT: "),
        ({"SHOPDESK_ENVIRONMENT": "production"}, "still has its development value"),
    ],
)
def test_the_program_does_not_start_with_what_it_cannot_use(
    tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    _, errors = (program := _crm(_environment(tmp_path, **changes))).communicate(timeout=60)
    assert program.returncode == 2
    assert words in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_serves_until_it_is_asked_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    migrate(f"sqlite:///{tmp_path / 'crm.sqlite3'}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = _crm(_environment(tmp_path, SHOPDESK_CRM_PORT=str(port)))
    try:
        give_up = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert program.poll() is None
                assert time.monotonic() < give_up
                time.sleep(0.05)
        program.send_signal(number)
        _, errors = program.communicate(timeout=60)
    finally:
        program.kill()
        program.wait()
    assert program.returncode == 0
    assert "Traceback" not in errors
