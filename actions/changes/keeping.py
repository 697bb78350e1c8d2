"""What stays and what goes of the goods that a change is about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from actions.resolver import LineRequest


@dataclass(frozen=True)
class Kept:
    """`part`: some of what is meant is to stay, and nothing else is said. `goes`: goods are named that go; `others`: by
    their names, and others than those that were meant.
    """

    part: bool
    goes: bool
    named: bool
    """Those that go are named, and not only pointed at."""
    others: bool


def kept_of(wishes: Sequence[LineRequest], every: Sequence[str], meant: Collection[str]) -> Kept:
    """Reads it off `wishes`. `every` line of the orders has a key; `meant` are those that are meant, none: all."""
    kept = {line.key for wish in wishes if wish.wish == "keep" and _told(wish) for line in wish.lines.candidates}
    going = [
        wish
        for wish in wishes
        if wish.wish != "keep" and wish.lines.sure and not kept & {line.key for line in wish.lines.candidates}
    ]
    left = set(meant or every) - kept
    named = {line.key for wish in going if _told(wish) for line in wish.lines.candidates}
    others = bool(named) and bool(named - set(meant or every))
    return Kept(
        part=bool(kept & set(meant or every)) and bool(left) and not going,
        goes=bool(going),
        named=bool(named),
        others=others,
    )


def _told(wish: LineRequest) -> bool:
    """Whether goods are named, and surely: what is only pointed at may be anything."""
    return wish.lines.sure and any(_names(each) for each in wish.lines.matches)


def _names(match: Any) -> bool:
    return any(reason.kind not in ("pronoun", "only", "everything") for reason in match.reasons)
