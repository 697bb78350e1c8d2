"""Which order is meant, answered as the question's own buttons call it: "Jigsaw and 2 more", 拼图等3件那单.

The goods in such a name only say which order that is: nothing is wanted of them.
"""

from __future__ import annotations

from actions.changes.other_pieces import read_other_pieces
from actions.changes.records import ORDERS_READ
from actions.changes.said_of_each import names_goods
from actions.changes.steps.advancing import advanced
from actions.changes.steps.step import Step
from actions.changes.taking_orders import take_orders
from actions.desk import Event
from actions.resolver import resolve_orders
from actions.resolver.order_labels import by_label


async def order_called(step: Step, asked: str) -> list[Event] | None:
    """Goes on with the order that the answer calls by its button; None where it calls none, or more goods are named."""
    turn, dialogue = step.turn, step.dialogue
    if asked != "order" or turn.pressed or turn.order_numbers or dialogue.kind.about != "order":
        return None
    records = dialogue.records
    shown = [str(each) for each in dialogue.request.question.get("shown") or []]
    numbers = shown or [each.number for each in (await records.summaries())[:ORDERS_READ]]
    orders = await records.order_candidates(numbers)
    labelled = by_label(turn.text, orders)
    if labelled is None:
        return None
    found = resolve_orders(turn.text, orders, focus=dialogue.focus, today=records.today)
    called = {each.number for each in labelled.orders} & {each.number for each in found.candidates}
    rest = f"{turn.text[: labelled.span.start]} {turn.text[labelled.span.end :]}"
    lines = [line for each in orders for line in each.lines]
    if len(called) != 1 or not found.sure or names_goods(rest, lines, today=records.today):
        return None
    dialogue.request.forget_order()
    await take_orders(dialogue, [called.pop()])
    await read_other_pieces(dialogue.reader, rest)
    return await advanced(step)


__all__ = ["order_called"]
