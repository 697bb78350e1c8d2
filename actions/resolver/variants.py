"""Which variant words mean: by option values, by comparison with what the shopper has, by name, price or facts."""

from __future__ import annotations

from collections.abc import Sequence

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, nothing


def resolve_variant(
    text: str,
    variants: Sequence[VariantCandidate],
    *,
    current: LineCandidate | VariantCandidate | None = None,
    focus: Focus = NO_FOCUS,
) -> Resolution[VariantCandidate]:
    """The variant that `text` means.

    With `current`, what is not spoken of stays as it is there ("the same in L" keeps the colour), "darker", "a size up"
    and "cheaper" compare with it, and it is itself no answer. Without, the words alone decide: a product out of a list.
    What cannot be had just now is matched all the same (`available` says so); what does not exist is in
    `asked_but_absent`.
    """
    return nothing(text)
