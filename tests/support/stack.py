"""The whole of Shopdesk, as a person would run it: `shopdesk up` with its four programs on ports and a home of its own.

Fixtures: `demo_stack` (the demo shop, one for each test process that asks for it) and `start_stack` (any other, ended
with the test module). Tests that use the same one are kept in one test process.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from crm_backend.identity.tokens import sign_identity_token
from shopdesk_schemas.clock import wall_now
from tests.support.chat import TURN_SECONDS, ChatClient

ROOT = Path(__file__).resolve().parents[2]

READY_LINE = "Shopdesk is ready."
MODELS = ROOT / "var" / "models"
"""The models that `make test` and `make run` train: trained once for all tests of a checkout."""

DEMO_NOW = "2026-03-12T10:00:00Z"
"""The demo stack's business clock: a Thursday. The demo shop is made relative to it, so every run has the same one."""

TURN_MILLISECONDS = TURN_SECONDS * 1000
"""How long a browser waits for a reply before the test gives up."""

STOP_SECONDS = 60.0
_FIRST_PORT = int(os.environ.get("SHOPDESK_TEST_FIRST_PORT", "21000"))
"""Two checkouts that are tested at once on one machine need ranges of their own."""
_PORTS_PER_WORKER = 500
_given_ports: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, different for every caller and every test process of this run."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = _FIRST_PORT + worker * _PORTS_PER_WORKER
    ports: list[int] = []
    for port in range(first, first + _PORTS_PER_WORKER):
        if len(ports) < count and port not in _given_ports and _is_free(port):
            _given_ports.add(port)
            ports.append(port)
    if len(ports) < count:
        raise RuntimeError("no free ports left for the tests")
    return ports


def desk_environment(home: Path, **settings: str) -> dict[str, str]:
    """An environment for `shopdesk` on `home`, with free ports, this checkout's models, and `settings`."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SHOPDESK_")}
    names = ("SHOPDESK_GATEWAY_PORT", "SHOPDESK_CRM_PORT", "SHOPDESK_ACTIONS_PORT", "SHOPDESK_BOT_PORT")
    env.update({name: str(port) for name, port in zip(names, free_ports(len(names)), strict=True)})
    env.update({"SHOPDESK_HOME": str(home), "SHOPDESK_BOT_MODELS": str(MODELS), "PYTHONUNBUFFERED": "1"})
    env.update(settings)
    return env


def run_shopdesk(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one `shopdesk` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "shopdesk", *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


class Up:
    """A running `shopdesk up`. `output` is what it has printed so far."""

    def __init__(self, env: dict[str, str], *arguments: str) -> None:
        self.env = env
        self.output = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shopdesk", "up", *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # As a terminal's job: a signal meant for it must not reach the tests.
            start_new_session=True,
        )

    def wait_for(self, words: str) -> None:
        """Reads its output until a line contains `words`; fails with all of it when it ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if words in line:
                return
        raise AssertionError(f"shopdesk up ended ({self.process.wait()}) before {words!r}:\n{self.output}")

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Sends a signal, reads the rest, and returns the exit status."""
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Waits for its end and returns the exit status."""
        rest, _ = self.process.communicate(timeout=STOP_SECONDS)
        self.output += rest
        return self.process.returncode

    def close(self) -> None:
        """Stops it if it still runs."""
        if self.process.poll() is None:
            self.stop(signal.SIGTERM)
        elif self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def running_up(env: dict[str, str], *arguments: str) -> Iterator[Up]:
    """`shopdesk up`, stopped at the end of the block."""
    up = Up(env, *arguments)
    try:
        yield up
    finally:
        up.close()


@dataclass(frozen=True)
class Stack:
    """All four programs, ready."""

    env: dict[str, str]
    up: Up

    @property
    def home(self) -> Path:
        """SHOPDESK_HOME: databases, logs, secrets."""
        return Path(self.env["SHOPDESK_HOME"])

    @property
    def url(self) -> str:
        """The gateway's address."""
        return self._url("GATEWAY")

    @property
    def crm_url(self) -> str:
        """The CRM's address."""
        return self._url("CRM")

    @property
    def bot_url(self) -> str:
        """The bot's address."""
        return self._url("BOT")

    @property
    def agent_login(self) -> tuple[str, str]:
        """User name and password of the demo agent."""
        login, _, password = (self.home / "demo-agent").read_text("utf-8").strip().partition(" ")
        return login, password

    def secret(self, name: str) -> str:
        """A secret that the first run made, such as `SERVICE_TOKEN`."""
        for line in (self.home / "secrets.env").read_text("utf-8").splitlines():
            if line.startswith(f"SHOPDESK_{name}="):
                return line.partition("=")[2]
        raise KeyError(name)

    def shopdesk(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs a `shopdesk` command on this home."""
        return run_shopdesk(self.env, *arguments)

    def identity_token(self, customer: str) -> str:
        """What the shop's own login gives a shopper, signed in this process: a command takes a second."""
        return sign_identity_token(
            SecretStr(self.secret("IDENTITY_SECRET")),
            customer_external_id=customer,
            source=None,
            now=wall_now(),
            lifetime=timedelta(minutes=10),
        )

    def crm_get(self, path: str) -> Any:
        """What the CRM answers to a GET, asked as the gateway asks for a lead."""
        headers = {"Authorization": f"Bearer {self.secret('SERVICE_TOKEN')}", "X-Shopdesk-Staff": "ada;lead"}
        answer = httpx.get(self.crm_url + path, headers=headers)
        answer.raise_for_status()
        return answer.json()

    def chat(self) -> ChatClient:
        """A new shopper."""
        return ChatClient(self.url)

    def _url(self, program: str) -> str:
        return f"http://127.0.0.1:{self.env[f'SHOPDESK_{program}_PORT']}"


@contextmanager
def running_stack(
    home: Path, *, imports: Path | None = None, options: tuple[str, ...] = (), **settings: str
) -> Iterator[Stack]:
    """The whole stack on `home`, filled with the demo shop or from the files in `imports`.

    `options` are more arguments of the import; `settings` are environment variables, such as `SHOPDESK_NOW`.
    """
    env = desk_environment(home, **settings)
    arguments: tuple[str, ...] = ()
    if imports is not None:
        done = run_shopdesk(env, "import", str(imports), *options)
        assert done.returncode == 0, done.stdout + done.stderr
        arguments = ("--no-demo",)
    with running_up(env, *arguments) as up:
        up.wait_for(READY_LINE)
        yield Stack(env, up)


@pytest.fixture(scope="session")
def demo_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack with the demo shop, at `DEMO_NOW`."""
    with running_stack(tmp_path_factory.mktemp("demo-stack"), SHOPDESK_NOW=DEMO_NOW) as stack:
        yield stack


@pytest.fixture(scope="module")
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stack]]:
    """Starts another stack (arguments of `running_stack` after `home`), ended with the module."""
    with ExitStack() as stacks:
        yield lambda **options: stacks.enter_context(running_stack(tmp_path_factory.mktemp("stack"), **options))


# First, because pytest-xdist takes note of the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of one stack in one process: a stack takes a minute to be ready."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "demo_stack" in fixtures:
            item.add_marker(pytest.mark.xdist_group("demo stack"))
        elif "start_stack" in fixtures:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
