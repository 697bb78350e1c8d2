"""Questions about the shopper's own account: points, vouchers, what is on record, and trouble with signing in.

Only who is known as a customer is told; everybody else is told how to become known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.account_facts import FACTS, TROUBLES, consents_told, points_told, profile_told, voucher_told
from actions.crm_client import CrmNotFound
from actions.desk import DeskAction, Event, Turn
from actions.help_pages import PERSON, page_answer
from actions.tastes import ActionTellPreference
from actions.wording import Wording

_VOUCHERS: Final = 8


class AccountAction(DeskAction):
    """What these answers share: a customer is told, others read how to sign in."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers."""
        turn = Turn(tracker)
        try:
            told = await self.answer(turn, self.desk.wording(turn.language))
        except CrmNotFound:
            dispatcher.utter_message(response="utter_account_sign_in")
            return []
        dispatcher.utter_message(response="utter_account", answer="\n".join(told))
        return []

    async def answer(self, turn: Turn, wording: Wording) -> Sequence[str]:
        """Paragraphs. Raises `CrmNotFound` for who is not known as a customer."""
        raise NotImplementedError

    async def zone(self) -> str:
        """The shop's."""
        return (await self.desk.crm.policies()).shop.timezone


class ActionAskPoints(AccountAction):
    """Points, tier and what the next one takes."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_points"

    async def answer(self, turn: Turn, wording: Wording) -> Sequence[str]:
        """The balance first; of an order that is named, what it earned."""
        loyalty = await self.desk.crm.loyalty(turn.conversation_id)
        numbers = [str(each) for each in turn.entities("order_number")]
        return points_told(loyalty, turn.text, numbers, await self.zone(), wording)


class ActionAskVouchers(AccountAction):
    """The shopper's vouchers, those that can be used first, and the offer to their segment; or the one named."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_vouchers"

    async def answer(self, turn: Turn, wording: Wording) -> Sequence[str]:
        """Each with its worth, its end and its conditions."""
        vouchers = (await self.desk.crm.vouchers(turn.conversation_id)).vouchers
        offer = (await self.desk.crm.segments(turn.conversation_id)).offer
        offered = [offer] if offer else []
        zone = await self.zone()
        named = [each for each in vouchers if each.code.casefold() in turn.text.casefold()]
        if named:
            return [voucher_told(each, zone, wording) for each in named]
        usable = [each for each in vouchers if each.usable]
        if not usable:
            gone = vouchers[:3]
            return [
                wording.say("account.vouchers.none"),
                *(voucher_told(each, zone, wording) for each in gone),
                *offered,
            ]
        key = "account.vouchers.one" if len(usable) == 1 else "account.vouchers.some"
        more = [wording.say("account.vouchers.more", count=len(usable) - _VOUCHERS)] if len(usable) > _VOUCHERS else []
        told = [voucher_told(each, zone, wording) for each in usable[:_VOUCHERS]]
        return [wording.say(key, count=len(usable)), *told, *more, *offered]


class ActionAskProfile(AccountAction):
    """What is on record of the shopper: what is asked for, or all of it."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_profile"

    async def answer(self, turn: Turn, wording: Wording) -> Sequence[str]:
        """Name, contact, addresses, ways to pay and consents."""
        crm, conversation = self.desk.crm, turn.conversation_id
        asked = [fact for fact, words in FACTS.items() if words.search(turn.text)]
        profile = await crm.profile(conversation)
        zone = await self.zone()
        told: list[str] = []
        readers: dict[str, Callable[[], Any]] = {
            "addresses": lambda: crm.addresses(conversation),
            "payments": lambda: crm.payment_methods(conversation),
            "consents": lambda: crm.consents(conversation),
        }
        wanted = asked or ["name", "email", "phone", "birthday", "since", "addresses", "payments", "consents"]
        for fact in wanted:
            record: Any = await readers[fact]() if fact in readers else profile
            told.append(
                consents_told(record, wording) if fact == "consents" else profile_told(fact, record, zone, wording)
            )
        return [each for each in told if each]


class ActionSignInTrouble(DeskAction):
    """What helps who cannot sign in: the shop's own page where it has one, and what can be done without an account."""

    def name(self) -> str:
        """The action's name."""
        return "action_sign_in_trouble"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The advice that fits the trouble, then a person."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        own = await page_answer(self.desk, turn)
        trouble = next((key for key, words in TROUBLES.items() if words.search(turn.text)), "other")
        advice = own or wording.say(f"account.sign_in.{trouble}")
        dispatcher.utter_message(
            response="utter_sign_in_trouble",
            answer=wording.sentences(advice, wording.say("account.sign_in.meanwhile")),
        )
        return [SlotSet("offer", PERSON)]


class ActionRegister(DeskAction):
    """Where one registers, as far as the shop tells, and what works without an account."""

    def name(self) -> str:
        """The action's name."""
        return "action_register_account"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The link, else where to look; then what needs no account."""
        wording = self.desk.wording(Turn(tracker).language)
        account = (await self.desk.crm.policies()).account
        url = account.register_url if account else None
        where = wording.say("account.register.link", url=url) if url else wording.say("account.register.elsewhere")
        dispatcher.utter_message(
            response="utter_account", answer=wording.sentences(where, wording.say("account.register.meanwhile"))
        )
        return []


ACTIONS: tuple[type[DeskAction], ...] = (
    ActionAskPoints,
    ActionAskVouchers,
    ActionAskProfile,
    ActionSignInTrouble,
    ActionRegister,
    ActionTellPreference,
)
