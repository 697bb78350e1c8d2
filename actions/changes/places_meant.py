"""Where orders go: an address in a message, of the address book, or of another order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from actions.changes.address_corrections import completed, corrected, missing_of, state_of
from actions.changes.numbers_apart import without_own_numbers
from actions.changes.reading import Reader
from actions.changes.records import ORDERS_READ, address_candidate, address_details, address_of
from actions.resolver import (
    AddressCandidate,
    address_of_order,
    names_saved_address,
    parse_address,
    read_recipient,
    resolve_address,
)

_ORDER_NUMBER: Final = re.compile(r"(?<![\w-])(?:#[A-Za-z]{0,4}-?\d{4,}|[A-Za-z]{1,4}-\d{2,}-\d{3,})(?![\w-])")
"""Such numbers are of no house and no town: #W1234567, SO-2026-01234."""


async def take_address_of_order(reader: Reader, text: str) -> bool:
    """Takes the address of another order where the words mean one ("the one on my other order"); whether they did.

    Orders that go where these go already are not meant.
    """
    said, request = address_of_order(text), reader.request
    if said is None:
        return False
    numbers = [each.number for each in await reader.records.summaries() if each.number not in request.orders]
    orders = await reader.records.order_candidates(numbers[:ORDERS_READ])
    here = [address_of(view) for view in await reader.records.orders(request.orders)]
    places: list[tuple[dict[str, str], list[str]]] = []
    for view in await reader.records.orders([each.number for each in orders]):
        place = address_of(view)
        same = next((going for known, going in places if known == place), None)
        if same is not None:
            same.append(view.number)
        elif place and place not in here:
            places.append((place, [view.number]))
    addresses = [
        AddressCandidate(key=str(position), orders=going, source="order") for position, (_, going) in enumerate(places)
    ]
    found = resolve_address(said.words, addresses, orders=orders, focus=reader.focus, today=reader.records.today)
    if found.status != "one":
        return False
    request.address = dict(places[int(found.first.key)][0])
    return True


_ZIP: Final = re.compile(r"(?<![\d-])\d{5}(?:-\d{4})?(?![\d-])")
_SAME_REGION: Final = 2
"""So many first digits of a postcode lie within one region."""


async def read_address(reader: Reader, text: str) -> None:
    """The address that the words give, correct, complete or name in the book, and who receives it there.

    What the shopper's other addresses in the same town tell of it need not be said again.
    """
    before = dict(reader.request.address)
    await _read_address(reader, text)
    address = reader.request.address
    if address == before or not (address.get("line1") and address.get("city")):
        return
    if not address.get("postcode"):
        behind = text[text.rfind(address["city"]) + len(address["city"]) :] if address["city"] in text else ""
        codes = _ZIP.findall(behind)
        address |= {"postcode": codes[0]} if len(codes) == 1 else {}
    if not address.get("region") and (region := await _known_region(reader, address)):
        address["region"] = region


async def _known_region(reader: Reader, address: Mapping[str, str]) -> str:
    """The region of a town as the shopper's other addresses there have it; empty where they tell none, or several."""
    code = address.get("postcode", "")
    if not _ZIP.fullmatch(code):
        return ""
    book = [address_details(address_candidate(each)) for each in await reader.records.addresses()]
    known = [*book, *(address_of(view) for view in await reader.records.orders(reader.request.orders))]
    regions = {
        each["region"]
        for each in known
        if each.get("region")
        and each.get("city", "").casefold() == address["city"].casefold()
        and each.get("postcode", "")[:_SAME_REGION] == code[:_SAME_REGION]
    }
    return regions.pop() if len(regions) == 1 else ""


async def _read_address(reader: Reader, text: str) -> None:
    request = reader.request
    if (of_order := address_of_order(text)) is not None:
        # "The same as my work order": neither its words nor its number are an address.
        text = of_order.rest
    text = without_own_numbers(text, [each.number for each in await reader.records.summaries()])
    text = _ORDER_NUMBER.sub(" ", text)
    typed = parse_address(text)
    whole = typed is not None and bool(typed.lines and typed.city)
    asked = request.question.get("slot") == "address" and bool(request.address.get("line1"))
    complete = completed if asked and missing_of(request.address) else corrected
    if request.address and not whole and (now := complete(request.address, text)) is not None:
        request.address = now
        return
    if request.address.get("line1") and state_of(text) == request.address.get("region", ""):
        # Said once more: no other address is meant.
        return
    book = [address_candidate(each) for each in await reader.records.addresses()]
    focus = replace(reader.focus, shown=request.shown or reader.focus.shown)
    country = reader.records.policies.shop.country
    found = resolve_address(text, book, country=country, focus=focus, today=reader.records.today)
    written = found.first if found.matches and found.first.source == "typed" else None
    if found.status == "one" or (written is not None and written.lines and written.city):
        request.address = address_details(found.first)
    elif found.status in ("unclear", "many"):
        reader.address_choices = [each.key for each in found.candidates]
    elif not book and typed is None and names_saved_address(text):
        request.saved_address = text
    recipient = read_recipient(text)
    if recipient.name:
        request.address["recipient"] = recipient.name
    if recipient.phone:
        request.address["phone"] = recipient.phone
    if recipient.note:
        request.address["note"] = recipient.note
