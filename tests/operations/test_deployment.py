"""The production deployment as files: no engine runs here, so what can be checked without one is."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml

from shopdesk.home import SECRETS
from tests.support.stack import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PROGRAMS = ("gateway", "crm_backend", "actions", "bot")
EXAMPLE = (ROOT / "deploy" / ".env.example").read_text("utf-8")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")


def test_the_compose_file_fits_the_compose_schema() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_parts_of_the_architecture_are_there() -> None:
    assert {*PROGRAMS, "postgres", "redis", "caddy"} <= set(SERVICES)


def test_only_caddy_is_published() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_only_the_edge_reaches_outside() -> None:
    networks = COMPOSE["networks"]
    assert [name for name, network in networks.items() if not (network or {}).get("internal")] == ["edge"]
    assert {name for name, service in SERVICES.items() if "edge" in service["networks"]} == {"caddy", "gateway"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_healthy_when_it_is_ready(name: str) -> None:
    assert "/readyz" in " ".join(SERVICES[name]["healthcheck"]["test"])


@pytest.mark.parametrize("name", [*PROGRAMS, "erasures"])
def test_an_image_runs_one_program_as_nobody_special(name: str) -> None:
    dockerfile = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text("utf-8")
    last_stage = dockerfile[dockerfile.rindex("\nFROM") :]
    assert re.search(r"^USER 10001$", last_stage, re.MULTILINE)
    module = {"bot": "run_bot", "erasures": "shopdesk.people.following"}.get(name, name)
    assert f'CMD ["python", "-m", "{module}"]' in last_stage
    assert "SHOPDESK_ENVIRONMENT=production" in last_stage


@pytest.mark.parametrize("name", [*PROGRAMS, "erasures"])
def test_an_image_copies_what_is_there(name: str) -> None:
    dockerfile = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE):
        *sources, _ = line.split()
        assert [source for source in sources if not (ROOT / source).exists()] == []


def test_secrets_have_no_defaults() -> None:
    for variable, rest in VARIABLE.findall((ROOT / "docker-compose.yml").read_text("utf-8")):
        if re.search(r"TOKEN|SECRET|KEY|PASSWORD", variable):
            assert rest.startswith(":?"), f"{variable} must be required"
    assert all(re.search(rf"^{name}=$", EXAMPLE, re.MULTILINE) for name in SECRETS)


def test_the_example_names_every_variable_and_no_other() -> None:
    used = {variable for variable, _ in VARIABLE.findall((ROOT / "docker-compose.yml").read_text("utf-8"))}
    assert set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE)) == used


def test_every_secret_reaches_who_needs_it() -> None:
    for name in PROGRAMS:
        assert "SHOPDESK_SERVICE_TOKEN" in SERVICES[name]["environment"]
    assert "SHOPDESK_SESSION_SECRET" not in SERVICES["bot"]["environment"]
    assert "SHOPDESK_IDENTITY_SECRET" not in SERVICES["gateway"]["environment"]


def test_erasures_reach_all_three_databases_and_nothing_else() -> None:
    service = SERVICES["erasures"]
    databases = {url.rpartition("/")[2] for name, url in service["environment"].items() if name.endswith("_URL")}
    assert databases == {"crm", "gateway", "trackers"}
    assert service["networks"] == ["data"]


def test_caddy_forwards_one_path_of_the_crm() -> None:
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    to_crm = re.findall(r"handle (\S+) \{\s*reverse_proxy crm_backend:8001", caddyfile)
    assert to_crm == ["/backoffice/*"]
    assert caddyfile.count("crm_backend") == 1
