"""What the shop itself is asked about, answered for anybody: by its own pages, its rules, or what can be done."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bought import calls_it_own
from actions.changes.payments import CHECK
from actions.crm_client import CrmNotFound
from actions.delivery import ActionAskDeliveryOptions
from actions.desk import Desk, Event, Turn
from actions.goods import find_goods, product_focus
from actions.help_pages import PERSON, own_page_answer
from actions.payment_words import accepted_ways, price_terms
from actions.product_facts import plain_name, spoken_attributes
from actions.resolver.asked_facts import Entry, tells_of
from actions.resolver.goods_words import goods_words
from actions.resolver.shop_questions import Topic, may_be_of_own, shop_topics
from actions.resolver.ways_asked import Way, asks_once_sent, going_on, way_before
from actions.returns import ActionAskRefundTime, ActionAskReturnPolicy
from actions.rules_told import (
    breaks_told,
    claim_told,
    exchange_told,
    invoice_names_told,
    process_told,
    refund_postage_told,
    refund_way_told,
)
from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.products import ProductView

_STORES: Final = 5
_CHECK_PRICE: Final = f'/ask_price_protection{{"choice": "{CHECK}"}}'
_BY_RULES: Final[frozenset[Topic]] = frozenset(
    {
        "damaged",
        "wrong_or_missing",
        "breaks",
        "exchange",
        "exchange_in_case",
        "refund_way",
        "refund_postage",
        "warranty",
    }
)
"""What the rules for faults, exchanges and refunds say; of an order of one's own its own terms are told."""
_KNOWN: Final[frozenset[Topic]] = _BY_RULES | {"lost", "nobody_home", "pick_up", "without_card"}
"""What is answered by the rules; of the others a colleague may know more."""
_OF_GUESTS: Final[frozenset[Topic]] = frozenset(
    {"exchange", "exchange_in_case", "refund_way", "refund_postage", "charged_when"}
)
"""What is told of the rules to a guest only: whoever is known is told of their own orders."""
_LOOKED_BACK: Final = 4
_MY_MONEY: Final = re.compile(r"\bmy (?:money|cash|refund|company|firm|business)\b|我的钱|我的?公司", re.IGNORECASE)
_PASSED_ON: Final = frozenset({"discounts", "loyalty"})
"""What whoever is signed in is told of their own record."""


async def answered_of_shop(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers what a message asks about the shop; None where it asks about nothing of it."""
    topics = shop_topics(turn.text)
    if turn.order_numbers:
        return None
    if not topics:
        return await _answered_going_on(desk, dispatcher, turn)
    if set(topics) & _OF_GUESTS and (await desk.verification(turn)).level != "none":
        return None
    passed_on = bool(set(topics) & _PASSED_ON) or may_be_of_own(topics, turn.text)
    if passed_on and (await desk.verification(turn)).level == "customer":
        return None
    if topics == ["warranty"] and await _warranty(desk, turn, desk.wording(turn.language)) is not None:
        # What is on record of the goods spoken of is told of them.
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


async def _answered_going_on(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Answers a guest's question that only goes on with one of the shop's ways; None where it goes on with none."""
    said = said_before(turn)
    before = way_before(said)
    own = calls_it_own(_MY_MONEY.sub(" ", turn.text))
    way = going_on(turn.text, before) if before is not None and not own else None
    if way is None or (await desk.verification(turn)).level != "none":
        return None
    return await tell_way(desk, dispatcher, turn, way)


async def tell_way(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, way: Way) -> list[Event] | None:
    """Tells one of the shop's ways to a guest; None for one that others tell."""
    policies, wording = await desk.crm.policies(), desk.wording(turn.language)
    told: list[str | None]
    if way == "returns":
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    if way == "prices":
        check = {"title": wording.say("payments.button.check_order"), "payload": _CHECK_PRICE}
        dispatcher.utter_message(response="utter_payments", answer=price_terms(policies, wording), buttons=[check])
        return []
    if way == "refund":
        return await ActionAskRefundTime(desk).told(dispatcher, turn)
    if way == "replacement":
        dispatcher.utter_message(response="utter_policy", answer=wording.say("help.shop.replacement"))
    if way in ("delivery", "replacement"):
        return await ActionAskDeliveryOptions(desk).tell(dispatcher, turn)
    if way == "invoice":
        told = invoice_names_told(policies, wording)
    elif way == "cancel" or way == "change":
        told = [
            process_told(way, policies, wording, sent=asks_once_sent(turn.text)),
            wording.say("help.shop.if_ordered"),
        ]
    elif way in _BY_RULES:
        told = await _told(desk, turn, way, policies, wording)
    else:
        return None
    dispatcher.utter_message(response="utter_policy", answer=wording.sentences(*told))
    return []


def said_before(turn: Turn) -> list[tuple[str, str]]:
    """What the shopper said before this message, the oldest first, each with its intent."""
    said = [each for each in turn.tracker.events if each.get("event") == "user"][-_LOOKED_BACK - 1 : -1]
    return [
        (
            str(each.get("text") or ""),
            str((((each.get("parse_data") or {}).get("intent")) or {}).get("name") or ""),
        )
        for each in said
    ]


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
    if topic in _BY_RULES:
        return await _by_rules(desk, turn, topic, policies, wording)
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


async def _by_rules(
    desk: Desk, turn: Turn, topic: Topic, policies: PolicyExplanation, wording: Wording
) -> list[str | None]:
    if topic in ("exchange", "exchange_in_case"):
        return exchange_told(turn.text, policies, wording)
    if topic == "refund_way":
        return refund_way_told(policies, wording)
    if topic == "refund_postage":
        return refund_postage_told(policies, wording)
    if topic in ("breaks", "warranty"):
        return breaks_told(policies, wording, await _warranty(desk, turn, wording))
    return claim_told(topic, turn.text, policies, wording)


async def _warranty(desk: Desk, turn: Turn, wording: Wording) -> str | None:
    """What is on record of the warranty of the one article that is spoken of."""
    product = await _spoken_of(desk, turn)
    if product is None:
        return None
    known = next(
        (each for each in spoken_attributes(product).items() if tells_of(Entry(each[0], each[1]), "warranty")), None
    )
    if known is None:
        return None
    key = f"products.fact_names.{plain_name(known[0])}"
    fact = wording.say(key) if wording.has(key) else known[0].replace("_", " ")
    value = known[1].rstrip(".。")
    return wording.say("help.shop.breaks_warranty", name=product.name or product.external_id, fact=fact, value=value)


async def _spoken_of(desk: Desk, turn: Turn) -> ProductView | None:
    """The one article that is named, else the one that was spoken of last."""
    if goods_words(turn.text):
        goods = await find_goods(desk, turn)
        sure = len(goods.found) == 1 and not goods.nearly and not goods.guessed
        return goods.found[0].product if sure else None
    for key in product_focus(turn).products[:1]:
        try:
            return await desk.crm.product(key, turn.language)
        except CrmNotFound:
            return None
    return None


def _lost(policies: PolicyExplanation, wording: Wording) -> list[str | None]:
    rules = policies.claims.lost if policies.claims is not None else None
    ways = [wording.say(f"help.shop.lost_{each}") for each in rules.resolutions] if rules is not None else []
    if rules is None or not ways:
        return [wording.say("help.shop.lost_unknown")]
    after = wording.say("help.shop.lost_after", days=rules.after_days) if rules.after_days > 1 else None
    return [wording.say("help.shop.lost", ways=wording.any_of(ways)), after, wording.say("help.shop.lost_then")]


__all__ = ["answered_of_shop", "said_before", "tell_way"]
