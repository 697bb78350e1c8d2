"""`change_form` as Rasa calls it: reads each message once, decides what comes next, and puts its question.

The form has one slot to fill, `change_answer`, which stays empty while it is open; what is asked for is in the slot
`change`, because it differs from request to request. A message that answers nothing and that a rule answers is left
to its rule; the question is put again afterwards.
"""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.answering import pressed_by_words, wants_no_person, wants_person
from actions.changes.asking import FORM
from actions.changes.dialogue import ChangeDialogue
from actions.changes.first_words import begun, misread_as_consent
from actions.changes.kinds import BY_INTENT
from actions.changes.noted import note_of, weigh_note
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.shipments import wants_hurry
from actions.changes.steps.beginning import begin
from actions.changes.steps.going_on import go_on
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.desk import Event, Turn, leave_form
from actions.handoff import REQUESTED, hand_over, say_handed_over
from actions.identity import IdentityForm
from actions.return_follow_ups import answered_follow_up

_DANGER: Final = "report_emergency"
"""Somebody is in danger: the rule for that is for it, whatever is open."""


class ValidateChangeForm(IdentityForm):
    """Reads a message into the request and goes on with it."""

    def name(self) -> str:
        """The action's name."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Slots that say how it goes on; nothing when the message is for another rule."""
        turn = Turn(tracker)
        if tracker.get_slot("details_message") == turn.message_id:
            return []
        taken: Event = SlotSet("details_message", turn.message_id)
        request = ChangeRequest.from_slot(tracker.get_slot("change")) if turn.form == FORM else None
        if request is not None:
            handed = await self._handed_over(dispatcher, turn, request)
            if handed is not None:
                return handed
        elif turn.intent not in BY_INTENT:
            return leave_form()
        elif misread_as_consent(turn) and not wants_hurry(turn.text):
            return [taken, *leave_form(), FollowupAction("action_clarify")]
        elif await answered_follow_up(self.desk, dispatcher, tracker, domain) is not None:
            return [taken, *leave_form()]
        policies = await self.desk.crm.policies()
        verification = await self.desk.crm.verification(turn.conversation_id)
        records = Records(self.desk, turn, policies)
        fresh = request is None
        if request is None:
            found = await begun(self.desk, dispatcher, turn, verification, records)
            if not isinstance(found, ChangeRequest):
                return [taken, *leave_form(), *found]
            request = found
        dialogue = ChangeDialogue(self.desk, turn, dispatcher, request, verification, policies, records)
        if fresh and (note := note_of(turn)) is not None:
            left = await weigh_note(dialogue, note)
            if left is not None:
                return [taken, *leave_form(), *left]
        step = Step(self, dispatcher, turn, dialogue, verification, policies)
        if fresh and dialogue.waits:
            return [taken, *events_of(step)]
        asked = str(request.question.get("slot") or "")
        events = await (begin(step) if fresh else go_on(step, asked))
        return [taken, *events] if events is not None else []

    async def _handed_over(
        self, dispatcher: CollectingDispatcher, turn: Turn, request: ChangeRequest
    ) -> list[Event] | None:
        """What hands over where a person is asked for while `request` is open; empty for the rule that does; else None.

        Where any words are the answer, and on buttons, none is asked for.
        """
        if turn.pressed or request.question.get("any_words") or pressed_by_words(request, turn.text) is not None:
            return None
        if turn.intent == _DANGER:
            # Nothing of a change is asked before somebody is told what to do.
            return []
        if wants_person(turn.text) and turn.intent != "ask_human":
            await say_handed_over(self, dispatcher, turn)
            return [SlotSet("details_message", turn.message_id), *hand_over(REQUESTED)]
        return [] if turn.intent == "ask_human" and not wants_no_person(turn.text) else None
