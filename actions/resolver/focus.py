"""What the conversation is about: what "it", "the other one" and "the second" point at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_REMEMBERED = 10
"""How many orders or parcels, the latest first, can still be pointed at."""


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
    done: Mapping[str, str] = field(default_factory=dict)
    """What was carried out last, for words about it: `kind`, `order`, `words`, `reference`."""
    settled: Sequence[str] = ()
    """What was carried out of lines of orders so far: `wish:order/line:what it became`."""
    money: str = ""
    """Where the money of goods that go back was said to go, whichever these are; empty where that was not said."""

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Focus:
        """The focus out of the slot of that name; what is not a list of texts counts as empty."""
        done = (slot or {}).get("done")
        kept: dict[str, Any] = {"done": dict(done) if isinstance(done, Mapping) else {}}
        for name in ("orders", "lines", "products", "stores", "parcels", "shown", "settled"):
            keys = (slot or {}).get(name)
            kept[name] = tuple(str(key) for key in keys) if isinstance(keys, list | tuple) else ()
        return cls(**kept, money=str((slot or {}).get("money") or ""))

    def on_orders(self, orders: Sequence[str], parcels: Sequence[str] = (), shown: Sequence[str] = ()) -> Focus:
        """The focus once these orders were shown, the latest last, or offered to choose from (`shown`).

        Lines of other orders are no longer what "it" means; products and stores stay as they were.
        """
        latest = list(reversed(orders))
        return replace(
            self,
            orders=tuple(dict.fromkeys([*latest, *self.orders]))[:_REMEMBERED],
            lines=() if orders else self.lines,
            parcels=tuple(dict.fromkeys([*parcels, *self.parcels]))[:_REMEMBERED],
            shown=tuple(shown),
        )

    def as_slot(self) -> dict[str, Any]:
        """The focus as plain JSON for the slot."""
        return {
            "orders": list(self.orders),
            "lines": list(self.lines),
            "products": list(self.products),
            "stores": list(self.stores),
            "parcels": list(self.parcels),
            "shown": list(self.shown),
            "done": dict(self.done),
            "settled": list(self.settled),
            "money": self.money,
        }


NO_FOCUS = Focus()
