"""Going over to a change out of another answer: of an order that is known, of one that is meant, or of none."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.changes.asking import FORM
from actions.changes.dialogue import ChangeDialogue
from actions.changes.just_done import as_done
from actions.changes.next_piece import advance
from actions.changes.other_pieces import read_other_pieces
from actions.changes.request import ChangeRequest
from actions.changes.taking_orders import read_first
from actions.desk import Desk, Event, Turn, forget_details


async def begin_change(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str, order: str, *, text: str = ""
) -> list[Event]:
    """Goes over to a change of an order that is open, in the middle of another answer; `text`: in other words."""
    request = ChangeRequest(kind, turn.message_id, text or turn.text, orders=[order])
    return await take_up(desk, dispatcher, turn, request)


async def take_up(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, request: ChangeRequest) -> list[Event]:
    """Goes over to a request whose order is known already, in the middle of another answer."""
    verification = await desk.crm.verification(turn.conversation_id)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    await read_other_pieces(dialogue.reader, request.text)
    await advance(dialogue)
    return gone_over(turn, dialogue)


async def begin_account_change(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str) -> list[Event]:
    """Goes over to a change about no order, where another rule had the message."""
    request = ChangeRequest(kind, turn.message_id, turn.text)
    verification = await desk.crm.verification(turn.conversation_id)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    if await dialogue.kind.answer(dialogue, known=False):
        return forget_details()
    await read_other_pieces(dialogue.reader, turn.text)
    await advance(dialogue)
    return gone_over(turn, dialogue)


async def begin_order_change(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str, *, text: str = ""
) -> list[Event] | None:
    """Goes over to a change of an order that the message names or that it must mean; None for who is no customer.

    `text`: the message in other words.
    """
    verification = await desk.crm.verification(turn.conversation_id)
    if verification.level != "customer":
        return None
    request = ChangeRequest(kind, turn.message_id, text or turn.text)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    await read_first(dialogue, turn.order_numbers)
    await advance(dialogue)
    return gone_over(turn, dialogue)


def gone_over(turn: Turn, dialogue: ChangeDialogue) -> list[Event]:
    """The form takes up what is asked; what needed no question is done."""
    if dialogue.question is None:
        spoken_of = dialogue.focus.on_orders(list(reversed(dialogue.touched))) if dialogue.touched else dialogue.focus
        return [*forget_details(), SlotSet("focus", {**spoken_of.as_slot(), **as_done(dialogue.done)})]
    request = dialogue.request
    request.shown, request.question = dialogue.question.shown, dialogue.question.as_json()
    told = [SlotSet("details_message", turn.message_id), SlotSet("change", request.as_slot())]
    return [*forget_details(), *told, SlotSet("tracking_step", None), FollowupAction(FORM)]
