"""What the shop sells at all: the shelves of its catalogue, where no goods are named. "What do you have?", 都卖啥."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Desk, Event, Turn
from actions.product_answers import Answer
from actions.resolver.products import read_product_words
from shopdesk_schemas.turn import Language

_ASKS: Final = re.compile(
    r"\bwhat\b[^.?!]{0,40}\b(?:do|does|can) (?:you|u|ya|they|i|(?:this|the|your) (?:shop|store|site))"
    r" (?:guys |folks |all |even |actually |usually )*(?:sell|carry|stock|have|offer|buy|get)\b(?! (?:to|left))"
    r"|\bwhat(?:['’]s| is| are)? (?:all )?(?:your|the) (?:product )?(?:range|categories|departments|catalog(?:ue)?)\b"
    r"|\b(?:which|what) (?:categories|departments|product lines)\b"
    r"|卖(?:些|点)?(?:什么|啥|哪些|哪几)|(?:有|做)(?:些|点)?(?:什么|啥|哪些|哪几)(?:类|种|样)?(?:的)?(?:东西|商品|产品|货|类目|品类|分类)",
    re.IGNORECASE,
)
_MOST: Final = 50
"""Products that are looked at for their shelves."""


def asks_what_is_sold(text: str, currency: str) -> bool:
    """Whether a message asks what there is at all, and names nothing of it."""
    if _ASKS.search(text) is None:
        return False
    # In Chinese what is asked stands in one word with what it is asked of.
    words = read_product_words(text if text.isascii() else _ASKS.sub(" ", text), currency=currency)
    return not (words.goods or words.options or words.amount or words.order or words.facts)


async def shelves(desk: Desk, language: Language) -> list[str]:
    """The categories of the catalogue, the fullest first."""
    page = await desk.crm.catalogue(language, limit=_MOST)
    counted: dict[str, int] = {}
    for each in page.products:
        if each.category:
            counted[each.category] = counted.get(each.category, 0) + 1
    return sorted(counted, key=lambda each: -counted[each])


async def answered_what_is_sold(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Tells the shelves of the shop; None where something else is asked, or the catalogue has none."""
    if _ASKS.search(turn.text) is None:
        return None
    if not asks_what_is_sold(turn.text, (await desk.crm.policies()).shop.currency):
        return None
    found = await shelves(desk, turn.language)
    if not found:
        return None
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    answer.utter([answer.say("shelves", shelves=answer.wording.listed(found))])
    return []


__all__ = ["answered_what_is_sold", "asks_what_is_sold", "shelves"]
