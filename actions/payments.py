"""How the shop is paid, and what a gift card holds."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import CrmNotFound
from actions.desk import DeskAction, Event, Turn
from actions.payment_words import accepted_ways, brand_name
from shopdesk_schemas.crm import PolicyExplanation

_NAMED: Final[dict[str, re.Pattern[str]]] = {
    "PayPal": re.compile(r"pay ?pal|贝宝", re.IGNORECASE),
    "Klarna": re.compile(r"klarna", re.IGNORECASE),
    "Apple Pay": re.compile(r"apple ?pay|苹果支付", re.IGNORECASE),
    "Google Pay": re.compile(r"google ?pay|谷歌支付", re.IGNORECASE),
    "Alipay": re.compile(r"ali ?pay|支付宝", re.IGNORECASE),
    "WeChat Pay": re.compile(r"we ?chat ?pay|微信", re.IGNORECASE),
    "UnionPay": re.compile(r"union ?pay|银联", re.IGNORECASE),
    "Huabei": re.compile(r"huabei|花呗", re.IGNORECASE),
    "Visa": re.compile(r"visa", re.IGNORECASE),
    "Mastercard": re.compile(r"master ?card|万事达", re.IGNORECASE),
    "American Express": re.compile(r"american express|\bamex\b|运通", re.IGNORECASE),
    "Diners Club": re.compile(r"diners|大来", re.IGNORECASE),
    "Discover": re.compile(r"discover card", re.IGNORECASE),
    "Maestro": re.compile(r"maestro", re.IGNORECASE),
    "JCB": re.compile(r"\bjcb\b", re.IGNORECASE),
    "Afterpay": re.compile(r"after ?pay|clearpay", re.IGNORECASE),
}
"""Ways to pay by what people call them: the world's, not a shop's."""
_KINDS: Final[dict[str, re.Pattern[str]]] = {
    "cash_on_delivery": re.compile(r"on delivery|cash\b|\bcod\b|货到付款|现金", re.IGNORECASE),
    "bank": re.compile(r"bank transfer|wire|direct debit|\biban\b|银行转账|转账|汇款", re.IGNORECASE),
    "invoice": re.compile(r"(?:on|by|against) (?:invoice|account)|月结|账期|先用后付", re.IGNORECASE),
    "gift_card": re.compile(r"gift ?(?:card|voucher)|礼品卡|购物卡", re.IGNORECASE),
    "card": re.compile(r"(?:credit|debit) card|信用卡|储蓄卡|银行卡|借记卡", re.IGNORECASE),
}
_PARTS: Final = re.compile(r"instal|in parts|monthly|pay later|分期", re.IGNORECASE)


class ActionAskPaymentMethods(DeskAction):
    """Which ways of paying there are; the one asked about first."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_payment_methods"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Yes or no, then all of them."""
        turn = Turn(tracker)
        policies = await self.desk.crm.policies()
        wording = self.desk.wording(turn.language)
        ways = accepted_ways(policies, wording)
        if not ways:
            dispatcher.utter_message(
                response="utter_payments_offer_person", answer=wording.say("payments.ways_unknown")
            )
            return []
        told: list[str | None] = []
        for name, taken in _asked(turn.text, policies):
            shown = (
                wording.say(f"payments.way.{name}")
                if wording.has(f"payments.way.{name}")
                else brand_name(name, wording)
            )
            told.append(wording.say("payments.taken" if taken else "payments.not_taken", way=shown))
        if _PARTS.search(turn.text):
            told.append(wording.say("payments.instalments_unknown"))
        dispatcher.utter_message(
            response="utter_payments", answer=wording.sentences(*told, wording.say("payments.ways", ways=ways))
        )
        return []


def _asked(text: str, policies: PolicyExplanation) -> list[tuple[str, bool]]:
    """The ways that a message names, each with whether the shop takes it."""
    accepted = policies.payments.accepted if policies.payments else {}
    brands = {brand.casefold().replace(" ", "") for names in accepted.values() for brand in names}
    found = [(name, name.casefold().replace(" ", "") in brands) for name, words in _NAMED.items() if words.search(text)]
    named = {
        brand
        for names in accepted.values()
        for brand in names
        if brand.casefold() in text.casefold() and all(brand.casefold() != name.casefold() for name, _ in found)
    }
    found += [(brand, True) for brand in sorted(named)]
    if found:
        return found
    return [(kind, kind in accepted) for kind, words in _KINDS.items() if words.search(text)]


class ActionAskGiftCardBalance(DeskAction):
    """What is left on the shopper's gift cards. Only who is known as a customer is told."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_gift_card_balance"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The balance of each card first."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        try:
            methods = (await self.desk.crm.payment_methods(turn.conversation_id)).payment_methods
        except CrmNotFound:
            dispatcher.utter_message(
                response="utter_payments_offer_person", answer=wording.say("payments.gift_card.sign_in")
            )
            return []
        cards = [
            each for each in methods if each.kind == "gift_card" and each.balance_minor is not None and each.currency
        ]
        told = []
        for card in cards:
            amount = wording.money(card.balance_minor or 0, card.currency or "").text
            key = "ending" if card.last4 else "one"
            told.append(wording.say(f"payments.gift_card.{key}", amount=amount, last4=card.last4 or ""))
        if not told:
            dispatcher.utter_message(
                response="utter_payments_offer_person", answer=wording.say("payments.gift_card.none")
            )
            return []
        dispatcher.utter_message(response="utter_payments", answer=wording.sentences(*told))
        return []


ACTIONS: tuple[type[DeskAction], ...] = (ActionAskPaymentMethods, ActionAskGiftCardBalance)
