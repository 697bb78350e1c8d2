"""When the assistant does not understand, or understands and cannot do it.

The model knows no shop's goods: before it is said that something was not understood or cannot be done, the words are
looked for among the goods of the catalogue, those on the screen, and the orders that were offered to choose from.
"""

from __future__ import annotations

import re

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.alike_meanings import ASKED_OF_RETURNS, alike_meaning
from actions.changes.first_words import missing_parcel, owned_in
from actions.changes.going_over import begin_account_change, begin_change, begin_order_change, take_up
from actions.changes.kinds import BY_INTENT
from actions.changes.mentions import return_taken_up
from actions.changes.orders import ChangeItems
from actions.changes.owned import says_owned
from actions.changes.plainly import plainly_asked
from actions.changes.profile import BookAddress, removes_one_told
from actions.changes.records import Records
from actions.delivery import goes_on
from actions.desk import DeskAction, Event, Turn, last_action, last_response, last_words
from actions.goods import product_focus
from actions.goods_spoken_of import answer_about_goods
from actions.handoff import NOT_UNDERSTOOD, hand_over
from actions.help_pages import PERSON, page_answer
from actions.products import ActionAskProductFacts, ActionSearchProducts
from actions.resolver.products import read_product_words
from actions.return_follow_ups import answered_follow_up
from actions.returns import ActionAskReturnPolicy
from actions.shipments import show_order_offered
from actions.stores import ActionFindStore, asks_more_of_store

_POLICIES = frozenset({"action_ask_policy", "action_ask_return_policy"})
_WHAT_ABOUT = re.compile(
    r"\W*(?:(?:ok|okay|and|so|hmm|fine|then|well)\W+)*(?:what|how) about (?!it\b|that\b|this\b|them\b|you\b|me\b)\w",
    re.IGNORECASE,
)
_MEANINGS = ("track_order", "ask_human", "out_of_scope")
"""What most messages mean; they fill up where the ranking has too few meanings to offer."""


_NO_GUESS = frozenset({"delete_data", "report_emergency"})
"""What is never offered as a guess: it destroys, or frightens."""


def ranking(turn: Turn) -> list[tuple[str, float]]:
    """The meanings that a message may have, the likeliest first, each with its probability."""
    ranked = turn.message.get("intent_ranking") or []
    return [
        (str(each.get("name")), float(each.get("confidence") or 0))
        for each in ranked
        if each.get("name") not in (None, "nlu_fallback")
    ]


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
        if not turn.form and await removes_one_told(self.desk, turn):
            return await begin_account_change(self.desk, dispatcher, turn, BookAddress.key)
        if (delivery := goes_on(turn)) is not None:
            return await delivery(self.desk).run(dispatcher, tracker, domain)
        if not turn.form and asks_more_of_store(turn):
            return await ActionFindStore(self.desk).run(dispatcher, tracker, domain)
        if (owned := await self._changes_what_is_owned(dispatcher, turn)) is not None:
            return owned
        if (begun := await plainly_asked(self.desk, dispatcher, turn)) is not None:
            return begun
        if (told := await self._of_meanings_alike(dispatcher, tracker, domain)) is not None:
            return told
        if not turn.form and (told := await answered_follow_up(self.desk, dispatcher, tracker, domain)) is not None:
            return told
        if (begun_return := await return_taken_up(self.desk, turn)) is not None:
            return await take_up(self.desk, dispatcher, turn, begun_return)
        shown = await show_order_offered(self.desk, dispatcher, turn)
        if shown is None:
            shown = await answer_about_goods(self.desk, dispatcher, tracker, domain)
        if shown is not None:
            return shown
        if last_action(turn) in _POLICIES and (more := await page_answer(self.desk, turn, after=last_words(turn))):
            # What is added to a question about the shop's rules goes on with it.
            dispatcher.utter_message(response="utter_policy", answer=more)
            return []
        if _WHAT_ABOUT.match(turn.text) and (last_response(turn) or "").startswith("utter_products"):
            # After one thing another is asked for, whatever that is.
            return list(await ActionSearchProducts(self.desk).run(dispatcher, tracker, domain))
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

    async def _of_meanings_alike(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[Event] | None:
        """Does what a message wants whichever of two meanings, that are nearly one, it has."""
        turn = Turn(tracker)
        meant = None if turn.form or turn.pressed else alike_meaning(turn.text, ranking(turn))
        if meant is None:
            return None
        if meant == ASKED_OF_RETURNS:
            return await ActionAskReturnPolicy(self.desk).run(dispatcher, tracker, domain)
        return await begin_order_change(self.desk, dispatcher, turn, BY_INTENT[meant].key)

    async def _changes_what_is_owned(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
        """Begins the change of goods on order that a message names with what they shall be: "the scarf on order in grey"."""  # noqa: E501
        ranked = [name for name, _ in ranking(turn)]
        if turn.form or not ranked or ranked[0] not in ChangeItems.intents or not says_owned(turn.text):
            return None
        if (await self.desk.verification(turn)).level != "customer":
            return None
        records = Records(self.desk, turn, await self.desk.crm.policies())
        if not await owned_in(turn, turn.text, records):
            return None
        return await begin_order_change(self.desk, dispatcher, turn, ChangeItems.key)

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
        known = [name for name in ranked if name and name not in _NO_GUESS and wording.has(f"common.clarify.{name}")]
        return list(dict.fromkeys([*known[:2], *_MEANINGS]))[:2]


class ActionOutOfScope(DeskAction):
    """Says honestly what cannot be done here yet, each time in other words."""

    _RESPONSES = ("utter_out_of_scope", "utter_out_of_scope_again", "utter_out_of_scope_person")

    def name(self) -> str:
        """The action's name."""
        return "action_out_of_scope"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Refuses kindly and offers what there is."""
        turn = Turn(tracker)
        if (delivery := goes_on(turn)) is not None:
            return await delivery(self.desk).run(dispatcher, tracker, domain)
        if not turn.form and asks_more_of_store(turn):
            return await ActionFindStore(self.desk).run(dispatcher, tracker, domain)
        if (begun := await plainly_asked(self.desk, dispatcher, turn)) is not None:
            return begun
        if (order := await show_order_offered(self.desk, dispatcher, turn)) is not None:
            return order
        if (told := await answer_about_goods(self.desk, dispatcher, tracker, domain)) is not None:
            return told
        answer = await page_answer(self.desk, turn)
        if answer is not None:
            # What a page of the shop answers is in its scope, whatever the examples say.
            dispatcher.utter_message(response="utter_policy", answer=answer)
            return []
        times = turn.count("refusals")
        dispatcher.utter_message(response=self._RESPONSES[min(times, 2)])
        return [SlotSet("refusals", times + 1), SlotSet("offer", PERSON)]
