"""Runs every check and every test, and says at the end which failed. Run by `make test` after set-up.

Static checks and the widget's tests run first, beside the training that the tests share; then pytest, whose closing
line ends the output. All of them run even when one fails; the exit status is non-zero when any did.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen

from commands import ROOT, StepFailed, Stopped, environment, run_logged, stop_children
from set_up import SHIMS, WIDGET, node_environment

from shopdesk.progress import Progress

_BIN = ROOT / ".venv" / "bin"

# The tests read these; every other SHOPDESK_ variable of the caller would change what is tested.
_KEPT = ("SHOPDESK_SHARED_DATA", "SHOPDESK_TEST_")


class Check:
    """A command that must succeed. `name` also names its log."""

    def __init__(self, name: str, argv: list[str], cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
        self.name = name
        self.argv = argv
        self.cwd = cwd
        self.env = env


def main() -> int:
    """Runs the checks and pytest. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks-only", action="store_true", help="leave training and pytest out")
    options, pytest_arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    for name in list(os.environ):
        if name.startswith("SHOPDESK_") and not name.startswith(_KEPT):
            del os.environ[name]
    os.environ["PATH"] = str(SHIMS) + os.pathsep + os.environ.get("PATH", os.defpath)
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    try:
        failed = _run_checks(_checks(), train=not options.checks_only)
        if options.checks_only:
            return 1 if failed else 0
        tests = _run_pytest(pytest_arguments)
    except KeyboardInterrupt:
        stop_children()
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if failed:
        print("Failed before pytest: {}. What they said is above.".format(", ".join(failed)), file=sys.stderr)
    return 1 if failed or tests else 0


def _checks() -> list[Check]:
    npm = str(SHIMS / "npm")
    node = node_environment()
    return [
        Check("ruff", [str(_BIN / "ruff"), "check", "."]),
        Check("ruff-format", [str(_BIN / "ruff"), "format", "--check", "."]),
        Check("mypy", [str(_BIN / "mypy")]),
        Check("import-linter", [str(_BIN / "lint-imports")]),
        Check("widget-check", [npm, "run", "check"], WIDGET, node),
        Check("widget-test", [npm, "test"], WIDGET, node),
    ]


def _run_checks(checks: list[Check], *, train: bool) -> list[str]:
    """Runs the checks one after another, and the training beside them. Returns the names of those that failed."""
    failures: dict[str, str] = {}
    lock = threading.Lock()

    def attempt(progress: Progress, check: Check) -> None:
        try:
            with progress.step(check.name):
                run_logged(check.name, check.argv, advice="", env=check.env or environment(), cwd=check.cwd)
        except Stopped:
            pass
        except StepFailed as error:
            with lock:
                failures[check.name] = str(error)

    def attempt_all(progress: Progress, group: list[Check]) -> None:
        for check in group:
            attempt(progress, check)

    groups = [checks]
    if train:
        groups.append([Check("train", [str(_BIN / "shopdesk"), "train"])])
    with Progress() as progress, ThreadPoolExecutor(len(groups)) as pool:
        running = [pool.submit(attempt_all, progress, group) for group in groups]
        try:
            for one in running:
                one.result()
        except KeyboardInterrupt:
            stop_children()
            raise
    for name, why in failures.items():
        print(f"\n{name} failed: {why}", flush=True)
    return list(failures)


def _run_pytest(arguments: list[str]) -> int:
    """Runs pytest with its output shown. Returns its exit status."""
    workers = [] if any(word.startswith("-n") for word in arguments) else ["-n", "2", "--dist", "loadgroup"]
    argv = [str(_BIN / "python"), "-m", "pytest", *workers, *arguments]
    print("\n$ " + " ".join(argv), flush=True)
    child = Popen(argv, cwd=ROOT, env=environment())
    try:
        return child.wait()
    except KeyboardInterrupt:
        # On a terminal pytest was interrupted with us; let it take its fixtures down.
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        child.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
