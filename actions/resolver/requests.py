"""Reads a message that asks for something with several lines of an order, each with its own wish and condition.

    "swap the raincoat for the same in a 40 and the rug for a darker one; if there is no dark rug
    that size, leave the rug"

The variants that the lines can be exchanged for are seldom known before the lines are. So read twice: first without
`variants`, to learn which lines are meant; then with the variants of those products, to learn the targets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, Span

Wish = Literal["cancel", "return", "exchange", "keep"]
"""What is wanted of a line. `keep` was said out loud: "leave the rug"."""

ConditionKind = Literal["unavailable", "too_late", "dearer"]
"""When the other wish holds: there is no such variant (or none left) · the goods are on their way already ·
it would cost more."""

Otherwise = Literal["leave", "cancel", "return", "ask"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What to do instead, if. `applies_to_all` when it says so of everything (要是M没货就都退了)."""

    kind: ConditionKind
    otherwise: Otherwise
    applies_to_all: bool = False
    target: str = ""
    """Words for another target in that case ("or else the grey one"); empty when none was named."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class LineRequest:
    """What one clause asks for.

    `wish` is None where the words name none (the intent of the whole then holds). `lines` are usually one, but "send
    back all of it but the scarf" has several. `wanted` are the words that describe the target; `target` is None where no
    target was spoken of, and its status `none` where no variants were given yet or none fits.
    """

    wish: Wish | None
    lines: Resolution[LineCandidate]
    quantity: int | None = None
    wanted: str = ""
    target: Resolution[VariantCandidate] | None = None
    conditions: Sequence[Condition] = ()
    span: Span | None = None

    @property
    def otherwise(self) -> Otherwise | None:
        """What to do when the target cannot be had; None when nothing was said of it."""
        return next((each.otherwise for each in self.conditions if each.kind == "unavailable"), None)


def read_requests(
    text: str,
    lines: Sequence[LineCandidate],
    *,
    variants: Mapping[str, Sequence[VariantCandidate]] | None = None,
    focus: Focus = NO_FOCUS,
    today: date,
) -> list[LineRequest]:
    """The wishes in `text`, in the order in which they were said; each line at most once, its last wish counting.

    `variants` are those of each line's `product` (or of its `sku` where it has no product). An empty list says that the
    text asks for nothing that concerns a line.
    """
    return []


def settle_requests(requests: Sequence[LineRequest], *, failing: Mapping[str, ConditionKind]) -> list[LineRequest]:
    """The requests with their conditions decided.

    `failing` maps the key of a line to what stands in the way of its wish, as the CRM said. A wish whose target is
    absent or not available fails as `unavailable` by itself. What fails and has a condition takes its other wish; one that
    applies to all takes every other request along. What fails without a condition is left as it is, for the caller to
    ask.
    """
    return list(requests)
