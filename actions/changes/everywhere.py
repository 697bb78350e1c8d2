"""A new address for the address book and for the orders that are still to leave: "I moved, change it everywhere"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from actions.changes.going_too import wanted_of_orders
from actions.changes.kind import NOT_SENT
from actions.changes.profile import BookAddress
from actions.changes.records import ORDERS_READ, address_of
from actions.changes.request import ChangeRequest

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

ADDRESS: Final = "address"
_DOOR: Final = ("line1", "city", "postcode")
_ORDERS_TOO: Final = re.compile(
    r"\b(?:has|have|had|is|are|was|were)(?:n['’]?t| not| yet to)(?: yet)?(?: be| been| being)? "
    r"(?:left|leave|gone|ship\w*|sent|dispatched|posted|out|go)\b"
    r"|\b(?:not (?:yet )?(?:shipped|sent|dispatched)|un(?:shipped|sent|delivered)|still to (?:come|leave|ship|be sent))\b"  # noqa: E501
    r"|\b(?:open|pending|current|unshipped|unsent|outstanding|new|running|active|latest|two|both|all|other)"
    r"(?: of)?(?: my| the)? (?:orders?|parcels?)\b"
    r"|\b(?:and|also|plus)\b[^.;!?]{0,24}\borders?\b|\borders? (?:too|also|as well|there)\b"
    r"|\b(?:everywhere|for everything|on everything|all over)\b"
    r"|(?:没|未)(?:有)?(?:发|寄|出)(?:货|出|走)?的?|(?:订单|单子|那单|单)(?:也|都|一起|全)|所有(?:的)?(?:订?单)|(?:到处|哪里|哪儿|全部|全都?|统统|一起)(?:都|也)?(?:改|换)"
    r"|(?:都|全)(?:给我|帮我)?(?:改|换)(?:了|掉|成|过来|一下)",
    re.IGNORECASE,
)
_NOT_ORDERS: Final = re.compile(
    r"\b(?:not|n['’]t|no)\b[^,.;!?]{0,20}\borders?\b|\border(?:s)? (?:stays?|as (?:it|they))\b|订单(?:不|别)|(?:不|别)(?:改|动)(?:订?单)",  # noqa: E501
    re.IGNORECASE,
)


def orders_too(text: str) -> bool:
    """Whether what was not sent yet is to go to the new address too."""
    return _ORDERS_TOO.search(wanted_of_orders(text)) is not None and _NOT_ORDERS.search(text) is None


def same_door(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two addresses are one place."""
    return all(one.get(name, "").casefold() == other.get(name, "").casefold() for name in _DOOR)


async def orders_going(dialogue: ChangeDialogue, place: Mapping[str, str], *, elsewhere: bool = False) -> list[str]:
    """The orders, not sent yet, that go to a place; those that go `elsewhere` instead."""
    numbers = [each.number for each in await dialogue.records.summaries() if each.state in NOT_SENT][:ORDERS_READ]
    views = await dialogue.records.orders(numbers)
    return [view.number for view in views if same_door(address_of(view), place) is not elsewhere]


async def follow_with_orders(dialogue: ChangeDialogue, text: str) -> bool:
    """Lets the orders that were not sent yet follow a new address of the book where `text` wants that; whether it does.

    What follows already is not taken twice.
    """
    request = dialogue.request
    place = request.address
    if request.kind != BookAddress.key or not (place.get("line1") and place.get("city")) or not orders_too(text):
        return False
    if any(each["kind"] == ADDRESS for each in request.then):
        return False
    going = await orders_going(dialogue, place, elsewhere=True)
    if going:
        request.then.append(_moved(dialogue, going, place))
    return bool(going)


def _moved(dialogue: ChangeDialogue, orders: list[str], place: Mapping[str, str]) -> dict[str, Any]:
    known = {name: value for name, value in place.items() if name != "label"}
    origin = f"{dialogue.turn.message_id}:orders"
    return ChangeRequest(ADDRESS, origin, "", orders=orders, address=known, together=True).as_slot()


async def move_again(dialogue: ChangeDialogue, old: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Lets the orders that were just sent to `old` follow to `now`."""
    if going := await orders_going(dialogue, old):
        dialogue.request.then.insert(0, _moved(dialogue, going, now))
