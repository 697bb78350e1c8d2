"""Which address words mean: a known one, or one written out in the message, read into its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.resolver.candidates import AddressCandidate, OrderCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.resolution import Resolution, nothing


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives a parcel, as far as it was said; what was not said is empty."""

    name: str = ""
    phone: str = ""
    note: str = ""


def resolve_address(
    text: str,
    addresses: Sequence[AddressCandidate],
    *,
    orders: Sequence[OrderCandidate] = (),
    current_order: str | None = None,
    country: str = "",
    focus: Focus = NO_FOCUS,
    today: date,
) -> Resolution[AddressCandidate]:
    """The address that `text` means.

    "The one on my other order" is looked up among `orders` other than `current_order`. An address written out becomes
    one match with `source` `typed`; `country` (ISO 3166, two letters) says how to read it where its shape leaves that
    open.
    """
    return nothing(text)


def parse_address(text: str, *, country: str = "") -> AddressCandidate | None:
    """The postal address written out in `text`, read into fields; None when there is none."""
    return None


def read_recipient(text: str) -> Recipient:
    """Recipient, phone and delivery note that `text` gives."""
    return Recipient()
