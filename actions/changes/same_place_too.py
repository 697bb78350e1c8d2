"""Another order that goes where one was just sent: "the other order too please", 另外那单也改过去."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.dialogue import ChangeDialogue
from actions.changes.everywhere import ADDRESS, orders_going
from actions.changes.going_over import gone_over
from actions.changes.going_too import wanted_of_orders
from actions.changes.next_piece import advance
from actions.changes.orders_meant import fitting, read_orders
from actions.changes.profile import BookAddress
from actions.changes.records import address_candidate, address_details, address_of
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn
from actions.resolver import names_saved_address, parse_address

THE_OTHERS: Final = re.compile(
    r"\b(?:the |my )?(?:(?:other|second|remaining)(?: (?:one|order|parcel|two|orders|ones))|others|rest)\b"
    r"|另外?(?:那|的那|一)?(?:一?个|一|张)?(?:订?单)|另一(?:个|单)|其他(?:的)?(?:订?单)|别的(?:订?单)|剩下的?(?:订?单)|两(?:个|张)?(?:订?单)|所有(?:的)?(?:订?单)",
    re.IGNORECASE,
)
"""The orders that are not spoken of."""
TOO: Final = re.compile(
    r"\b(?:too|also|as well|same|there|both|all)\b|\b(?:and|plus)\b.*\border|^\W*(?:and|plus)\b|也|一起|一样|都|同样|一并",  # noqa: E501
    re.IGNORECASE,
)
_OTHER_WISH: Final = re.compile(
    r"\b(?:cancel|return|refund|swap|exchange|size|colou?r|pay|track|where|when|what|which|how|drop|remov|scrap|money|card)\w*\b"
    r"|\b(?:take|call|get|leave)\b[^.;!?]*\b(?:off|out|rid|back)\b|取消|退|换(?!地址|到|成家)|付|去掉|删|不要|卡|[吗哪什几]",
    re.IGNORECASE,
)
"""Something else than where it goes is wanted of it, or it is asked."""
_OTHER_INTENTS: Final = frozenset(
    {"cancel_order", "change_items", "return_items", "exchange_items", "change_payment_method", "change_recipient"}
)
"""What is understood as another change of an order: "drop the tee and the belt from my other order"."""


async def sent_there_too(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: dict[str, str]
) -> list[Event] | None:
    """Proposes the address that was just given for another order; None where the message asks for nothing like it."""
    text = wanted_of_orders(turn.text)
    if done.get("kind") not in (ADDRESS, BookAddress.key) or not TOO.search(text) or _OTHER_WISH.search(text):
        return None
    if parse_address(text) is not None or names_saved_address(text) or turn.intent in _OTHER_INTENTS:
        return None
    request = ChangeRequest(ADDRESS, turn.message_id, text, together=True)
    verification = await desk.crm.verification(turn.conversation_id)
    if verification.level != "customer":
        return None
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    place = await _just_given(dialogue, done)
    if not place:
        return None
    elsewhere = await orders_going(dialogue, place, elsewhere=True)
    possible = await fitting(dialogue.reader)
    read = await read_orders(dialogue.reader, text, turn.order_numbers, asked=True)
    named = [each for each in read.sure if each in possible]
    if not named and not THE_OTHERS.search(text):
        return None
    request.orders = named or [each for each in elsewhere if each in possible]
    request.address = place
    if not request.orders:
        return None
    await advance(dialogue)
    return gone_over(turn, dialogue)


async def _just_given(dialogue: ChangeDialogue, done: dict[str, str]) -> dict[str, str]:
    """Where the order that was changed last goes now, or the usual address; empty where neither is known."""
    number = done.get("order", "")
    if number:
        try:
            return address_of(await dialogue.records.order(number))
        except CrmNotFound:
            return {}
    book = await dialogue.records.addresses()
    usual = next((each for each in book if each.is_default), None)
    return address_details(address_candidate(usual)) if usual is not None else {}
