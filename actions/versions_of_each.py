"""What the same version of several goods costs that were spoken of together: "what's the queen for both?"."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher

from actions.crm_client import CrmNotFound
from actions.desk import Desk, Event, Turn
from actions.goods import GONE, Good, product_focus, show_goods, versions_of
from actions.product_answers import Answer
from actions.versions_told import versions_told
from actions.wording import LANGUAGES

_EACH: Final = re.compile(
    r"\b(?:both|each|the two|either)\b(?! (?:colou?r|size|version|kind|type)s?\b)"
    r"|\ball (?:of (?:them|those|these)|three|four)\b"
    r"|两[个款种张台件条双把只]?(?:的?(?:价格?|价钱))?[我你您]?都|两者|都[说报讲]|分别|各(?:自|是|要|多少)",
    re.IGNORECASE,
)
_MOST: Final = 4


def asks_of_each(text: str) -> bool:
    """Whether something is asked of each of several goods."""
    return _EACH.search(text) is not None


async def answered_of_each(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, *, price: bool
) -> list[Event] | None:
    """The version that is named, of each of the goods spoken of together that has it; None where fewer than two do."""
    if not asks_of_each(turn.text):
        return None
    focus = product_focus(turn)
    shown = focus.shown if len(focus.shown) > 1 else ()
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    told: list[str | None] = []
    goods: dict[str, Good] = {}
    shelf: str | None = None
    for key in shown or focus.products:
        try:
            views = {code: await desk.crm.product(key, code) for code in LANGUAGES}
        except CrmNotFound:
            continue
        product = views[turn.language]
        shelf = shelf or product.category
        if product.external_id in goods or product.category != shelf or len(goods) == _MOST:
            continue
        other = next(view for code, view in views.items() if code != turn.language)
        versions = versions_of([product, other], turn.text)
        if any(len(values) > 1 for values in versions.named.wanted.values()):
            # Both of two versions are asked for, and not one of both goods.
            return None
        if not versions.named or not versions.places:
            continue
        fitting = [product.variants[place] for place in versions.places]
        fitting.sort(key=lambda each: (each.availability in GONE, each.price_minor or 0))
        goods[product.external_id] = Good(product, fitting, narrowed=True)
        told += versions_told(answer, product, fitting, versions, None, key="found", price=price)
    if len(goods) < 2:
        return None
    answer.utter(told, list(goods.values()))
    return show_goods(turn, list(goods))


__all__ = ["answered_of_each", "asks_of_each"]
