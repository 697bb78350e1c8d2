"""A thing of the order that is asked after while others are offered: "and the bag? that one too", 包呢？也要一起换."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.as_bought import as_bought
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import put_again
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.desk import Event
from actions.resolver import read_requests, resolve_lines, resolve_variant, swaps_said

_ASKED: Final = ("confirmation", "payment_method")
_AFTER: Final = re.compile(
    r"(?P<zh>[^，。,.;；!！?？\s]{1,12})呢[\s?？，,。!！]*"
    r"(?:(?:它|那个|这个|(?P=zh))?(?:也|还|一起|一并|都|要|想|得|给我|帮我)*(?:换|改|退|取消|不要)(?:了|的|掉|货|一下)*(?:呀|啊|吧|哦)?)?[\s?？。!！]*$"
    r"|\b(?:and(?=[^?]*\?)|what about|how about)\s+(?P<en>(?:the|my)\s+[a-z][a-z -]{1,30}?)\s*(?:\?|$)"
    r"(?:\W*(?:i (?:want|wanted)\s+)?(?:that(?: one)?|it|swap|change|exchange|to|be|changed|swapped|too|as well|also"
    r"|please|should|return|returned|send|back|goes|go|cancel|cancelled|has|needs|off)\b\W*)*$",
    re.IGNORECASE,
)
_GOES_TOO: Final = re.compile(
    r"[也退]|一起|一并|取消|不要|\b(?:too|also|as well|return\w*|back|cancel\w*)\b", re.IGNORECASE
)
_WANTED: Final = re.compile(
    r"\bi (?:want|need|like|love) (?:it|that|this)\b|\b(?:should|can|could|does|will|would)\b[^?]*\?|[吗么]\W*$",
    re.IGNORECASE,
)
"""It is wanted, or only asked whether it goes."""
_CLAUSES: Final = re.compile(r"[，。,;；.!！?？]")
_NAMES: Final = ("name", "near_name", "category")


async def asked_after(step: Step, asked: str) -> list[Event] | None:
    """Takes a thing of the order in that is asked after beside a change; None where none is.

    What it is to become was said before, or is asked next. Of what is in the change already that is shown again.
    """
    dialogue, turn = step.dialogue, step.turn
    request = dialogue.request
    said = _AFTER.search(turn.text)
    going = dialogue.kind.goes_back or dialogue.kind.wish == "cancel"
    if said is None or asked not in _ASKED or turn.pressed or len(request.orders) != 1:
        return None
    if not (dialogue.kind.swaps or (going and request.lines and not request.whole)):
        return None
    await dialogue.records.orders(request.orders)
    lines = dialogue.records.lines(request.orders[0])
    today = dialogue.records.today
    found = resolve_lines(said["zh"] or said["en"], lines, today=today)
    meant = [each.candidate for each in found.matches if any(why.kind in _NAMES for why in each.reasons)]
    if len(meant) != 1 or not request.lines:
        return None
    line = meant[0]
    if going and not dialogue.kind.swaps:
        whole = turn.metadata.get("whole")
        words = str(whole.get("text") or "") if isinstance(whole, dict) else ""
        tail = (words if words.startswith(turn.text) else turn.text)[said.end("zh" if said["zh"] else "en") :]
        others = {each.candidate.key for each in resolve_lines(tail, lines, today=today).matches} - {line.key}
        goes = _GOES_TOO.search(tail) is not None and _WANTED.search(tail) is None
        if line.key not in request.lines and not others and goes:
            request.lines[line.key] = None
        # Asked after alone it takes the place of nothing: what was noted of it is taken in.
        return await advanced(step)
    variants = await dialogue.records.variants(line.sku)
    if not resolve_variant(turn.text, variants, current=line).said_nothing:
        # "And the blue bottle?" asks for another version of it.
        return None
    if asked == "payment_method":
        await dialogue.reader.payment_method(turn.text)
    if line.key in request.lines:
        put_again(step)
        return events_of(step)
    then = request.then
    if any(line.key in each["lines"] or (each["orders"] == request.orders and not each["lines"]) for each in then):
        return None
    request.lines[line.key] = None
    wishes = swaps_said(request.text, [], [*lines], variants={line.sku or "": variants}, today=today)
    wishes = wishes or read_requests(request.text, lines, variants={line.sku or "": variants}, today=today)
    target = next((wish.target for wish in wishes if line.key in {each.key for each in wish.lines.candidates}), None)
    for clause in _CLAUSES.split(request.text):
        named = resolve_lines(clause, lines, today=today).matches
        if line.key in {each.candidate.key for each in named}:
            target = await as_bought(dialogue.reader, clause, line) or target
    if target is not None and target.status == "one" and target.first.available:
        request.targets[line.key] = target.first.sku
    return await advanced(step)
