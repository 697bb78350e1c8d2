"""Patterns read long messages in a time that grows with the message and not with its square."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import actions

_LENGTHS = (1000, 4000)
"""A quarter of the longest message, and that message."""
_GROWTH = 10
"""Four times the text may take this many times as long: a square would be sixteen times, with room for noise."""
_UNREMARKABLE = 0.1
"""Seconds of the processor's time that no message waits for, whatever they grow by."""
_TRIES = 3
_REPEATED = ("好", "的", "a ", "no, ", "one of the ", "12345 ", "取消", "1, ")


def _patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    seen = set()
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            held = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value]
            for one in held:
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str) and one not in seen:
                    seen.add(one)
                    yield f"{module.name}.{name}", one


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """Of the processor, the least of several: others use it as well."""
    return min(_once(pattern, text) for _ in range(_TRIES))


def _once(pattern: re.Pattern[str], text: str) -> float:
    begun = time.process_time()
    pattern.search(text)
    return time.process_time() - begun


def test_no_pattern_takes_a_time_that_grows_with_the_square_of_a_message() -> None:
    slow = []
    for name, pattern in _patterns():
        for unit in _REPEATED:
            short, long = ((unit * length)[:length] for length in _LENGTHS)
            if _once(pattern, long) > _UNREMARKABLE and (taken := _seconds(pattern, long)) > _UNREMARKABLE:
                grown = taken / max(_seconds(pattern, short), 1e-4)
                if grown > _GROWTH:
                    slow.append((name, unit, round(taken, 2), round(grown)))
    assert not slow
