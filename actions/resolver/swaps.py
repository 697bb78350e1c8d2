"""What each line of an order is to become, by all that a message says of it: "the boots in a 9, leather, and waterproof".

A line's own variants say which words are of it. Where one line alone is spoken of the whole message is; where several are,
each part of the message is of the line that it names, or of the one before.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.lines import resolve_lines
from actions.resolver.requests import LineRequest
from actions.resolver.resolution import Match, Reason, Resolution
from actions.resolver.variants import resolve_variant

_PARTS: Final = re.compile(
    r"\s+(?:and|n|&|plus|but|also)\s+|[,;，；。!！?？]\s*|\.\s+|还有|并且|另外|而|、", re.IGNORECASE
)

_RATHER: Final = re.compile(r"不(?:想)?要[^，。,;；]{1,6}的?了?[，,]?\s?(?:而是|想)?(?:要|换)")
"""不要黑的了要灰的: of a value that is not wanted and the one that is, nothing is called off."""


def swaps_said(
    text: str,
    wishes: Sequence[LineRequest],
    lines: Sequence[LineCandidate],
    *,
    variants: Mapping[str, Sequence[VariantCandidate]],
    focus: Focus = NO_FOCUS,
    today: date,
) -> list[LineRequest]:
    """`wishes` with the targets that the message as a whole gives their lines. `variants` are by the lines' SKUs."""
    other = () if _RATHER.search(text) else ("cancel", "return")
    others = {each.key for wish in wishes if wish.wish in other for each in wish.lines.candidates}
    said = _said_of(text, wishes, lines, focus=focus, today=today)
    found: dict[str, Resolution[VariantCandidate]] = {}
    for line in lines:
        words = said.get(line.key)
        known = variants.get(line.sku or "", ())
        if words is None or line.key in others or not known:
            continue
        read = resolve_variant(words, known, current=line, focus=focus)
        if read.matches:
            found[line.key] = read
    if not found:
        return list(wishes)
    return _with_targets(wishes, found, {line.key: line for line in lines}, rather=not other)


def _said_of(
    text: str, wishes: Sequence[LineRequest], lines: Sequence[LineCandidate], *, focus: Focus, today: date
) -> dict[str, str]:
    """By line: the message with blanks for what is said of other lines."""
    parts: list[tuple[int, int]] = []
    start = 0
    for cut in [*_PARTS.finditer(text), None]:
        end = cut.start() if cut is not None else len(text)
        if text[start:end].strip():
            parts.append((start, end))
        start = cut.end() if cut is not None else end
    of: list[str | None] = []
    for begin, end in parts:
        found = resolve_lines(text[begin:end], lines, focus=NO_FOCUS, today=today)
        named = [m for m in found.matches if any(r.kind in ("name", "near_name", "category") for r in m.reasons)]
        keys = [match.candidate.key for match in named]
        if len(keys) > 1:
            keys = [key for key in keys if key in _keys(wishes)]
        of.append(keys[0] if len(keys) == 1 else "" if keys else None)
    spoken = {key for key in of if key}
    if "" in of:
        return {}
    if not spoken:
        meant = {key for wish in wishes for key in _keys([wish])}
        meant = meant or ({lines[0].key} if len(lines) == 1 else set())
        return dict.fromkeys(meant, text) if len(meant) == 1 else {}
    if len(spoken) == 1:
        return {next(iter(spoken)): text}
    latest = next(key for key in of if key)
    said: dict[str, list[str]] = {key: [" "] * len(text) for key in spoken}
    for (begin, end), key in zip(parts, of, strict=True):
        latest = key or latest
        said[latest][begin : min(end + 1, len(text))] = text[begin : min(end + 1, len(text))]
    return {key: "".join(words) for key, words in said.items()}


def _keys(wishes: Sequence[LineRequest]) -> set[str]:
    return {line.key for wish in wishes for line in wish.lines.candidates}


def _with_targets(
    wishes: Sequence[LineRequest],
    found: Mapping[str, Resolution[VariantCandidate]],
    lines: Mapping[str, LineCandidate],
    *,
    rather: bool,
) -> list[LineRequest]:
    swapped = (None, "exchange", "cancel") if rather else (None, "exchange")
    left = dict(found)
    kept: list[LineRequest] = []
    for wish in wishes:
        keys = _keys([wish])
        points = all(r.kind == "comparative" for m in wish.lines.matches for r in m.reasons)
        open_ended = wish.target is None or not wish.target.matches
        if open_ended and not wish.conditions and (not keys or (points and not keys & found.keys())):
            # "Waterproof" or "the cheapest", behind a comma, names no line of its own.
            continue
        key = next(iter(keys)) if len(keys) == 1 else ""
        told = left.get(key)
        only_valued = all(r.kind == "option" for m in wish.lines.matches for r in m.reasons)
        if told is None or (wish.wish not in swapped and not (wish.wish == "keep" and only_valued)):
            kept.append(wish)
            continue
        del left[key]
        if _is_better(told, wish.target):
            lines_sure = wish.lines if wish.lines.sure else replace(wish.lines, status="one", asked_but_absent=())
            wish = replace(wish, wish="exchange", lines=lines_sure, target=told)
        kept.append(wish)
    for key, told in left.items():
        if any(key in _keys([wish]) for wish in wishes):
            continue
        match = Match(lines[key], 0.9, (Reason("name"),))
        kept.append(LineRequest("exchange", Resolution("one", (match,)), target=told))
    return kept


def _is_better(told: Resolution[VariantCandidate], before: Resolution[VariantCandidate] | None) -> bool:
    """Whether all that was said tells more than the clause alone."""
    if before is None or before.status != "one":
        return True
    return told.status == "one" or len(told.spans) > len(before.spans)


__all__ = ["swaps_said"]
