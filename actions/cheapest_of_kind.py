"""The cheapest or dearest of a kind: "the cheapest mixer you have?" asks of all mixers, not of one's versions."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.bought import calls_it_own
from actions.desk import Desk, Event, Turn
from actions.goods import GONE, Good, show_goods
from actions.goods_in_question import goods_in_question, of_its_kind
from actions.product_answers import CARDS, Answer
from actions.resolver.products import read_product_words
from actions.resolver.text import fold, stems_of
from shopdesk_schemas.products import ProductView

_WHICH: Final = re.compile(
    r"\b(?:cheapest|least expensive|lowest price\w*|dearest|priciest|most expensive)\b|最(?:便宜|贵)", re.IGNORECASE
)
_OF_TWO: Final = re.compile(
    r"\bwhich (?:one |of \w+ )?(?:is|costs?)(?: the)? (?:cheaper|dearer|less|more)\b|哪[个款种台].{0,3}(?:便宜|贵)",
    re.IGNORECASE,
)
_DEAR: Final = re.compile(r"\b(?:dear|pric|most expensive|costs? more)\w*|贵", re.IGNORECASE)


async def answered_cheapest_of_kind(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Tells a kind's goods by price; None where no kind is named, or one of it by a name of its own."""
    text = turn.text
    if turn.pressed or not (_WHICH.search(text) or _OF_TWO.search(text)) or calls_it_own(text) or turn.order_numbers:
        return None
    words = read_product_words(text, currency=(await desk.crm.policies()).shop.currency)
    if words.options or words.colours or words.amount:
        return None
    meant = await goods_in_question(desk, turn, among=False)
    if meant is None or meant.how not in ("named", "kind") or not meant.words or meant.by == "word":
        return None
    first = meant.products[0]
    if any(_says_own_name(text, each) for each in meant.products):
        return None
    kind = await of_its_kind(desk, turn, first)
    if len(kind) < 2:
        return None
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    dear = _DEAR.search(text) is not None
    goods = [Good(each, each.variants) for each in kind if each.price_from_minor is not None]
    there = [each for each in goods if any(one.availability not in GONE for one in each.variants)] or goods
    there = sorted(there, key=lambda each: each.product.price_from_minor or 0, reverse=dear)[:CARDS]
    if not there:
        return None
    listed = answer.wording.listed([answer.priced(each) for each in there])
    key = "sorted_price_desc" if dear else "sorted_price_asc"
    answer.utter([answer.say(key, first=answer.priced(there[0]), goods=listed)], there)
    return show_goods(turn, [each.product.external_id for each in there], there[0].product.external_id)


def _says_own_name(text: str, product: ProductView) -> bool:
    """Whether a text says what only this product is called: its maker, or the first word of its name."""
    said = set(stems_of(text))
    for name in (product.name, product.brand):
        if not name:
            continue
        stems = list(stems_of(name))
        if len(stems) > 1 and stems[0].isascii() and stems[0] in said:
            return True
        if not name.isascii() and len(name) > 3 and fold(name[:2]) in fold(text):
            return True
    return False


__all__ = ["answered_cheapest_of_kind"]
