"""Brings pip where Python came without it, as Debian's bare `python3` does: one pinned wheel, checked by its digest.

Standard library only, Python 3.8 or newer.
"""

from __future__ import annotations

import hashlib
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from commands import StepFailed

if TYPE_CHECKING:
    from pathlib import Path

# The last pip that runs on Python 3.8.
_WHEEL = "pip-25.0.1-py3-none-any.whl"
_SHA256 = "c46efd13b6aa8279f33f2864459c8ce587ea6a1a59ee20de055868d8f7688f7f"
_DEFAULT_INDEX = "https://pypi.org/simple"
_SECONDS = 60


def fetch_pip(folder: Path) -> Path:
    """Downloads pip's wheel into `folder` from the index that pip itself would use, and returns its path.

    A wheel can be run from where it is, with its path in PYTHONPATH. Raises `StepFailed`.
    """
    index = os.environ.get("PIP_INDEX_URL", _DEFAULT_INDEX).rstrip("/") + "/pip/"
    try:
        page = _read(index).decode("utf-8", "replace")
        link = re.search(r'href="([^"#]*/' + re.escape(_WHEEL) + r')(?:#[^"]*)?"', page)
        if link is None:
            raise StepFailed(f"the package index {index} does not have {_WHEEL}. Name another with PIP_INDEX_URL.")
        wheel = _read(urllib.parse.urljoin(index, link.group(1)))
    except (urllib.error.URLError, TimeoutError) as error:
        raise StepFailed(
            f"the package index {index} could not be reached ({error}). Check the network and the proxy (HTTPS_PROXY), "
            "or install python3-venv, then run the same command again."
        ) from error
    if hashlib.sha256(wheel).hexdigest() != _SHA256:
        raise StepFailed(f"{_WHEEL} from {index} is not the file that was pinned; it was not used.")
    path = folder / _WHEEL
    path.write_bytes(wheel)
    return path


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
        return bytes(answer.read())
