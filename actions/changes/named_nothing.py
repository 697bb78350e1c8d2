"""A comparison with nothing to compare: "I bought two lamps, cancel the dearer one" of whoever has no lamp."""

from __future__ import annotations

from collections.abc import Sequence

from actions.changes.reading import Reader
from actions.resolver import OrderCandidate, Resolution, compared_goods, order_words


def compares_nothing_named(
    reader: Reader, text: str, orders: Sequence[OrderCandidate], found: Resolution[OrderCandidate]
) -> bool:
    """Whether nothing but a comparison of goods tells `found`, and none of the goods that are compared is named.

    What is dearest of everything on order is no answer to that: something else would go.
    """
    if reader.kind.lines == "none" or not found.matches or order_words(text):
        return False
    if any(reason.kind != "comparative" for match in found.matches for reason in match.reasons):
        return False
    compared = compared_goods(text, orders, focus=reader.focus, today=reader.records.today)
    return compared is None or any(
        {reason.kind for reason in match.reasons} <= {"comparative"} for match in compared.matches
    )


__all__ = ["compares_nothing_named"]
