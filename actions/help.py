"""When the assistant does not understand, or understands and cannot do it."""

from __future__ import annotations

from typing import ClassVar

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.form import begin_change, missing_parcel
from actions.contact import support_hours, ways_to_reach
from actions.desk import DeskAction, Event, Turn
from actions.goods import product_focus
from actions.handoff import NOT_UNDERSTOOD, hand_over
from actions.help_pages import PERSON, page_answer
from actions.products import ActionAskProductFacts
from actions.resolver.products import read_product_words
from actions.stores import ActionFindStore

_MEANINGS = ("track_order", "ask_human", "out_of_scope")
"""What most messages mean; they fill up where the ranking has too few meanings to offer."""


class ActionClarify(DeskAction):
    """One question with the two likeliest meanings, then the offer of a person, then a person."""

    def name(self) -> str:
        """The action's name."""
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks, offers or hands over, by how often in a row nothing was understood."""
        turn = Turn(tracker)
        if (missing := missing_parcel(turn)) is not None:
            return await begin_change(self.desk, dispatcher, turn, "claim_not_received", missing)
        times = turn.count("misunderstood")
        if await self._points_at_goods(turn):
            return await ActionAskProductFacts(self.desk).run(dispatcher, tracker, domain)
        if times == 0:
            wording = self.desk.wording(turn.language)
            buttons = [
                {"title": wording.say(f"common.clarify.{intent}"), "payload": f"/{intent}"}
                for intent in self._likeliest(turn)
            ]
            answer = await page_answer(self.desk, turn)
            if answer is not None:
                dispatcher.utter_message(response="utter_policy_or_meaning", answer=answer, buttons=buttons)
                return []
            dispatcher.utter_message(response="utter_clarify", buttons=buttons)
        elif times == 1 or tracker.get_slot("handoff"):
            response = "utter_clarify_offer_person" if times == 1 else "utter_handoff_again"
            dispatcher.utter_message(response=response)
        else:
            dispatcher.utter_message(response="utter_handoff_misunderstood")
            return [*hand_over(NOT_UNDERSTOOD), SlotSet("misunderstood", times + 1)]
        return [SlotSet("misunderstood", times + 1), SlotSet("offer", PERSON if times == 1 else None)]

    async def _points_at_goods(self, turn: Turn) -> bool:
        """Whether the message says little more than which of the goods on the screen is meant: "the second, maybe"."""
        if not product_focus(turn).shown:
            return False
        currency = (await self.desk.crm.policies()).shop.currency
        words = read_product_words(turn.text, currency=currency)
        return words.points and not words.goods

    def _likeliest(self, turn: Turn) -> list[str]:
        wording = self.desk.wording(turn.language)
        ranked = [guess.get("name") for guess in turn.message.get("intent_ranking") or []]
        known = [name for name in ranked if name and wording.has(f"common.clarify.{name}")]
        return list(dict.fromkeys([*known[:2], *_MEANINGS]))[:2]


class ActionContact(DeskAction):
    """Where the shop's people are to be found: what was asked for comes first, the rest after it."""

    _RESPONSES: ClassVar[dict[str, str]] = {
        "ask_opening_hours": "utter_opening_hours",
        "ask_location": "utter_location",
    }

    def name(self) -> str:
        """The action's name."""
        return "action_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers from the shop's policies, says what they do not hold, and offers a person."""
        turn = Turn(tracker)
        response = self._RESPONSES.get(turn.intent, "utter_contact")
        if turn.intent in self._RESPONSES and (await self.desk.crm.stores(turn.language, limit=1)).stores:
            if turn.intent == "ask_location":
                return await ActionFindStore(self.desk).run(dispatcher, tracker, domain)
            response = "utter_opening_hours_with_stores"
        await say_contact(self, dispatcher, turn, response)
        return [SlotSet("offer", PERSON)]


async def say_contact(
    action: DeskAction, dispatcher: CollectingDispatcher, turn: Turn, response: str = "utter_contact"
) -> None:
    """The shop's e-mail address, phone number and hours, worded by `response`."""
    shop = (await action.desk.crm.policies()).shop
    wording = action.desk.wording(turn.language)
    dispatcher.utter_message(
        response=response,
        reach=ways_to_reach(shop, wording),
        hours=support_hours(shop, action.desk.clock.now(), wording),
    )


class ActionOutOfScope(DeskAction):
    """Says honestly what cannot be done here yet, each time in other words."""

    _RESPONSES = ("utter_out_of_scope", "utter_out_of_scope_again", "utter_out_of_scope_person")

    def name(self) -> str:
        """The action's name."""
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Refuses kindly and offers what there is."""
        turn = Turn(tracker)
        answer = await page_answer(self.desk, turn)
        if answer is not None:
            # What a page of the shop answers is in its scope, whatever the examples say.
            dispatcher.utter_message(response="utter_policy", answer=answer)
            return []
        times = turn.count("refusals")
        dispatcher.utter_message(response=self._RESPONSES[min(times, 2)])
        return [SlotSet("refusals", times + 1), SlotSet("offer", PERSON)]
