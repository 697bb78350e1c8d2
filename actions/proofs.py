"""What is on the table while it is found out who asks: the slots of it, and how proofs are kept in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from actions.details import Proof

REFERENCE: Final = "order_reference"
PROOFS: Final = "identity_proofs"
NAME: Final = "identity_name"

FOUR_DIGITS: Final = frozenset({"AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LU", "NO", "NZ", "PH", "SI", "ZA"})
"""Countries whose postcodes are four digits: there four bare digits are tried as a postcode first."""
_FIVE_DIGITS: Final = frozenset(
    {"US", "DE", "FR", "ES", "IT", "FI", "EE", "GR", "HR", "LT", "MX", "MY", "TH", "TR", "UA", "KR", "SA"}
)
_SIX_DIGITS: Final = frozenset({"IN", "SG", "RO", "RU", "VN", "KZ"})


@dataclass(frozen=True)
class Identified:
    """What may be shown now: the first reference is opened, the others were named beside it, with `proofs` given."""

    references: list[str]
    proofs: Sequence[Proof] = field(default_factory=list)


def postcode_digits(country: str) -> int | None:
    """How many digits a postcode of the country (ISO alpha-2) has, where it is of digits only; else None."""
    for digits, countries in ((4, FOUR_DIGITS), (5, _FIVE_DIGITS), (6, _SIX_DIGITS)):
        if country in countries:
            return digits
    return None


def stored_proofs(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    """Proofs as a slot keeps them."""
    return [{"kind": proof.kind, "value": proof.value} for proof in proofs]


def read_proofs(stored: Any) -> list[Proof]:
    """Proofs out of a slot; those refused beside a name are none of a number's."""
    return [Proof(each["kind"], each["value"]) for each in stored or [] if "name" not in each]
