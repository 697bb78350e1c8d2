"""Which of the policy's reason codes words mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from actions.resolver.resolution import Match, Reason, Resolution, Span, Status, nothing
from actions.resolver.text import Token, distance, stem, tokenise
from actions.resolver.vocabulary import mapping

_NEIGHBOURS = {
    # Where a shop does not offer the narrower code, the wider one is meant, nearest first.
    "too_small": ("does_not_fit", "wrong_size", "fit"),
    "too_large": ("does_not_fit", "wrong_size", "fit"),
    "does_not_fit": ("wrong_size", "fit", "size"),
    "stopped_working": ("faulty", "defective", "quality"),
    "faulty": ("defective", "damaged", "quality", "stopped_working"),
    "damaged_in_transit": ("damaged", "faulty", "defective"),
    "wrong_item": ("not_as_described", "incorrect_item"),
    "arrived_late": ("late", "too_slow", "changed_mind"),
    "too_slow": ("late", "arrived_late"),
    "unwanted_gift": ("changed_mind",),
    "found_cheaper": ("better_price", "changed_mind"),
    "ordered_by_mistake": ("mistake", "changed_mind"),
    "not_as_described": ("quality", "faulty"),
    "missing_parts": ("missing", "incomplete", "faulty"),
    "allergic": ("other",),
    "better_alternative": ("changed_mind",),
}
_STRENGTH = {"other": 0.6, "changed_mind": 0.9, "unwanted_gift": 0.95}
"""Weak words for a code lose against any other that is named as well."""
_GIFT_CARD: Final = re.compile(r"\bgift[ -]?(?:cards?|vouchers?|certificates?|balance)\b", re.IGNORECASE)
"""Where money goes; nobody was given anything."""


@cache
def _spoken() -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for code, words in mapping("reasons").items():
        for word in words:
            spellings = {word, word.replace("'", "")}
            found += [(code, tuple(token.text for token in tokenise(said))) for said in sorted(spellings)]
    return tuple(found)


@cache
def _by_first() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    table: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for code, terms in _spoken():
        if terms:
            table.setdefault(terms[0], []).append((code, terms))
    return table


def resolve_reason(
    text: str, codes: Sequence[str], *, labels: Mapping[str, Sequence[str]] | None = None
) -> Resolution[str]:
    """The reason that `text` gives, one of `codes`.

    The usual codes are known by what people say for them; others by the words of the code and of its `labels` in each
    language.
    """
    tokens = tokenise(_GIFT_CARD.sub(lambda said: " " * len(said[0]), text))
    words = [token.text for token in tokens]
    hits: dict[str, tuple[float, Span]] = {}

    def hit(code: str, weight: float, span: Span) -> None:
        known = hits.get(code)
        total = weight + (known[0] * 0.5 if known else 0.0)
        hits[code] = (max(total, known[0]) if known else weight, known[1] if known else span)

    for at, word in enumerate(words):
        for code, terms in _by_first().get(word, ()):
            if words[at : at + len(terms)] == list(terms):
                span = Span(tokens[at].start, tokens[at + len(terms) - 1].end)
                length = len(terms) if word.isascii() else (len(terms) + 1) / 2
                hit(code, length * _STRENGTH.get(code, 1.0), span)
    for code in codes:
        for label in [code.replace("_", " "), *((labels or {}).get(code, ()))]:
            _labelled(label, code, tokens, hit)
    resolved: dict[str, tuple[float, Span]] = {}
    for code, (weight, span) in _without_parts(hits).items():
        offered = code if code in codes else next((c for c in _NEIGHBOURS.get(code, ()) if c in codes), None)
        if offered is None:
            continue
        weight *= 1.0 if offered == code else 0.8
        if offered not in resolved or resolved[offered][0] < weight:
            resolved[offered] = (weight, span)
    if not resolved:
        return nothing(text)
    if len(resolved) > 1 and "other" in resolved:
        del resolved["other"]
    if any(code != "changed_mind" and weight >= 1.0 for code, (weight, _) in resolved.items()):
        # Not wanting it any more is what follows from any other reason.
        weakest = resolved.get("changed_mind", (9.0,))[0]
        if weakest <= max(weight for weight, _ in resolved.values()):
            resolved.pop("changed_mind", None)
    ranked = sorted(resolved.items(), key=lambda each: (-each[1][0], each[0]))
    best = ranked[0][1][0]
    close = [(code, found) for code, found in ranked if found[0] > best * 0.75]
    status: Status = "one" if len(close) == 1 else "unclear"
    whole = sum(weight for _, (weight, _) in close)
    matches = tuple(
        Match(code, round(0.93 * weight / whole, 4), (Reason("name", span.of(text), span),))
        for code, (weight, span) in close
    )
    return Resolution(status, matches, text, tuple(span for _, (_, span) in close))


def _without_parts(hits: dict[str, tuple[float, Span]]) -> dict[str, tuple[float, Span]]:
    """`hits` without words that are only a part of other ones: 太慢 of 烧水太慢 is said of no delivery."""

    def within(span: Span) -> bool:
        return any(
            other.start <= span.start and span.end <= other.end and other.end - other.start > span.end - span.start
            for _, other in hits.values()
        )

    return {code: found for code, found in hits.items() if code in _NARROW or not within(found[1])}


_NARROW = frozenset({"too_small", "too_large", "does_not_fit", "faulty"})
"""Codes that share words on purpose."""


def _labelled(label: str, code: str, said: Sequence[Token], hit: Callable[[str, float, Span], None]) -> None:
    """A label's own words: all of them, in any order, near enough."""
    terms = [token.stem for token in tokenise(label) if token.kind in ("word", "han", "number")]
    if not terms:
        return
    if terms[0].isascii():
        found = [
            next((t for t in said if t.stem == term or (len(term) > 5 and distance(stem(t.text), term, 1) <= 1)), None)
            for term in terms
        ]
        if all(found):
            starts = [t.start for t in found if t]
            ends = [t.end for t in found if t]
            hit(code, len(terms) + 0.5, Span(min(starts), max(ends)))
        return
    joined = "".join(t.text for t in said)
    wanted = "".join(terms)
    if wanted in joined:
        first = next(t for t in said if t.text == wanted[0])
        hit(code, (len(wanted) + 1) / 2 + 0.5, Span(first.start, first.start + len(wanted)))


_ELSEWHERE = re.compile(r"(?:别家|别处|别人家|其他店|别的店|另一家|网上|外面)[^，。,.]{0,4}便宜[^，。,.]{0,2}")
_SEEN = re.compile(r"(?:找到|看到|看见|发现|有)[^，。,.]*$")
_OR_OF_A_LINE = ("更便宜的", "便宜点的")
"""Words for a price elsewhere, and, alone, for one of the things that were bought."""


def without_price_reason(text: str) -> str:
    """`text` with blanks for "I found it cheaper elsewhere": that says why, not which of the things is meant."""
    spoken = _ELSEWHERE.sub(lambda found: " " * len(found.group()), text)
    found = resolve_reason(spoken, ["found_cheaper"])
    while found.spans:
        before = spoken
        for span in found.spans:
            if span.of(spoken) not in _OR_OF_A_LINE or _SEEN.search(spoken[: span.start]):
                spoken = spoken[: span.start] + " " * (span.end - span.start) + spoken[span.end :]
        if spoken == before:
            break
        found = resolve_reason(spoken, ["found_cheaper"])
    return spoken
