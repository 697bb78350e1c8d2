"""That the address is not what is meant, while it is asked for: "leave the address. Laptop: 17 inch"."""

from __future__ import annotations

from actions.changes.goods_meant import read_goods
from actions.changes.no_place import denies_place
from actions.changes.orders import CancelOrder, ChangeItems
from actions.changes.queueing import said_now, settled, waiting
from actions.changes.request import ChangeRequest
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import read_requests


async def off_place(step: Step) -> list[Event] | None:
    """Leaves a change of where an order goes that is not wanted, for what is; None where nothing says so."""
    turn, dialogue = step.turn, step.dialogue
    if not dialogue.kind.moves or turn.pressed or (rest := denies_place(turn.text)) is None:
        return None
    orders = list(dialogue.request.orders)
    queue = waiting(turn)
    if not rest and queue and len(orders) == 1 and await _wanted_of_goods(step, str(queue[0]["text"])) is not None:
        # "Forget the address. The lamp in black please" may have been taken for two requests.
        rest = str(queue[0]["text"])
    wanted = await _wanted_of_goods(step, rest) if rest and len(orders) == 1 else None
    if wanted is None:
        await dialogue.leave()
        events = await advanced(step)
        return [*events, said_now(turn, rest)] if rest else events
    await dialogue.drop_proposals()
    request = ChangeRequest(wanted, turn.message_id, rest, orders=orders, then=list(dialogue.request.then))
    step.waiting = settled([each for each in queue if str(each["text"]) not in f"{turn.text}\n{rest}"])
    await read_goods(step.go_on_with(request).reader, rest)
    return await advanced(step)


async def _wanted_of_goods(step: Step, text: str) -> str | None:
    """What `text` wants done with goods of the order that it names; None where it names none, or is not plain."""
    dialogue = step.dialogue
    await dialogue.records.orders(dialogue.request.orders)
    lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
    wishes = read_requests(text, lines, today=dialogue.records.today)
    named = [
        wish.wish
        for wish in wishes
        if any(why.kind in ("name", "near_name") for match in wish.lines.matches for why in match.reasons)
    ]
    if not named or "return" in named:
        return None
    return CancelOrder.key if set(named) == {"cancel"} else ChangeItems.key


__all__ = ["off_place"]
