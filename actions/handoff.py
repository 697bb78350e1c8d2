"""Asking a person to join."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import CrmError
from actions.desk import DeskAction, Event, Turn, leave_form
from actions.wording import Wording

REQUESTED = "requested"
NOT_UNDERSTOOD = "not_understood"


def hand_over(reason: str) -> list[Event]:
    """The events that ask for a person: the channel reports the slot to the gateway."""
    return [*leave_form(), SlotSet("queue", []), SlotSet("handoff", reason)]


class ActionHandoff(DeskAction):
    """Whoever asks for a person gets one, at once and the first time."""

    def name(self) -> str:
        """The action's name."""
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Says that a person was asked, and how else to reach one."""
        turn = Turn(tracker)
        await say_handed_over(self, dispatcher, turn)
        return hand_over(REQUESTED)


async def say_handed_over(action: DeskAction, dispatcher: CollectingDispatcher, turn: Turn) -> None:
    """The words for a hand-over, with the shop's contacts where it has some."""
    if turn.tracker.get_slot("handoff"):
        dispatcher.utter_message(response="utter_handoff_again")
        return
    contact = await _contact(action, action.desk.wording(turn.language))
    if contact:
        dispatcher.utter_message(response="utter_handoff_contact", contact=contact)
    else:
        dispatcher.utter_message(response="utter_handoff")


async def _contact(action: DeskAction, wording: Wording) -> str | None:
    try:
        shop = (await action.desk.crm.policies()).shop
    except CrmError:
        # A person can be asked for without it.
        return None
    return wording.any_of([each for each in (shop.support_email, shop.support_phone) if each]) or None
