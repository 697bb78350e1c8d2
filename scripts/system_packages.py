"""Installs what the tests need and only the system's package manager can give, or names the command and stops.

`make run` needs none of this. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple

from commands import StepFailed, environment, run_logged

from shopdesk.progress import Progress


class Need(NamedTuple):
    """One thing the tests use: what it is, whether it is here, and the Debian package that brings it."""

    what: str
    is_here: Callable[[], bool]
    package: str


def main() -> int:
    """Installs what is missing. Returns the exit status."""
    missing = [need for need in _NEEDS if not need.is_here()]
    if not missing:
        return 0
    packages = [need.package for need in missing]
    names = ", ".join(need.what for need in missing)
    prefix = _privilege()
    if shutil.which("apt-get") is None or prefix is None:
        _name_the_command(names, packages)
        return 1
    apt = [*prefix, "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    env = environment({"DEBIAN_FRONTEND": "noninteractive"})
    advice = "Install by hand, then run the same command again: " + _command(packages)
    try:
        with Progress() as progress, progress.step("System packages for the tests: " + names):
            run_logged("system-update", [*apt, "update"], advice=advice, env=env)
            run_logged(
                "system-packages", [*apt, "install", "-y", "--no-install-recommends", *packages], advice=advice, env=env
            )
    except StepFailed as error:
        print(f"\nThe tests need {names}: {error}", file=sys.stderr)
        return 1
    still = [need.what for need in missing if not need.is_here()]
    if still:
        print("\n{} was installed and still cannot be found. {}".format(", ".join(still), advice), file=sys.stderr)
        return 1
    return 0


def _privilege() -> list[str] | None:
    """What to put before a command to run it as root without being asked anything; None when that is not allowed."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is not None:
        allowed = subprocess.run(
            ["sudo", "-n", "true"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        )
        if allowed.returncode == 0:
            return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _command(packages: list[str]) -> str:
    return "sudo apt-get update && sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def _name_the_command(names: str, packages: list[str]) -> None:
    print(f"The tests need {names}, which only the system's package manager can install.", file=sys.stderr)
    print(f"On Debian or Ubuntu run:\n\n    {_command(packages)}\n", file=sys.stderr)
    print("Elsewhere install the same under your system's names. Then run `make test` again.", file=sys.stderr)


def _on_path(*commands: str) -> bool:
    return any(shutil.which(command) for command in commands)


def _has_postgresql() -> bool:
    # Debian keeps the server's programs off PATH.
    return _on_path("initdb") or bool(list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def _has_chinese_fonts() -> bool:
    if not _on_path("fc-list"):
        return False
    found = subprocess.run(["fc-list", ":lang=zh-cn"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
    return bool(found.stdout.strip())


_NEEDS = [
    Need("PostgreSQL", _has_postgresql, "postgresql"),
    Need("Redis", lambda: _on_path("redis-server", "valkey-server"), "redis-server"),
    Need("Chromium", lambda: _on_path("chromium", "chromium-browser", "google-chrome"), "chromium"),
    Need("fontconfig", lambda: _on_path("fc-list"), "fontconfig"),
    Need("Chinese fonts", _has_chinese_fonts, "fonts-noto-cjk"),
]


if __name__ == "__main__":
    sys.exit(main())
