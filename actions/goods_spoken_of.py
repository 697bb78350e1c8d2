"""Goods in a message that was understood as nothing the assistant does.

What a shop sells is known at run time only: a sentence whose words are all those of one of its goods, or options of
what is on the screen, is about goods, whatever it resembles.
"""

from __future__ import annotations

import json
import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.going_over import begin_account_change
from actions.changes.placing_words import goods_said, quantity_said
from actions.comparisons import ActionCompareProducts, compares, sides_named, spoken_of
from actions.desk import Desk, Event, Turn, last_question, last_words
from actions.goods import Goods, find_goods, most_named, product_focus
from actions.goods_called import is_called_so, words_shared
from actions.product_answers import Answer, ProductAction
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionAskSizeAdvice, ActionSearchProducts
from actions.resolver.catalogue import groups
from actions.resolver.goods_words import goods_words
from actions.resolver.refusals import without_refused
from actions.shipments import show_order_with_goods
from actions.whats_sold import answered_what_is_sold
from actions.where_goods_are import asks_where

_ORDERS: Final = re.compile(
    r"\b(?:order|buy|i(?:'ll| will) (?:take|have)|get me|give me|send me)\b"
    r"|给我(?:来|拿|下)|来[一两二三四五六七八九十\d]"
    r"|下单|拍[一两二三\d下]|我要买|买[一两二三四五六七八九十\d]",
    re.IGNORECASE,
)
"""That something is ordered."""
_ASKED: Final[tuple[type[ProductAction], ...]] = (ActionAskAvailability, ActionAskProductFacts, ActionAskSizeAdvice)
"""Questions about one product, whose answer may be the question which."""
_PRICE: Final = re.compile(r"\b(?:how much|price|costs?)\b|多少钱|价格|怎么卖|几块|啥价", re.IGNORECASE)
_WHICH: Final = re.compile(
    r"\b(?:which|what|come in|comes in|available|in stock|have|got|left|any)\b|什么|哪些|哪几|有没有|有货|有吗|还有|有",
    re.IGNORECASE,
)
"""That it is asked what there is."""
_SELLS: Final = re.compile(
    r"\b(?:do|does|did|can) (?:you|u|ya|they|y'all)(?: guys)?(?: (?:also|even|still|ever))? (?:sell|carry|stock)\b"
    r"|卖[^，。？?]{0,8}[吗么嘛不没]|有[^，。？?]{1,8}卖|有没有卖",
    re.IGNORECASE,
)
"""That it is asked whether something is sold."""
_GOES_OVER: Final = re.compile(
    r"\b(?:what|how) about\b|^\W*(?:and |any |got )[\w\s-]+\W*$"
    r"|\b(?:do|have) (?:you|u|ya) (?:have|got|sell|carry|stock)\b"
    r"|^[\w\s-]{3,60}\?\W*$"
    r"|呢\W*$|有[^，。？?]{0,12}[吗么嘛没]\W*$|有没有",
    re.IGNORECASE,
)
"""That it is gone over to other goods, or asked whether there are any."""
_OF_ONES_OWN: Final = re.compile(
    r"\b(?:my|mine|your|our|i|i['’]?m|me|we|can|could|will|why|when|how (?!about)|where|who"
    r"|is|are|was|were|did|does|should)\b"
    r"|[我咱]|订单|怎么|为什么|什么时候|哪里|到哪|退|换|坏|丢|[能会]不[能会]",
    re.IGNORECASE,
)
"""That something else is asked of what is named: "is my card safe?"."""
_MOST = 60
"""Longer messages tell something that names of goods alone do not."""


async def answer_about_goods(
    desk: Desk, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
) -> list[Event] | None:
    """What is asked of the goods that the message surely names; None where it names none."""
    turn = Turn(tracker)
    if not turn.text.strip() or len(turn.text) > _MOST:
        return None
    if (sold := await answered_what_is_sold(desk, dispatcher, turn)) is not None:
        return sold
    if (chosen := await _chosen_of_those_offered(desk, dispatcher, turn)) is not None:
        return chosen
    if asks_where(turn.text) and (told := await show_order_with_goods(desk, dispatcher, turn)) is not None:
        return told
    base = await spoken_of(desk, turn) if compares(turn.text) else None
    if base is not None and len(sides_named(turn, base, [])) > 1:
        return await ActionCompareProducts(desk).run(dispatcher, tracker, domain)
    # Numbers and asking words are no names, and would leave a question that no product answers wholly.
    words = goods_said(turn.text)
    goods = await find_goods(desk, turn, search=True, several=True, words=words)
    if goods.words.facts and (goods.nearly or not goods.found):
        one = await find_goods(desk, turn)
        if len(one.found) == 1 and not one.nearly:
            return await ActionAskProductFacts(desk).run(dispatcher, tracker, domain)
    if (general := await _called_generally(desk, turn, goods)) is not None:
        answer = Answer(dispatcher, turn, desk.wording(turn.language))
        return await ActionSearchProducts(desk).answer(answer, general)
    if not goods.found and goods.words.goods and _SELLS.search(turn.text):
        return Answer(dispatcher, turn, desk.wording(turn.language)).none(goods)
    if not goods.found or goods.nearly or goods.guessed or not (_named(goods) or _options_alone(turn, goods)):
        return None
    if _ORDERS.search(turn.text) and (quantity_said(turn.text) is not None or _named(goods)):
        return await begin_account_change(desk, dispatcher, turn, "place")
    return await _asking(turn, goods)(desk).run(dispatcher, tracker, domain)


def goes_over_to_goods(text: str) -> bool:
    """Whether a message goes over to goods or asks whether there are any, and nothing else of what it names."""
    return _GOES_OVER.search(text) is not None and _OF_ONES_OWN.search(text) is None


async def _called_generally(desk: Desk, turn: Turn, goods: Goods) -> Goods | None:
    """What bears the general name that a message goes over to or asks for, beside words that name nothing.

    "Bummer, what about towels", "robot vac that empties itself?".
    """
    if (goods.found and not goods.nearly and not goods.guessed) or not goes_over_to_goods(turn.text):
        return None
    for word in goods_words(turn.text)[:2]:
        found = await find_goods(desk, turn, search=True, several=True, words=word)
        if found.found and not found.nearly and not found.guessed and _named(found):
            return found
    return None


async def _chosen_of_those_offered(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers what was asked before, of the product that is chosen among those offered: "the adult's"."""
    payloads = [str(each.get("payload")).removeprefix("/").partition("{") for each in last_question(turn)]
    offered = [str(json.loads(brace + rest or "{}").get("sku") or "") for _, brace, rest in payloads]
    action = (
        next((each for each in _ASKED if each(desk).name() == f"action_{payloads[0][0]}"), None) if payloads else None
    )
    if action is None or len(offered) < 2 or not all(offered):
        return None
    views = [await desk.crm.product(each, turn.language) for each in offered]
    names = {each.external_id: [each.name or "", *each.other_names] for each in views}
    said = without_refused(turn.text)
    kept = [key for key, own in names.items() if not said.refuses(own)]
    if not any(words_shared(said.kept, own) for own in names.values()):
        called = set(kept) if said.words else set()
    else:
        called = most_named(said.kept, names, kept)
    if len(called) != 1:
        return None
    title = names[called.pop()][0]
    goods = await find_goods(desk, turn, words=f"{title} {last_words(turn)}")
    if len(goods.found) != 1:
        return None
    return await action(desk).answer(Answer(dispatcher, turn, desk.wording(turn.language)), goods)


def _named(goods: Goods) -> bool:
    """Whether goods are named; one Han character alone is in too many words that name none (合并).

    What merely stands on record of goods names none: "there was nothing inside" is no card that is blank inside.
    """
    said = goods.words.goods.strip()
    if not any(is_called_so(said, [each.product]) for each in goods.found):
        return False
    return len(said) > 1 or (said.isascii() and bool(said)) or (said,) in groups()[0]


def _options_alone(turn: Turn, goods: Goods) -> bool:
    """Whether options of what is on the screen are said, and no other thing."""
    on_screen = bool(product_focus(turn).products)
    return on_screen and not goods.words.goods and any(each.narrowed for each in goods.found)


def _asking(turn: Turn, goods: Goods) -> type[ProductAction]:
    if _PRICE.search(turn.text) or goods.words.facts:
        return ActionAskProductFacts
    if not _named(goods):
        return ActionAskAvailability if _WHICH.search(turn.text) else ActionAskProductFacts
    return ActionSearchProducts
