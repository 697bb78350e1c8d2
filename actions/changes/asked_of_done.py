"""Questions about what was done a moment ago: what exactly it was, by when it is settled, whether some of it stays.

The words of what was done, the time that was named and the lines are kept with it (`ChangeWording.remembered`); a
question is answered from them and begins nothing.
"""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.going_over import begin_change
from actions.changes.records import Records
from actions.desk import Desk, Event, Turn, last_response
from actions.help_pages import PERSON
from actions.resolver import NO_FOCUS, resolve_lines
from actions.resolver.done_said import (
    asks_what_was_done,
    asks_when_settled,
    keeps_something,
    kept_things,
    says_it_came,
)

_DONE: Final = "utter_change_done"
_ABSENT: Final = ("claim_missing_item", "claim_lost", "claim_not_received")
"""Claims that something did not come."""


async def told_of_done(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: dict[str, str]) -> bool:
    """Answers what was done, or by when it is settled; False where the message asks neither."""
    kind, told, when = done.get("kind", ""), done.get("told", ""), done.get("when", "")
    at_once = last_response(turn) == _DONE
    wording = desk.wording(turn.language)
    answer = ""
    if told and asks_what_was_done(turn.text, kind):
        rest = kind == "cancel" and not done.get("whole")
        answer = wording.sentences(
            wording.say("account.done_before", told=told),
            wording.say("account.done_rest_stays") if rest else None,
        )
    elif when and asks_when_settled(turn.text, kind, at_once=at_once):
        answer = when
    if answer:
        dispatcher.utter_message(response="utter_account", answer=answer)
    return bool(answer)


async def kept_after_all(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, done: dict[str, str]
) -> list[Event] | None:
    """Something of what was just announced is kept, or came after all; None where the message says neither."""
    kind, at_once = done.get("kind", ""), last_response(turn) == _DONE
    wording = desk.wording(turn.language)
    if kind in _ABSENT and at_once and says_it_came(turn.text):
        told = wording.say("account.claim_stays", told=done.get("told", ""))
        dispatcher.utter_message(response="utter_payments_offer_person", answer=told)
        return [SlotSet("offer", PERSON)]
    if kind not in ("return", "exchange") or not done.get("lines") or not keeps_something(turn.text):
        return None
    records = Records(desk, turn, await desk.crm.policies())
    view = await records.order(done["order"])
    lines = records.lines(view.number, gone=True)
    found = resolve_lines(kept_things(turn.text), lines, focus=NO_FOCUS, today=records.today)
    named = {line.key for line in found.candidates} if found.status != "none" else set()
    going = set(done["lines"].split(","))
    if named & going or (not named and at_once and not found.asked_but_absent):
        return await begin_change(desk, dispatcher, turn, "cancel_return", done["order"])
    if not named:
        return None
    answer = wording.sentences(
        wording.say("account.done_before", told=done.get("told", "")),
        wording.say("account.done_rest_stays"),
    )
    dispatcher.utter_message(response="utter_account", answer=answer)
    return []
