"""A guest who was taken for somebody else: that record is let go, and who asks is found out anew."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest
from actions.changes.steps.proving import identify
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.full_names import read_full_name
from actions.proofs import REFERENCE
from actions.resolver import NO_FOCUS
from actions.wrong_person import says_wrong_person, without_denied, without_denied_words

SIGNED_IN = "identity_token"
"""The method of who came signed in from the shop: there the shop says who it is."""


async def taken_for_another(step: Step) -> list[Event] | None:
    """Lets go of the record, and of all that was read of it; None where nobody is taken for somebody else.

    What was asked for stays, and is asked of the shopper's own orders.
    """
    turn, old = step.turn, step.dialogue.request
    if turn.pressed or step.verification.level == "none" or step.verification.method == SIGNED_IN:
        return None
    if not says_wrong_person(turn.text):
        return None
    await step.dialogue.drop_proposals()
    step.verification = await step.desk.forget_verification(turn)
    dialogue = step.read_afresh(ChangeRequest(old.kind, turn.message_id, old.text))
    dialogue.focus = NO_FOCUS
    dialogue.reader = Reader(dialogue.records, dialogue.request, NO_FOCUS)
    return [SlotSet("focus", None), *await identify(step, REFERENCE, name=_name_given(step))]


def _name_given(step: Step) -> str | None:
    """The full name that was given last, in this message or before it."""
    said = [event for event in step.turn.tracker.events if event.get("event") == "user"]
    for event in reversed(said):
        text = str(event.get("text") or "")
        entities = (event.get("parse_data") or {}).get("entities") or []
        found = without_denied(text, entities)
        beside = next((str(each["value"]) for each in found if each.get("value")), None)
        name = read_full_name(without_denied_words(text, entities), awaited=False, beside=beside)
        if name is not None:
            return name
    return None


__all__ = ["SIGNED_IN", "taken_for_another"]
