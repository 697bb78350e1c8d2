"""What each line of an order is to become, by all that a message says of it: "the boots in a 9, leather, and waterproof".

A line's own variants say which words are of it. Where one line alone is spoken of the whole message is; where several are,
each part of the message is of the line that it names, or of the one before.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.lines import line_pool, read_lines, resolve_lines
from actions.resolver.option_index import options_of
from actions.resolver.requests import LineRequest
from actions.resolver.resolution import Match, Reason, Resolution, Status
from actions.resolver.text import fold
from actions.resolver.variants import resolve_variant, variants_having

_PARTS: Final = re.compile(
    r"\s+(?:and|n|&|plus|but|also)\s+|[,;，；。!！?？]\s*|\.\s+|还有|并且|另外|而|、|(?<=[\u4e00-\u9fff])\s+",
    re.IGNORECASE,
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
    said = _said_of(text, wishes, lines, variants, today=today)
    found: dict[str, Resolution[VariantCandidate]] = {}
    missing: dict[str, Resolution[VariantCandidate]] = {}
    for line in lines:
        words = said.get(line.key)
        known = variants.get(line.sku or "", ())
        if words is None or line.key in others or not known:
            continue
        read = resolve_variant(words, known, current=line, focus=focus)
        if read.matches:
            found[line.key] = read
        elif any(each.kind != "current" for each in read.asked_but_absent):
            missing[line.key] = read
    wishes = [_failing(wish, missing) for wish in _without_kept_options(wishes, missing, said, lines, variants)]
    if not found:
        return list(wishes)
    wishes = _without_strays(wishes, found, lines, variants)
    partly = {line.key for line in lines if line.key in found and found[line.key].status == "one"
              and keeps_options(said[line.key], variants.get(line.sku or "", ()))}  # fmt: skip
    wishes = [wish for wish in wishes if not (partly and _keeps_all_options(wish))]
    return _with_targets(wishes, found, {line.key: line for line in lines}, rather=not other, partly=partly)


_STAYS: Final = re.compile(
    r"(?:s|es)?(?:\W|\b(?:and|of|it|colou?rs?|can|should|must|is|are|to|be|size|type|[a-z]+)\b){0,8}?"
    r"\b(?:stays?|same|unchanged|as (?:it|they) (?:is|are|was|were)|as is|as before|remains?)\b"
    r"|[^，。,.;；！!？?]{0,4}?(?:不变|一样|照旧|不改|不换|别变|别换|别改|保持)"
)
_OTHERS: Final = (r"别的", r"其[他它余]", "everything else", "the rest", "all else")


def keeps_options(text: str, variants: Sequence[VariantCandidate]) -> bool:
    """Whether it is options of the goods that `text` says stay, by their names: "zoom and resolution stay the same"."""
    names = {word for word in options_of(variants).name_words if len(word) > 1} if variants else set()
    called = "|".join([*(re.escape(word) for word in sorted(names, key=len, reverse=True)), *_OTHERS])
    said = fold(text)
    return any(_STAYS.match(said, hit.end()) for hit in re.finditer(called, said))


def _keeps_all_options(wish: LineRequest) -> bool:
    """Whether 都 in 像素变焦都不变 was taken for all goods."""
    reasons = [reason.kind for match in wish.lines.matches for reason in match.reasons]
    return wish.wish == "keep" and len(wish.lines.matches) > 1 and all(kind == "everything" for kind in reasons)


def _without_kept_options(
    wishes: Sequence[LineRequest],
    missing: Mapping[str, Resolution[VariantCandidate]],
    said: Mapping[str, str],
    lines: Sequence[LineCandidate],
    variants: Mapping[str, Sequence[VariantCandidate]],
) -> list[LineRequest]:
    """The wishes without those that a line stays which is to become another in part: 颜色鞋底都不变 of shoes."""
    skus = {line.key: line.sku or "" for line in lines}
    swapped = {key for wish in wishes if wish.wish in (None, "exchange") for key in _keys([wish])}
    partly = {k for k in missing if k in swapped and keeps_options(said[k], variants.get(skus[k], ()))}
    return [
        wish
        for wish in wishes
        if wish.wish != "keep" or not wish.lines.matches or not _keys([wish]) <= partly or wish.lines.sure
    ]


def _failing(wish: LineRequest, missing: Mapping[str, Resolution[VariantCandidate]]) -> LineRequest:
    """A wish with what there is none of by all that is said: the clause alone leaves out what is to stay as it is."""
    key = next(iter(_keys([wish])), "")
    if len(_keys([wish])) == 1 and key in missing and wish.wish == "keep" and wish.conditions:
        # "A size smaller, the blue stays, and if there is none leave it": options stay, and not the goods.
        return replace(wish, wish="exchange", target=missing[key])
    if wish.wish not in (None, "exchange") or len(_keys([wish])) != 1 or key not in missing:
        return wish
    open_ended = wish.target is not None and wish.target.matches and not wish.target.sure
    if not wish.conditions and not (open_ended and missing[key].asked_but_absent[0].nearest):
        return wish
    return replace(wish, wish="exchange", target=missing[key])


_SEVERAL: Final = 2
_NAMED: Final = ("name", "near_name", "category")


def _names(
    match: Match[LineCandidate],
    lines: Sequence[LineCandidate],
    variants: Mapping[str, Sequence[VariantCandidate]],
    kinds: Sequence[str] = _NAMED,
) -> bool:
    """Whether a line is named by more than a word for another line's option: the 盘 of a watch's 表盘 is no 键盘."""
    options = {
        name.casefold()
        for line in lines
        if line.key != match.candidate.key
        for each in variants.get(line.sku or "", ())[:1]
        for chosen in (each.options, *each.other_options)
        for name in chosen
    }
    for reason in match.reasons:
        said = reason.words.casefold()
        short = bool(said) and (said in options or (len(said) == 1 and any(said in name for name in options)))
        if reason.kind in kinds and not short:
            return True
    return False


def _without_strays(
    wishes: Sequence[LineRequest],
    found: Mapping[str, Resolution[VariantCandidate]],
    lines: Sequence[LineCandidate],
    variants: Mapping[str, Sequence[VariantCandidate]],
) -> list[LineRequest]:
    """The wishes without those for lines that were meant by a word that says what another line is to become.

    "The grill in large" is said of no jacket in L, and the black dial of a watch of no keyboard.
    """
    named = {
        match.candidate.key: match.candidate
        for wish in wishes
        for match in wish.lines.matches
        if match.candidate.key in found and _names(match, lines, variants, ("name",))
    }
    spoken = {key for wish in wishes for key in _keys([wish])}
    named |= {line.key: line for line in lines if line.key in found and line.key not in spoken}
    kept: list[LineRequest] = []
    for wish in (_without_valued(each, named, lines, variants) for each in wishes):
        others = [line for key, line in named.items() if key not in _keys([wish])]
        if wish.wish not in (None, "exchange") or wish.conditions or not others or not wish.lines.matches:
            kept.append(wish)
            continue
        fits = wish.target is not None and any(each.available for each in wish.target.candidates)
        counted = any(reason.kind == "everything" for match in wish.lines.matches for reason in match.reasons)
        by_value = not any(_names(match, lines, variants, ("name", "category")) for match in wish.lines.matches)
        words = [r.words for match in wish.lines.matches for r in match.reasons if r.kind in ("option", "near_name")]
        told = all(any(variants_having(w, variants.get(line.sku or "", ())) for line in others) for w in words)
        same_words = any(
            other is not wish and other.wanted == wish.wanted and other.target is not None and other.target.matches
            for other in wishes
        )
        if by_value and told and (counted or not fits):
            continue
        if wish.wanted and same_words and not fits:
            continue
        kept.append(wish)
    return kept


def _without_valued(
    wish: LineRequest,
    named: Mapping[str, LineCandidate],
    lines: Sequence[LineCandidate],
    variants: Mapping[str, Sequence[VariantCandidate]],
) -> LineRequest:
    """A wish for a line that is named, without others that only a value of that line's goods fits too."""
    called = [match for match in wish.lines.matches if match.candidate.key in named]
    if not called or len(called) == len(wish.lines.matches) or wish.wish not in (None, "exchange"):
        return wish

    def valued(match: Match[LineCandidate]) -> bool:
        words = [reason.words for reason in match.reasons if reason.kind == "option"]
        by_name = _names(match, lines, variants, ("name", "category"))
        skus = [line.candidate.sku or "" for line in called]
        return not by_name and all(any(variants_having(w, variants.get(sku, ())) for sku in skus) for w in words)

    left = tuple(match for match in wish.lines.matches if match in called or not valued(match))
    status: Status = "one" if len(left) == 1 else wish.lines.status
    return replace(wish, lines=replace(wish.lines, status=status, matches=left))


def _said_of(
    text: str,
    wishes: Sequence[LineRequest],
    lines: Sequence[LineCandidate],
    variants: Mapping[str, Sequence[VariantCandidate]],
    *,
    today: date,
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
        named = [match for match in found.matches if _names(match, lines, variants)]
        keys = [match.candidate.key for match in named]
        only = found.candidates[0] if not keys and len(found.matches) == 1 else None
        if only is not None and only.key in _by_name(text[begin:end], lines, today):
            # "The backpack in small and grey", of a green one, names it all the same.
            keys = [only.key]
        if len(keys) > 1:
            keys = [key for key in keys if key in _keys(wishes)]
        several = len(keys) > 1 and (len(parts) == 1 or _tells(text[begin:end], keys, lines, variants))
        of.append(keys[0] if len(keys) == 1 else "" if several else None)
    spoken = {key for key in of if key}
    if "" in of:
        return {}
    if not spoken:
        meant = {key for wish in wishes for key in _keys([wish])}
        meant = meant or ({lines[0].key} if len(lines) == 1 else set())
        short = [match for wish in wishes for match in wish.lines.matches if not _names(match, lines, variants)]
        if len(lines) > 1 and len(short) == len([m for wish in wishes for m in wish.lines.matches]) and short:
            meant = _fitting_lines(text, lines, variants) or meant
        return dict.fromkeys(meant, text) if len(meant) == 1 else {}
    if len(spoken) == 1:
        return {next(iter(spoken)): text}
    latest = next(key for key in of if key)
    said: dict[str, list[str]] = {key: [" "] * len(text) for key in spoken}
    for (begin, end), key in zip(parts, of, strict=True):
        latest = key or latest
        said[latest][begin : min(end + 1, len(text))] = text[begin : min(end + 1, len(text))]
    return {key: "".join(words) for key, words in said.items()}


def _by_name(part: str, lines: Sequence[LineCandidate], today: date) -> set[str]:
    """The lines that the names of goods in a part of a message are of."""
    pool = line_pool(lines, NO_FOCUS)
    elements = read_lines(part, pool, today)
    return {pool.keys[place] for each in elements if each.kind == "name" for place in each.strengths}


def _tells(
    part: str, keys: Sequence[str], lines: Sequence[LineCandidate], variants: Mapping[str, Sequence[VariantCandidate]]
) -> bool:
    """Whether a part of a message says what one of these lines is to become: "I'd like to change both" does not."""
    named = [line for line in lines if line.key in keys and variants.get(line.sku or "")]
    return any(not resolve_variant(part, variants[line.sku or ""], current=line).said_nothing for line in named)


def _fitting_lines(
    text: str, lines: Sequence[LineCandidate], variants: Mapping[str, Sequence[VariantCandidate]]
) -> set[str]:
    """The lines that come in just what a message says, by several options of theirs."""
    found: set[str] = set()
    for line in lines:
        read = resolve_variant(text, variants.get(line.sku or "", ()), current=line)
        if read.status == "one" and read.first.available and len(read.spans) >= _SEVERAL:
            found.add(line.key)
    return found if len(found) == 1 else set()


def _keys(wishes: Sequence[LineRequest]) -> set[str]:
    return {line.key for wish in wishes for line in wish.lines.candidates}


def _with_targets(
    wishes: Sequence[LineRequest],
    found: Mapping[str, Resolution[VariantCandidate]],
    lines: Mapping[str, LineCandidate],
    *,
    rather: bool,
    partly: Collection[str],
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
        of_options = wish.wish == "keep" and (only_valued or key in partly)
        if told is None and key in found and open_ended and wish.wish is None and wish.lines.status == "unclear":
            # The same goods named again, with what they become: that was taken above.
            continue
        if told is None or (wish.wish not in swapped and not of_options):
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
