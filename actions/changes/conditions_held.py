"""Conditions that were said before it was known what goods become: they hold whenever that is.

"Not more than $30 dearer", and then "the black one"; "an 8 with a rubber sole, and if there is none cancel them", of which
the order had to be asked first. A limit is held against what is taken and leaves out what is asked about; what was said
for the case that there is none is done where there is none.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.asking_pieces import tell_what_stays
from actions.changes.dialogue import ChangeDialogue
from actions.changes.fallbacks import Fallback, fallback_in
from actions.changes.goods_apart import take_elsewhere
from actions.changes.kinds import BY_KEY
from actions.changes.reading import TargetRead
from actions.changes.request import ChangeRequest, Remark
from actions.changes.taking_orders import re_aim
from actions.changes.targets_meant import leave_too_dear
from actions.resolver import (
    LineCandidate,
    LineRequest,
    Match,
    Reason,
    Resolution,
    TooDear,
    VariantCandidate,
    Wish,
    options_spoken_of,
    resolve_lines,
    too_dear,
)

_BARE: Final = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|fine|sure|well|but|and|only)\W+)*"
    r"(?=(?:no more than|not more than|at most|max(?:imum)?|up to|under|below|less than)\b)",
    re.IGNORECASE,
)
"""A limit that leaves "only if it's" unsaid."""
_ONE_SIZE: Final = re.compile(
    r"\b(?:a|one|1|the next) (?:size|number) (?:up|down|bigger|larger|smaller|lower|higher)\b"
    r"|\bnext (?:bigger |larger |smaller )?size\b"
    r"|[大小]一?(?:个)?[码号](?!的?(?:是|不))",
    re.IGNORECASE,
)
_NAMES: Final = ("name", "near_name", "category")
_KINDS: Final = {"cancel": "cancel", "return": "return"}


def price_limit_of(text: str) -> tuple[TooDear | None, str]:
    """The limit of price that a message sets, also where it says nothing else, and the message without it."""
    dear, rest = too_dear(text)
    if dear is None and _BARE.match(text):
        dear, rest = too_dear(_BARE.sub("only if it's ", text))
    return dear, rest


def remember_condition(request: ChangeRequest, text: str) -> None:
    """Keeps a message that says under which condition goods become others, for when it is known which."""
    if text in (request.text, *request.conditions):
        return
    if price_limit_of(text)[0] is not None or fallback_in(text) is not None:
        request.conditions.append(text)


async def hold_conditions(dialogue: ChangeDialogue) -> None:
    """Does with the goods what was said for the case that holds: leaves them, calls them off, or asks of fewer."""
    request = dialogue.request
    if not dialogue.kind.swaps or not request.lines:
        return
    await _tell_skipped_sizes(dialogue)
    for text in [request.text, *request.conditions]:
        if text in request.held or not dialogue.kind.swaps:
            continue
        dear, _ = price_limit_of(text)
        if dear is not None and not dear.instead:
            await _hold_limit(dialogue, dear, text)
        if dialogue.kind.swaps:
            await _fall_back(dialogue, text)
    if dialogue.kind.swaps and not request.lines and tell_what_stays(dialogue):
        dialogue.finish()


async def _hold_limit(dialogue: ChangeDialogue, dear: TooDear, text: str) -> None:
    request, reader = dialogue.request, dialogue.reader
    before = dict(request.lines)
    await leave_too_dear(reader, dear, text)
    for key in [key for key in request.lines if key not in request.targets and key not in request.also]:
        line = dialogue.records.line(key)
        if dear.pieces is not None or line is None or not _speaks_of(text, line, _lines(dialogue), dialogue):
            continue
        await _ask_within(dialogue, line, dear)
    if request.lines.keys() != before.keys():
        request.held.append(text)


async def _ask_within(dialogue: ChangeDialogue, line: LineCandidate, dear: TooDear) -> None:
    """Leaves of what is asked about what does not cost too much; the only one that had all that was said is taken."""
    request, reader = dialogue.request, dialogue.reader
    variants = {each.sku: each for each in await dialogue.records.variants(line.sku)}
    read = reader.targets.get(line.key)
    put = request.question
    shown = put.get("shown") if put.get("slot") == "target" and put.get("subject") == line.key else None
    told = read is not None and bool(read.choices)
    offered = (read.choices if read is not None and read.choices else None) or shown or list(variants)
    pieces = request.lines.get(line.key) or line.changeable
    fit = [
        sku
        for sku in offered
        if sku != line.sku
        and (each := variants.get(sku)) is not None
        and each.available
        and not dear.holds(each.price_minor, line.unit_price_minor, pieces)
    ]
    if fit and (told or len(fit) < len(offered)):
        wanted = read.wanted if read is not None else ""
        reader.targets[line.key] = TargetRead(fit, wanted, nearest=read.nearest if read is not None else False)
        if told and len(fit) == 1 and not (read is not None and read.wanted):
            request.targets[line.key] = fit[0]
    elif not fit and told:
        cheapest = min((variants[sku] for sku in offered if sku in variants), key=lambda each: each.price_minor or 0)
        _let_go(dialogue, line, dear.otherwise, Remark("too_dear", _said(line, cheapest)))


def _said(line: LineCandidate, wanted: VariantCandidate) -> dict[str, str]:
    return {"line": line.key, "wanted": " / ".join(wanted.options.values())}


async def _fall_back(dialogue: ChangeDialogue, text: str) -> None:
    """Does what was said for the case that there is none of what a line is to become."""
    request, reader = dialogue.request, dialogue.reader
    fallback = fallback_in(text)
    if fallback is None:
        return
    lines = _lines(dialogue)
    await _ask_what_is_like_it(dialogue, text, fallback, lines)
    for key in [key for key in request.lines if key not in request.targets and key not in request.also]:
        line, read = dialogue.records.line(key), reader.targets.get(key)
        if line is None or read is None or not _is_absent(read):
            continue
        if not _speaks_of(fallback.sentence, line, lines, dialogue):
            continue
        request.held.append(text)
        wanted = read.wanted or fallback.wanted
        key_of = "left" if fallback.wish == "leave" else "unavailable"
        _let_go(dialogue, line, fallback.wish, Remark(key_of, {"line": key, "wanted": wanted}))
        if not request.lines and fallback.wish in _KINDS:
            await re_aim(dialogue, BY_KEY[_KINDS[fallback.wish]])
            request.lines, request.whole = {key: None}, False
            request.then = [each for each in request.then if key not in each["lines"]]
            request.remarks.append(Remark("unavailable", {"line": key, "wanted": wanted}))
            return


async def _tell_skipped_sizes(dialogue: ChangeDialogue) -> None:
    """Says of "a size up" that the next one does not exist; what was said for that case is done."""
    request = dialogue.request
    said = "\n".join([request.text, *request.conditions])
    if not _ONE_SIZE.search(said):
        return
    for key, sku in list(request.targets.items()):
        line = dialogue.records.line(key)
        if line is None or not _speaks_of(said, line, _lines(dialogue), dialogue):
            continue
        becomes = next((each for each in await dialogue.records.variants(line.sku) if each.sku == sku), None)
        size = _skipped_size(line, becomes) if becomes is not None else ""
        remark = Remark("unavailable", {"line": key, "wanted": size})
        if not size or remark in request.remarks:
            continue
        if fallback_in(said) is not None and request.text not in request.held:
            del request.targets[key]
            dialogue.reader.targets[key] = TargetRead([], size)
        else:
            request.remarks.append(remark)


def _skipped_size(line: LineCandidate, becomes: VariantCandidate) -> str:
    """The whole-numbered size next to the line's that was passed over; empty where none was."""
    for name, value in becomes.options.items():
        was = line.options.get(name, "")
        if value.isdigit() and was.isdigit() and abs(int(value) - int(was)) > 1:
            return str(int(was) + (1 if int(value) > int(was) else -1))
    return ""


async def _ask_what_is_like_it(
    dialogue: ChangeDialogue, text: str, fallback: Fallback, lines: Sequence[LineCandidate]
) -> None:
    """Asks of what would be another in more than was said whether it will do, where a way out was said for none."""
    request, reader = dialogue.request, dialogue.reader
    for key, sku in list(request.targets.items()):
        line = dialogue.records.line(key)
        if line is None or not _speaks_of(fallback.sentence, line, lines, dialogue):
            continue
        variants = await dialogue.records.variants(line.sku)
        becomes = next((each for each in variants if each.sku == sku), None)
        said = options_spoken_of(text, variants)
        if becomes is None or said is None or text in request.held:
            continue
        others = [name for name, value in becomes.options.items() if line.options.get(name, value) != value]
        if said and any(name not in said for name in others):
            request.held.append(text)
            wanted = " / ".join(value for name, value in becomes.options.items() if name in others and name in said)
            del request.targets[key]
            reader.targets[key] = TargetRead([sku], wanted, nearest=True)


def _is_absent(read: TargetRead) -> bool:
    """Whether what was said of the options is nowhere; what is there with something else besides is asked about."""
    return not read.current and (bool(read.wanted) or bool(read.edge)) and not (read.nearest and read.choices)


def _let_go(dialogue: ChangeDialogue, line: LineCandidate, otherwise: str, why: Remark) -> None:
    request, reader = dialogue.request, dialogue.reader
    pieces = request.lines.pop(line.key, None)
    request.targets.pop(line.key, None)
    reader.nothing_left = reader.nothing_left or not request.lines
    if otherwise == "leave":
        request.remarks.append(why)
        return
    match = Match(line, 0.9, (Reason("name"),), pieces)
    wish: Wish = "cancel" if otherwise == "cancel" else "return"
    take_elsewhere(reader, LineRequest(wish, Resolution("one", (match,))))
    for each in request.then[-1:]:
        if line.key in each["lines"]:
            key = "dearer" if why.key == "too_dear" else "unavailable"
            each["remarks"] = [*each.get("remarks", []), {"key": key, "values": why.values}]


def _lines(dialogue: ChangeDialogue) -> list[LineCandidate]:
    return [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]


def _speaks_of(sentence: str, line: LineCandidate, lines: Sequence[LineCandidate], dialogue: ChangeDialogue) -> bool:
    """Whether a sentence may be said of a line: it names it, or none, where only one is to become another."""
    found = resolve_lines(sentence, lines, today=dialogue.records.today)
    named = {m.candidate.key for m in found.matches if any(reason.kind in _NAMES for reason in m.reasons)}
    return line.key in named if named else len(dialogue.request.lines) == 1


__all__ = ["hold_conditions", "price_limit_of", "remember_condition"]
