"""Which orders a request is about, and the kind of change that does what is wanted in the state they are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions.changes.asking_pieces import ask_order
from actions.changes.dialogue import ChangeDialogue
from actions.changes.goods_apart import take_apart
from actions.changes.goods_meant import read_goods
from actions.changes.kind import ChangeKind
from actions.changes.lines_told import with_lines_told
from actions.changes.no_place import means_goods
from actions.changes.one_by_one import KIND as ONE_BY_ONE
from actions.changes.one_by_one import means_each, take_one_by_one
from actions.changes.orders import ChangeItems
from actions.changes.orders_meant import read_orders
from actions.changes.other_pieces import read_other_pieces
from actions.changes.portions import orders_with_several
from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest, Remark
from actions.changes.resizing import resize
from actions.changes.swaps_apart import take_swaps_apart
from actions.crm_client import CrmNotFound
from actions.resolver import LineCandidate, wish_first
from actions.resolver.in_both import said_outright
from actions.resolver.one_of_each import pieces_of_each
from actions.resolver.said_plainly import rest_paid
from shopdesk_schemas.crm import OrderSummary, OrderView


async def read_first(dialogue: ChangeDialogue, numbers: Sequence[str]) -> None:
    """Reads the words that began the request; how what stays of it is to be paid comes after it."""
    way = ""
    if dialogue.kind.key in ("cancel", "return"):
        dialogue.request.text, way = rest_paid(dialogue.request.text)
    await _read_first(dialogue, numbers)
    request = dialogue.request
    if way and request.kind == "cancel" and len(request.orders) == 1 and request.lines:
        further = ChangeRequest("payment", f"{request.origin}:paid", way, orders=list(request.orders), together=True)
        await Reader(dialogue.records, further, dialogue.focus).payment_method(way)
        request.then.append(further.as_slot())


async def _read_first(dialogue: ChangeDialogue, numbers: Sequence[str]) -> None:
    if dialogue.kind.about == "order" and (first := wish_first(dialogue.request.text)) is not None:
        dialogue.request.text = first.text
    if dialogue.kind.lines != "none":
        dialogue.request.text = said_outright(dialogue.request.text)
    dialogue.request.text = await with_lines_told(dialogue.request.text, dialogue.kind, dialogue.records)
    await read_other_pieces(dialogue.reader, dialogue.request.text)
    if not numbers and await take_swaps_apart(dialogue.reader, dialogue.request.text):
        return
    read = await read_orders(dialogue.reader, dialogue.request.text, numbers, asked=False)
    if not (read.sure or read.absent or read.thing) and dialogue.kind.means_all(dialogue.request.text):
        read.sure = read.choices
    if not (read.sure or read.absent) and len(read.choices) > 1:
        await dialogue.records.orders(read.choices)
        lines = {number: dialogue.records.lines(number) for number in read.choices}
        several = orders_with_several(dialogue.request.text, lines, today=dialogue.records.today)
        read.sure = several if len(several) == 1 else _having_each(dialogue, lines)
    told = bool(read.sure or read.absent or read.thing or numbers)
    if not told and dialogue.kind.lines == "none" and means_each(dialogue.request.text, len(read.choices)):
        if dialogue.request.kind == ONE_BY_ONE:
            take_one_by_one(dialogue.request, read.choices)
            return
        read.sure = read.choices if dialogue.kind.moves and dialogue.kind.several_orders else read.sure
    await take_orders(dialogue, read.sure, read.choices, read.absent, read.thing)


def _having_each(dialogue: ChangeDialogue, lines: Mapping[str, Sequence[LineCandidate]]) -> list[str]:
    """The orders with the goods of each of which some are to stay: "one of each stays, the rest goes"."""
    if dialogue.kind.wish not in ("cancel", "return"):
        return []
    every = [line for each in lines.values() for line in each]
    gone = pieces_of_each(dialogue.request.text, every, [], today=dialogue.records.today)
    return [number for number, each in lines.items() if any(line.key in gone for line in each)]


async def take_orders(
    dialogue: ChangeDialogue,
    sure: Sequence[str],
    choices: Sequence[str] = (),
    absent: str | None = None,
    thing: str = "",
) -> None:
    """Goes on with the orders meant, or asks which of `choices`.

    `absent` is a number that is not the shopper's, `thing` words for goods that none of the orders has: both are said.
    """
    if sure:
        dialogue.request.orders = list(sure)
        if await means_goods(dialogue.reader, dialogue.request.text):
            dialogue.request.kind, dialogue.request.address = ChangeItems.key, {}
        meant = dialogue.kind.wish
        await _suit(dialogue)
        dialogue.reader.meant_as = meant if meant != dialogue.kind.wish else None
        if meant == "return" and dialogue.kind.wish == "cancel" and await _all_shipped(dialogue):
            dialogue.request.remarks.append(Remark("not_arrived"))
        if await resize(dialogue, dialogue.request.text):
            return
        await read_goods(dialogue.reader, dialogue.request.text, begins=True)
        if dialogue.reader.rather is not None:
            # What was understood as one kind says plainly of every line that another is wanted.
            failed = dialogue.reader.failed
            dialogue.request.kind, dialogue.reader.meant_as = dialogue.reader.rather.key, None
            await _suit(dialogue)
            if failed:
                # What was wanted cannot be had, and what to do then was said of just these.
                dialogue.request.lines = dict.fromkeys(failed)
                said = ((key, wanted) for key, wanted in failed.items() if wanted)
                dialogue.request.remarks += [Remark("unavailable", {"line": key, "wanted": what}) for key, what in said]
            else:
                await read_goods(dialogue.reader, dialogue.request.text)
        take_apart(dialogue.reader)
        if dialogue.reader.elsewhere and dialogue.kind.wish == "cancel" and not dialogue.request.lines:
            # All of it is wanted otherwise, by its condition: what was sent is sent back.
            dialogue.finish()
    else:
        dialogue.request.orders = []
        await ask_order(dialogue, choices, absent, thing)


async def re_aim(dialogue: ChangeDialogue, kind: ChangeKind) -> None:
    """Another kind of change of the same things is wanted: what was offered is turned down."""
    await dialogue.drop_proposals()
    request = dialogue.request
    kept = dict(request.extras) if request.kind in kind.goes_on_from else {}
    request.kind, request.targets, request.extras, request.also = kind.key, {}, kept, {}
    if request.reason not in kind.reasons(dialogue.policies):
        request.reason = None
    request.question, request.remarks = {}, []
    await _suit(dialogue)
    if dialogue.kind.lines == "ask" and not request.lines and request.whole:
        views = await dialogue.records.orders(request.orders)
        request.lines = {line.key: None for view in views for line in dialogue.records.lines(view.number)}
    await read_other_pieces(dialogue.reader, f"{request.text}\n{dialogue.turn.text}")


async def _suit(dialogue: ChangeDialogue) -> None:
    """The kind that does what is wanted in the orders' state."""
    views: dict[str, OrderSummary | OrderView] = {each.number: each for each in await dialogue.records.summaries()}
    for number in dialogue.request.orders:
        if number not in views and (view := await _opened(dialogue, number)) is not None:
            # Of who proved one order and no more there is no list.
            views[number] = view
    text = dialogue.request.text
    suited = {dialogue.kind.suited_to(views[number], text) for number in dialogue.request.orders if number in views}
    if len(suited) == 1 and suited != {dialogue.request.kind}:
        dialogue.request.kind = suited.pop()
        if dialogue.request.reason is None:
            # The kind that was asked for may have had no reasons to look for.
            dialogue.reader.reason(text)


async def _all_shipped(dialogue: ChangeDialogue) -> bool:
    views = {each.number: each for each in await dialogue.records.summaries()}
    return all(views[number].state == "shipped" for number in dialogue.request.orders if number in views)


async def _opened(dialogue: ChangeDialogue, number: str) -> OrderView | None:
    try:
        return await dialogue.records.order(number)
    except CrmNotFound:
        return None
