"""A guest's question about goods that was understood as one about an order: it is answered, and nobody is asked for an
order number. "And how many different ones in all?", "I have no order: what would that be with shipping?", 我还没买呢.
"""  # noqa: E501, RUF100

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.asked_of_another import with_words
from actions.bought import calls_it_own
from actions.comparisons import ActionAskFactsOrCompare
from actions.delivery import ActionAskDeliveryCost
from actions.desk import Desk, Event, Turn
from actions.fact_questions import answered_fact_question
from actions.goods import find_goods, product_focus
from actions.goods_in_question import goods_in_question
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionSearchProducts
from actions.resolver.asked_facts import names_only
from actions.resolver.goods_words import goods_words
from actions.resolver.measures import measures_in
from actions.resolver.no_order import says_no_order, without_denial
from actions.variant_questions import answered_variant_question, answered_versions_said, asks_kinds

_TAKEN_FOR_ORDERS: Final = frozenset(
    {"track_order", "track_another", "provide_details", "lack_details", "ask_order_details", "list_orders", "ask_total"}
)
"""What asks who somebody is, as which a question about goods may be understood."""
_TAKEN_FOR_CHANGES: Final = frozenset(
    {"exchange_items", "change_items", "return_items", "report_damaged", "report_defect", "report_wrong_item"}
)
"""What wants a change of an order, as which goods may be understood that are looked for."""
_SEEKS: Final = re.compile(
    r"\bwhich\b|\bdo (?:you|u|ya) (?:have|sell|stock|do)\b|\blooking for\b|\brecommend\w*"
    r"|哪[个款种台]|有没有|想买|推荐|适合",
    re.IGNORECASE,
)
"""One of several goods is looked for."""
_WISHES: Final = re.compile(
    r"\b(?:want|need|make|get|give|rather|size|please|pls|bigger|smaller|larger|different)\b|[要想给]|[大小长短]了|一码",
    re.IGNORECASE,
)
_SURE: Final = 0.9
_CHANGES: Final = re.compile(
    r"\b(?:return|send back|exchang|swap|chang|refund|replac|cancel|br[eo]ke|damag|fault|defect|crack|smash|torn|wrong"
    r"|miss)\w*"
    r"|\b(?:leak|burst|dent|scratch|stain|rip|loose|bent|spil|dead|hole|smell|late|came|arriv|fell|fall|stop)\w*"
    r"|\b(?:instead|i got|i bought|not|never|won['’]?t|isn['’]?t|doesn['’]?t|can['’]?t|didn['’]?t)\b"
    r"|[退换坏破裂错漏断掉松脏臭划没]|碎了|碎的|压碎|摔碎|少了|不[能亮转动热响会对好合]|用不了|有问题|买的|买了|收到|瑕疵|质量",
    re.IGNORECASE,
)
_OF_GOODS: Final = frozenset({"ask_product_facts", "ask_availability", "search_products", "ask_size_advice"})
"""Questions about goods, wherever they are asked."""
_ORDERS: Final = re.compile(
    r"\borders?\b|\bordered\b|\bparcels?\b|\bpackages?\b|\btrack\w*\b|\bmine\b"
    r"|\bwhere(?:['’]?s| is| are)\b|\bdelivered\b"
    r"|\b(?:arrive|arrived|sent|shipped|coming|refund\w*|return\w*|exchange|cancel\w*|name|zip|postcode|e-?mail)\b"
    r"|\b(?:when\w*|comes?|here|pay|paid|cost me|invoice|receipt|it in|in it)\b"
    r"|什么时候|啥时候|[能会没]到|付|买的|我的|我买|里面"
    r"|订单|单号|下单|包裹|快递|物流|到哪|发货|收到|退|换|取消|邮编|邮箱|姓名|那单|这单|哪单|一单",
    re.IGNORECASE,
)
"""Words of orders, and what proves whose one is."""
_ASKS: Final = re.compile(
    r"\?|？|\bhow (?:much|many)\b|\bwhat\b|\bwhich\b|\bis (?:it|that|the|there)\b"
    r"|\bdo(?:es)? (?:it|you|u|ya|the)\b|\bcan\b"
    r"|多少|几[种款个]|哪|吗|么|有没有|[能可]不[能可]|不$",
    re.IGNORECASE,
)
_WITH_DELIVERY: Final = re.compile(
    r"\b(?:with|including|incl|plus|inclusive of)\b[^.?!]{0,12}\b(?:shipping|delivery|postage|freight)\b"
    r"|\b(?:shipping|delivery|postage) (?:costs?|charges?|fees?|be|for an?)\b|[连加含]上?(?:了)?[运邮]费|[运邮]费",
    re.IGNORECASE,
)


async def answered_of_goods(
    desk: Desk, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, *, asked_who: bool
) -> list[Event] | None:
    """Answers a guest's question about goods; None where it may be about an order, or asks nothing.

    `asked_who`: an order number was asked for just before; then only what says that no order is meant, or how many of
    something there are, is one.
    """
    turn = Turn(tracker)
    if turn.pressed or turn.text.startswith("/") or turn.order_numbers or turn.entities("sku"):
        return None
    if not asked_who and turn.intent in _TAKEN_FOR_CHANGES:
        return await _looked_for(desk, dispatcher, turn, domain)
    none = says_no_order(turn.text)
    rest = without_denial(turn.text)
    # While a number is asked for the form answers what is asked of goods, and comes back to its question.
    of_goods = not asked_who and (turn.intent in _OF_GOODS or turn.intent in _TAKEN_FOR_ORDERS)
    if not (none or asks_kinds(rest) or of_goods):
        return None
    if not asked_who and not _ORDERS.search(rest) and not calls_it_own(rest):
        # "The induction one in cream", of the pan that was just spoken of, speaks of no order.
        guest = (await desk.verification(turn)).level == "none"
        said = await answered_versions_said(desk, dispatcher, turn) if guest else None
        if said is not None:
            return said
    if not asked_who and turn.intent in _TAKEN_FOR_ORDERS and await _only_names(desk, turn, rest):
        return await ActionAskAvailability(desk).told(dispatcher, turn)
    if _ORDERS.search(rest) or calls_it_own(rest) or not (_ASKS.search(rest) or _WITH_DELIVERY.search(rest)):
        return None
    if (await desk.verification(turn)).level != "none":
        return None
    if _WITH_DELIVERY.search(rest):
        return list(await ActionAskDeliveryCost(desk).run(dispatcher, tracker, domain))
    told = await answered_variant_question(desk, dispatcher, turn, whatever=True)
    if told is not None:
        return told
    goods = await find_goods(desk, turn)
    if len(goods.found) != 1 or goods.nearly or goods.guessed:
        shown = product_focus(turn).products
        sure = goods.found and not goods.nearly and not goods.guessed
        if asked_who or sure or len(shown) != 1 or goods_words(rest):
            return None
        # Of what was shown just now: "hard to put together?".
        return list(await ActionAskProductFacts(desk).run(dispatcher, tracker, domain))
    return list(await ActionAskFactsOrCompare(desk).run(dispatcher, tracker, domain))


async def _looked_for(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict
) -> list[Event] | None:
    """Goods that a guest names and that nothing of an order or a change is said of: "sun hat for a 23 inch head"."""
    text = turn.text
    measured = bool(measures_in(text)) and _WISHES.search(text) is None and not turn.intent.startswith("report_")
    if not measured and _SEEKS.search(text) is None:
        return None
    if turn.confidence >= _SURE or _CHANGES.search(text) or _ORDERS.search(text) or calls_it_own(text):
        return None
    if (await desk.verification(turn)).level != "none":
        return None
    meant = await goods_in_question(desk, turn, among=True)
    if meant is None or meant.how not in ("named", "kind") or not meant.words:
        return None
    asks = _ASKS.search(text) is not None
    again = with_words(turn, text, "ask_product_facts" if asks else "search_products")
    if (told := await answered_fact_question(desk, dispatcher, again)) is not None:
        return told
    action = ActionAskFactsOrCompare if asks else ActionSearchProducts
    return list(await action(desk).run(dispatcher, again.tracker, domain))


async def _only_names(desk: Desk, turn: Turn, text: str) -> bool:
    """Whether a guest says no more than one of the goods, and of its options what it shall be."""
    if (await desk.verification(turn)).level != "none" or _ORDERS.search(text) or calls_it_own(text):
        return False
    goods = await find_goods(desk, turn)
    if len(goods.found) != 1 or goods.nearly or goods.guessed:
        return False
    product = goods.found[0].product
    values = [value for each in product.options for value in each.values]
    titles = [each for each in (product.name, *product.other_names) if each]
    return names_only(text, [*titles, *values, *goods_words(text)])


def speaks_of_orders(text: str) -> bool:
    """Whether words speak of orders, or prove whose one is."""
    return _ORDERS.search(text) is not None


__all__ = ["answered_of_goods", "speaks_of_orders"]
