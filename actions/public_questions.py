"""What anybody may ask is answered without asking who they are, whatever a message was taken for.

A guest who asks how a broken thing would be dealt with, how invoices are made out, or what a thing costs has no order to  # noqa: E501
be looked up; and where one is being asked for, who says that there is none is asked no more.
"""  # noqa: E501

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.bought import calls_it_own
from actions.changes.kind import NOT_SENT
from actions.changes.split_payment import wants_split
from actions.desk import Desk, Event, Turn
from actions.goods import find_goods
from actions.help_pages import page_answer
from actions.orders import OPEN_STATES
from actions.payments import ActionAskPaymentMethods
from actions.product_answers import ProductAction
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionSearchProducts
from actions.recommendations import ActionRecommendGift
from actions.resolver import Focus
from actions.resolver.goods_words import goods_words
from actions.resolver.no_order import denies_order
from actions.resolver.process_questions import asks_price, process_asked, says_budget
from actions.resolver.products import read_product_words
from actions.resolver.return_conditions import states_asked
from actions.resolver.shop_questions import asks_of_shop
from actions.returns import ActionAskReturnPolicy
from actions.rules_told import process_told
from actions.shop_answers import answered_of_shop
from shopdesk_schemas.crm import OrderSummary, PolicyExplanation

_SHOPPING: Final[dict[str, type[ProductAction]]] = {
    "ask_availability": ActionAskAvailability,
    "ask_product_facts": ActionAskProductFacts,
    "search_products": ActionSearchProducts,
}
_CHANGES: Final = re.compile(
    r"\b(?:cancel|return|swap|exchange|chang|refund|charg|paid|pay|deliver|order|refus)\w*|换|退|取消|扣|付|订单|运费|收到",
    re.IGNORECASE,
)
"""Something is done or was done with an order: an amount beside it is no budget."""
_BACK: Final = re.compile(r"\b(?:return|send|take|bring|exchange|swap)\w*\b|退|换", re.IGNORECASE)
_ASKS: Final = ("?", "？", "吗", "么", "呢", "不")


async def answered_public_question(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict, *, asked_who: bool
) -> list[Event] | None:
    """Answers a guest's question about no order; None where a message asks none, or it is known who asks.

    `asked_who`: a number, a name or a proof is being asked for.
    """
    text = turn.text
    if turn.pressed or text.startswith("/"):
        return None
    if asked_who and (await desk.verification(turn)).level == "none":
        of_shop = await answered_of_shop(desk, dispatcher, turn)
        if of_shop is not None:
            return of_shop
    of_state = states_asked(text) and _BACK.search(text) and asks_of_shop(text) and not calls_it_own(text)
    if of_state and not turn.order_numbers and (await desk.verification(turn)).level == "none":
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    process, denied = process_asked(text), denies_order(text)
    split = wants_split(text) and (denied or asked_who or text.rstrip("。.! ！").endswith(_ASKS))
    price = asks_price(text)
    budget = not asks_price(text) and _CHANGES.search(text) is None and says_budget(text)
    if not (process or denied or split or price or budget):
        return None
    if turn.order_numbers and not denied:
        return None
    known = (await desk.verification(turn)).level != "none"
    if known and process != "cancel":
        return None
    policies, wording = await desk.crm.policies(), desk.wording(turn.language)
    if split:
        told = wording.sentences(wording.say("changes.no_split"))
        dispatcher.utter_message(response="utter_payments", answer=told)
        return []
    if process is not None:
        answer = process_told(process, policies, wording)
        if known:
            answer = wording.sentences(await _of_order(desk, turn), answer)
        if answer:
            dispatcher.utter_message(response="utter_returns", answer=answer)
            return []
    if price and (denied or turn.intent not in _SHOPPING) and (await find_goods(desk, turn)).found:
        return await ActionAskProductFacts(desk).told(dispatcher, turn)
    if not (denied or budget) or (budget and asked_who and turn.intent in _SHOPPING):
        return None
    return await _shopping(desk, dispatcher, turn, domain, policies)


async def _shopping(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict, policies: PolicyExplanation
) -> list[Event]:
    """What is asked by somebody who has no order: about goods, a page of the shop's, or else what they would like."""
    if (action := _SHOPPING.get(turn.intent)) and goods_words(turn.text):
        return await action(desk).told(dispatcher, turn)
    if turn.intent == "ask_payment_methods":
        return await ActionAskPaymentMethods(desk).run(dispatcher, turn.tracker, domain)
    if turn.intent == "recommend_gift" or read_product_words(turn.text, currency=policies.shop.currency).amount:
        return await ActionRecommendGift(desk).run(dispatcher, turn.tracker, domain)
    if (page := await page_answer(desk, turn)) is not None:
        dispatcher.utter_message(response="utter_policy", answer=page)
        return []
    goods = await find_goods(desk, turn, search=True)
    if goods.found and not goods.nearly and not goods.guessed:
        return await ActionAskAvailability(desk).told(dispatcher, turn)
    if not turn.metadata.get("whole"):
        # A part of a message that says no more than that needs no answer of its own.
        told = desk.wording(turn.language).say("help.process.no_order")
        dispatcher.utter_message(response="utter_policy", answer=told)
    return []


async def _of_order(desk: Desk, turn: Turn) -> str | None:
    """Whether the order spoken of may still be cancelled, or the only one that is not here yet; None where none is."""
    orders = (await desk.crm.orders(turn.conversation_id, turn.language)).orders
    waiting = [each for each in orders if each.state in OPEN_STATES]
    spoken = Focus.from_slot(turn.tracker.get_slot("focus")).orders[:1]
    meant = [each for each in orders if each.number in spoken] or waiting
    if len(meant) != 1:
        return None
    key = "cancel_still" if meant[0].state in NOT_SENT else "cancel_sent"
    if key == "cancel_still" and not _may_be_cancelled(meant[0], await desk.crm.policies(), desk.clock.now()):
        return None
    return desk.wording(turn.language).say(f"help.process.{key}", order=meant[0].number)


def _may_be_cancelled(order: OrderSummary, policies: PolicyExplanation, now: datetime) -> bool:
    """Whether the shop's rules allow it, by the order's state and its age."""
    rules = policies.cancellation
    if rules is None or order.state not in rules.allowed_states:
        return False
    return rules.within_hours is None or now <= order.placed_at + timedelta(hours=rules.within_hours)


__all__ = ["answered_public_question"]
