"""Puts the question of `change_form` that waits, and ends what the form kept."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.asked_again import would_nag
from actions.changes.request import ChangeRequest
from actions.desk import DeskAction, Event, Turn
from actions.proofs import PROOFS, REFERENCE

FORM: Final = "change_form"
ANSWER: Final = "change_answer"
SHOPPING: Final = frozenset(
    {
        "search_products", "ask_availability", "ask_product_facts", "ask_size_advice", "compare_products",
        "ask_alternatives", "recommend_for_me", "recommend_gift", "recommend_similar", "ask_price_history",
    }
)  # fmt: skip
"""What somebody asks who looks at goods."""
RESUMED: Final = "resumed"
"""Of a question: how often it was brought back after something else was answered."""
WHO: Final = frozenset({REFERENCE, PROOFS, "code_recipient", "one_time_code", "contact_code"})
"""Questions of the form about who asks."""


class ActionAskChangeAnswer(DeskAction):
    """Puts the question that waits. After an answered digression it comes back in short."""

    def name(self) -> str:
        """The action's name."""
        return f"action_ask_{FORM}_{ANSWER}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks."""
        turn = Turn(tracker)
        request = ChangeRequest.from_slot(tracker.get_slot("change"))
        if request is None or not request.question:
            return []
        question: dict[str, Any] = request.question
        resumed = tracker.get_slot("details_message") != turn.message_id
        slot = question["slot"]
        if slot in (REFERENCE, PROOFS):
            if resumed and would_nag(turn, slot):
                return []
            await self._ask_identity(dispatcher, turn, f"utter_ask_{slot}_resume" if resumed else question["response"])
            return []
        text = question.get("again") if resumed else None
        buttons = question.get("buttons") or None
        if question.get("content") and text is None:
            dispatcher.utter_message(
                response="utter_change_proposal",
                json_message=question["content"],
                buttons=buttons,
                proposal=question["text"],
            )
        else:
            dispatcher.utter_message(
                response="utter_change_question", buttons=buttons, question=text or question["text"]
            )
        if resumed and slot in WHO:
            request.question = {**question, RESUMED: question.get(RESUMED, 0) + 1}
            return [SlotSet("change", request.as_slot())]
        return []

    async def _ask_identity(self, dispatcher: CollectingDispatcher, turn: Turn, response: str) -> None:
        wording = self.desk.wording(turn.language)
        kinds = (await self.desk.crm.policies()).verification.proofs
        proofs = wording.any_of([wording.say(f"common.proofs.{kind}") for kind in kinds])
        dispatcher.utter_message(response=response, order=turn.tracker.get_slot(REFERENCE) or "", proofs=proofs)


class ActionChangeDone(DeskAction):
    """After the form: what it kept is forgotten."""

    def name(self) -> str:
        """The action's name."""
        return "action_change_done"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Says nothing: the form did."""
        return [SlotSet("change", None)]
