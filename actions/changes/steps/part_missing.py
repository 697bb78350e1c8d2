"""A part of goods that came is missing, said while a claim for the goods themselves is asked about or proposed."""

from __future__ import annotations

from typing import Final

from actions.changes.shipments import ClaimMissingItem
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import NO_FOCUS, resolve_lines
from actions.resolver.missing_parts import missing_thing

_ASKED: Final = ("resolution", "confirmation", "lines", "revision")


async def part_missing(step: Step, asked: str) -> list[Event] | None:
    """Makes it a claim for that part: "no, the shelf came, only two screws are missing"; None where none is named."""
    turn, dialogue = step.turn, step.dialogue
    request = dialogue.request
    if dialogue.kind.key != ClaimMissingItem.key or asked not in _ASKED or turn.pressed or not request.orders:
        return None
    part = missing_thing(turn.text)
    if not part:
        return None
    if part == request.extras.get("part"):
        put_again(step)
        return events_of(step)
    await dialogue.records.orders(request.orders)
    lines = [line for number in request.orders for line in dialogue.records.lines(number, gone=True)]
    if resolve_lines(part, lines, focus=NO_FOCUS, today=dialogue.records.today).status != "none":
        return None
    request.text, request.question = turn.text, {}
    named = resolve_lines(turn.text, lines, focus=NO_FOCUS, today=dialogue.records.today)
    if named.status == "one":
        request.lines = {named.first.key: 1}
    request.extras.pop("resolution", None)
    request.extras["part"] = part
    dialogue.kind.read(turn.text, request, dialogue.records)
    await dialogue.drop_proposals()
    return await advanced(step)
