"""Complaints, which a person answers within the shop's time, and emergencies, which a person sees to at once."""

from __future__ import annotations

from datetime import datetime

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.dialogue import conversation_focus
from actions.contact import ways_to_reach
from actions.crm_client import ChangeRefused, CrmError, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, DeskAction, Event, Turn
from actions.handoff import hand_over
from actions.help_pages import PERSON
from shopdesk_schemas.changes import ProposalView

EMERGENCY = "emergency"
"""Why a person is asked for."""


class ActionComplain(DeskAction):
    """Puts a complaint on record as a case and says by when it is answered; a person is one click away."""

    def name(self) -> str:
        """The action's name."""
        return "action_complain"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """What is said again belongs to the same case."""
        turn = Turn(tracker)
        wording = self.desk.wording(turn.language)
        done = await _reported(self.desk, turn, "complaint")
        if done is None or done.outcome is None:
            dispatcher.utter_message(response="utter_complaint_person")
            return [SlotSet("offer", PERSON)]
        zone = (await self.desk.crm.policies()).shop.timezone
        due = wording.moment(datetime.fromisoformat(str(done.outcome.values["due_at"])), zone)
        case = str(done.outcome.values["case"])
        added = tracker.get_slot("complaint") == case
        dispatcher.utter_message(response="utter_complaint_added" if added else "utter_complaint", due=due)
        return [SlotSet("offer", PERSON), SlotSet("complaint", case)]


class ActionReportEmergency(DeskAction):
    """Whoever is hurt or in danger gets a person at once, and what to do until then."""

    def name(self) -> str:
        """The action's name."""
        return "action_report_emergency"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Safety first, then who has been told."""
        turn = Turn(tracker)
        try:
            await _reported(self.desk, turn, EMERGENCY)
            reach = ways_to_reach((await self.desk.crm.policies()).shop, self.desk.wording(turn.language))
        except CrmError:
            reach = ""
        dispatcher.utter_message(response="utter_emergency", reach=reach)
        return hand_over(EMERGENCY)


async def _reported(desk: Desk, turn: Turn, matter: str) -> ProposalView | None:
    """The case, about the order that was spoken of where it is the shopper's; None where it cannot be opened."""
    numbers = [*(str(each) for each in turn.entities("order_number")), *conversation_focus(turn).orders]
    about = [{"order": numbers[0]}] if numbers else []
    for position, details in enumerate([*about, {}]):
        key = f"{turn.message_id}:{matter}:{position}"[:200]
        try:
            return await desk.crm.propose(
                turn.conversation_id, "service.report", {"matter": matter, **details}, key=key
            )
        except CrmNotFound:
            continue
        except (ChangeRefused, CrmRefused, HigherLevelNeeded):
            return None
    return None


ACTIONS: tuple[type[DeskAction], ...] = (ActionComplain, ActionReportEmergency)
