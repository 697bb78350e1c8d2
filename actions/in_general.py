"""A guest's question that would be taken for one about an order, put while goods or the shop's ways are spoken of.

It is answered of these, and no order number is asked for: who has an order already is told that it can be looked at.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.arrival_days import asks_arrival
from actions.asked_of_goods import speaks_of_orders
from actions.bought import calls_it_own
from actions.crm_client import CrmNotFound
from actions.delivery import ActionAskDeliveryOptions, country_in
from actions.desk import Desk, Event, Turn, last_response
from actions.goods import product_focus
from actions.payments import ActionAskPaymentMethods
from actions.products import ActionAskProductFacts, ActionSearchProducts
from actions.resolver.shop_questions import asks_of_shop, tells_own
from actions.resolver.ways_asked import Way, way_before
from actions.returns import ActionAskReturnPolicy
from actions.shop_answers import said_before, tell_way

_GOODS_TOLD: Final = frozenset({"utter_products", "utter_recommendations"})
_RULES_TOLD: Final = frozenset(
    {"utter_policy", "utter_returns", "utter_delivery", "utter_payments", "utter_returns_offer_person",
     "utter_delivery_offer_person", "utter_payments_offer_person", "utter_policy_unknown"}
)  # fmt: skip
_WAYS: Final[dict[str, Way]] = {
    "cancel_order": "cancel",
    "change_items": "change",
    "change_address": "change",
    "change_recipient": "change",
    "change_payment_method": "change",
    "exchange_items": "exchange",
    "ask_refund": "refund",
    "ask_invoice": "invoice",
    "report_damaged": "damaged",
    "report_defect": "breaks",
    "report_wrong_item": "wrong_or_missing",
    "report_missing_item": "wrong_or_missing",
    "report_lost": "lost",
}
"""Which of the shop's ways a question is about that was taken for a wish."""
_BEFORE_ORDERING: Final = re.compile(
    r"\b(?:if|when|once) (?:i|we) (?:were to )?(?:order|buy|get|place|pay|checkout)\w*\b|\bordering\b|"
    r"\b(?:order|buy)\w* (?:it |one |this |them )?(?:now|today|tonight|tomorrow|rn)\b"
    r"|(?:现在|今天|马上|今晚|明天|如果|要是)[^，。？]{0,4}(?:买|下单|订|拍)|就买|想买|要买|买[^，。？]{0,8}(?:几天|多久|什么时候|几号)",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"\b(?:get|be) (?:here|there|it|them|one)\b|\b(?:arriv|com|deliver|ship|receiv|send)\w*\b|到|送|寄|收",
    re.IGNORECASE,
)
_DAY: Final = re.compile(r"\b(?:by|before|on|in time)\b|前|[能会]到|得及", re.IGNORECASE)
_HAVE: Final = re.compile(
    r"有不|有[吗么嘛]|有没有?|有木有|\b(?:do|have) (?:you|u|ya) (?:have|got|sell|any)\b|\bgot any\b|\bwhat\b.*\bhave\b",
    re.IGNORECASE,
)
_TO_US: Final = re.compile(
    r"\b(?:can|could|will|would) (?:you|u|ya)\b|\b(?:please|pls|i want|i need|i['’]d like|i wanna|the order)\b"
    r"|帮我|给我|我要|麻烦|那[单个件]|这[单件]",
    re.IGNORECASE,
)
_PAYS_WITH: Final = re.compile(
    r"^\W*(?:(?:and|or|ok|okay)\W+)*(?:(?:what|how) about )?[\w .'+-]{2,24}\?*\W*$"
    r"|^\W*(?:那|还有)?[\w\u4e00-\u9fff .]{1,12}[呢吗么行]\W*$",
    re.IGNORECASE,
)
"""Another way to pay is named, and nothing else."""
_DETAILS: Final = frozenset({"order_number", "email", "postcode", "phone", "phone_last4"})
_DIGITS: Final = 4
_SHOWN: Final = 6


async def answered_in_general(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict
) -> list[Event] | None:
    """Answers it; None where an order may be meant, or the shopper is known."""
    text = turn.text
    if turn.pressed or text.startswith("/") or calls_it_own(text) or _TO_US.search(text) or not asks_of_shop(text):
        return None
    if tells_own(text):
        return None
    values = await _only_values(desk, turn)
    if (not values and _gives_details(turn)) or (await desk.verification(turn)).level != "none":
        return None
    said = last_response(turn)
    if (
        not values
        and turn.intent in ("track_order", "track_another")
        and _asks_delivery(turn, of_goods=said in _GOODS_TOLD)
    ):
        events = await ActionAskDeliveryOptions(desk).tell(dispatcher, turn)
        told = desk.wording(turn.language).say("help.shop.if_ordered")
        dispatcher.utter_message(response="utter_policy", answer=told)
        return events
    if turn.intent == "place_order" and _HAVE.search(text):
        return await ActionSearchProducts(desk).told(dispatcher, turn)
    if values or (said in _GOODS_TOLD and not speaks_of_orders(text)):
        return await ActionAskProductFacts(desk).told(dispatcher, turn)
    if said not in _RULES_TOLD:
        return None
    if way_before(said_before(turn)) == "payment" and _PAYS_WITH.search(text):
        return await ActionAskPaymentMethods(desk).run(dispatcher, turn.tracker, domain)
    if turn.intent in ("return_items", "not_interested"):
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    way = _WAYS.get(turn.intent)
    return await tell_way(desk, dispatcher, turn, way) if way is not None else None


async def _only_values(desk: Desk, turn: Turn) -> bool:
    """Whether the numbers of a message are values of goods just shown: "the 1000" of a puzzle, and no order's."""
    said = [each for each in turn.message.get("entities") or [] if each.get("entity") in _DETAILS]
    numbers = [str(each.get("value")) for each in said if not each.get("weak")]
    shown = product_focus(turn).products[:_SHOWN]
    if not numbers or not all(each.isdigit() and len(each) <= _DIGITS for each in numbers):
        return False
    if any(each.get("cued") for each in said) or last_response(turn) not in _GOODS_TOLD:
        return False
    values: list[str] = []
    for key in shown:
        try:
            view = await desk.crm.product(key, turn.language)
        except CrmNotFound:
            continue
        values += [value for each in view.options for value in each.values]
    return all(any(re.search(rf"(?<!\d){each}(?!\d)", value) for value in values) for each in numbers)


def _gives_details(turn: Turn) -> bool:
    """Whether a number or a proof is given."""
    said = turn.message.get("entities") or []
    return any(each.get("entity") in _DETAILS and not each.get("weak") for each in said)


def _asks_delivery(turn: Turn, *, of_goods: bool) -> bool:
    """Whether it is asked when something would come that has not been ordered."""
    if not _TIME.search(turn.text) or not (asks_arrival(turn.text) or _DAY.search(turn.text)):
        return False
    goods = of_goods and bool(product_focus(turn).products)
    return goods or _BEFORE_ORDERING.search(turn.text) is not None or country_in(turn.text) is not None


__all__ = ["answered_in_general"]
