"""Which of the policy's reason codes words mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.resolver.resolution import Resolution, nothing


def resolve_reason(
    text: str, codes: Sequence[str], *, labels: Mapping[str, Sequence[str]] | None = None
) -> Resolution[str]:
    """The reason that `text` gives, one of `codes`.

    The usual codes are known by what people say for them; others by the words of the code and of its `labels` in each
    language.
    """
    return nothing(text)
