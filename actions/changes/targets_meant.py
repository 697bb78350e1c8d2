"""What lines become: the variants that a message names for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from actions.changes.as_bought import as_bought
from actions.changes.as_told import as_told
from actions.changes.goods_apart import take_elsewhere
from actions.changes.reading import Reader, TargetRead
from actions.changes.request import Remark
from actions.changes.version_refused import fitting
from actions.changes.which_order import becoming
from actions.changes.wished_so_far import as_wished, turns_back
from actions.resolver import (
    LineCandidate,
    LineRequest,
    Match,
    Reason,
    Resolution,
    TooDear,
    VariantCandidate,
    compared,
    resolve_lines,
    resolve_reason,
    resolve_variant,
    takes_it,
)

_SIZE_FOR: Final = {"too_small": "a size up", "too_large": "a size down"}
"""What people want who find a thing too small or too large, as the resolver reads it."""


_STAYS: Final = re.compile(r"\b(?:same|stays?|unchanged)\b|不变|一样|同样|保持", re.IGNORECASE)


async def take_targets_of(reader: Reader, text: str) -> None:
    """Takes what the lines meant become from earlier words, which said it of others: "not these, those"."""
    wanted = becoming(text)
    for key in list(reader.request.lines):
        line = reader.records.line(key)
        if line is not None and wanted:
            variants = await reader.records.variants(line.sku)
            aim(reader, key, resolve_variant(wanted, variants, current=line, focus=reader.focus))


async def read_target(reader: Reader, text: str, key: str) -> bool:
    """The answer to "what shall this line become?"; whether it was one."""
    line = reader.records.line(key)
    if line is None:
        return False
    variants = await reader.records.variants(line.sku)
    focus = replace(reader.focus, shown=reader.request.shown or reader.focus.shown)
    bought = await as_bought(reader, text, line)
    shown = [str(each) for each in reader.request.question.get("shown", [])]
    wished = as_wished(line, variants, shown)
    found = bought or resolve_variant(text, variants, current=wished or line, focus=focus)
    if wished is not None and not found.matches:
        # What is offered, said again by its values: "XL in black then".
        again = resolve_variant(text, variants, current=line, focus=focus)
        found = again if again.status == "one" and again.first.sku in shown else found
    if wished is not None and found.status == "one" and turns_back(found.first, wished, line, text):
        # What was wished for is given up by nobody's words: it is asked.
        found = replace(found, status="unclear")
    offered = [each.sku for each in variants if each.sku in shown]
    if not found.matches and len(offered) == 1 and takes_it(text):
        reader.request.targets[key] = offered[0]
        return True
    if found.said_nothing:
        return False
    both = _with_what_was_said(reader, text, line, variants) if bought is None and found.status != "one" else None
    aim(reader, key, both or found)
    return key in reader.request.targets or both is not None


def _with_what_was_said(
    reader: Reader, text: str, line: LineCandidate, variants: Sequence[VariantCandidate]
) -> Resolution[VariantCandidate] | None:
    """What a line is to become by what was said of it and what stays: "a rubber sole", and then "the same size"."""
    put = reader.request.question
    said = str(put.get("wanted") or "")
    if not said or put.get("subject") != line.key or not _STAYS.search(text):
        return None
    found = resolve_variant(f"{said}, {text}", variants, current=line, focus=reader.focus)
    absent = [each for each in found.asked_but_absent if each.kind != "current"]
    return found if found.status == "one" or absent else None


async def open_targets(
    reader: Reader, text: str, wishes: Sequence[LineRequest], *, correcting: bool, offered: Mapping[str, str]
) -> None:
    """Takes what the lines become by `wishes`, or by `text` where there is one line; notes why it is open where it is.

    `correcting`: targets that were taken before, `offered`, may change.
    """
    request = reader.request
    spoken = {line.key: wish for wish in wishes for line in wish.lines.candidates}
    for key in request.lines:
        line = reader.records.line(key)
        if line is None:
            continue
        bought = await as_bought(reader, text, line)
        if key in request.targets and not correcting and (bought is None or len(request.lines) > 1):
            continue
        wish = spoken.get(key)
        target = wish.target if wish is not None else None
        target = bought or target
        if target is None or not target.matches:
            target = await as_told(reader, text, line) or target
        if correcting and key in offered and not spoken.keys() - {key}:
            stays, otherwise = await _instead_of_offer(reader, text, line, offered[key])
            if stays:
                request.targets[key] = offered[key]
                reader.restated = True
                continue
            target = otherwise or target
        if correcting and key not in offered and (otherwise := await _of_those_shown(reader, text, line)) is not None:
            target = otherwise
        if target is None and len(request.lines) == 1 and not spoken.keys() - {key}:
            variants = await reader.records.variants(line.sku)
            target = resolve_variant(text, variants, current=line, focus=reader.focus)
        if target is not None:
            aim(reader, key, fitting(target, reader.refused), correcting=correcting)
            if key not in request.targets and reader.kind.swaps:
                await _offer_what_fits(reader, text, key)


async def _of_those_shown(reader: Reader, text: str, line: LineCandidate) -> Resolution[VariantCandidate] | None:
    """What is wanted now, where others than could be had are offered: with what was wanted of the line before."""
    variants = await reader.records.variants(line.sku)
    wished = as_wished(line, variants, [str(each) for each in reader.request.question.get("shown", [])])
    if wished is None:
        return None
    found = resolve_variant(text, variants, current=wished, focus=reader.focus)
    if found.status == "one" and turns_back(found.first, wished, line, text):
        return replace(found, status="unclear")
    return None if found.said_nothing else found


async def _instead_of_offer(
    reader: Reader, text: str, line: LineCandidate, sku: str
) -> tuple[bool, Resolution[VariantCandidate] | None]:
    """What a message makes of the variant that is offered for a line: that it is right, and what comes in its place.

    What was said before stays: "no, the large one" of a blue one that is offered is the large blue one.
    """
    variants = await reader.records.variants(line.sku)
    offered = next((each for each in variants if each.sku == sku), None)
    if offered is None:
        return False, None
    found = resolve_variant(text, variants, current=offered, focus=reader.focus)
    told = {each.kind for each in found.asked_but_absent}
    if found.status == "none" and told == {"current"}:
        return True, None
    there = [each for each in found.candidates if each.sku != line.sku and each.available]
    return False, found if there else None


async def take_by_target(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> None:
    """Takes the only line that there is in what is wanted instead: "the thing I got, for the longer one"."""
    fit: list[str] = []
    wanted = ""
    for line in lines:
        found = resolve_variant(text, await reader.records.variants(line.sku), current=line, focus=reader.focus)
        if found.status in ("one", "many", "unclear"):
            fit.append(line.key)
        elif found.asked_but_absent:
            wanted = wanted or found.asked_but_absent[0].words
    if len(fit) == 1:
        reader.request.lines = {fit[0]: None}
    elif not fit:
        reader.fits_none = wanted or compared(text)


async def variants_of(
    reader: Reader, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate]
) -> dict[str, list[VariantCandidate]]:
    """By SKU, the variants of the lines that are wished something for; of the only line where none is."""
    meant = [line for wish in wishes for line in wish.lines.candidates] or list(lines[:1] if len(lines) == 1 else [])
    skus = list(dict.fromkeys(line.sku for line in meant if line.sku))
    return {sku: await reader.records.variants(sku) for sku in skus}


async def leave_too_dear(reader: Reader, dear: TooDear, text: str) -> None:
    """Lets go of lines whose target costs more than was said to be too much; what is wanted then comes instead.

    `text` is what the condition was said in: it holds for the lines named in its own sentence, else for all.
    """
    request = reader.request
    meant = [line for key in request.targets if (line := reader.records.line(key)) is not None]
    sentence = text[slice(*dear.sentence)]
    named = resolve_lines(sentence, meant, today=reader.records.today) if len(meant) > 1 and sentence.strip() else None
    limited = {match.candidate.key for match in named.matches if _is_named(match)} if named is not None else set()
    for line in meant:
        key, sku = line.key, request.targets[line.key]
        if limited and key not in limited:
            continue
        variants = await reader.records.variants(line.sku)
        wanted = next((each for each in variants if each.sku == sku), None)
        pieces = request.lines.get(key) or line.changeable
        if wanted is None or not dear.holds(wanted.price_minor, line.unit_price_minor, pieces):
            continue
        if dear.pieces is not None:
            request.lines[key] = min(pieces, dear.pieces)
            continue
        rather = resolve_variant(dear.instead, variants, current=line, focus=reader.focus) if dear.instead else None
        if rather is not None and rather.status == "one" and rather.first.available and rather.first.sku != sku:
            request.targets[key] = rather.first.sku
            continue
        del request.targets[key], request.lines[key]
        if dear.otherwise == "leave":
            request.remarks.append(Remark("too_dear", {"line": key, "wanted": _options_in_words(wanted)}))
            continue
        match = Match(line, 0.9, (Reason("name"),))
        take_elsewhere(reader, LineRequest(dear.otherwise, Resolution("one", (match,))))
        for each in request.then[-1:]:
            if key in each["lines"]:
                why = {"key": "dearer", "values": {"line": key, "wanted": _options_in_words(wanted)}}
                each["remarks"] = [*each.get("remarks", []), why]
    reader.nothing_left = reader.nothing_left or not request.lines


def remark_missed(reader: Reader, key: str, target: Resolution[VariantCandidate]) -> None:
    """Says what was wanted first and cannot be had, where what was wanted after it is taken."""
    missed = next((each.value for each in target.asked_but_absent if each.kind == "value" and each.value), "")
    remark = Remark("unavailable", {"line": key, "wanted": missed})
    if missed and remark not in reader.request.remarks:
        reader.request.remarks.append(remark)


def _is_named(match: Match[LineCandidate]) -> bool:
    return any(reason.kind in ("name", "near_name", "category") for reason in match.reasons)


def aim(reader: Reader, key: str, target: Resolution[VariantCandidate], *, correcting: bool = False) -> None:
    """Takes the target of a line, or notes why it is open."""
    request = reader.request
    reader.restated = reader.restated or target.status == "one"
    if target.status == "one" and target.first.available:
        request.targets[key] = target.first.sku
        reader.targets.pop(key, None)
        remark_missed(reader, key, target)
        return
    absent = target.asked_but_absent[0] if target.asked_but_absent else None
    if target.status == "one":
        request.targets.pop(key, None)
        reader.targets[key] = TargetRead(
            list(absent.nearest) if absent is not None else [], wanted=_options_in_words(target.first)
        )
    elif target.status in ("unclear", "many"):
        choices = [each.sku for each in target.candidates if each.available]
        if correcting and request.targets.get(key) not in choices:
            # Others than what was taken are meant, and it is not clear yet which.
            request.targets.pop(key, None)
        nearest = bool(target.asked_but_absent) and all(e.kind == "combination" for e in target.asked_but_absent)
        wanted = (absent.value or absent.words) if absent is not None else ""
        reader.targets[key] = TargetRead(choices, wanted, nearest=nearest)
    elif absent is not None:
        request.targets.pop(key, None)
        reader.targets[key] = TargetRead(
            list(absent.nearest),
            wanted=absent.value or absent.words,
            edge=absent.edge,
            current=absent.kind == "current",
        )


async def _offer_what_fits(reader: Reader, text: str, key: str) -> None:
    """Offers the next size where the line is said to be too small or too large, and no other is named."""
    read, line = reader.targets.get(key), reader.records.line(key)
    if line is None or (read is not None and not read.current):
        return
    why = resolve_reason(text, tuple(_SIZE_FOR))
    if why.status != "one":
        return
    variants = await reader.records.variants(line.sku)
    found = resolve_variant(_SIZE_FOR[why.first], variants, current=line, focus=reader.focus)
    if found.status in ("one", "unclear") and (fit := [each.sku for each in found.candidates if each.available]):
        reader.targets[key] = TargetRead(fit)


def _options_in_words(variant: VariantCandidate) -> str:
    """The values of a variant's options, as the shop writes them."""
    return " / ".join(variant.options.values())
