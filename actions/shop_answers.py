"""What the shop itself is asked about, answered for anybody: by its own pages, its rules, or what can be done."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Desk, Event, Turn
from actions.help_pages import PERSON, own_page_answer
from actions.payment_words import accepted_ways
from actions.resolver.shop_questions import Topic, may_be_of_own, shop_topics
from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation

_STORES: Final = 5
_KNOWN: Final[frozenset[Topic]] = frozenset({"lost", "nobody_home", "pick_up", "without_card"})
"""What is answered by the rules; of the others a colleague may know more."""
_PASSED_ON: Final = frozenset({"discounts", "loyalty"})
"""What whoever is signed in is told of their own record."""


async def answered_of_shop(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers what a message asks about the shop; None where it asks about nothing of it."""
    topics = shop_topics(turn.text)
    if not topics or turn.order_numbers:
        return None
    passed_on = bool(set(topics) & _PASSED_ON) or may_be_of_own(topics, turn.text)
    if passed_on and (await desk.verification(turn)).level == "customer":
        return None
    page = await own_page_answer(desk, turn)
    if page is not None:
        dispatcher.utter_message(response="utter_policy", answer=page)
        return []
    policies, wording = await desk.crm.policies(), desk.wording(turn.language)
    told = [sentence for topic in topics for sentence in await _told(desk, turn, topic, policies, wording)]
    if set(topics) <= _KNOWN:
        dispatcher.utter_message(response="utter_policy", answer=wording.sentences(*told))
        return []
    dispatcher.utter_message(response="utter_payments_offer_person", answer=wording.sentences(*told))
    return [SlotSet("offer", PERSON)]


async def _told(
    desk: Desk, turn: Turn, topic: Topic, policies: PolicyExplanation, wording: Wording
) -> list[str | None]:
    def say(key: str, **values: object) -> str:
        return wording.say(f"help.shop.{key}", **values)

    if topic == "gift_cards":
        accepted = policies.payments.accepted if policies.payments else {}
        return [say("gift_cards" if "gift_card" in accepted else "gift_cards_unknown")]
    if topic == "phone_orders":
        phone = policies.shop.support_phone
        in_chat = policies.ordering not in (None, "off")
        return [say("phone_orders_chat" if in_chat else "phone_orders"), say("call", phone=phone) if phone else None]
    if topic == "lost":
        return _lost(policies, wording)
    if topic == "pick_up":
        stores = (await desk.crm.stores(turn.language, limit=1)).stores
        return [say("pick_up" if stores else "pick_up_no_stores")]
    if topic == "cash_in_store":
        stores = (await desk.crm.stores(turn.language, limit=_STORES)).stores
        calls = [say("cash_in_store_one", store=each.name, phone=each.phone) for each in stores if each.phone]
        call = say("cash_in_store_call", stores=wording.listed(calls)) if calls else None
        return [say("cash_in_store"), call]
    if topic == "without_card":
        ways = accepted_ways(policies, wording, without=("card",))
        return [say("without_card", ways=ways) if ways else say("without_card_no")]
    return [say(topic)]


def _lost(policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    rules = policies.claims.lost if policies.claims is not None else None
    ways = [wording.say(f"help.shop.lost_{each}") for each in rules.resolutions] if rules is not None else []
    if rules is None or not ways:
        return [wording.say("help.shop.lost_unknown")]
    after = wording.say("help.shop.lost_after", days=rules.after_days) if rules.after_days > 1 else None
    return [wording.say("help.shop.lost", ways=wording.any_of(ways)), after, wording.say("help.shop.lost_then")]


__all__ = ["answered_of_shop"]
