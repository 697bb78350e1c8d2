"""SHOPDESK_HOME and the secrets that the first run makes there."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from actions.settings import ActionsSettings
from crm_backend.settings import CrmSettings
from gateway.settings import GatewaySettings
from shopdesk.home import SECRETS, HomeError, prepare_home, write_private
from shopdesk_schemas.settings import DEVELOPMENT_SECRET, CommonSettings
from tests.support.stack import desk_environment, run_shopdesk

PROGRAMS = (ActionsSettings, CrmSettings, GatewaySettings)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.startswith("SHOPDESK_"):
            monkeypatch.delenv(name)
    for name in SECRETS:
        # Set and deleted, so that what `prepare_home` sets is taken away at the end.
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SHOPDESK_SHOP", "")
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "new" / "home"))
    return tmp_path / "new" / "home"


def secrets_of(home: Path) -> dict[str, str]:
    lines = (home / "secrets.env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_every_secret_with_a_development_value_is_made() -> None:
    found = {
        f"SHOPDESK_{name.upper()}"
        for model in PROGRAMS
        for name, field in model.model_fields.items()
        if isinstance(field.default, SecretStr) and DEVELOPMENT_SECRET in field.default.get_secret_value()
    }
    assert found == set(SECRETS)


def test_the_first_run_makes_secrets_that_only_the_owner_reads(home: Path) -> None:
    prepare_home()
    assert stat.S_IMODE((home / "secrets.env").stat().st_mode) == 0o600
    made = secrets_of(home)
    assert set(made) == set(SECRETS)
    assert len(set(made.values())) == len(SECRETS)
    assert all(len(value) >= 32 for value in made.values())
    assert {name: os.environ[name] for name in SECRETS} == made
    assert [path.name for path in home.iterdir()] == ["secrets.env"]


def test_a_second_run_keeps_them(home: Path) -> None:
    prepare_home()
    made = secrets_of(home)
    prepare_home()
    assert secrets_of(home) == made


def test_the_environment_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_SERVICE_TOKEN", "the shop's own")
    prepare_home()
    assert "SHOPDESK_SERVICE_TOKEN" not in secrets_of(home)
    assert os.environ["SHOPDESK_SERVICE_TOKEN"] == "the shop's own"


def test_a_secret_that_a_newer_version_adds_is_added(home: Path) -> None:
    home.mkdir(parents=True)
    write_private(home / "secrets.env", "SHOPDESK_LOOKUP_KEY=kept\n")
    prepare_home()
    assert secrets_of(home)["SHOPDESK_LOOKUP_KEY"] == "kept"
    assert set(secrets_of(home)) == set(SECRETS)


def test_secrets_that_others_can_read_are_refused(home: Path) -> None:
    prepare_home()
    (home / "secrets.env").chmod(0o644)
    with pytest.raises(HomeError, match="chmod 600"):
        prepare_home()


def test_two_first_runs_at_once_agree(home: Path) -> None:
    env = desk_environment(home)
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(lambda _: run_shopdesk(env, "agent", "list"), range(2)))
    assert [run.returncode for run in runs] == [0, 0], [run.stderr for run in runs]
    assert set(secrets_of(home)) == set(SECRETS)


def test_a_home_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    run = run_shopdesk(desk_environment(tmp_path / "home"), "agent", "list")
    assert run.returncode == 1
    assert "cannot be used" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_program_started_by_hand_knows_the_same_secrets(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_home()
    for name in SECRETS:
        monkeypatch.delenv(name)
    assert CommonSettings().service_token.get_secret_value() == secrets_of(home)["SHOPDESK_SERVICE_TOKEN"]


@pytest.mark.parametrize("model", PROGRAMS)
def test_production_refuses_development_secrets(home: Path, model: type[CommonSettings]) -> None:
    with pytest.raises(ValidationError, match="development value"):
        model(environment="production")
    prepare_home()
    assert model(environment="production").environment == "production"


@pytest.mark.parametrize("model", PROGRAMS)
def test_production_refuses_a_fixed_clock(home: Path, model: type[CommonSettings]) -> None:
    prepare_home()
    with pytest.raises(ValidationError, match="SHOPDESK_NOW is for development only"):
        model(environment="production", now="2017-10-01T12:00:00Z")


def test_a_fixed_clock_needs_a_zone(home: Path) -> None:
    with pytest.raises(ValidationError, match="timezone"):
        CommonSettings(now="2017-10-01T12:00:00")


def test_relative_paths_are_made_absolute(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOPDESK_HOME", "state")
    assert prepare_home() == tmp_path / "state"
    assert os.environ["SHOPDESK_HOME"] == str(tmp_path / "state")
