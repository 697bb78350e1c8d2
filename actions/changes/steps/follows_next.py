"""The same goods of another order, asked after while some are offered that go first: 另外一双呢？两双都退."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import resolve_lines

_THE_OTHER: Final = re.compile(
    r"另外?(?:那|的)?(?:一)?[双件个台条只块把盒瓶套副张款]|(?:两|俩|二)[双件个台条只块把盒瓶套副张款][^，。！？]{0,3}(?:都|一起)"
    r"|\b(?:the other|the second|both)(?: (?:pair|one|set|of them|pairs|ones|sets))?\b",
    re.IGNORECASE,
)
_NAMES: Final = frozenset({"name", "near_name", "category"})


async def follows_next(step: Step, asked: str) -> list[Event] | None:
    """Says that the others come right after, and shows the offer again; None where no such goods are asked after.

    They go back, or are called off, order by order: what they have in common with other goods here means none of these.
    """
    dialogue, turn = step.dialogue, step.turn
    request = dialogue.request
    if asked != "confirmation" or dialogue.kind.swaps or turn.pressed or not request.lines or not request.proposals:
        return None
    if not _THE_OTHER.search(turn.text):
        return None
    numbers = [number for each in request.then if each["kind"] == request.kind for number in each["orders"]]
    await dialogue.records.orders([*request.orders, *numbers])
    offered = [line for key in request.lines if (line := dialogue.records.line(key)) is not None]
    titles = {title for line in offered for title in line.titles}
    keys = [key for each in request.then if each["kind"] == request.kind for key in each["lines"]]
    coming = [line for key in keys if (line := dialogue.records.line(key)) is not None and titles & set(line.titles)]
    here = [line for number in request.orders for line in dialogue.records.lines(number)]
    named = resolve_lines(turn.text, [*here, *coming], today=dialogue.records.today)
    others = {
        match.candidate.key
        for match in named.matches
        if any(reason.kind in _NAMES for reason in match.reasons) and not titles & set(match.candidate.titles)
    }
    if not coming or others:
        return None
    dialogue.say("utter_returns", answer=dialogue.words("follows_next"))
    put_again(step)
    return events_of(step)
