"""Which of the shopper's orders words mean: by number, date, state, amount, what is in it, position or pronoun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.resolver.candidates import OrderCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, nothing


def resolve_orders(
    text: str, orders: Sequence[OrderCandidate], *, focus: Focus = NO_FOCUS, today: date
) -> Resolution[OrderCandidate]:
    """The orders that `text` means.

    `today` is the shop's day: "last week" counts from it. Says `none` without anything absent where the text speaks of
    no order; a caller that has only one order then knows which.
    """
    return nothing(text)
