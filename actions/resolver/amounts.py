"""Amounts of money in words: "£40", "under fifty quid", 200块以内."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from actions.resolver.resolution import Resolution, nothing

Bound = Literal["exact", "about", "at_most", "at_least", "between"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in minor units; `upper_minor` is set for `between`. `currency` is None where none was named."""

    minor: int
    currency: str | None = None
    bound: Bound = "exact"
    upper_minor: int | None = None


def resolve_amount(text: str, *, currency: str) -> Resolution[Amount]:
    """The amounts in `text`; a bare number counts only where nothing in the text says otherwise.

    `currency` (ISO 4217) tells the minor unit of amounts that name none.
    """
    return nothing(text)
