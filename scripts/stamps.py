"""Remembers which set-up steps are done and for which inputs, so that a step runs again only when they changed.

A stamp is written whole or not at all, and says `running` while its step works: a step that was cut off half way is
seen as such the next time and repaired. Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Callable, Iterable

from commands import ROOT

_STAMPS = ROOT / ".tools" / "stamps"


def key_of(files: Iterable[Path], *words: str) -> str:
    """A digest of the names and contents of `files` and of `words`."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(b"word\0" + word.encode() + b"\0")
    for file in sorted(files):
        digest.update(b"file\0" + file.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def is_done(name: str, key: str, *outputs: Path) -> bool:
    """Whether step `name` was finished for `key` and what it made is still there."""
    return _read(name) == {"key": key, "state": "done"} and all(output.exists() for output in outputs)


def run_once(name: str, key: str, work: Callable[[bool], None]) -> None:
    """Runs `work` and stamps it done. `work` is told whether an earlier run was cut off half way."""
    cut_off = _read(name).get("state") == "running"
    _write(name, key, "running")
    work(cut_off)
    _write(name, key, "done")


def _read(name: str) -> dict[str, str]:
    try:
        stamp = json.loads((_STAMPS / (name + ".json")).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write(name: str, key: str, state: str) -> None:
    _STAMPS.mkdir(parents=True, exist_ok=True)
    scratch = _STAMPS / (name + ".json.new")
    scratch.write_text(json.dumps({"key": key, "state": state}), "utf-8")
    scratch.replace(_STAMPS / (name + ".json"))
