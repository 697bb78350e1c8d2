"""Which variants a question of price is about in the middle of a swap: "the mains one, how much more?", 差多少.

What stands on the screen, and what is offered, are meant before anything else of the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.changes.request import ChangeRequest
from actions.own_pieces import Piece
from actions.resolver import LineCandidate, resolve_variant
from actions.resolver.candidates import VariantCandidate

_BY_NAME: Final = frozenset({"name", "near_name", "category", "number"})
"""Ways to mean a thing that name none of its options."""


def asked_of(request: ChangeRequest | None, pieces: Sequence[Piece]) -> list[Piece]:
    """Of `pieces` that which the open question is about, else those that become something else; `pieces` if none."""
    if request is None:
        return list(pieces)
    subject = str(request.question.get("subject") or "")
    meant = [each for each in pieces if each.line.key == subject]
    return meant or [each for each in pieces if each.line.key in request.targets] or list(pieces)


def on_the_screen(
    request: ChangeRequest | None, line: LineCandidate, variants: Sequence[VariantCandidate], text: str
) -> list[VariantCandidate]:
    """Those of the variants put before the shopper for `line` that `text` names; all of them where it names none."""
    if request is None or request.question.get("subject") != line.key:
        return []
    shown = [each for each in variants if each.sku in request.shown]
    return named_in(text, shown, line) or shown


def beside_the_target(
    request: ChangeRequest | None, line: LineCandidate, variants: Sequence[VariantCandidate], text: str
) -> list[VariantCandidate]:
    """What `text` names as a difference from what the line is to become: "and in aluminium?"."""
    chosen = None if request is None else request.targets.get(line.key)
    target = next((each for each in variants if each.sku == chosen), None)
    if target is None:
        return []
    instead = replace(line, sku=target.sku, options=target.options, other_options=target.other_options)
    return [each for each in named_in(text, variants, instead) if each.sku != target.sku]


def named_in(text: str, variants: Sequence[VariantCandidate], line: LineCandidate) -> list[VariantCandidate]:
    """Those of `variants` that options in `text` name."""
    meant = resolve_variant(text, variants, current=line)
    return [each.candidate for each in meant.matches if any(why.kind not in _BY_NAME for why in each.reasons)]


__all__ = ["asked_of", "beside_the_target", "named_in", "on_the_screen"]
