"""`shopdesk up` as a person meets it: started, stopped, in the way of something, or with a program that dies."""

from __future__ import annotations

import os
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from shopdesk.commands.up import DEMO_CARD
from shopdesk.demo.files import CARD_NAME
from tests.support.stack import READY_LINE, Stack, Up, desk_environment, run_shopdesk, running_up

CRM_ONLY = ("--only", "crm_backend", "--no-demo")
PATIENCE_SECONDS = 60.0


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def offspring(up: Up) -> list[psutil.Process]:
    """Everything that `up` has started, directly or not."""
    return psutil.Process(up.process.pid).children(recursive=True)


def all_gone(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        for process in processes
        if psutil.pid_exists(process.pid)
    )


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return desk_environment(tmp_path / "home")


@pytest.fixture
def crm(env: dict[str, str]) -> Iterator[Up]:
    """The CRM alone, ready."""
    with running_up(env, *CRM_ONLY) as up:
        up.wait_for(READY_LINE)
        yield up


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it_cleanly(crm: Up, number: signal.Signals) -> None:
    children = offspring(crm)
    assert children
    assert crm.stop(number) == 0
    assert "Stopped." in crm.output
    assert all_gone(children)


def test_stopped_during_its_start_it_leaves_nothing(env: dict[str, str]) -> None:
    with running_up(env, *CRM_ONLY) as up:
        up.wait_for("Databases")
        children = offspring(up)
        assert up.stop() == 130
        assert all_gone(children)
    with running_up(env, *CRM_ONLY) as again:
        again.wait_for(READY_LINE)


def test_killed_it_takes_the_programs_along(crm: Up) -> None:
    children = offspring(crm)
    assert children
    crm.process.kill()
    crm.process.wait()
    eventually(lambda: all_gone(children))


def kill_program(up: Up, name: str) -> None:
    """As the system would when memory runs out."""
    next(child for child in offspring(up) if child.cmdline()[-1] in {name, f"run_{name}"}).kill()


def test_a_program_that_dies_is_started_again(crm: Up) -> None:
    before = offspring(crm)
    kill_program(crm, "crm_backend")
    crm.wait_for("crm_backend was killed by SIGKILL; it is started again in 1 s")
    crm.wait_for("crm_backend is up again")
    assert httpx.get(f"http://127.0.0.1:{crm.env['SHOPDESK_CRM_PORT']}/readyz", timeout=10).status_code == 200
    log = (Path(crm.env["SHOPDESK_HOME"]) / "log" / "crm_backend.log").read_text("utf-8")
    assert "shopdesk up: crm_backend was killed by SIGKILL" in log
    children = offspring(crm)
    assert crm.stop() == 0
    assert all_gone([*before, *children])


def test_a_program_that_goes_on_dying_is_given_up_and_named(env: dict[str, str]) -> None:
    with running_up(env, *CRM_ONLY, "--restarts", "1") as up:
        up.wait_for(READY_LINE)
        kill_program(up, "crm_backend")
        up.wait_for("crm_backend is up again")
        children = offspring(up)
        kill_program(up, "crm_backend")
        assert up.end() == 1
    assert "crm_backend ended 2 times within 5 minutes and is given up" in up.output
    assert "crm_backend was killed by SIGKILL. The end of" in up.output
    assert all_gone(children)


def test_without_restarts_the_rest_stops_at_once(env: dict[str, str]) -> None:
    with running_up(env, *CRM_ONLY, "--restarts", "0") as up:
        up.wait_for(READY_LINE)
        children = offspring(up)
        kill_program(up, "crm_backend")
        assert up.end() == 1
    assert "crm_backend was killed by SIGKILL" in up.output
    assert "started again" not in up.output
    assert all_gone(children)


def test_a_program_that_cannot_work_stops_the_start(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("this is no directory")
    env["SHOPDESK_CRM_DATABASE_URL"] = f"sqlite:///{tmp_path}/file/crm.sqlite3"
    run = run_shopdesk(env, "up", *CRM_ONLY)
    assert run.returncode == 1
    assert "The end of" in run.stderr


def test_a_port_in_use_is_named_with_who_holds_it(env: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", int(env["SHOPDESK_CRM_PORT"])))
        other.listen()
        run = run_shopdesk(env, "up", *CRM_ONLY)
    assert run.returncode == 1
    assert f"Port {env['SHOPDESK_CRM_PORT']}, which crm_backend needs, is in use" in run.stderr
    assert f"process {os.getpid()}" in run.stderr
    assert "SHOPDESK_CRM_PORT" in run.stderr
    assert "Traceback" not in run.stderr


def test_two_programs_on_one_port_are_refused(env: dict[str, str]) -> None:
    env["SHOPDESK_ACTIONS_PORT"] = env["SHOPDESK_CRM_PORT"]
    run = run_shopdesk(env, "up", "--no-demo", "--only", "crm_backend", "--only", "actions")
    assert run.returncode == 1
    assert "are both set to port" in run.stderr


def test_a_second_start_on_the_same_home_is_refused(crm: Up) -> None:
    run = run_shopdesk(crm.env, "up", *CRM_ONLY)
    assert run.returncode == 1
    assert f"already runs here: process {crm.process.pid}" in run.stderr
    assert crm.process.poll() is None


def test_a_start_after_a_kill_is_not_refused(crm: Up) -> None:
    children = offspring(crm)
    crm.process.kill()
    crm.process.wait()
    eventually(lambda: all_gone(children))
    with running_up(crm.env, *CRM_ONLY) as again:
        again.wait_for(READY_LINE)


def test_a_shop_without_policies_is_refused(env: dict[str, str], tmp_path: Path) -> None:
    run = run_shopdesk(env, "up", *CRM_ONLY, "--shop", str(tmp_path))
    assert run.returncode == 1
    assert f"There is no {tmp_path / 'policies.yml'}" in run.stderr


def test_an_unknown_program_is_wrong_use(env: dict[str, str]) -> None:
    run = run_shopdesk(env, "up", "--only", "webserver")
    assert run.returncode == 2
    assert "webserver" in run.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SHOPDESK_CRM_PORT", "eighty"),
        ("SHOPDESK_BOT_PORT", "99999"),
        ("SHOPDESK_NOW", "yesterday"),
        ("SHOPDESK_ENVIRONMENT", "staging"),
    ],
)
def test_a_wrong_setting_is_named(env: dict[str, str], setting: str, value: str) -> None:
    run = run_shopdesk({**env, setting: value}, "up", *CRM_ONLY)
    assert run.returncode in {1, 2}
    assert setting in run.stderr
    assert "Traceback" not in run.stderr


def test_production_refuses_a_fixed_clock(env: dict[str, str]) -> None:
    env.update(SHOPDESK_ENVIRONMENT="production", SHOPDESK_NOW="2017-10-01T12:00:00Z")
    run = run_shopdesk(env, "up", *CRM_ONLY)
    assert run.returncode == 2
    assert "SHOPDESK_NOW is for development only" in run.stderr


def test_production_refuses_a_development_secret(env: dict[str, str]) -> None:
    env.update(SHOPDESK_ENVIRONMENT="production", SHOPDESK_SERVICE_TOKEN="development-only-not-secret")
    run = run_shopdesk(env, "up", *CRM_ONLY)
    assert run.returncode == 2
    assert "SHOPDESK_SERVICE_TOKEN still has its development value" in run.stderr


def test_production_is_not_filled_with_a_demo(env: dict[str, str], tmp_path: Path) -> None:
    env["SHOPDESK_ENVIRONMENT"] = "production"
    with running_up(env, "--only", "crm_backend", "--only", "gateway", "--demo") as up:
        up.wait_for(READY_LINE)
    assert not (tmp_path / "home" / "demo-agent").exists()
    assert "password" not in up.output


def test_the_demo_card_is_looked_for_where_it_is_written() -> None:
    assert DEMO_CARD == CARD_NAME


def test_a_first_fill_that_was_cut_off_is_finished(env: dict[str, str], tmp_path: Path) -> None:
    filled = run_shopdesk(env, "demo", "--customers", "5")
    assert filled.returncode == 0, filled.stderr
    (tmp_path / "home" / "first-fill.unfinished").touch()
    (tmp_path / "home" / DEMO_CARD).unlink()
    with running_up(env, "--only", "crm_backend") as up:
        up.wait_for(READY_LINE)
    assert (tmp_path / "home" / DEMO_CARD).exists()
    assert not (tmp_path / "home" / "first-fill.unfinished").exists()


class TestTheWholeDesk:
    """All four programs with the demo shop."""

    def test_it_says_where_to_go_and_whom_to_log_in_as(self, demo_stack: Stack) -> None:
        login, password = demo_stack.agent_login
        assert (demo_stack.home / "demo-agent").stat().st_mode & 0o077 == 0
        assert login
        assert len(password) >= 12
        assert demo_stack.up.process.poll() is None
        assert READY_LINE in demo_stack.up.output

    @pytest.mark.parametrize("program", ["GATEWAY", "CRM", "ACTIONS", "BOT"])
    def test_every_program_is_ready(self, demo_stack: Stack, program: str) -> None:
        url = f"http://127.0.0.1:{demo_stack.env[f'SHOPDESK_{program}_PORT']}"
        assert httpx.get(f"{url}/readyz", timeout=10).status_code == 200
        assert httpx.get(f"{url}/healthz", timeout=10).json() == {"status": "ok"}

    def test_the_page_and_the_console_are_served(self, demo_stack: Stack) -> None:
        assert "/widget/shopdesk.js" in httpx.get(f"{demo_stack.url}/", timeout=10).text
        assert httpx.get(f"{demo_stack.url}/console", timeout=10, follow_redirects=True).status_code == 200

    def test_a_shopper_gets_an_answer(self, demo_stack: Stack) -> None:
        with demo_stack.chat() as shopper:
            assert shopper.open("en")
            assert shopper.say("where is my order?")

    def test_a_gateway_that_is_killed_comes_back_and_answers_once(self, demo_stack: Stack) -> None:
        with demo_stack.chat() as shopper:
            shopper.open("en")
            message = {"client_id": str(uuid.uuid4()), "text": "where is my order?"}
            kill_program(demo_stack.up, "gateway")
            # The widget goes on sending what nobody has acknowledged, under the same id.
            accepted = shopper.post_until_accepted(message)
            demo_stack.up.wait_for("gateway is up again")
            assert shopper.post_until_accepted(message) == accepted
            first = shopper.read_turn()
            assert first, "the kept message was not answered"
            again = shopper.say("what are your opening hours?")
            assert again
            assert [one for one in shopper.everything() if one["reply_to"] == accepted] == first

    def test_an_assistant_that_is_killed_comes_back_and_answers_what_was_kept(self, demo_stack: Stack) -> None:
        with demo_stack.chat() as shopper:
            shopper.open("zh")
            kill_program(demo_stack.up, "bot")
            told = shopper.say("你们有哪些付款方式？")
            assert told[0]["author"] == "system"
            seq = told[0]["reply_to"]
            ready = httpx.get(f"{demo_stack.url}/readyz", timeout=10)
            assert (ready.status_code, ready.json()["missing"]) == (503, ["bot"])
            assert httpx.get(f"{demo_stack.crm_url}/readyz", timeout=10).status_code == 200
            demo_stack.up.wait_for("bot is up again")
            eventually(
                lambda: any(one["author"] == "assistant" for one in shopper.everything() if one["reply_to"] == seq)
            )
            answers = [one for one in shopper.everything() if one["reply_to"] == seq and one["author"] == "assistant"]
            assert len(answers) == 1

    def test_programs_listen_on_this_machine_only(self, demo_stack: Stack) -> None:
        addresses = {
            connection.laddr.ip
            for process in offspring(demo_stack.up)
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert addresses == {"127.0.0.1"}

    def test_private_programs_know_each_other_by_the_token_alone(self, demo_stack: Stack) -> None:
        for url in (f"{demo_stack.crm_url}/policies/explain", f"{demo_stack.bot_url}/turns"):
            method = "POST" if url.endswith("turns") else "GET"
            assert httpx.request(method, url, json={} if method == "POST" else None, timeout=10).status_code == 401

    def test_logs_hold_no_secrets(self, demo_stack: Stack) -> None:
        logs = "\n".join(path.read_text("utf-8", "replace") for path in (demo_stack.home / "log").iterdir())
        secrets = [demo_stack.secret(name) for name in ("SERVICE_TOKEN", "IDENTITY_SECRET", "SESSION_SECRET")]
        assert [secret for secret in [*secrets, demo_stack.agent_login[1]] if secret in logs] == []


def test_whom_to_log_in_as_stays_the_same(env: dict[str, str]) -> None:
    said = []
    for _ in range(2):
        with running_up(env, "--only", "gateway") as up:
            up.wait_for("with password")
            said.append(up.output.splitlines()[-1])
    assert said[0] == said[1]
