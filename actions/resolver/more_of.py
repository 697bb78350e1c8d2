"""The one of several same goods that has more of something: "the laptop with more memory", 内存大的那台. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.text import fold

_ENGLISH: Final = re.compile(
    r"\b(?:with|has|having) (?:the )?(?P<way>more|most|bigger|biggest|larger|largest|higher|highest|longer|longest"
    r"|less|least|smaller|smallest|lower|lowest|shorter|shortest|fewer|fewest) (?P<what>[a-z][a-z -]{1,20})"
)
_HAN: Final = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{1,4}?)(?:比较|更|最|较)?(?P<way>大|多|高|长|小|少|低|短)(?:一些|一点|些|点)?(?:的|$)"
)
_LESS: Final = frozenset(
    ("less", "least", "smaller", "smallest", "lower", "lowest", "shorter", "shortest", "fewer", "fewest")
) | {"小", "少", "低", "短"}
_NUMBER: Final = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]+)?")
_UNITS: Final = {"tb": 1024.0, "gb": 1.0, "mb": 1 / 1024, "l": 1.0, "ml": 0.001, "m": 100.0, "cm": 1.0, "mm": 0.1}
_LEAST: Final = 2


def having_more(text: str, lines: Sequence[LineCandidate]) -> list[LineCandidate]:
    """Those of `lines`, all of one product, that have most (or least) of the option named; none where none is named."""
    said = fold(text)
    for found in (*_ENGLISH.finditer(said), *_HAN.finditer(said)):
        amounts = {line.key: amount for line in lines if (amount := _amount(line, found["what"])) is not None}
        if len(set(amounts.values())) < _LEAST or len(amounts) < len(lines):
            continue
        best = (min if found["way"] in _LESS else max)(amounts.values())
        return [line for line in lines if amounts[line.key] == best]
    return []


def _amount(line: LineCandidate, what: str) -> float | None:
    for options in (line.options, *line.other_options):
        for name, value in options.items():
            option = fold(name).strip()
            if not (re.match(rf"{re.escape(option)}s?\b", what) if option.isascii() else what.endswith(option)):
                continue
            number = _NUMBER.search(fold(value))
            if number is not None:
                return float(number["number"]) * _UNITS.get(number["unit"] or "", 1.0)
    return None


__all__ = ["having_more"]
