"""What a pressed button means: `name=value`, as the dialogue's questions wrote it into the button."""

from __future__ import annotations

import json

from actions.changes.dialogue import ChangeDialogue
from actions.changes.kinds import BY_KEY
from actions.changes.proposing import ask_what_else, confirm
from actions.changes.records import address_candidate, address_details
from actions.changes.request import all_left
from actions.changes.taking_orders import re_aim, take_orders


async def choose(dialogue: ChangeDialogue, choice: str) -> None:
    """Takes a choice into the request. One of an older question, which does not fit any more, changes nothing."""
    name, _, value = choice.partition("=")
    request = dialogue.request
    if name == "confirm":
        if {each.id for each in request.proposals} == set(value.split(",")):
            await confirm(dialogue)
    elif name == "leave":
        await dialogue.leave()
    elif name == "revise":
        await dialogue.drop_proposals()
        ask_what_else(dialogue)
    elif name == "order":
        request.forget_order()
        await take_orders(dialogue, [value])
    elif name == "kind" and value in BY_KEY:
        await re_aim(dialogue, BY_KEY[value])
    elif name in ("line", "lines", "quantity"):
        await _choose_lines(dialogue, name, value)
    elif name == "target":
        await _choose_target(dialogue, value)
    elif name == "address":
        for address in await dialogue.records.addresses():
            if address.id == value:
                request.address = address_details(address_candidate(address))
    elif name == "reason":
        request.reason = value
    elif name == "refund":
        request.refund_target = value
    elif name == "payment":
        request.payment_method = value
    elif name == "extra":
        detail, _, wanted = value.partition(":")
        request.extras[detail] = wanted


async def _choose_lines(dialogue: ChangeDialogue, name: str, value: str) -> None:
    request = dialogue.request
    await dialogue.records.orders(request.orders)
    if not request.orders:
        return
    order = request.orders[0]
    if name == "quantity":
        number, _, quantity = value.partition(":")
        request.lines[f"{order}/{number}"] = int(quantity)
    elif name == "lines":
        request.lines = {f"{order}/{number}": None for number in json.loads(value)}
    elif value == "all":
        request.whole = True
        request.lines = {}
        if dialogue.kind.lines == "ask":
            request.lines = {line.key: None for number in request.orders for line in dialogue.records.lines(number)}
    else:
        line = dialogue.records.line(value)
        pieces = all_left(line, request.quantity) if line is not None else None
        request.lines, request.whole = {value: pieces}, False


async def _choose_target(dialogue: ChangeDialogue, sku: str) -> None:
    """For the line that is asked about, or the one whose target the CRM would not give."""
    request = dialogue.request
    await dialogue.records.orders(request.orders)
    subject = request.question.get("subject")
    for key in [subject] if subject else list(request.lines):
        line = dialogue.records.line(str(key))
        if line is not None and sku in {each.sku for each in await dialogue.records.variants(line.sku)}:
            request.targets[str(key)] = sku
