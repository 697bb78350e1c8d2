"""Which lines of one or more orders words mean: by name, option, position, pronoun, comparison, quantity, exclusion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.catalogue import Catalogue
from actions.resolver.clauses import analyse
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.measures import measures_in
from actions.resolver.pauses import with_pauses
from actions.resolver.reading import Element, Reader, number_index
from actions.resolver.resolution import Reason, Resolution, Span, Status, nothing
from actions.resolver.said import Said, refers
from actions.resolver.selection import Choice, Pool, choose, phrases_of, resolution_of
from actions.resolver.statements import said_of_goods
from actions.resolver.things_and_values import told_apart
from actions.resolver.vocabulary import phrases
from actions.resolver.yes_or_no import as_said

_NON: Final = re.compile(r"\bnon-(?=[a-z])", re.IGNORECASE)


def resolve_lines(
    text: str, lines: Sequence[LineCandidate], *, focus: Focus = NO_FOCUS, today: date
) -> Resolution[LineCandidate]:
    """The lines that `text` means, each with the quantity said of it.

    A quantity is never larger than what can still be changed of the line: more is answered with `asked_but_absent`.
    """
    if not lines or not text.strip():
        return nothing(text)
    pool = line_pool(lines, focus)
    said = analyse(read_lines(text, pool, today))
    return choose_lines(said, pool, text)


def line_pool(lines: Sequence[LineCandidate], focus: Focus) -> Pool[LineCandidate]:
    """Lines with what tells them apart."""
    catalogue = Catalogue([as_said(line) for line in lines])
    keys = [line.key for line in lines]
    shown = (
        list(focus.shown)
        if set(focus.shown) & set(keys)
        else [line.key for sku in focus.shown for line in lines if line.sku == sku or line.product == sku]
    )
    focused = [*focus.lines, *(line.key for sku in focus.products for line in lines if sku in (line.sku, line.product))]
    return Pool(
        items=lines,
        keys=keys,
        catalogue=catalogue,
        names=[line.titles[0] if line.titles else line.key for line in lines],
        placed=[None] * len(lines),
        arrived=[line.delivered_on for line in lines],
        states=[],
        amounts=[
            [line.unit_price_minor, line.unit_price_minor * line.quantity] if line.unit_price_minor is not None else []
            for line in lines
        ],
        pieces=[line.changeable for line in lines],
        ranks={
            "price": [line.unit_price_minor for line in lines],
            "light": [catalogue.lightness(position) for position in range(len(lines))],
            "date": [line.delivered_on.toordinal() if line.delivered_on else None for line in lines],
            **measure_ranks(catalogue),
        },
        focus=focused,
        shown=shown,
    )


def measure_ranks(catalogue: Catalogue[LineCandidate] | Catalogue[VariantCandidate]) -> dict[str, list[float | None]]:
    """By size, length and weight: where each candidate stands, as far as its words say it."""
    size: list[float | None] = []
    length: list[float | None] = []
    weight: list[float | None] = []
    for position, values in enumerate(catalogue.item_values):
        measures = [m for _, _, value in values for m in value.measures]
        measures += [m for title in catalogue.items[position].titles for m in measures_in(title)]
        ranked = next((value.rank for _, _, value in values if value.rank is not None), None)
        numbers = [float(said) for _, said, _ in values if said.isdecimal()]
        if numbers and (ranked is None or ranked in numbers):
            ranked = numbers[0]
        size.append(ranked if ranked is not None else measures[0].extent if measures else None)
        length.append(next((max(m.amounts) for m in measures if m.dimension == "length"), None))
        weight.append(next((m.amounts[0] for m in measures if m.dimension == "mass"), None))
    return {"size": size, "length": length, "weight": weight}


def read_lines(text: str, pool: Pool[LineCandidate], today: date, *, size_expected: bool = False) -> list[Element]:
    """The elements of a message about lines. An order's number in it speaks of all its lines."""
    text = _NON.sub("non ", with_pauses(_without_containers(text, pool)))
    orders = list(dict.fromkeys(line.order for line in pool.items))
    reader: Reader[LineCandidate] = Reader(
        pool.catalogue, numbers=number_index(orders), today=today, currency="GBP", size_expected=size_expected
    )
    elements = told_apart(said_of_goods(reader.read(text), text), pool.catalogue, pool.items)
    for element in elements:
        if element.kind == "order_number":
            order = orders[element.roles["order_number"]]
            element.strengths = {p: 1.0 for p, line in enumerate(pool.items) if line.order == order}
    skus = {line.sku.lower(): p for p, line in enumerate(pool.items) if line.sku and len(line.sku) > 3}
    lowered = text.lower()
    for sku, position in skus.items():
        start = lowered.find(sku)
        if start >= 0:
            for element in elements:
                if start <= element.span.start < start + len(sku) and element.kind in (
                    "unknown",
                    "digits",
                    "name",
                    "option",
                    "sign",
                    "quantity",
                ):
                    element.kind, element.strengths, element.roles = "name", {position: 1.0}, {}
    return elements


def _without_containers(text: str, pool: Pool[LineCandidate]) -> str:
    """`text` with blanks for what goods came in ("the second thing in the box"), unless one of them is called so."""
    titles = " ".join(title.casefold() for line in pool.items for title in line.titles)
    for phrase in phrases("containers"):
        *_, thing = phrase.split()
        if thing not in titles:
            text = re.sub(
                rf"(?<![a-z]){re.escape(phrase)}(?![a-z])",
                lambda said: " " * len(said.group()),
                text,
                flags=re.IGNORECASE,
            )
    return text


def choose_phrases(
    elements: Sequence[Element], pool: Pool[LineCandidate], *, wished: bool, within: Iterable[int] | None = None
) -> list[Choice]:
    """What each phrase of `elements` means; an order's number narrows all of them."""
    limits = [e for e in elements if e.kind == "order_number"]
    if limits:
        numbered = {p for e in limits for p in e.strengths}
        within = numbered if within is None else set(within) & numbered
    rest = [e for e in elements if e.kind != "order_number"]
    return [choose(pool, phrase, within=within, wished=wished) for phrase in phrases_of(rest, pool.catalogue)]


def choose_lines(said: Said, pool: Pool[LineCandidate], text: str) -> Resolution[LineCandidate]:
    """What all clauses of a message mean together, without what is to be kept."""
    everything = range(len(pool.items))
    kept: set[int] = set()
    left: dict[int, int] = {}
    unsure_exception = False
    excluding: Reason | None = None
    if said.excluded:
        for choice in choose_phrases(said.excluded, pool, wished=False):
            partly = [p for p in choice.scores if choice.quantity and choice.quantity < pool.pieces[p]]
            if partly and len(choice.scores) == 1:
                # "All but one of the lamps": some pieces stay, the others go.
                left[partly[0]] = pool.pieces[partly[0]] - (choice.quantity or 0)
                continue
            kept |= set(choice.scores)
            unsure_exception = unsure_exception or (choice.spoke and not choice.sure)
        excluding = Reason(
            "exclusion", " ".join(e.words for e in said.excluded if e.names or refers(e)), said.excluded[0].span
        )
    choices: list[Choice] = []
    for clause in said.clauses:
        if clause.wish == "keep":
            for choice in choose_phrases(clause.sources, pool, wished=True):
                if choice.spoke and choice.sure and not choice.every:
                    kept |= set(choice.scores)
            continue
        sources = clause.sources if any(refers(e) for e in clause.sources) else [*clause.sources, *clause.trailing]
        choices += choose_phrases(sources, pool, wished=clause.wish is not None)
    # What names nothing of the order is where the money goes: "all but the scarf, put it on a gift card".
    told = [choice for choice in choices if choice.spoke and not choice.weak and choice.scores]
    if said.excluded and (not told or all(c.every and len(c.scores) == len(pool.items) for c in told)) and said.every:
        every = Choice(spoke=True, every=True, scores=dict.fromkeys(everything, 0.95))
        every.reasons.append(Reason("everything"))
        every.sure = not unsure_exception
        if any(e.has("one_of") for e in said.excluded) and left:
            every.scores = dict.fromkeys(left, 0.95)
        choices = [every]
    found = resolution_of(pool, choices, text, excluded=kept, excluding=excluding)
    if not left:
        return found
    pieces = {pool.keys[position]: count for position, count in left.items()}
    matches = [replace(m, quantity=pieces.get(m.candidate.key, m.quantity)) for m in found.matches]
    return replace(found, status=_status(found.status, len(matches)), matches=tuple(matches))


def _status(found: Status, matches: int) -> Status:
    """What stays in part is not everything."""
    return found if found in ("none", "unclear") else "one" if matches == 1 else "many"


def named_apart(found: Resolution[LineCandidate]) -> bool:
    """Whether no two of the lines found share the words that speak of them, and all of them are there."""
    spans = [{reason.span for reason in match.reasons if reason.span} for match in found.matches]
    together: set[Span] = set().union(*spans)
    return all(spans) and sum(map(len, spans)) == len(together) and not found.asked_but_absent
