"""Pictures that a shopper sends. The channel keeps their ids in the slot `images`; nobody looks at them here."""

from __future__ import annotations

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction, Event, Turn


class ActionReceiveImage(DeskAction):
    """Says that a picture was kept and asks what it is about, or says how one is sent."""

    def name(self) -> str:
        """The action's name."""
        return "action_receive_image"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks nothing while a form is open: its own question follows."""
        turn = Turn(tracker)
        if not turn.metadata.get("images"):
            dispatcher.utter_message(response="utter_image_how")
        elif turn.form:
            dispatcher.utter_message(response="utter_image_noted")
        else:
            dispatcher.utter_message(response="utter_image_kept")
        return []
