"""What a step leaves behind: the slots that keep the request, what is spoken of now and what waits."""

from __future__ import annotations

from typing import Any, Final

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.changes.asking import ANSWER
from actions.changes.basket import chosen
from actions.changes.just_done import as_done
from actions.changes.money_of_goods import money_after
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import unsaid, waiting, without_bought, without_done, without_told
from actions.changes.said_of_each import is_bare_denial
from actions.changes.settled import without_settled
from actions.changes.steps.step import Step
from actions.desk import Event, forget_details
from actions.help_pages import PERSON

_SETTLED: Final = 60
"""As many lines as are remembered."""


def events_of(step: Step) -> list[Event]:
    """The events that end this step: the request or the form's end, the focus, and what still waits after it."""
    events = _events_of_request(step)
    noted = waiting(step.turn) if step.waiting is None else step.waiting
    left = [each for each in unsaid(noted, step.turn) if each.get("said_now") or not is_bare_denial(str(each["text"]))]
    if step.dialogue.request.rounds or step.dialogue.request.question.get("slot") == "payment_method":
        left = without_told(left)
    dialogue, request = step.dialogue, step.dialogue.request
    orders = dict.fromkeys([*request.orders, *dialogue.touched])
    known = all(dialogue.records.known(number) is not None for number in orders)
    if dialogue.finished and (dialogue.touched or request.rounds) and dialogue.kind.lines != "none" and known:
        lines = [line for number in orders for line in dialogue.records.lines(number, gone=True)]
        done = [*request.lines] or [line.key for line in lines]
        made = bool(dialogue.touched)
        left = without_done(left, dialogue.kind, lines, done, made=made, today=dialogue.records.today)
    if left and request.lines and known:
        left = _without_own(left, step)
    if step.done and left:
        touched = {each.split(":")[1].rpartition("/")[0] for each in step.done}
        named = [
            line
            for number in touched
            if dialogue.records.known(number)
            for line in dialogue.records.lines(number, gone=True)
        ]
        left = without_settled(left, named, step.done, today=dialogue.records.today)
    if dialogue.finished and dialogue.touched and request.kind == "place":
        left = without_bought(left, [each.title for each in chosen(request.extras)])
    if left != noted:
        step.waiting = left
    if step.waiting is not None and not any(each.get("name") == QUEUE for each in events):
        events.append(SlotSet(QUEUE, step.waiting))
    return events


def _without_own(queue: list[dict[str, Any]], step: Step) -> list[dict[str, Any]]:
    """`queue` without what the words that began the request say themselves, of no other goods than it is about."""
    request, records = step.dialogue.request, step.dialogue.records
    own = [each for each in queue if str(each["text"]) in request.text and not each.get("said_now")]
    if not own:
        return queue
    lines = [line for number in request.orders for line in records.lines(number, gone=True)]
    other = without_done(own, step.dialogue.kind, lines, [*request.lines], today=records.today)
    return [each for each in queue if each not in own or each in other]


def end_change() -> list[Event]:
    """Ends the form and forgets the request."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("change", None), *forget_details()]


def _events_of_request(step: Step) -> list[Event]:
    """The same of the request alone; it keeps the question that is put now."""
    dialogue = step.dialogue
    request, question = dialogue.request, dialogue.question
    focus: dict[str, Any] = dialogue.focus.as_slot()
    focus["orders"] = list(dict.fromkeys([*dialogue.touched, *request.orders, *focus["orders"]]))[:10]
    focus["lines"] = list(request.lines) or focus["lines"]
    focus |= as_done(dialogue.done)
    focus["settled"] = step.done[-_SETTLED:]
    focus["money"] = money_after(request, dialogue.focus)
    if question is None:
        offer = [SlotSet("offer", PERSON)] if dialogue.offers_person else []
        queue = [SlotSet(QUEUE, [])] if dialogue.farewell else []
        return [SlotSet("focus", focus), *end_change(), *offer, *queue]
    request.shown = question.shown
    request.question = question.as_json()
    request.taken += step.before is not None and request.pieces() != step.before
    focus["shown"] = question.shown
    return [
        SlotSet("change", request.as_slot()),
        SlotSet("focus", focus),
        SlotSet("requested_slot", ANSWER),
    ]
