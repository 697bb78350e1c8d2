"""Orders told by where they go: "the one going to my office", 寄公司那单. The place is one of the address book."""

from __future__ import annotations

from collections.abc import Sequence

from actions.changes.reading import Reader
from actions.changes.records import address_of
from actions.resolver import place_of_order, words_of_place
from shopdesk_schemas.crm import OrderSummary


async def orders_at_place(reader: Reader, text: str, meant: Sequence[OrderSummary]) -> list[str]:
    """The orders of `meant` that go where `text` says the order goes; empty where it says no such place."""
    told = place_of_order(text)
    if told is None:
        return []
    called = words_of_place(told[0])
    book = await reader.records.addresses()
    doors = {
        ((each.line1 or "").casefold(), (each.city or "").casefold())
        for each in book
        if (each.label or "").casefold() in called
    }
    found = []
    for view in await reader.records.orders([each.number for each in meant]):
        place = address_of(view)
        if (place.get("line1", "").casefold(), place.get("city", "").casefold()) in doors:
            found.append(view.number)
    return found
