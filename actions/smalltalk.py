"""Greeting, yes, leaving, and goodbye."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.agreeing import SURE_YES
from actions.changes.dialogue import conversation_focus
from actions.changes.going_over import begin_account_change, begin_change
from actions.changes.kinds import BY_KEY
from actions.changes.plain_yes import is_yes
from actions.changes.profile import BookAddress, removes_one_told
from actions.complaints import EMERGENCY
from actions.crm_client import CrmError, CrmNotFound
from actions.desk import DeskAction, Event, Turn, asked_before, last_question, last_response, leave_form
from actions.farewells import without_farewell
from actions.goods_spoken_of import answer_about_goods
from actions.handoff import REQUESTED, hand_over, say_handed_over
from actions.help_pages import PERSON
from actions.reservations import RESERVING, ActionReserveItem
from actions.resolver.goods_words import goods_words
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases
from actions.still_here import say_still_here, spoken_with

_TELL_AN_ORDER: Final = frozenset(
    {"utter_order_facts", "utter_order_card", "utter_order_status", "utter_shipment_timeline", "utter_latest_order"}
)
"""Replies after which "it" is an order."""
_NOT_WANTED: Final = re.compile(
    r"\b(?:don'?t|do not|no longer) (?:want|need) (?:it|this|them|these|that|any of it)\b"
    r"|不(?:想)?要了|不需要了|没用了",
    re.IGNORECASE,
)
"""What was just told is not wanted any more."""

_OF_THE_BOT: Final = re.compile(
    r"\b(?:you|u|ya|your|yourself|i|me|we|this|speak\w*|talk\w*|chat\w*|person|human|someone|real|bot|ai)\b"
    r"|[你您我]|真人|人工|客服|聊|是不是人",
    re.IGNORECASE,
)
"""That it is spoken of who answers here."""


class ActionGreet(DeskAction):
    """Greets, those whom the shop greets in its own way as it wants them greeted; what it offers them is said once."""

    def name(self) -> str:
        """The action's name."""
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks the CRM what holds for the shopper's segments; without an answer everybody's greeting will do.

        In the middle of a conversation nobody is introduced again.
        """
        turn = Turn(tracker)
        if spoken_with(turn):
            return say_still_here(self.desk, dispatcher, turn)
        try:
            served = await self.desk.crm.segments(turn.conversation_id)
        except CrmError:
            dispatcher.utter_message(response="utter_greet")
            return []
        if served.greeting:
            dispatcher.utter_message(response="utter_greet_as", greeting=served.greeting)
        else:
            dispatcher.utter_message(response="utter_greet")
        if not served.offer or tracker.get_slot("offer_told"):
            return []
        dispatcher.utter_message(response="utter_offer", offer_words=served.offer)
        return [SlotSet("offer_told", True)]


class ActionAffirm(DeskAction):
    """A yes takes up what the last reply offered; otherwise it is only a yes."""

    def name(self) -> str:
        """The action's name."""
        return "action_affirm"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Hands over when a person was offered; an "ok" to something that was only told is heard, and no more."""
        if tracker.get_slot("offer") == PERSON and _only_heard(Turn(tracker)):
            dispatcher.utter_message(response="utter_affirm")
            return [SlotSet("offer", None)]
        if tracker.get_slot("offer") == PERSON and _agrees(Turn(tracker)):
            await say_handed_over(self, dispatcher, Turn(tracker))
            return [*hand_over(REQUESTED), SlotSet("offer", None)]
        turn, offer = Turn(tracker), str(tracker.get_slot("offer") or "")
        if offer.startswith(RESERVING) and turn.confidence >= SURE_YES:
            proposal = offer.removeprefix(RESERVING)
            return await ActionReserveItem(self.desk).confirm(dispatcher, turn, proposal)
        choices = [each for each in last_question(turn) if "{" in str(each.get("payload"))]
        if len({str(each["payload"]).partition("{")[0] for each in choices}) == 1 and len(choices) > 1:
            # A yes is no answer to "which?".
            dispatcher.utter_message(response="utter_which_one", buttons=choices)
            return []
        dispatcher.utter_message(response="utter_affirm")
        return []


def _agrees(turn: Turn) -> bool:
    """Whether it is a yes and no mere sound of listening: a person is called for nobody who did not say so."""
    return turn.pressed or turn.confidence >= SURE_YES or is_yes(turn.text)


def _only_heard(turn: Turn) -> bool:
    words = fold(turn.text).strip(" .!~。！～")
    return words in {fold(each) for each in phrases("heard")} and not asked_before(turn)


class ActionSmallTalk(DeskAction):
    """Answers what is nothing but small talk in the words there are for it."""

    def name(self) -> str:
        """The action's name."""
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The response of the intent's name; "what do I do?" in an emergency asks for no list of services."""
        if Turn(tracker).intent == "ask_capabilities" and tracker.get_slot("handoff") == EMERGENCY:
            return say_still_here(self.desk, dispatcher, Turn(tracker))
        turn = Turn(tracker)
        if goods_words(turn.text) and not turn.pressed and not _OF_THE_BOT.search(turn.text):
            # "Robot vac that empties itself?" is said of goods.
            told = await answer_about_goods(self.desk, dispatcher, tracker, domain)
            if told is not None:
                return told
        dispatcher.utter_message(response=f"utter_{turn.intent}")
        return []


class ActionStop(DeskAction):
    """Leaves whatever is open."""

    def name(self) -> str:
        """The action's name."""
        return "action_stop"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Says so and forgets the details given."""
        turn = Turn(tracker)
        if not turn.form and await removes_one_told(self.desk, turn):
            return await begin_account_change(self.desk, dispatcher, turn, BookAddress.key)
        if not turn.form and (begun := await self._order_not_wanted(dispatcher, turn)) is not None:
            return begun
        dispatcher.utter_message(response="utter_stop" if turn.form else "utter_stop_idle")
        return leave_form()

    async def _order_not_wanted(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
        """Calls off, or takes back, the order that was just told: "I don't want it any more"."""
        if last_response(turn) not in _TELL_AN_ORDER or not _NOT_WANTED.search(turn.text):
            return None
        spoken = conversation_focus(turn).orders[:1]
        try:
            orders = (await self.desk.crm.orders(turn.conversation_id, turn.language)).orders
        except CrmNotFound:
            return None
        order = next((each for each in orders if each.number in spoken), None)
        if order is None or order.state in ("cancelled", "returned"):
            return None
        return await begin_change(self.desk, dispatcher, turn, BY_KEY["return"].suited(order), order.number)


class ActionGoodbye(DeskAction):
    """Ends kindly; an open question is dropped."""

    def name(self) -> str:
        """The action's name."""
        return "action_goodbye"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Says goodbye and forgets the details given, and what waited for the form's end.

        In an emergency nobody is sent away for words that may mean the danger: "it's off now".
        """
        turn = Turn(tracker)
        if tracker.get_slot("handoff") == EMERGENCY and without_farewell(turn.text):
            return say_still_here(self.desk, dispatcher, turn)
        dispatcher.utter_message(response="utter_goodbye")
        return [*leave_form(), SlotSet("queue", [])]
