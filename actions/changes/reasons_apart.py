"""Why, by what is said of each thing: a fault of the lamp is no reason for the scarf."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from actions.resolver import LineCandidate, resolve_lines
from actions.resolver.pauses import with_pauses

_PARTS: Final = re.compile(
    r"[,;!?，。；！？、\n]+|\.(?!\d)|\b(?:and|but|while|whereas|also|then)\b|(?:还有|另外|而且|不过|但是|然后|和)",
    re.IGNORECASE,
)


def words_about(text: str, taken: Collection[str], lines: Sequence[LineCandidate], *, today: date) -> str | None:
    """The parts of `text` that are about the lines `taken`, by their keys, or about none in particular.

    A part that names nothing goes on about what was named before it. None where `text` speaks of no other line.
    """
    whole = resolve_lines(text, lines, today=today)
    if any(reason.kind in ("exclusion", "everything") for match in whole.matches for reason in match.reasons):
        # "Everything but the jumper goes back, I changed my mind"
        return None
    about: set[str] = set()
    kept: list[str] = []
    others = False
    for part in _PARTS.split(with_pauses(text)):
        if not part.strip():
            continue
        named = resolve_lines(part, lines, today=today)
        found = {
            match.candidate.key
            for match in named.matches
            if any(reason.kind in ("name", "near_name", "option") for reason in match.reasons)
        }
        about = found or about
        if not about or about & {*taken}:
            kept.append(part)
        else:
            others = True
    return ", ".join(kept) if others else None
