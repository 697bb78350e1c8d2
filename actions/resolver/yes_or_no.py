"""Options of yes or no, which people name by the option itself: "the waterproof ones", 不防水那双. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.option_index import alike_to
from actions.resolver.text import fold, stems_of

_YES: Final = frozenset({"yes", "true", "y", "是", "有"})
_NO: Final = frozenset({"no", "false", "n", "否", "无", "没有"})
_NONE: Final = "none"
"""Of an option that has other values too: a keyboard's lighting, a chair's armrests."""
_WITHOUT_ANY: Final = ("no {}", "without {}", "isn't {}", "not {}", "un{}")
_MOST_NAMES: Final = 7
_WITHOUT: Final = ("not {}", "non {}", "isn't {}", "aren't {}", "without {}", "un{}")
_WITHOUT_HAN: Final = ("不{}", "非{}", "不是{}", "没有{}", "没{}", "无{}")


def as_said(line: LineCandidate) -> LineCandidate:
    """The line with its options of yes or no as people say them: "waterproof", "not waterproof", 不防水.

    A mere yes or no names no value: "yes" to a question is not the waterproof pair.
    """
    every = (line.options, *line.other_options)
    said = [replaced for options in every for replaced in _said(tuple(options.items()))]
    if not said:
        return line
    own, *others = [_without_yes_or_no(options) for options in every]
    return replace(line, options=own, other_options=[*others, *map(dict, said)])


def _without_yes_or_no(options: Mapping[str, str]) -> Mapping[str, str]:
    """`options` with the first way to say them in place of yes and no."""
    return {
        name: (name if fold(value) in _YES else _denied(name)[0]) if _is_either(name, value) else value
        for name, value in options.items()
    }


def _is_either(name: str, value: str) -> bool:
    return fold(value) in _YES | _NO and len(name) > 1


@lru_cache(maxsize=4096)
def _said(options: tuple[tuple[str, str], ...]) -> tuple[Mapping[str, str], ...]:
    """The same options, once for each way to say those of yes or no; none where there are none."""
    told = {name: fold(value) for name, value in options if _is_either(name, value)}
    ways = {name: [name] if value in _YES else _denied(name) for name, value in told.items()}
    ways |= {name: _without_any(name) for name, value in options if fold(value) == _NONE and name.isascii()}
    if not ways:
        return ()
    most = max(map(len, ways.values()))
    return tuple(
        {name: ways[name][min(place, len(ways[name]) - 1)] if name in ways else value for name, value in options}
        for place in range(most)
    )


def _denied(name: str) -> list[str]:
    return [pattern.format(name) for pattern in (_WITHOUT if name.isascii() else _WITHOUT_HAN)]


def _without_any(name: str) -> list[str]:
    """How it is said that there is none of an option: "no lighting", "isn't lit", "without armrests"."""
    words = [
        " ".join(terms)
        for terms in sorted(alike_to(stems_of(name)), key=_shortest)
        if all(each.isascii() for each in terms)
    ]
    return [pattern.format(word) for word in [name, *words][:_MOST_NAMES] for pattern in _WITHOUT_ANY]


def _shortest(terms: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return sum(map(len, terms)), terms


__all__ = ["as_said"]
