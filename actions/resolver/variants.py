"""Which variant words mean: by option values, by comparison with what the shopper has, by name, price or facts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.catalogue import Catalogue
from actions.resolver.clauses import analyse
from actions.resolver.fitting import fitting, having_all, spoken_of
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.lines import measure_ranks
from actions.resolver.misfits import without_misfits, without_worse
from actions.resolver.options import LETTERS, Value, value_of
from actions.resolver.prices_said import prices_said, with_whole_prices
from actions.resolver.reading import Element, Reader
from actions.resolver.resolution import Absent, Match, Reason, Resolution, Status, nothing
from actions.resolver.selection import MARGIN, SURE, Choice, Pool, absent_value, choose, phrases_of, resolution_of

_AGREES: Final = re.compile(
    r"^\W*(?:yes|no)\b(?=\W*(?:$|,|please\b|pls\b|thanks?\b))|\b(?:yes|no)\b(?=,? (?:please|pls|thanks?)\b)",
    re.IGNORECASE,
)
"""A yes or no to what was asked, and no value of an option that is yes or no."""


def resolve_variant(
    text: str,
    variants: Sequence[VariantCandidate],
    *,
    current: LineCandidate | VariantCandidate | None = None,
    focus: Focus = NO_FOCUS,
) -> Resolution[VariantCandidate]:
    """The variant that `text` means.

    With `current`, what is not spoken of stays as it is there ("the same in L" keeps the colour), "darker", "a size up"
    and "cheaper" compare with it, and it is itself no answer. Without, the words alone decide: a product out of a list.
    What cannot be had just now is matched all the same (`available` says so); what does not exist is in
    `asked_but_absent`.
    """
    text = _AGREES.sub(lambda found: " " * len(found[0]), text)
    if not variants or not text.strip():
        return nothing(text)
    pool = variant_pool(variants, focus)
    prices = prices_said(text)
    if current is not None:
        costs = [each.price_minor for each in variants if each.price_minor is not None and each.available]
        prices = with_whole_prices(prices, costs, (value for each in variants for value in each.options.values()))
        text = without_misfits(prices.rest)
    reader: Reader[VariantCandidate] = Reader(pool.catalogue, currency="GBP", size_expected=True, today=None)
    read = reader.read(text)
    if current is not None and (fit := _fitting(text, read, variants, current, focus, prices.exact)) is not None:
        return without_worse(fit, prices.rest, list(variants), _here(variants, current))
    elements = _without_rejected(read)
    found = _from_list(text, elements, pool) if current is None else _instead_of(text, elements, pool, current)
    if found.status == "none" and current is not None and not found.matches:
        return _of_bare_number(text, found, variants, current)
    return found if found.sure else _by_bare_number(text, found, variants)


def variants_having(text: str, variants: Sequence[VariantCandidate]) -> list[VariantCandidate]:
    """The variants of one product that have everything that `text` says of its options; none where it says nothing."""
    if not variants or not text.strip():
        return []
    text = prices_said(text).rest
    catalogue = variant_pool(variants, NO_FOCUS).catalogue
    reader: Reader[VariantCandidate] = Reader(catalogue, currency="GBP", today=None)
    return having_all(text, reader.read(text), variants)


def options_spoken_of(text: str, variants: Sequence[VariantCandidate]) -> set[str] | None:
    """The names of the options of which `text` says something; None where a price or "any" decides about others."""
    if not variants or not text.strip():
        return set()
    text = prices_said(text).rest
    reader: Reader[VariantCandidate] = Reader(variant_pool(variants, NO_FOCUS).catalogue, currency="GBP", today=None)
    return spoken_of(text, reader.read(text), variants)


def _fitting(
    text: str,
    elements: Sequence[Element],
    variants: Sequence[VariantCandidate],
    current: LineCandidate | VariantCandidate,
    focus: Focus,
    prices: Sequence[int],
) -> Resolution[VariantCandidate] | None:
    """What fits the options that were spoken of; None where the words point, or are of something else."""
    if any(e.has("different") for e in elements):
        return None
    here = _here(variants, current)
    return fitting(text, elements, variants, here, focus.shown, prices)


def _here(variants: Sequence[VariantCandidate], current: LineCandidate | VariantCandidate) -> VariantCandidate:
    """The variant that there is."""
    here = next((each for each in variants if each.sku == current.sku), None)
    if here is not None:
        return here
    price = current.unit_price_minor if isinstance(current, LineCandidate) else current.price_minor
    return VariantCandidate(current.sku or "", current.titles, options=current.options, price_minor=price)


_BARE_NUMBER = re.compile(
    r"(?<![\d.,£$€¥%A-Za-z-])\d{1,4}(?![\d%/-]|[.,]\d)(?![A-Za-z]|\s(?:ml|cl|l|mm|cm|m|g|kg|oz|lb|inch(?:es)?)\b)"
)
_MEASURED = re.compile(r"(\d+)\s?[a-z%℃\u4e00-\u9fff]+", re.IGNORECASE)


_LEAST_MEASURE = 10
"""A smaller number alone counts pieces."""


def _of_bare_number(
    text: str,
    found: Resolution[VariantCandidate],
    variants: Sequence[VariantCandidate],
    current: LineCandidate | VariantCandidate,
) -> Resolution[VariantCandidate]:
    """The variant of a number said without its unit, all else as it is: 皮带80换90, of one of 80 cm."""
    here = {number for value in current.options.values() for number in re.findall(r"\d+", value)}
    for number in _BARE_NUMBER.findall(text):
        if int(number) < _LEAST_MEASURE or number in here:
            continue
        hits = [each for each in variants if each.sku != current.sku and number in _measured(each)]
        same = [
            each
            for each in hits
            if sum(each.options.get(name) != value for name, value in current.options.items()) <= 1
        ]
        if len(same) == 1:
            match = Match(same[0], 0.9, (Reason("option", number, None),))
            return Resolution("one", (match,), text, (), ())
    return found


def _by_bare_number(
    text: str, found: Resolution[VariantCandidate], variants: Sequence[VariantCandidate]
) -> Resolution[VariantCandidate]:
    """Narrows what is in doubt by a number said without its unit: "the pink 160" of 160 ml and 240 ml."""
    left = list(found.matches)
    for number in _BARE_NUMBER.findall(text):
        hits = [match for match in left if number in _measured(match.candidate)]
        left = hits if hits and any(number not in _measured(each) for each in variants) else left
    if len(left) == len(found.matches) or not left:
        return found
    return replace(found, status="one" if len(left) == 1 else "unclear", matches=tuple(left))


def _measured(variant: VariantCandidate) -> set[str]:
    """The numbers of its options that are a number and a unit."""
    return {whole[1] for value in variant.options.values() if (whole := _MEASURED.fullmatch(value.strip()))}


def variant_pool(variants: Sequence[VariantCandidate], focus: Focus) -> Pool[VariantCandidate]:
    """Variants with what tells them apart."""
    catalogue = Catalogue(variants)
    keys = [variant.sku for variant in variants]
    nothing_known: list[date | None] = [None] * len(variants)
    shown = [sku for sku in focus.shown if sku in keys] or [
        variant.sku for key in focus.shown for variant in variants if variant.product == key
    ]
    return Pool(
        items=variants,
        keys=keys,
        catalogue=catalogue,
        names=[_label(variant) for variant in variants],
        placed=nothing_known,
        arrived=nothing_known,
        states=[],
        amounts=[[variant.price_minor] if variant.price_minor is not None else [] for variant in variants],
        pieces=[99] * len(variants),
        ranks={
            "price": [variant.price_minor for variant in variants],
            "light": [catalogue.lightness(position) for position in range(len(variants))],
            **measure_ranks(catalogue),
        },
        focus=focus.products,
        shown=shown,
    )


def _label(variant: VariantCandidate) -> str:
    title = variant.titles[0] if variant.titles else variant.sku
    return ", ".join([title, *variant.options.values()])


def _without_rejected(elements: Sequence[Element]) -> list[Element]:
    """Leaves out the value that is not wanted: "not the blue", "instead of the 38", 不要蓝色的."""
    kept: list[Element] = []
    rejecting = False
    for place, element in enumerate(elements):
        following = elements[place + 1 : place + 3]
        if (element.has("instead") or (element.has("not") and not element.has("comp"))) and any(
            e.kind == "option" for e in following
        ):
            rejecting = True
            continue
        if rejecting and element.kind == "option":
            rejecting = False
            continue
        if element.kind in ("comma", "end"):
            rejecting = False
        kept.append(element)
    return kept


def _from_list(text: str, elements: Sequence[Element], pool: Pool[VariantCandidate]) -> Resolution[VariantCandidate]:
    said = analyse(elements)
    choices: list[Choice] = []
    for clause in said.clauses:
        every = [*clause.sources, *clause.target, *clause.trailing]
        choices += [choose(pool, phrase, wished=True) for phrase in phrases_of(every, pool.catalogue)]
    for choice in choices:
        choice.quantity = None
    return resolution_of(pool, choices, text)


def _instead_of(
    text: str,
    elements: Sequence[Element],
    pool: Pool[VariantCandidate],
    current: LineCandidate | VariantCandidate,
) -> Resolution[VariantCandidate]:
    """What is said replaces what the current one has; the rest stays."""
    variants = pool.items
    others = [p for p, variant in enumerate(variants) if variant.sku != current.sku]
    here = next((p for p, variant in enumerate(variants) if variant.sku == current.sku), None)
    reasons: list[Reason] = []
    absent: list[Absent] = []
    left = list(others)
    spoken: set[str] = set()
    sure = True
    score = 0.97
    # Where a title says a colour too, only the option speaks: every variant has the title's words.
    already: list[Element] = []
    options = [e for e in elements if e.kind == "option" and not _in_all(e, pool)]
    options += [e for e in elements if e.kind == "name" and _is_value(e, pool)]
    for element in options:
        names = _option_names(element, pool)
        hits = {p: element.strengths[p] for p in others if p in element.strengths}
        if not hits:
            if here is not None and here in element.strengths:
                # The value it has already: said to keep it ("the same colour, navy").
                already.append(element)
                continue
            absent.append(absent_value(pool, element, range(len(variants)), "value"))
            sure = False
            continue
        narrowed = [p for p in left if p in hits]
        top = max((hits[p] for p in narrowed), default=0.0)
        narrowed = [p for p in narrowed if hits[p] >= top - MARGIN]
        if here is not None and element.strengths.get(here, 0.0) >= max(element.strengths.values()):
            already.append(element)
            left = narrowed or left
            score = min(score, 0.5 + top / 2)
            continue
        if narrowed:
            left = narrowed
            reasons.append(Reason("option", element.words, element.span))
            spoken |= names
            score = min(score, 0.5 + top / 2)
        else:
            absent.append(absent_value(pool, element, left, "combination"))
            sure = False
    left, compared = _compare(elements, pool, here, current, left, others, reasons, absent, spoken)
    sure = sure and compared is not False
    for element in elements:
        if element.has("different"):
            which = element.roles["different"]
            reasons.append(Reason("comparative", element.words, element.span))
            for name, meaning in _current_values(current):
                if (which == "colour" and meaning.colour) or (
                    which == "size" and meaning.rank is not None and not meaning.colour
                ):
                    left = [
                        p
                        for p in left
                        if meaning.terms not in [v.terms for n, _, v in pool.catalogue.item_values[p] if n == name]
                    ]
                    spoken.add(name)
    positional = [e for e in elements if e.kind in ("ordinal", "slice", "sup") or e.roles.get("pronoun") == "other"]
    amounts = [e for e in elements if e.kind == "amount"]
    if (positional or amounts) and not reasons:
        choice = choose(pool, [*positional, *amounts], within=left)
        return resolution_of(pool, [choice], text)
    if not reasons:
        status: Status = "none"
        if any(e.roles.get("pronoun") == "other" for e in elements) and len(left) == 1:
            reasons.append(Reason("pronoun", "", None))
        else:
            absent += [Absent("current", e.words, value=e.words, span=e.span) for e in already]
            return Resolution(status, rest=text, asked_but_absent=tuple(absent))
    kept = _keep_rest(pool, current, left, spoken)
    if not kept and left:
        # What was asked for exists, but not with everything else as it is: the shopper has to choose.
        sure = False
        kept = left
        if not absent:
            named = next((e for e in options if any(p in e.strengths for p in left)), None)
            if named is not None:
                absent.append(absent_value(pool, named, left, "combination"))
    if amounts and len(kept) > 1:
        choice = choose(pool, amounts, within=kept)
        kept = choice.positions() or kept
    if len(kept) > 1:
        priced = [p for p in kept if variants[p].available]
        sure = sure and len(priced) == 1
        kept = priced or kept
    if not kept:
        return Resolution("none", rest=text, asked_but_absent=tuple(absent))
    share = score if sure and len(kept) == 1 else score / max(len(kept), 2)
    matches = tuple(Match(variants[p], round(share, 4), tuple(reasons)) for p in kept)
    spans = tuple(sorted({r.span for r in reasons if r.span}, key=lambda s: s.start))
    status = "one" if sure and len(kept) == 1 and share >= SURE else "unclear"
    return Resolution(status, matches, text, spans, tuple(absent))


def _in_all(element: Element, pool: Pool[VariantCandidate]) -> bool:
    return (
        len(element.strengths) == len(pool.items) and len(pool.items) > 1 and len(set(element.strengths.values())) == 1
    )


def _is_value(element: Element, pool: Pool[VariantCandidate]) -> bool:
    return bool(element.strengths) and len(element.strengths) < len(pool.items)


def _option_names(element: Element, pool: Pool[VariantCandidate]) -> set[str]:
    """The options that an element speaks of, by their names in every language."""
    found: set[str] = set()
    for position in element.strengths:
        terms = None
        for name, value, meaning in pool.catalogue.item_values[position]:
            terms = value_of(element.words).terms
            if (
                meaning.terms == terms
                or meaning.terms[:-1] == terms
                or (element.colour and meaning.colour and meaning.colour.family == element.colour.family)
                or (element.has("letter") and meaning.letter == element.roles["letter"])
                or (element.has("size") and meaning.number == element.roles["size"])
                or (element.measure and any(element.measure.dimension == m.dimension for m in meaning.measures))
                or value.lower() == element.words.lower()
            ):
                found.add(name)
    return found


def _current_values(current: LineCandidate | VariantCandidate) -> list[tuple[str, Value]]:
    return [
        (name, value_of(value))
        for options in (current.options, *current.other_options)
        for name, value in options.items()
    ]


def _keep_rest(
    pool: Pool[VariantCandidate], current: LineCandidate | VariantCandidate, left: list[int], spoken: set[str]
) -> list[int]:
    """Those that have everything else as the current one has it; options are compared by their names."""
    wanted = {name: value for name, value in current.options.items() if name not in spoken}
    kept = [p for p in left if all(pool.items[p].options.get(name, value) == value for name, value in wanted.items())]
    if spoken and not any(name in current.options for name in spoken) and current.options:
        # The option was named in another language: the same place in the list is the same option.
        places = {place for options in current.other_options for place, name in enumerate(options) if name in spoken}
        kept = [
            p
            for p in left
            if all(
                pool.items[p].options.get(name, value) == value
                for place, (name, value) in enumerate(current.options.items())
                if place not in places
            )
        ]
    return kept


def _compare(
    elements: Sequence[Element],
    pool: Pool[VariantCandidate],
    here: int | None,
    current: LineCandidate | VariantCandidate,
    left: list[int],
    others: list[int],
    reasons: list[Reason],
    absent: list[Absent],
    spoken: set[str],
) -> tuple[list[int], bool | None]:
    """Darker, a size up, cheaper: the nearest on that side of the current one."""
    outcome: bool | None = None
    for element in elements:
        said = element.roles.get("comp") or (element.roles.get("sup") if element.kind == "sup" else None)
        if not said or element.names:
            continue
        dimension, _, edge = str(said).partition("_")
        extreme = element.kind == "sup" and not element.has("comp")
        option, own = _dimension_of(dimension, current)
        ranks = _ranks(dimension, pool, option)
        if own is None and here is not None:
            own = ranks[here]
        # "A size up, it is small": what is compared decides over a value of the same option, which tells how it is.
        among = others if option is not None and option in spoken and not extreme else left
        known = [p for p in among if ranks[p] is not None]
        base = _keep_rest(pool, current, known, spoken | ({option} if option else set())) or known
        if extreme:
            side = base
        elif own is None:
            continue
        else:
            side = [p for p in base if _beyond(ranks[p], own, edge)]
        if not side:
            have = [n for n, _ in _current_values(current)[:1]]
            beyond = [p for p in known if own is not None and _beyond(ranks[p], own, edge)]
            absent.append(
                Absent(
                    "comparative",
                    element.words,
                    option=option or (have[0] if have else ""),
                    span=element.span,
                    edge="" if beyond or extreme else str(said),
                )
            )
            outcome = False
            left = []
            continue
        if dimension in ("size", "length", "weight") or extreme:
            choose_max = (edge == "max") == extreme
            edge_rank = (max if choose_max else min)(ranks[p] or 0.0 for p in side)
            side = [p for p in side if ranks[p] == edge_rank]
        left = side
        reasons.append(Reason("comparative", element.words, element.span))
        if option:
            spoken.add(option)
        outcome = True
    return left, outcome


def _beyond(rank: float | None, own: float, edge: str) -> bool:
    return (rank or 0.0) > own if edge == "max" else (rank or 0.0) < own


def _dimension_of(dimension: str, current: LineCandidate | VariantCandidate) -> tuple[str | None, float | None]:
    """The option that a dimension is about, and where the current one stands in it."""
    for name, value in current.options.items():
        meaning = value_of(value)
        if dimension == "light" and meaning.colour:
            return name, meaning.colour.lightness
        if dimension == "size" and meaning.rank is not None and not meaning.colour:
            return name, meaning.rank
        if dimension == "length":
            for measure in meaning.measures:
                if measure.dimension == "length":
                    return name, max(measure.amounts)
            if meaning.number is not None:
                return name, meaning.number
        if dimension == "weight":
            for measure in meaning.measures:
                if measure.dimension == "mass":
                    return name, measure.amounts[0]
    if dimension == "price":
        price = current.price_minor if isinstance(current, VariantCandidate) else current.unit_price_minor
        return None, price
    return None, None


def _ranks(dimension: str, pool: Pool[VariantCandidate], option: str | None) -> list[float | None]:
    if option is None:
        return pool.ranks.get(dimension, [None] * len(pool.items))
    found: list[float | None] = []
    for variant in pool.items:
        meaning = value_of(variant.options[option]) if option in variant.options else None
        if meaning is None:
            found.append(None)
        elif dimension == "light":
            found.append(meaning.colour.lightness if meaning.colour else None)
        elif dimension == "length":
            found.append(next((max(m.amounts) for m in meaning.measures), meaning.number))
        elif dimension == "weight":
            found.append(next((m.amounts[0] for m in meaning.measures), None))
        else:
            found.append(meaning.rank)
    return found


__all__ = ["LETTERS", "options_spoken_of", "resolve_variant", "variant_pool", "variants_having"]
