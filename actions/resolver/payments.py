"""Which way to pay, and which way for money to go back, words mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from actions.resolver.candidates import OrderCandidate, PaymentMethodCandidate
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.orders import resolve_orders
from actions.resolver.reading import Reader
from actions.resolver.resolution import Absent, Match, Reason, ReasonKind, Resolution, Span, Status, nothing
from actions.resolver.text import fold, tokenise
from actions.resolver.vocabulary import mapping

_LAST4 = re.compile(
    r"(?:ending(?: in| with)?|ends (?:in|with)|last (?:4|four)(?: digits)?(?: are| is)?|尾号(?:是|为)?|后四位(?:是|为)?|末四位)\s*:?\s*(\d{4})(?!\d)"  # noqa: E501
    r"|(?<!\d)(?:\*+|x{4}|•+)\s?(\d{4})(?!\d)|(?<![\d#])(\d{4})(?!\d)"
)
_LAST_TIME = re.compile(
    r"last time|as before|same (?:card|one|method|way|as)|previous(?:ly)? used|used before|usual|上次|之前用|跟之前一样|和之前一样|老样子|原来的"  # noqa: E501
)
_OTHER = re.compile(r"(?<![a-z])(?:my other|the other|another|a different|not that)|另一张|另外那?张|别的|换一张")
_DEFAULT = re.compile(r"(?<![a-z])(?:default|usual|main|normal)|默认|常用")


@cache
def _phrases(*path: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {
        key: tuple(tuple(token.text for token in tokenise(word)) for word in words)
        for key, words in mapping(*path).items()
    }


def _found(text: str, *path: str) -> list[tuple[str, Span]]:
    """The keys whose phrases stand in the text, longest phrases first, none inside another."""
    tokens = tokenise(text)
    words = [token.text for token in tokens]
    hits = []
    for key, phrases in _phrases(*path).items():
        for terms in phrases:
            hits += [
                (key, Span(tokens[at].start, tokens[at + len(terms) - 1].end), at, len(terms))
                for at in range(len(words) - len(terms) + 1)
                if words[at : at + len(terms)] == list(terms)
            ]
    hits.sort(key=lambda hit: (-hit[3], hit[2]))
    taken: set[int] = set()
    kept = []
    for key, span, at, size in hits:
        if not taken & set(range(at, at + size)):
            taken |= set(range(at, at + size))
            kept.append((key, span))
    return kept


def resolve_payment_method(
    text: str,
    methods: Sequence[PaymentMethodCandidate],
    *,
    orders: Sequence[OrderCandidate] = (),
    focus: Focus = NO_FOCUS,
    today: date,
) -> Resolution[PaymentMethodCandidate]:
    """The payment method that `text` means: "my Visa", "the card ending 4242", 微信, "same card as last time"."""
    if not methods or not text.strip():
        return nothing(text)
    folded = fold(text)
    left = list(range(len(methods)))
    reasons: list[Reason] = []
    absent: list[Absent] = []

    def narrow(kind: ReasonKind, span: Span, keep: Sequence[int], missing: bool = True) -> None:
        nonlocal left
        hits = [p for p in left if p in keep]
        if hits:
            left = hits
            reasons.append(Reason(kind, span.of(text), span))
        elif missing:
            names = tuple(_label(method) for method in methods)
            absent.append(Absent("value", span.of(text), instead=names, span=span))

    digits = _LAST4.search(folded)
    if digits:
        group = next(i for i in (1, 2, 3) if digits[i])
        said = digits[group]
        narrow(
            "number",
            Span(*digits.span(group)),
            [p for p, m in enumerate(methods) if m.last4 == said],
            group != 3 or bool(re.search(r"card|卡", folded)),
        )
    brands = _found(text, "brands")
    wanted: set[int] = set()
    for brand, span in brands:
        hits = [p for p, m in enumerate(methods) if _is_brand(m, brand)]
        if not hits:
            narrow("name", span, [])
        wanted |= set(hits)
    if wanted:
        narrow("name", brands[0][1], sorted(wanted))
    labels = [
        (p, label) for p, m in enumerate(methods) for label in (m.brand, *m.labels) if label and fold(label) in folded
    ]
    if labels and not wanted:
        start = folded.find(fold(labels[0][1]))
        narrow("label", Span(start, start + len(labels[0][1])), [p for p, _ in labels], False)
    kinds = [
        (kind, span)
        for kind, span in _found(text, "payments")
        if not any(s.start <= span.start < s.end for _, s in brands)
    ]
    for kind, span in kinds:
        narrow("kind", span, [p for p, m in enumerate(methods) if m.kind == kind], not reasons)
    if (_LAST_TIME.search(folded) or re.search(r"order|订单|那单", folded)) and len(left) > 1:
        same = _LAST_TIME.search(folded)
        used = [m.orders[-1] for m in methods if m.orders]
        latest: str | None = None
        if orders:
            found = resolve_orders(text, orders, focus=focus, today=today)
            if found.sure and len(found.matches) == 1 and not same:
                latest = found.first.number
            else:
                paid = [
                    o for o in sorted(orders, key=lambda o: o.placed_on) if any(o.number in m.orders for m in methods)
                ]
                latest = paid[-1].number if paid and same else None
        elif used and same:
            latest = max(used)
        if latest is not None:
            where = same.span() if same else (0, len(text))
            narrow("same_as", Span(*where), [p for p, m in enumerate(methods) if latest in m.orders], False)
    default = _DEFAULT.search(folded)
    if default and len(left) > 1:
        narrow("label", Span(*default.span()), [p for p, m in enumerate(methods) if m.is_default], False)
    other = _OTHER.search(folded)
    if other and len(left) > 1 and focus.shown:
        narrow(
            "pronoun", Span(*other.span()), [p for p, m in enumerate(methods) if m.key not in focus.shown[:1]], False
        )
    if not reasons and not absent:
        reader: Reader[PaymentMethodCandidate] = Reader(None)
        elements = reader.read(text)
        row = [p for key in focus.shown for p, m in enumerate(methods) if m.key == key] or left
        for element in elements:
            place = element.roles.get("ordinal")
            if element.kind == "ordinal" and place is not None:
                index = int(place) - 1 if int(place) > 0 else len(row) + int(place)
                if 0 <= index < len(row):
                    left = [row[index]]
                    reasons.append(Reason("ordinal", element.words, element.span))
        if not reasons:
            return nothing(text)
    if absent and not reasons:
        return Resolution("none", rest=text, asked_but_absent=tuple(absent))
    status: Status = "one" if len(left) == 1 and not absent else "unclear"
    score = 0.96 if status == "one" else 0.96 / max(len(left), 2)
    matches = tuple(Match(methods[p], round(score, 4), tuple(reasons)) for p in left)
    return Resolution(status, matches, text, tuple(r.span for r in reasons if r.span), tuple(absent))


def _label(method: PaymentMethodCandidate) -> str:
    name = method.brand or (method.labels[0] if method.labels else method.kind)
    return f"{name} {method.last4}".strip()


def _is_brand(method: PaymentMethodCandidate, brand: str) -> bool:
    said = " ".join([fold(method.brand), *(fold(label) for label in method.labels)])
    return (
        any(
            _contains(said, " ".join(terms) if terms[0].isascii() else "".join(terms))
            for terms in _phrases("brands").get(brand, ())
        )
        or brand in said
    )


def _contains(said: str, word: str) -> bool:
    if word.isascii():
        return bool(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said))
    return word in said


_NEGATED = re.compile(
    r"(?:not|no|don't want|dont want|instead of|rather than|不要|不用|别|不是|而不是)\s*(?:an?|the|to|on|onto|my|退到|退成|给|到)?\s*(?:my |the |a )?$"  # noqa: E501
)


def resolve_refund_target(text: str, offered: Sequence[str]) -> Resolution[str]:
    """Where money shall go back to, one of the codes `offered` (`original`, `gift_card`).

    A target that the words name and the shop does not offer is in `asked_but_absent`.
    """
    folded = fold(text)
    hits: dict[str, Span] = {}
    refused: set[str] = set()
    for target, span in _found(text, "refund_targets"):
        if span.of(folded).startswith(("not ", "no ")):
            hits.setdefault(target, span)
        elif _NEGATED.search(folded[: span.start]):
            refused.add(target)
        else:
            hits.setdefault(target, span)
    if not hits and refused:
        rest = [target for target in offered if target not in refused]
        if len(rest) == 1:
            return Resolution("one", (Match(rest[0], 0.85, (Reason("exclusion"),)),), text)
    for target in refused:
        hits.pop(target, None)
    if not hits:
        return nothing(text)
    found = [target for target in hits if target in offered]
    absent = tuple(
        Absent("value", hits[t].of(text), value=t, instead=tuple(offered), span=hits[t])
        for t in hits
        if t not in offered
    )
    if not found:
        return Resolution("none", rest=text, asked_but_absent=absent)
    status: Status = "one" if len(found) == 1 else "unclear"
    score = 0.95 / len(found)
    matches = tuple(Match(target, score, (Reason("kind", hits[target].of(text), hits[target]),)) for target in found)
    return Resolution(status, matches, text, tuple(hits[t] for t in found), absent)


__all__ = ["resolve_payment_method", "resolve_refund_target"]
