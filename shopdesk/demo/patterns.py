"""Postcodes, phone and tracking numbers from patterns: # is a digit, @ a capital letter, all else stands for itself."""

from __future__ import annotations

import random

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""What the second half of a British postcode is made of: no C, I, K, M, O, V."""


def fill(rng: random.Random, pattern: str) -> str:
    """One text of the pattern's shape. A number that the pattern begins does not begin with 0."""
    text = []
    previous = ""
    for sign in pattern:
        if sign == "#":
            # A house or district number does not begin with zero; inside a longer number zeros are as good as others.
            leading = previous != "#" and not previous.isdigit()
            text.append(str(rng.randint(1, 9)) if leading else str(rng.randrange(10)))
        elif sign == "@":
            text.append(rng.choice(LETTERS))
        else:
            text.append(sign)
        previous = sign
    return "".join(text)


class Unique:
    """Texts from patterns, each given out once."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)

    def draw(self, rng: random.Random, patterns: list[str]) -> str | None:
        """A text of one of the patterns, most often the first, not drawn before; None when hardly any are left."""
        for _ in range(40):
            text = fill(rng, patterns[0] if rng.randrange(10) < 7 else rng.choice(patterns))
            if text not in self._taken:
                self._taken.add(text)
                return text
        return None
