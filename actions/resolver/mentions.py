"""Messages that do nothing but name goods: "hm, the scarf", 嗯，那条围巾. They say which, and ask for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Final

from actions.resolver.candidates import LineCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.lines import line_pool, read_lines, resolve_lines
from actions.resolver.reading import Reader
from actions.resolver.resolution import Resolution
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases

_MARKS: Final = frozenset({"comma", "end", "sign"})

_BESIDE_REST: Final = frozenset({"rest", "glue", "pronoun", "boundary", "placing", "target"})


def bare_mention(
    text: str, lines: Sequence[LineCandidate], *, focus: Focus = NO_FOCUS, today: date
) -> Resolution[LineCandidate] | None:
    """The lines that a message names, where it says nothing else; None where it says more, or names no goods."""
    elements = read_lines(text, line_pool(lines, focus), today)
    said = [each for each in elements if each.kind not in _MARKS]
    if not any(each.names for each in said):
        return None
    if not all(each.names or fold(each.words) in _around() for each in said):
        return None
    return resolve_lines(text, lines, focus=focus, today=today)


def bare_rest(text: str, lines: Sequence[LineCandidate], *, today: date) -> bool:
    """Whether a message names the rest of an order and nothing else: "what about the other stuff in it"."""
    elements = read_lines(text, line_pool(lines, NO_FOCUS), today)
    said = [each for each in elements if each.kind not in _MARKS]
    return any(each.kind == "rest" for each in said) and all(each.kind in _BESIDE_REST for each in said)


def compared(text: str) -> str:
    """The words that compare something with what there is: "longer", 大一点; empty where none does."""
    reader: Reader[LineCandidate] = Reader(None)
    return next((each.words for each in reader.read(text) if each.kind == "comp"), "")


@cache
def _around() -> frozenset[str]:
    pronouns = [word for kind in ("it", "them") for word in phrases("pronouns", kind)]
    return frozenset(fold(word) for word in [*phrases("mentioning"), *pronouns])
