"""The four programs: how each is started, where it listens, and what must be right before any of them starts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shopdesk.home import ROOT
from shopdesk.processes import port_is_free
from shopdesk_schemas.problems import ShopdeskError

if TYPE_CHECKING:
    from shopdesk_schemas.settings import CommonSettings

NAMES = ("crm_backend", "actions", "bot", "gateway")
"""In the order in which they are started and shown."""

_BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
_WIDGET = ROOT / "gateway" / "widget" / "dist" / "shopdesk.js"
_LEAST_FREE_MB = 300
"""What a start writes at most, a trained model with its scratch files included, in MB."""

_PORT_SETTINGS = {
    "crm_backend": "SHOPDESK_CRM_PORT",
    "actions": "SHOPDESK_ACTIONS_PORT",
    "bot": "SHOPDESK_BOT_PORT",
    "gateway": "SHOPDESK_GATEWAY_PORT",
}
# How the others find it, where the environment does not say.
_URL_SETTINGS = {"crm_backend": "SHOPDESK_CRM_URL", "actions": "SHOPDESK_ACTIONS_URL", "bot": "SHOPDESK_BOT_URL"}
_BOT_PORT = 5005


class NotReady(ShopdeskError):
    """Something is in the way of a start. The detail says what to do."""


@dataclass(frozen=True)
class Program:
    """One of the four: `host` and `port` are where it can be reached from this machine."""

    name: str
    argv: tuple[str, ...]
    cwd: Path
    bind: str
    host: str
    port: int

    @property
    def port_setting(self) -> str:
        """The environment variable that moves it to another port."""
        return _PORT_SETTINGS[self.name]

    @property
    def url(self) -> str:
        """Its address on this machine, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True)
class Desk:
    """All four programs by name, as the settings describe them."""

    settings: CommonSettings
    programs: dict[str, Program]

    def environment(self) -> dict[str, str]:
        """The environment of every program: ours, and where each finds the others."""
        env = {name: value for name, value in os.environ.items() if name not in {"PYTHONHOME", "VIRTUAL_ENV"}}
        for name, setting in _URL_SETTINGS.items():
            if not env.get(setting):
                env[setting] = self.programs[name].url
        env["RASA_TELEMETRY_ENABLED"] = "false"
        env["PYTHONUNBUFFERED"] = "1"
        return env


def describe_desk() -> Desk:
    """Reads every program's settings, so that a wrong one stops the start before anything runs.

    Raises pydantic's ValidationError naming the setting.
    """
    from actions.settings import ActionsSettings
    from crm_backend.settings import CrmSettings
    from gateway.settings import GatewaySettings

    crm, actions, gateway = CrmSettings(), ActionsSettings(), GatewaySettings()
    ports = {
        "crm_backend": crm.crm_port,
        "actions": actions.actions_port,
        "bot": _bot_port(),
        "gateway": gateway.gateway_port,
    }
    bind = crm.bind
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104  (reached through the loopback)
    programs = {}
    for name in NAMES:
        if name == "bot":
            argv, cwd = (str(_BOT_PYTHON), "-m", "run_bot"), ROOT / "bot"
        else:
            argv, cwd = (sys.executable, "-m", name), ROOT
        programs[name] = Program(name, argv, cwd, bind, host, ports[name])
    return Desk(crm, programs)


def _bot_port() -> int:
    # The bot's settings live in its own environment (Python 3.10), which this one cannot import.
    words = os.environ.get("SHOPDESK_BOT_PORT") or str(_BOT_PORT)
    if not words.isdecimal() or not 1 <= int(words) <= 65535:
        raise NotReady(f"SHOPDESK_BOT_PORT is {words!r}, which is not a port number.")
    return int(words)


@contextlib.contextmanager
def hold(home: Path, names: Sequence[str]) -> Iterator[None]:
    """Keeps a second `up` of the same programs away from one SHOPDESK_HOME. Raises `NotReady`."""
    folder = home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        for name in names:
            lock = held.enter_context((folder / f"{name}.lock").open("a+"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise NotReady(
                    f"Shopdesk already runs here: process {lock.read().strip() or '?'} runs {name} on {home}. "
                    "Stop that one, or give this one a home and ports of its own (SHOPDESK_HOME, SHOPDESK_…_PORT)."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
        yield


def check_machine(desk: Desk, names: Sequence[str]) -> None:
    """Raises `NotReady`, naming everything that is in the way of starting the programs `names`."""
    obstacles = []
    if "bot" in names and not _BOT_PYTHON.exists():
        obstacles.append("The assistant's environment (bot/.venv) is not there. Run `make setup`.")
    if "gateway" in names and not _WIDGET.exists():
        obstacles.append("The chat widget is not built (gateway/widget/dist). Run `make setup`.")
    policies = desk.settings.shop / "policies.yml"
    if not policies.is_file():
        obstacles.append(f"There is no {policies}. SHOPDESK_SHOP (--shop) must name a shop's own directory.")
    free = shutil.disk_usage(desk.settings.home).free // 1_000_000
    if free < _LEAST_FREE_MB:
        obstacles.append(
            f"The disk that holds {desk.settings.home} has {free} MB free, and a start needs {_LEAST_FREE_MB} MB. "
            "Free some space."
        )
    wanted: dict[int, str] = {}
    for name in names:
        program = desk.programs[name]
        if program.port in wanted:
            obstacles.append(
                f"{wanted[program.port]} and {name} are both set to port {program.port}. "
                f"Give {name} another with {program.port_setting}."
            )
        elif not port_is_free(program.bind, program.port):
            obstacles.append(
                f"Port {program.port}, which {name} needs, is in use{_holder(program.port)}. "
                f"Stop what uses it, or choose another port with {program.port_setting}."
            )
        wanted[program.port] = name
    if obstacles:
        raise NotReady("\n  ".join(obstacles))


def _holder(port: int) -> str:
    """Who listens on `port`, or how to find out."""
    import psutil

    with contextlib.suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            listening = connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
            if listening and connection.pid:
                with contextlib.suppress(psutil.Error):
                    return f" by process {connection.pid} ({psutil.Process(connection.pid).name()})"
    return f" (`ss -ltnp 'sport = :{port}'` or `lsof -i :{port}` says by whom)"
