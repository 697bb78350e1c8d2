"""Trains the assistant when something it was trained from has changed, and otherwise not.

A model is named by a SHA-256 over everything that it is made of: examples, domain, rules, config, the names of the
responses (their words are read when the bot runs), our pipeline's modules with the files beside them, the bot's lock
file, Python and Rasa. Rasa's own cache sees only the source of a component's class and is off.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import Field

from shopdesk_schemas.problems import ShopdeskError
from shopdesk_schemas.settings import CommonSettings

ROOT = Path(__file__).resolve().parent.parent
_FORMAT: Final = b"shopdesk model key 1"
_PREFIX: Final = "shopdesk-"
_SUFFIX: Final = ".tar.gz"
_KEPT_MODELS: Final = 3
_TAIL_LINES: Final = 25


class TrainingSettings(CommonSettings):
    """Where the models are."""

    bot_models: Path | None = Field(
        default=None, description="The store of trained models; the newest is loaded. Default: `models` under home."
    )

    @property
    def models(self) -> Path:
        """The directory of trained models."""
        return self.bot_models or self.home / "models"

    @property
    def reviewed(self) -> Path:
        """The directory of the examples that reviewers published (`shopdesk.review`)."""
        return self.home / "nlu"


class TrainingFailed(ShopdeskError):
    """The assistant could not be trained; the detail has the end of the log."""


@dataclass(frozen=True)
class Assistant:
    """What an assistant is trained from, by default this checkout's."""

    root: Path = ROOT
    also: Path | None = None
    """A directory of more examples; one that is absent or empty changes nothing."""

    @property
    def bot(self) -> Path:
        """The bot's project."""
        return self.root / "bot"

    @property
    def python(self) -> Path:
        """The interpreter of the bot's environment."""
        return self.bot / ".venv" / "bin" / "python"

    def key(self) -> str:
        """The SHA-256 of everything that a model is made of, in hexadecimal.

        Raises `TrainingFailed` when the bot's environment is not there or a response file is no YAML mapping.
        """
        digest = hashlib.sha256(_FORMAT)
        for part in (self._python_version(), self._rasa_version(), *self._response_names()):
            _add(digest, part.encode())
        for path in sorted(self._files()):
            _add(digest, path.relative_to(self.root).as_posix().encode())
            _add(digest, path.read_bytes())
        for path in self.more_examples():
            _add(digest, b"also/" + path.name.encode())
            _add(digest, path.read_bytes())
        return digest.hexdigest()

    def more_examples(self) -> list[Path]:
        """The files under `also`."""
        return sorted(_content(self.also)) if self.also is not None and self.also.is_dir() else []

    def _files(self) -> Iterator[Path]:
        for folder in ("data/nlu", "bot/domain", "bot/rules", "bot/components", "bot/weights"):
            yield from _content(self.root / folder)
        for name in ("config.yml", "environment.py", "train_model.py", "uv.lock"):
            yield self.bot / name

    def _response_names(self) -> list[str]:
        """The names under which something can be said: they are the domain's, the words are not."""
        names = []
        for path in sorted((self.bot / "responses").rglob("*.y*ml")):
            content = yaml.safe_load(path.read_text("utf-8"))
            responses = content.get("responses") if isinstance(content, dict) else None
            if not isinstance(responses, dict):
                raise TrainingFailed(f"{path} has no mapping `responses`.")
            names += [f"{path.parent.name}/{name}" for name in responses]
        return sorted(names)

    def _python_version(self) -> str:
        try:
            lines = (self.bot / ".venv" / "pyvenv.cfg").read_text("utf-8").splitlines()
        except FileNotFoundError:
            raise TrainingFailed("The assistant's environment (bot/.venv) is not there. Run `make setup`.") from None
        return next((line for line in lines if line.startswith("version")), "unknown")

    def _rasa_version(self) -> str:
        found = sorted((self.bot / ".venv").glob("lib/python*/site-packages/rasa-*.dist-info"))
        if not found:
            raise TrainingFailed("Rasa is not installed in bot/.venv. Run `make setup`.")
        return found[0].name


def model_path(models: Path, key: str) -> Path:
    """Where the model of `key` is kept."""
    return models / f"{_PREFIX}{key[:16]}{_SUFFIX}"


def is_trained(models: Path, key: str) -> bool:
    """Whether the model of `key` is there. If so it becomes the newest, which is the one that the bot loads."""
    path = model_path(models, key)
    with contextlib.suppress(FileNotFoundError):
        os.utime(path)
        return True
    return False


def train(assistant: Assistant, models: Path, key: str, log: Path, *, force: bool = False) -> Path:
    """Trains the model of `key` unless it is there, in the bot's environment, with all output in `log`.

    The model appears whole or not at all. A second training of the same store waits for the first and uses its
    result. Raises `TrainingFailed`.
    """
    models.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with _only_one(models):
        if is_trained(models, key) and not force:
            return model_path(models, key)
        for leftover in models.glob(".training-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        _run(assistant, models, key, log)
        if not is_trained(models, key):
            raise TrainingFailed(f"Training ended without a model. The end of {log}:\n{_tail(log)}")
        _prune(models)
    return model_path(models, key)


def _run(assistant: Assistant, models: Path, key: str, log: Path) -> None:
    name = model_path(models, key).name.removesuffix(_SUFFIX)
    argv = [str(assistant.python), "-m", "train_model", "--output", str(models.resolve()), "--name", name]
    if assistant.also is not None and assistant.more_examples():
        argv += ["--also", str(assistant.also.resolve())]
    with log.open("wb") as output:
        # In our own process group, so that whatever ends us, a Ctrl-C or a stop of the whole group, ends it too.
        child = subprocess.Popen(  # noqa: S603 - our own program
            argv,
            cwd=assistant.bot,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            status = child.wait()
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if status != 0:
        raise TrainingFailed(f"Training failed (status {status}). The end of {log}:\n{_tail(log)}")


def _content(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _add(digest: hashlib._Hash, part: bytes) -> None:
    # With its length, so that two parts cannot be read as two others.
    digest.update(len(part).to_bytes(8, "big"))
    digest.update(part)


@contextlib.contextmanager
def _only_one(models: Path) -> Iterator[None]:
    with (models / ".training.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prune(models: Path) -> None:
    """Keeps the newest few, so that going back to earlier data needs no training and the disk does not fill."""
    for old in _newest_first(models.glob(f"{_PREFIX}*{_SUFFIX}"))[_KEPT_MODELS:]:
        old.unlink(missing_ok=True)


def _newest_first(paths: Iterable[Path]) -> list[Path]:
    return sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _tail(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").replace("\r", "\n").splitlines()
    return "\n".join([line for line in lines if line.strip()][-_TAIL_LINES:])
