"""Where orders go, while that is offered: a house number put right, and another order that is to go there too.

What is put right of an address that was just given holds wherever it was to go: for every order, and in the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.changes.address_corrections import corrected, state_of
from actions.changes.everywhere import ADDRESS, follow_with_orders, move_again, same_door
from actions.changes.going_too import leaves_the_others, wanted_of_orders
from actions.changes.on_file import changed_on_file
from actions.changes.orders_meant import fitting, read_orders
from actions.changes.profile import BookAddress
from actions.changes.same_place_too import THE_OTHERS, TOO
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.questions import OFFERED
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import names_saved_address, parse_address


async def moved_otherwise(step: Step, asked: str) -> list[Event] | None:
    """Takes a correction of the address that is offered, or another order that goes there too; None where neither."""
    if not step.dialogue.kind.moves or step.turn.pressed:
        return None
    # The state alone may be given while the postcode is asked for.
    told = asked in OFFERED or (asked == "address" and state_of(step.turn.text) is not None)
    if asked in OFFERED and (state_of(step.turn.text) or "-") == step.dialogue.request.address.get("region"):
        # What is offered has it already.
        put_again(step)
        return events_of(step)
    if told and (mended := await _mended(step)) is not None:
        return mended
    if asked in OFFERED and _said_on_file_again(step):
        put_again(step)
        return events_of(step)
    if asked not in OFFERED:
        return None
    if await follow_with_orders(step.dialogue, step.turn.text):
        return await advanced(step)
    return await _another_too(step) if step.dialogue.kind.key == ADDRESS else None


def _said_on_file_again(step: Step) -> bool:
    """Whether the same address on file is said to become the one that is offered: no other wish."""
    request, text = step.dialogue.request, step.turn.text
    if request.kind != BookAddress.key or request.extras.get("do") != "replace" or changed_on_file(text) is None:
        return False
    typed = parse_address(text)
    return typed is None or not typed.lines or typed.lines[0].casefold() == request.address.get("line1", "").casefold()


async def _mended(step: Step) -> list[Event] | None:
    dialogue, text = step.dialogue, step.turn.text
    request = dialogue.request
    old = dict(request.address)
    if not old.get("line1") or (dialogue.kind.key == BookAddress.key and request.extras.get("do", "add") != "add"):
        return None
    typed = parse_address(text)
    if typed is not None and typed.lines and typed.city:
        return None
    now = corrected(old, text)
    if now is None or same_door(now, old):
        return None
    request.address = now
    request.then = [_with_address(each, old, now) for each in request.then]
    if dialogue.kind.key == BookAddress.key:
        await move_again(dialogue, old, now)
    return await advanced(step)


def _with_address(waiting: dict[str, Any], old: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Any]:
    """A request that follows, with the address put right where it was to go to the same place."""
    known = waiting.get("address") or {}
    return {**waiting, "address": {**known, **now}, "agreed": []} if known and same_door(known, old) else waiting


async def _another_too(step: Step) -> list[Event] | None:
    dialogue, text = step.dialogue, wanted_of_orders(step.turn.text)
    request = dialogue.request
    if request.address.get("line1") and not TOO.search(text) and leaves_the_others(step.turn.text):
        # The offer is of none of these: it stands.
        put_again(step)
        return events_of(step)
    if not request.address.get("line1") or not TOO.search(text):
        return None
    typed = parse_address(text)
    if (typed is not None and typed.lines) or names_saved_address(text):
        # To another place: that is a change of its own.
        return None
    open_now = await fitting(dialogue.reader)
    read = await read_orders(dialogue.reader, text, step.turn.order_numbers, asked=True)
    more = [each for each in read.sure if each in open_now]
    if not more and THE_OTHERS.search(text):
        more = [each.number for each in await dialogue.records.summaries() if each.number in open_now]
    if not more:
        return None
    new = [each for each in more if each not in request.orders]
    if not new:
        # They are offered already.
        put_again(step)
        return events_of(step)
    request.orders = [*request.orders, *new]
    return await advanced(step)
