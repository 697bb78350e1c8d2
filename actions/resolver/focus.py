"""What the conversation is about: what "it", "the other one" and "the second" point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Focus:
    """What was last spoken of and shown, the latest first; `shown` are keys in the order on the screen.

    Orders by number, lines by `order/line`, products by stock code, stores by code, parcels by tracking number.
    """

    orders: Sequence[str] = ()
    lines: Sequence[str] = ()
    products: Sequence[str] = ()
    stores: Sequence[str] = ()
    parcels: Sequence[str] = ()
    shown: Sequence[str] = ()

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Focus:
        """The focus out of the slot of that name; what is not a list of texts counts as empty."""
        kept: dict[str, tuple[str, ...]] = {}
        for name in ("orders", "lines", "products", "stores", "parcels", "shown"):
            keys = (slot or {}).get(name)
            kept[name] = tuple(str(key) for key in keys) if isinstance(keys, list | tuple) else ()
        return cls(**kept)

    def as_slot(self) -> dict[str, list[str]]:
        """The focus as plain JSON for the slot."""
        return {
            "orders": list(self.orders),
            "lines": list(self.lines),
            "products": list(self.products),
            "stores": list(self.stores),
            "parcels": list(self.parcels),
            "shown": list(self.shown),
        }


NO_FOCUS = Focus()
