"""What was refused already: a name with a proof that did not fit it is not tried again, nor counted again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from actions.details import Proof
from actions.resolver.text import fold

REFUSED: Final = "refused_proofs"

Pair = tuple[str, str, str]
"""A name, the kind of a proof and its value, as the CRM compares them: however they are written."""


def pair_key(name: str, proof: Proof) -> Pair:
    """The pair that a name and a proof make."""
    words = "".join(character if character.isalnum() else " " for character in fold(name)).split()
    value = "".join(fold(proof.value).split())
    return " ".join(sorted(words)), proof.kind, value if proof.kind == "email" else value.replace("-", "")


def read_refused_pairs(stored: Any) -> list[Pair]:
    """The pairs out of the slot, where proofs that a number was refused with are kept too."""
    return [(each["name"], each["kind"], each["value"]) for each in stored or [] if "name" in each]


def stored_refused_pairs(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Pairs as the slot keeps them."""
    return [{"name": name, "kind": kind, "value": value} for name, kind, value in pairs]
