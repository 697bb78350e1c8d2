"""Goods in a message that asks where they are: what the shopper bought comes before the catalogue.

"And the jumper, when is it sent?", 我的杯子呢, 那毛衣呢 什么时候发: the order that has them is told, not the catalogue.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import Desk, DeskAction, Event, Turn
from actions.products import ActionAskAvailability, ActionSearchProducts
from actions.shipments import show_order_with_goods

_WHERE: Final = re.compile(
    r"\bwhere(?:'s| is| are|s)\b|\bwhen\b.*\b(?:arriv|com|sen[dt]|ship|deliver|turn|get here|due|out)\w*"
    r"|\b(?:arrived?|shipped|sent|dispatched|delivered|on (?:its|their|the) way|turn(?:ed|ing) up)\b"
    r"|(?:什么时候|啥时候|几号|哪天|几时|多久)(?:能|会|可以|才|给我)?(?:发|到|送|寄)|到哪|发货|发了没|到了没|还没到|没到|寄出",
    re.IGNORECASE,
)
_MINE: Final = re.compile(r"\bmy \w+|我的.{1,8}呢|我(?:买|订)的|那单|这单|那个订单", re.IGNORECASE)
_OF_ORDER: Final = re.compile(
    r"\bwhich (?:one|order|parcel|package|of (?:them|those|my orders))\b[^.?!]{0,16}"
    r"\b(?:has|have|had|is|was|are|contains?|includes?"
    r"|with|got)\b"
    r"|\b(?:i|we)(?:['’]ve| have)? (?:just |already )?(?:ordered|bought)\b"
    r"|哪(?:一)?[个张]?(?:订?单|包裹)[^，。？]{0,3}(?:有|是|里|买)|我(?:买|订|下单|拍)的?[^，。？]{1,12}(?:那|这)[单个件]",
    re.IGNORECASE,
)
"""Which of one's orders something is in."""
_MISTAKEN: Final = frozenset(
    {
        "ask_product_facts",
        "ask_availability",
        "search_products",
        "ask_size_advice",
        "ask_store_stock",
        "find_store",
        "compare_products",
        "recommend_similar",
        "ask_alternatives",
        "nlu_fallback",
        "out_of_scope",
        "ask_order_details",
    }
)
"""What such a question is taken for."""
_BUYS: Final = re.compile(r"\b(?:back in stock|in stock|restock)\w*|有货|补货|到货|上架|缺货|现货", re.IGNORECASE)


def asks_where(text: str) -> bool:
    """Whether a message asks where goods are that somebody has bought."""
    return not _BUYS.search(text) and (_WHERE.search(text) is not None or _MINE.search(text) is not None)


async def answered_where_bought(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Shows the order of a known shopper whose goods are named by a question about it; None where none is asked."""
    if turn.intent not in _MISTAKEN or turn.pressed or _BUYS.search(turn.text):
        return None
    if not asks_where(turn.text) and _OF_ORDER.search(turn.text) is None:
        return None
    return await show_order_with_goods(desk, dispatcher, turn)


class ActionSearchProductsOrBought(ActionSearchProducts):
    """Shows what fits the words; where it is, when the words ask that of something the shopper bought."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The order first."""
        turn = Turn(tracker)
        told = await show_order_with_goods(self.desk, dispatcher, turn) if asks_where(turn.text) else None
        return told if told is not None else await super().run(dispatcher, tracker, domain)


class ActionAskAvailabilityOrBought(ActionAskAvailability):
    """Whether something can be had; where it is, when the words ask that of something the shopper bought."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The order first."""
        turn = Turn(tracker)
        told = await show_order_with_goods(self.desk, dispatcher, turn) if asks_where(turn.text) else None
        return told if told is not None else await super().run(dispatcher, tracker, domain)


ACTIONS: tuple[type[DeskAction], ...] = (ActionSearchProductsOrBought, ActionAskAvailabilityOrBought)
