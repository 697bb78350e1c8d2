"""Questions about the shop answered from its own pages and policies: quoted, never put anew."""

from __future__ import annotations

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import Desk, DeskAction, Event, Turn
from shopdesk_schemas.help import HelpAnswer

PERSON = "person"
"""The value of the slot `offer` when a person was offered."""


async def page_answer(desk: Desk, turn: Turn, *, after: str = "") -> str | None:
    """What the shop's pages say to the message, with a link to the page; None where none says enough.

    `after` is a question that the message goes on with. How much is enough is the shop's
    `help.threshold`; the CRM applies it.
    """
    if not turn.text.strip():
        return None
    asked = f"{after} {turn.text}".strip()
    found = (await desk.crm.help_answers(asked, turn.language)).answers
    return _quoted(desk, turn, found[0]) if found else None


def _quoted(desk: Desk, turn: Turn, answer: HelpAnswer) -> str:
    wording = desk.wording(turn.language)
    url = answer.url or desk.address(f"/help{answer.path}")
    return wording.say("help.page.quoted", text=answer.text, title=answer.page_title, url=url)


class ActionAskPolicy(DeskAction):
    """Whatever a page of the shop, or its policies, answer."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_policy"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """The section that answers; where there is none that is said, and a person offered."""
        turn = Turn(tracker)
        answer = await page_answer(self.desk, turn)
        if answer is None:
            dispatcher.utter_message(response="utter_policy_unknown")
            return [SlotSet("offer", PERSON)]
        dispatcher.utter_message(response="utter_policy", answer=answer)
        return []
