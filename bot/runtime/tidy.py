"""What a shopper typed, without what says nothing and only takes long to read: endless signs, spaces and letters."""

from __future__ import annotations

import re

_SIGNS = re.compile(r"[\W_]{24,}")
_SIGNS_KEPT = 8
_LETTERS = re.compile(r"[A-Za-z0-9]{120,}")
_LETTERS_KEPT = 120


def tidied(text: str) -> str:
    """`text` with runs of signs and spaces, and words longer than any, cut short; other words stay as they are.

    Patterns that look for what stands between signs take a time that grows with the square of a run's length.
    """
    text = _SIGNS.sub(lambda run: run.group()[:_SIGNS_KEPT], text)
    return _LETTERS.sub(lambda run: run.group()[:_LETTERS_KEPT], text)
