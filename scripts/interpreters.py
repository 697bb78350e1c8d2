"""Finds real Python interpreters by version: on PATH, behind pyenv's shims, under ~/.pyenv/versions.

A shim is a script that picks a version by its own rules, so uv is never given one. Standard library only, 3.8 or newer.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Iterator

# Modules that a partial installation lacks and our programs need.
_QUESTION = (
    "import sys, ssl, sqlite3, ctypes, bz2, zlib\n"
    "print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sys.executable)"
)


def find_python(version: tuple[int, int]) -> str | None:
    """The full path of a CPython of exactly `version` (major, minor), or None."""
    wanted = "{}.{}".format(*version)
    seen = set()
    for candidate in _candidates(wanted):
        real = os.path.realpath(str(candidate))
        if real in seen:
            continue
        seen.add(real)
        if not _is_shim(candidate) and _answers(candidate, wanted):
            return str(candidate)
    return None


def _candidates(wanted: str) -> Iterator[Path]:
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    for folder in folders:
        for name in ("python" + wanted, "python3", "python"):
            if (folder / name).is_file():
                yield folder / name
    roots: list[Path] = []
    if os.environ.get("PYENV_ROOT"):
        roots.append(Path(os.environ["PYENV_ROOT"]))
    roots += [folder.parent for folder in folders if folder.name == "shims"]
    roots.append(Path("~/.pyenv").expanduser())
    for root in roots:
        yield from sorted(root.glob(f"versions/{wanted}*/bin/python{wanted}"), reverse=True)


def _is_shim(candidate: Path) -> bool:
    try:
        with candidate.open("rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return True


def _answers(candidate: Path, wanted: str) -> bool:
    try:
        answer = subprocess.run(
            [str(candidate), "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    words = answer.stdout.decode("utf-8", "replace").split()
    return answer.returncode == 0 and words[:2] == ["cpython", wanted]
