"""Which store words mean: by name, city, street, postcode, nearness, position or pronoun."""

from __future__ import annotations

from collections.abc import Sequence

from actions.resolver.candidates import StoreCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, nothing


def resolve_store(
    text: str, stores: Sequence[StoreCandidate], *, focus: Focus = NO_FOCUS
) -> Resolution[StoreCandidate]:
    """The store that `text` means."""
    return nothing(text)
