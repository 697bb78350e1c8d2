"""What a message says so plainly that it is answered whatever it was understood as.

Danger to the shopper's own life comes before everything, in the middle of a form too. Words about what was done just
now ("undo it", "what did you tell them?", "and is e-mail off?") look like anything else on their own.
"""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.changes.asking import ANSWER
from actions.changes.asking import FORM as CHANGES
from actions.changes.follow_ups import answered_about_done
from actions.changes.going_over import begin_order_change
from actions.changes.payments import asks_of_payment
from actions.changes.shipments import InstructDelivery, wants_it_later
from actions.changes.telling import TellDetails
from actions.complaints import in_despair, stand_by
from actions.desk import Desk, Event, Turn, leave_form
from actions.shipments import GO_OVER

_VALIDATES = "validate_"


class FirstOfAll(Action):
    """An action that runs where the message is none of these."""

    def __init__(self, desk: Desk, action: Action) -> None:
        self._desk = desk
        self._action = action

    def name(self) -> str:
        """The action's name."""
        return str(self._action.name())

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers, or runs the action."""
        turn = Turn(tracker)
        if _is_first(turn):
            told = await _answered(self._desk, dispatcher, turn)
            if told is not None:
                return self._as_validation(turn, told) if self.name().startswith(_VALIDATES) else told
        return list(await self._action.run(dispatcher, tracker, domain))

    def _as_validation(self, turn: Turn, told: list[Event]) -> list[Event]:
        """The same in a form's validation, which ends its form, or goes over to the form of changes."""
        heard = SlotSet("details_message", turn.message_id)
        stays = [each for each in told if each.get("event") != "followup"]
        if len(stays) == len(told):
            return [heard, *leave_form(), *told]
        if self.name() == f"{_VALIDATES}{CHANGES}":
            return [heard, *stays, SlotSet("requested_slot", ANSWER)]
        return [heard, *leave_form(), *stays, SlotSet("tracking_step", GO_OVER)]


async def _answered(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    if turn.pressed or turn.text.startswith("/"):
        return None
    if in_despair(turn.text):
        return await stand_by(desk, dispatcher, turn)
    if _form_before(turn):
        return None
    told = await answered_about_done(desk, dispatcher, turn)
    if told is None and turn.intent not in InstructDelivery.intents and wants_it_later(turn.text):
        return await begin_order_change(desk, dispatcher, turn, InstructDelivery.key)
    if told is None and turn.intent not in TellDetails.intents and asks_of_payment(turn.text):
        return await begin_order_change(desk, dispatcher, turn, TellDetails.key)
    return told


def _is_first(turn: Turn) -> bool:
    """Whether nothing was said to the message yet, and no rule of a form has read it."""
    for event in reversed(turn.tracker.events):
        if event.get("event") == "user":
            return turn.tracker.get_slot("details_message") != turn.message_id
        if event.get("event") == "bot":
            return False
        if event.get("event") == "slot" and event.get("name") == "details_message":
            return False
    return False


def _form_before(turn: Turn) -> str | None:
    """The form that was open when the message came."""
    before = False
    for event in reversed(turn.tracker.events):
        before = before or event.get("event") == "user"
        if before and event.get("event") == "active_loop":
            return str(event.get("name") or "") or None
    return None
