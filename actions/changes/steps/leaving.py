"""What is turned down, stays as it is, or is left for something else."""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.events import SlotSet

from actions.changes.answering import starts_over
from actions.changes.buying_let_be import only_lets_buying_be
from actions.changes.goods_meant import read_goods
from actions.changes.instead import wish_instead
from actions.changes.keeping import Kept, kept_of
from actions.changes.placing import pays_by_gift_card
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import said_now, settled, waiting
from actions.changes.request import ChangeRequest
from actions.changes.several import chained
from actions.changes.steps.advancing import advanced
from actions.changes.steps.aims import wanted_instead
from actions.changes.steps.outcome import end_change
from actions.changes.steps.questions import CORRECTED, NAMES_GOODS, NARROWED, NO_REQUEST
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim
from actions.changes.taking_time import takes_time
from actions.changes.turned_down import calls_off_plainly, turned_down, turns_down
from actions.desk import Event
from actions.resolver import read_requests

_IN_CASE: Final = re.compile(r"\b(?:if|unless|in case)\b|要是|如果|假如|万一|的话|超过|以上", re.IGNORECASE)


async def not_wanted(step: Step, asked: str) -> list[Event] | None:
    """What the message turns down, lets stay or leaves of what this is about; None where it does none of that."""
    turn, dialogue = step.turn, step.dialogue
    paid = dialogue.kind.key == "place" and pays_by_gift_card(turn.text)
    # "Not buy one", of a gift card that is to pay, turns down nothing.
    if dialogue.kind.key == "place" and not paid and only_lets_buying_be(turn.text):
        return await turn_down(step, "")
    down = None if wish_instead(turn.text) is not None or paid else turned_down(turn.text)
    opposed = turns_down(down, dialogue.kind)
    if (
        down is not None
        and asked == "target"
        and (called_off := await _subject_called_off(step, down.rest)) is not None
    ):
        return called_off
    if down is not None and opposed and down.rest and (kind := await wanted_instead(step, down.rest)) is not None:
        await re_aim(dialogue, kind)
        await read_goods(dialogue.reader, down.rest, correcting=True)
        return await advanced(step)
    if opposed or _leaves(step, asked) or asked == "resolution":
        kept = await _what_stays(step) if asked in NARROWED else None
        if kept is not None and kept.part:
            # Of several things only some are to stay, whatever words for orders are said with them.
            await read_goods(dialogue.reader, turn.text, correcting=True)
            return await advanced(step)
        goes = kept is not None and kept.goes and asked in {*CORRECTED, "target"}
        if kept is not None and kept.others and asked in ("resolution", "target"):
            return await _other_goods(step)
        if down is not None and opposed and not (goes and kept is not None and kept.named):
            return await turn_down(step, down.rest)
        if _leaves(step, asked) and not goes:
            await dialogue.leave()
            return await advanced(step)
    return None


async def _subject_called_off(step: Step, said: str) -> list[Event] | None:
    """What is asked about is called off instead of becoming something else: "not swapped, the bag is cancelled".

    None where that is not said, or said of other goods.
    """
    dialogue = step.dialogue
    request, subject = dialogue.request, str(dialogue.request.question.get("subject") or "")
    queue = waiting(step.turn)
    # "It's not to be swapped" and "it's to be cancelled" may have been taken for two requests.
    rest = said or (str(queue[0]["text"]) if queue else "")
    if not dialogue.kind.swaps or subject not in request.lines or not calls_off_plainly(rest):
        return None
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(rest, lines, focus=dialogue.focus, today=dialogue.records.today)
    named = {line.key for wish in wishes for line in wish.lines.candidates}
    if {wish.wish for wish in wishes} - {"cancel", "return", "keep", None} or named - {subject}:
        return None
    if not said:
        step.waiting = queue[1:]
    order = subject.rpartition("/")[0]
    kind = "return" if dialogue.kind.goes_back else "cancel"
    pieces = request.lines.pop(subject)
    request.targets.pop(subject, None)
    request.also.pop(subject, None)
    off = ChangeRequest(kind, f"{step.turn.message_id}:off", "", orders=[order], lines={subject: pieces}, together=True)
    off.refund_target = request.refund_target
    await dialogue.drop_proposals()
    if request.lines:
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
        step.go_on_with(chained([off], request))
    else:
        off.then = list(request.then)
        step.go_on_with(off)
    return await advanced(step)


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


def _leaves(step: Step, asked: str) -> bool:
    """Whether the message only says to leave it; "no, just the first" begins like that and goes on."""
    if starts_over(step.turn.text):
        return True
    if takes_time(step.turn.text):
        return False
    if step.turn.intent == "deny":
        return asked in ("revision", "alternative")
    if asked in ("order", "lines", "target", "reason") and step.gives_reason():
        return False
    if wish_instead(step.turn.text) is not None:
        # "Never mind, send it back instead" leaves nothing.
        return False
    if _IN_CASE.search(step.turn.text):
        # "Size 7, and if it's more than $20 extra leave it" is left in that case only.
        return False
    return step.turn.intent == "stop" and not (asked in CORRECTED and step.turn.message.get("opening"))


async def turn_down(step: Step, rest: str) -> list[Event]:
    """What is proposed is not wanted; what else is said is answered now."""
    await step.dialogue.leave()
    events = await advanced(step)
    queue = settled(waiting(step.turn))
    return [*events, said_now(step.turn, rest) if rest else SlotSet(QUEUE, queue)]


async def _what_stays(step: Step) -> Kept:
    """What a message says of what stays and what goes: "leave the scarf in, only the rug goes"."""
    dialogue = step.dialogue
    await dialogue.records.orders(dialogue.request.orders)
    lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(step.turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
    return kept_of(wishes, [line.key for line in lines], dialogue.request.lines)


async def _other_goods(step: Step) -> list[Event]:
    """Other goods are meant than those that are asked about: "not the tablet, the watch"."""
    dialogue = step.dialogue
    dialogue.request.lines, dialogue.request.question = {}, {}
    await read_goods(dialogue.reader, step.turn.text, correcting=dialogue.kind.swaps)
    return await advanced(step)
