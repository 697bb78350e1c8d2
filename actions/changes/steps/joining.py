"""Another request beside the one that is open.

Of the same order it is joined to it; else it is kept for afterwards, or answered first where nothing would be lost.
"""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.changes.agreeing import agreement
from actions.changes.held_back import is_held_back
from actions.changes.kind import ChangeKind
from actions.changes.on_file import changed_on_file
from actions.changes.other_pieces import read_other_pieces
from actions.changes.profile import BookAddress, for_the_book_alone, keeps_in_book
from actions.changes.proposing import confirm
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import waiting
from actions.changes.request import ChangeRequest
from actions.changes.several import ITEMS, PLACE, before_sending, chained, joins, kept_too, read_beside, takes_items
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again, take_note
from actions.changes.steps.aims import names_another_order
from actions.changes.steps.outcome import end_change, events_of
from actions.changes.steps.step import Step
from actions.desk import Event


async def join(step: Step, kind: ChangeKind, asked: str, *, agreed: bool = False, said: str = "") -> list[Event] | None:
    """Another change of the same order, wanted beside the one that is being made; None where it is not that.

    `agreed`: what is proposed was agreed to in the same message. `said`: the words that want it, where not all do.
    """
    turn, dialogue = step.turn, step.dialogue
    request, kind = dialogue.request, before_sending(kind)
    if len(request.orders) != 1 or turn.message.get("opening") == "deny" or not joins(dialogue.kind, kind, turn.text):
        return None
    if await names_another_order(step, kind):
        return None
    further = await read_beside(dialogue, kind, said or turn.text)
    if further is None:
        return None
    agrees = asked == "confirmation" and bool(request.proposals) and (agreed or _says_yes(step))
    rules = dialogue.policies.modification
    if request.kind == ITEMS and agrees and further.kind in PLACE and rules is not None and rules.address_after_items:
        # Where it goes is a change of its own: what was agreed to need not wait for it.
        request.then.append(further.as_slot())
        await confirm(dialogue)
        return await advanced(step)
    if request.kind == ITEMS:
        await dialogue.drop_proposals()
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
        step.go_on_with(chained([further], request, agreed=request.terms if agrees else []))
        return await advanced(step)
    _follow(request, further)
    if agrees:
        await confirm(dialogue)
        return await advanced(step)
    if request.proposals:
        # The same offer once more, which says now that something follows.
        return await advanced(step)
    return take_note(step)


def _follow(request: ChangeRequest, further: ChangeRequest) -> None:
    """Lets `further` follow; items of the same order that change already take it in: they may change only once."""
    for place, each in enumerate(request.then):
        if each["kind"] == further.kind == ITEMS and each["orders"] == further.orders:
            same = ChangeRequest.from_slot(each)
            assert same is not None  # noqa: S101 - it is one
            if same.lines:
                takes_items(same, further)
            else:
                same.text = f"{same.text}; {further.text}"
            request.then[place] = same.as_slot()
            return
    request.then.append(further.as_slot())


async def keeps_address(step: Step, asked: str) -> list[Event] | None:
    """An address that is to be kept in the book: too, or and no order's; None where that is not said."""
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    nowhere = asked == "order" or (asked == "address" and changed_on_file(turn.text) is not None)
    alone = for_the_book_alone(turn.text) or (nowhere and keeps_in_book(turn.text))
    if not alone and not keeps_in_book(turn.text):
        return None
    if not alone:
        await read_other_pieces(dialogue.reader, turn.text)
        kept = kept_too(request, turn.text)
        if kept is None or any(each["kind"] == BookAddress.key for each in request.then):
            return None
        request.then.append(kept.as_slot())
        agrees = _says_yes(step) or (agreement(turn.text) is not None and not is_held_back(turn.text))
        if asked == "confirmation" and request.proposals and agrees:
            await confirm(dialogue)
        return await advanced(step)
    await dialogue.drop_proposals()
    book = ChangeRequest(BookAddress.key, turn.message_id, f"{request.text}\n{turn.text}")
    book.address, book.extras = dict(request.address), {"do": "add"}
    await read_other_pieces(step.go_on_with(book).reader, turn.text)
    if book.extras.get("do") == "replace":
        return await advanced(step)
    book.extras["do"] = "default" if book.extras.get("do") == "default" and not book.address else "add"
    return await advanced(step)


def _says_yes(step: Step) -> bool:
    """Whether the message is a yes that nothing in it holds back."""
    return step.says("affirm") and not is_held_back(step.turn.text)


def note_for_afterwards(step: Step) -> list[Event]:
    """Another request is kept for afterwards, and the question is put again."""
    turn, request = step.turn, step.dialogue.request
    queue = waiting(turn)
    if request.noted and not (request.taken or request.proposals):
        # The second time that something else is wanted, and nothing was answered that would be asked again.
        return answer_first(step)
    request.noted += 1
    step.dispatcher.utter_message(response="utter_request_noted", request=turn.text)
    put_again(step)
    events = events_of(step)
    # What waited before may be settled by the same words; what they ask for besides is noted all the same.
    queue = next((list(each["value"]) for each in events if each.get("name") == QUEUE), queue)
    if all(each["text"] != turn.text for each in queue):
        queue.append({"text": turn.text, "intent": turn.intent})
    return [*(each for each in events if each.get("name") != QUEUE), SlotSet(QUEUE, queue)]


def answer_first(step: Step) -> list[Event]:
    """Another request while nothing was taken into this one: it is answered now, and this one begins again."""
    turn, request = step.turn, step.dialogue.request
    queue = waiting(turn, but=(turn.text, request.text))
    intent = next(iter(step.dialogue.kind.intents), "")
    now = {"text": turn.text, "intent": turn.intent, "said_now": True}
    later = {"text": request.text, "intent": intent, "begun": True}
    earlier, after = (queue, []) if request.noted else ([], queue)
    return [*end_change(), SlotSet(QUEUE, [now, *earlier, later, *after])]
