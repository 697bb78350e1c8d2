"""Options of yes or no, which people name by the option itself: "the waterproof ones", 不防水那双. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.text import fold

_YES: Final = frozenset({"yes", "true", "y", "是", "有"})
_NO: Final = frozenset({"no", "false", "n", "否", "无", "没有"})
_WITHOUT: Final = ("not {}", "non {}", "isn't {}", "aren't {}", "without {}", "un{}")
_WITHOUT_HAN: Final = ("不{}", "非{}", "不是{}", "没有{}", "没{}", "无{}")


def as_said(line: LineCandidate) -> LineCandidate:
    """The line with its options of yes or no as people say them besides: "waterproof", "not waterproof", 不防水."""
    every = (line.options, *line.other_options)
    said = [replaced for options in every for replaced in _said(tuple(options.items()))]
    return replace(line, other_options=[*line.other_options, *map(dict, said)]) if said else line


@lru_cache(maxsize=4096)
def _said(options: tuple[tuple[str, str], ...]) -> tuple[Mapping[str, str], ...]:
    """The same options, once for each way to say those of yes or no; none where there are none."""
    told = {name: fold(value) for name, value in options if fold(value) in _YES | _NO and len(name) > 1}
    if not told:
        return ()
    ways = {name: [name] if value in _YES else _denied(name) for name, value in told.items()}
    most = max(map(len, ways.values()))
    return tuple(
        {name: ways[name][min(place, len(ways[name]) - 1)] if name in ways else value for name, value in options}
        for place in range(most)
    )


def _denied(name: str) -> list[str]:
    return [pattern.format(name) for pattern in (_WITHOUT if name.isascii() else _WITHOUT_HAN)]


__all__ = ["as_said"]
