"""The words of messages, by language, from `crm_backend/locales/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

LOCALES = Path(__file__).parent.parent / "locales"


@cache
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        (LOCALES / language / "messages.yml").read_text(encoding="utf-8")
    )
    return found


def languages() -> tuple[str, ...]:
    """Those that there are words in."""
    return tuple(sorted(folder.name for folder in LOCALES.iterdir() if (folder / "messages.yml").is_file()))


def parts(kind: str, language: str) -> Mapping[str, str]:
    """The parts of a message (subject, body, short) in a language that there are words in."""
    return _words(language)[kind]
