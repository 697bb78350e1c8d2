"""What is turned down, stays as it is, or is left for something else."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.changes.answering import starts_over
from actions.changes.instead import wish_instead
from actions.changes.keeping import Kept, kept_of
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import said_now, settled, waiting
from actions.changes.steps.advancing import advanced
from actions.changes.steps.outcome import end_change
from actions.changes.steps.questions import CORRECTED, NAMES_GOODS, NO_REQUEST
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import read_requests


async def turned_from_buying(step: Step) -> list[Event] | None:
    """Something else is asked before anything was chosen: nothing is lost by answering that, and only that.

    None where the message goes on with the purchase.
    """
    turn, dialogue = step.turn, step.dialogue
    if dialogue.request.extras.keys() & {"product", "sku", "basket", "waiting"}:
        return None
    intent = turn.intent
    if turn.order_numbers and (intent in NO_REQUEST or not step.is_request()):
        intent = "track_order"
    elif intent in {*NO_REQUEST, *NAMES_GOODS} or not step.is_request() or intent in dialogue.kind.intents:
        return None
    if await dialogue.kind.takes(dialogue, "place_product"):
        return await advanced(step)
    later = waiting(turn, but=(turn.text,))
    return [*end_change(), SlotSet(QUEUE, [{"text": turn.text, "intent": intent, "said_now": True}, *later])]


def leaves(step: Step, asked: str) -> bool:
    """Whether the message only says to leave it; "no, just the first" begins like that and goes on."""
    if starts_over(step.turn.text):
        return True
    if step.turn.intent == "deny":
        return asked in ("revision", "alternative")
    if asked in ("order", "lines", "target", "reason") and step.gives_reason():
        return False
    if wish_instead(step.turn.text) is not None:
        # "Never mind, send it back instead" leaves nothing.
        return False
    return step.turn.intent == "stop" and not (asked in CORRECTED and step.turn.message.get("opening"))


async def turn_down(step: Step, rest: str) -> list[Event]:
    """What is proposed is not wanted; what else is said is answered now."""
    await step.dialogue.leave()
    events = await advanced(step)
    queue = settled(waiting(step.turn))
    return [*events, said_now(step.turn, rest) if rest else SlotSet(QUEUE, queue)]


async def what_stays(step: Step) -> Kept:
    """What a message says of what stays and what goes: "leave the scarf in, only the rug goes"."""
    dialogue = step.dialogue
    await dialogue.records.orders(dialogue.request.orders)
    lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(step.turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
    return kept_of(wishes, [line.key for line in lines], dialogue.request.lines)


async def other_goods(step: Step) -> list[Event]:
    """Other goods are meant than those that are asked about: "not the tablet, the watch"."""
    dialogue = step.dialogue
    dialogue.request.lines, dialogue.request.question = {}, {}
    await dialogue.reader.order_pieces(step.turn.text, correcting=dialogue.kind.swaps)
    return await advanced(step)
