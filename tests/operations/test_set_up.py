"""The set-up scripts: they must run on an old Python, repeat cheaply, and say what to do when something is missing."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.stack import ROOT

SCRIPTS = ROOT / "scripts"
BEFORE_ANYTHING_IS_INSTALLED = ("set_up", "commands", "interpreters", "stamps", "fetched_pip", "system_packages")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield
    for name in BEFORE_ANYTHING_IS_INSTALLED:
        sys.modules.pop(name, None)


@pytest.fixture
def commands(scripts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import commands

    monkeypatch.setattr(commands, "LOGS", tmp_path / "log")
    return commands


@pytest.fixture
def stamps(scripts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    import stamps

    monkeypatch.setattr(stamps, "_STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    return stamps


def make_executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", [*BEFORE_ANYTHING_IS_INSTALLED, "../shopdesk/progress", "../shopdesk/__init__"])
def test_what_runs_first_is_python_3_8_and_needs_nothing(name: str) -> None:
    tree = ast.parse((SCRIPTS / f"{name}.py").read_text("utf-8"), feature_version=(3, 8))
    imported = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    ours = {*BEFORE_ANYTHING_IS_INSTALLED, "shopdesk"}
    assert imported - set(sys.stdlib_module_names) - ours == set()


def test_tools_are_pinned_with_digests() -> None:
    wanted = (SCRIPTS / "tools.in").read_text("utf-8")
    pinned = (SCRIPTS / "tools.txt").read_text("utf-8")
    for line in re.findall(r"^(\S+==\S+)$", wanted, re.MULTILINE):
        assert re.search(rf"^{re.escape(line)} \\\n    --hash=sha256:", pinned, re.MULTILINE)


def test_no_file_names_an_index() -> None:
    for project in (ROOT, ROOT / "bot"):
        assert "[[tool.uv.index]]" not in (project / "pyproject.toml").read_text("utf-8")


class TestStamps:
    def test_a_step_is_done_once_for_the_same_inputs(self, stamps: ModuleType, tmp_path: Path) -> None:
        made = tmp_path / "made"
        assert not stamps.is_done("step", "key", made)
        stamps.run_once("step", "key", lambda cut_off: made.write_text("x") and None)
        assert stamps.is_done("step", "key", made)
        assert not stamps.is_done("step", "other key", made)
        made.unlink()
        assert not stamps.is_done("step", "key", made)

    def test_a_step_that_was_cut_off_is_told_so(self, stamps: ModuleType) -> None:
        def cut_off_half_way(_: bool) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            stamps.run_once("step", "key", cut_off_half_way)
        assert not stamps.is_done("step", "key")
        told: list[bool] = []
        stamps.run_once("step", "key", told.append)
        stamps.run_once("step", "key", told.append)
        assert told == [True, False]

    def test_a_damaged_stamp_is_as_none(self, stamps: ModuleType, tmp_path: Path) -> None:
        (tmp_path / "stamps").mkdir()
        (tmp_path / "stamps" / "step.json").write_text('{"key": "k')
        assert not stamps.is_done("step", "key")

    def test_a_key_changes_with_names_contents_and_words(self, stamps: ModuleType, tmp_path: Path) -> None:
        first, second = tmp_path / "a", tmp_path / "b"
        first.write_text("1")
        keys = {stamps.key_of([first])}
        first.write_text("2")
        keys |= {stamps.key_of([first]), stamps.key_of([first], "word")}
        first.rename(second)
        keys.add(stamps.key_of([second]))
        assert len(keys) == 4


class TestCommands:
    def test_a_failure_says_the_end_of_the_log_and_the_advice(self, commands: ModuleType) -> None:
        with pytest.raises(commands.StepFailed) as failure:
            commands.run_logged("trial", ["sh", "-c", "echo half; echo broken; exit 7"], advice="Mend it.")
        assert "code 7" in str(failure.value)
        assert "    broken" in str(failure.value)
        assert str(failure.value).endswith("Mend it.")

    @pytest.mark.parametrize(
        ("said", "advice"),
        [
            ("error: No space left on device (os error 28)", "is full"),
            ("npm error code ENOTFOUND", "network"),
            ("error: Failed to fetch: `https://index.example/simple/uv/`", "HTTPS_PROXY"),
            ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ],
    )
    def test_known_reasons_are_said_in_words(self, commands: ModuleType, said: str, advice: str) -> None:
        with pytest.raises(commands.StepFailed, match=advice):
            commands.run_logged("trial", ["sh", "-c", f'echo "{said}"; exit 1'], advice="-")

    def test_a_missing_program_is_named(self, commands: ModuleType) -> None:
        with pytest.raises(commands.StepFailed, match=r"no-such-program could not be started.*Install it"):
            commands.run_logged("trial", ["no-such-program"], advice="Install it.")

    def test_an_activated_environment_does_not_redirect_ours(
        self, commands: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VIRTUAL_ENV", "/elsewhere")
        monkeypatch.setenv("UV_DEFAULT_INDEX", "https://index.example/simple")
        env = commands.environment()
        assert "VIRTUAL_ENV" not in env
        assert env["UV_DEFAULT_INDEX"] == "https://index.example/simple"


class TestInterpreters:
    @pytest.fixture
    def find(self, scripts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
        import interpreters

        monkeypatch.delenv("PYENV_ROOT", raising=False)
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.setenv("PATH", str(tmp_path / "bin"))
        (tmp_path / "bin").mkdir()
        return interpreters.find_python

    @staticmethod
    def link(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(Path(sys.executable).resolve())
        return path

    here = sys.version_info[:2]

    def test_on_path(self, find, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        python = self.link(tmp_path / "bin" / "python3")
        assert find(self.here) == str(python)
        assert find((3, 10)) is None

    def test_a_shim_is_never_taken(self, find, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        make_executable(tmp_path / "bin" / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        assert find(self.here) is None

    def test_behind_the_shims(  # type: ignore[no-untyped-def]
        self, find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = "{}.{}".format(*self.here)
        python = self.link(tmp_path / "pyenv" / "versions" / f"{version}.9" / "bin" / f"python{version}")
        shim = make_executable(tmp_path / "pyenv" / "shims" / "python3", f'#!/bin/sh\nexec {python} "$@"\n')
        monkeypatch.setenv("PATH", str(shim.parent))
        assert find(self.here) == str(python)

    def test_under_the_home(self, find, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        version = "{}.{}".format(*self.here)
        python = self.link(tmp_path / "home" / ".pyenv" / "versions" / f"{version}.1" / "bin" / f"python{version}")
        assert find(self.here) == str(python)

    def test_one_that_cannot_run_is_passed_over(self, find, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
        broken = tmp_path / "bin" / "python3"
        shutil.copyfile("/dev/null", broken)
        broken.chmod(0o755)
        assert find(self.here) is None


class TestBootstrap:
    def run(self, path: str, home: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", str(SCRIPTS / "bootstrap.sh"), "system_packages.py"],
            env={"PATH": path, "HOME": str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_without_a_python_it_says_what_to_install(self, tmp_path: Path) -> None:
        (tmp_path / "dirname").symlink_to(shutil.which("dirname") or "")
        run = self.run(str(tmp_path), tmp_path)
        assert run.returncode == 1
        assert "Python 3.8 or newer" in run.stderr
        assert "apt-get install" in run.stderr

    def test_a_python_that_is_too_old_or_broken_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "dirname").symlink_to(shutil.which("dirname") or "")
        make_executable(tmp_path / "python3", "#!/bin/sh\nexit 1\n")
        good = tmp_path / ".pyenv" / "versions" / "3.9.1" / "bin" / "python3"
        make_executable(good, '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "ran $1"\n')
        run = self.run(str(tmp_path), tmp_path)
        assert run.returncode == 0
        assert run.stdout.startswith("ran ")
        assert run.stdout.strip().endswith("system_packages.py")


class TestSystemPackages:
    def run(self, path: Path, privilege: str) -> subprocess.CompletedProcess[str]:
        # As somebody who is not root, on a machine that has nothing.
        code = (
            "import os, sys; sys.path.insert(0, sys.argv[1]); os.geteuid = lambda: 1000; import system_packages as s; "
            "import commands; from pathlib import Path; commands.LOGS = Path(sys.argv[2]); "
            "s._NEEDS = [need._replace(is_here=lambda: False) for need in s._NEEDS]; sys.exit(s.main())"
        )
        for tool in ("env", "true"):
            (path / tool).symlink_to(shutil.which(tool) or "")
        make_executable(path / "sudo", f"#!/bin/sh\n{privilege}\n")
        make_executable(path / "apt-get", '#!/bin/sh\necho "apt-get $*"\n')
        return subprocess.run(
            [sys.executable, "-c", code, str(SCRIPTS), str(path / "log")],
            env={"PATH": str(path), "HOME": str(path)},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_where_it_may_not_it_names_the_exact_command_and_stops(self, tmp_path: Path) -> None:
        run = self.run(tmp_path, "exit 1")
        assert run.returncode == 1
        assert "sudo apt-get install -y --no-install-recommends postgresql redis-server chromium" in run.stderr

    def test_an_installation_that_brings_nothing_is_not_believed(self, tmp_path: Path) -> None:
        run = self.run(tmp_path, 'shift; exec "$@"')
        assert run.returncode == 1
        assert "still cannot be found" in run.stderr
        assert "apt-get -o DPkg::Lock::Timeout=300 install -y" in (tmp_path / "log" / "system-packages.log").read_text()


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert [line.split()[1] for line in shown.splitlines()] == phony.group(1).split()


def test_continuous_integration_runs_what_a_person_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "exec make test" in script.read_text("utf-8")
