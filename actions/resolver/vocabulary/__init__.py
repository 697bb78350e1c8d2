"""The function words of each language, colours, general names of goods, and traditional characters; read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("en", "zh")


@cache
def read(name: str) -> dict[str, Any]:
    """One vocabulary file of this folder, by its name without the ending."""
    content: dict[str, Any] = yaml.safe_load((_FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    return content


@cache
def simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, for `str.translate`."""
    pairs = read("traditional")
    return dict(zip(map(ord, "".join(pairs["traditional"])), "".join(pairs["simplified"]), strict=True))


def phrases(*path: str) -> list[str]:
    """The phrases at `path` in every language's file, a key's own children included."""
    found: list[str] = []
    for language in LANGUAGES:
        node: Any = read(language)
        for key in path:
            node = node.get(key, {}) if isinstance(node, dict) else {}
        found += _flat(node)
    return found


def mapping(*path: str) -> dict[str, list[str]]:
    """The keys at `path` with their phrases in all languages."""
    found: dict[str, list[str]] = {}
    for language in LANGUAGES:
        node: Any = read(language)
        for key in path:
            node = node.get(key, {})
        for key, words in node.items():
            found.setdefault(str(key), []).extend(_flat(words))
    return found


def _flat(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [word for child in node.values() for word in _flat(child)]
    if isinstance(node, list):
        return [str(word) for word in node]
    return str(node).split() if node else []
