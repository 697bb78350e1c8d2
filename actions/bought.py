"""What the shopper bought, where a question about goods means that: "the scarf I ordered", 我上次买的那个围巾.

No more is looked at than the orders that the conversation may see.
"""

from __future__ import annotations

import re
from typing import Final

from actions.crm_client import CrmNotFound
from actions.desk import Desk, Turn
from shopdesk_schemas.crm import OrderLineView

ORDERS: Final = 6
"""How many orders are looked into, the newest first."""

_BOUGHT: Final = re.compile(
    r"\b(?:i|we|i'?ve|we'?ve|i have|that i|which i)\s+(?:just |already |have |had )*"
    r"(?:bought|ordered|got|purchased|own|paid for)\b"
    r"|\bthe [\w -]{2,24}? (?:that |which )?i have(?=$|[?.!,]| (?:and|now|already|at home|or|vs?|versus|with)\b)"
    r"|\b(?:on|in|from) my (?:last |latest |recent |previous )?(?:order|basket|purchase)s?\b"
    r"|\bmy (?:last|latest) order\b"
    r"|\b(?:already|last time) (?:bought|ordered)\b|\bthan (?:mine|my)\b|\bwith mine\b"
    r"|(?:我|上次|之前|昨天|前天|前几天|刚|刚刚|已经|上周|上个月)(?:已经|刚|刚刚|上次|之前|昨天|新)*(?:买|订|下单|入手|收到|拍)"
    r"(?:的|了|过|到)?|订单(?:里|中|上)(?:的|那)?|跟我(?:那|的)|比我(?:那|的|买)|我(?:那|这)[件条双个只盏台副张款]",
    re.IGNORECASE,
)
_MINE: Final = re.compile(r"\bmy\b|我的|我那|我这", re.IGNORECASE)


_AGAIN: Final = re.compile(
    r"\banother\b|\bagain\b|\bone more\b|\bthe same\b|\bre-?order\b"
    r"|再(?:买|来|要|订|拍|下|加)|同款|一样的",
    re.IGNORECASE,
)


def buys_again(text: str) -> bool:
    """Whether a message that orders goods means what was bought before: "another brass lamp"."""
    return _AGAIN.search(text) is not None


def speaks_of_bought(text: str) -> bool:
    """Whether a message says that it is about something that the shopper bought."""
    return _BOUGHT.search(text) is not None


def calls_it_own(text: str) -> bool:
    """Whether a message calls something the shopper's own: "my lamp"."""
    return _MINE.search(text) is not None or speaks_of_bought(text)


async def lines_bought(desk: Desk, turn: Turn) -> list[OrderLineView]:
    """The lines with a stock code of the shopper's newest orders, newest first; none of who is not known."""
    if (await desk.verification(turn)).level == "none":
        return []
    try:
        orders = (await desk.crm.orders(turn.conversation_id, turn.language)).orders[:ORDERS]
        found = [await desk.crm.order(turn.conversation_id, each.number, turn.language) for each in orders]
    except CrmNotFound:
        return []
    return [line for order in found for line in order.lines if line.sku and line.kind == "item"]


__all__ = ["buys_again", "calls_it_own", "lines_bought", "speaks_of_bought"]
