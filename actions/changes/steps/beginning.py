"""How a request begins: with the words that ask for it, or anew where what was made of them is not what was meant."""

from __future__ import annotations

from actions.changes.asides import answered_beside
from actions.changes.everywhere import follow_with_orders
from actions.changes.kind import ChangeKind
from actions.changes.other_pieces import read_other_pieces
from actions.changes.queueing import waiting
from actions.changes.refused_targets import others_than_refused
from actions.changes.request import ChangeRequest
from actions.changes.split_payment import told_of_split
from actions.changes.steps.advancing import advanced
from actions.changes.steps.outcome import events_of
from actions.changes.steps.proving import identify
from actions.changes.steps.step import Step
from actions.changes.taking_orders import read_first, take_orders
from actions.desk import Event


async def begin(step: Step) -> list[Event]:
    """The words that begin a request."""
    turn, dialogue = step.turn, step.dialogue
    if dialogue.request.orders:
        await read_other_pieces(dialogue.reader, turn.text)
        return await advanced(step)
    told_of_split(dialogue, "")
    await answered_beside(dialogue)
    known = step.verification.level != "none" or bool(turn.order_numbers)
    if await dialogue.kind.answer(dialogue, known=known):
        return events_of(step)
    if dialogue.kind.about == "customer" or dialogue.request.orders:
        await read_other_pieces(dialogue.reader, turn.text)
        await follow_with_orders(dialogue, turn.text)
        return await advanced(step)
    if step.verification.level != "customer":
        return await identify(step, None)
    await read_first(dialogue, turn.order_numbers)
    if asked := dialogue.reader.asked_beside:
        # What is only asked is told once this is done.
        step.dispatcher.utter_message(response="utter_request_noted", request=asked)
        step.waiting = [*waiting(turn), {"text": asked, "intent": "ask_availability", "said_now": True}]
    return await advanced(step)


async def begin_anew(step: Step, kind: ChangeKind) -> list[Event]:
    """Reads a message as if it began the request; the order of before holds where it names none."""
    turn, before = step.turn, step.dialogue
    await before.drop_proposals()
    old = before.request
    request = ChangeRequest(
        kind.key, turn.message_id, turn.text, reason=old.reason, in_vain=old.in_vain + 1, shown=old.shown
    )
    dialogue = step.read_afresh(request)
    if kind.about == "customer":
        await read_other_pieces(dialogue.reader, turn.text)
        return await advanced(step)
    await read_first(dialogue, turn.order_numbers)
    if dialogue.question is not None and not request.orders and old.orders:
        dialogue.question = None
        await take_orders(dialogue, old.orders)
    await others_than_refused(dialogue, old)
    return await advanced(step)
