"""Which variants of one product fit what was said of its options, the rest staying as it is.

What nobody spoke of stays. Where nothing in stock has the rest as it is, what was not spoken of gives way, and those
that fit everything that was said are offered, the nearest first: nothing is denied that exists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product as combinations

from actions.resolver.alternatives import Alternative, alternatives
from actions.resolver.candidates import VariantCandidate
from actions.resolver.comparing import Comparison, comparisons
from actions.resolver.described import without_described
from actions.resolver.materials import not_made_of
from actions.resolver.option_index import Options, options_of
from actions.resolver.option_words import OptionWord, Values, either, option_words
from actions.resolver.reading import Element
from actions.resolver.resolution import Absent, Match, Reason, Resolution, Span
from actions.resolver.text import fold

_SCORE = 0.95
_MOST_ASSIGNMENTS = 64
_MOST_NEAREST = 8


@dataclass(slots=True)
class Wanted:
    """What is wanted of the options, by their places."""

    values: dict[int, Values] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)
    free: set[int] = field(default_factory=set)
    """Options that may be anything: "any colour"."""
    words: list[OptionWord] = field(default_factory=list)

    @property
    def spoken(self) -> set[int]:
        """The options that were spoken of."""
        return {*self.values, *self.kept, *self.free}

    def freed(self, places: Collection[int]) -> Wanted:
        """The same with options that may be anything."""
        values = {place: values for place, values in self.values.items() if place not in places}
        return Wanted(values, self.kept - set(places), self.free | set(places), self.words)


def fitting(
    text: str,
    elements: Sequence[Element],
    variants: Sequence[VariantCandidate],
    here: VariantCandidate,
    shown: Sequence[str],
    prices: Sequence[int] = (),
) -> Resolution[VariantCandidate] | None:
    """The variants that fit; None where nothing is said of the options or the price.

    `here` is the variant that there is; `shown` are stock codes on the screen, which are meant before others; `prices`
    are those that were said.
    """
    options = options_of(variants)
    every = option_words(text, elements, options)
    whole = comparisons(text, elements, every, options, Span(0, len(text)))
    every = without_described(text, every, here, options, compared=whole)
    found: Resolution[VariantCandidate] | None = None
    before: Wanted | None = None
    stays = False
    first: Alternative | None = None
    taken: Alternative | None = None
    none_of: list[Absent] = []
    made_of = not_made_of(text, variants)
    for wish in alternatives(text, every):
        first = first or wish
        inside = [each for each in elements if wish.segment.start <= each.span.start < wish.segment.end]
        words = sorted(_with_kept(wish, every), key=lambda each: each.span.start)
        compared = comparisons(text, inside, every, options, wish.segment)
        priced = [each.sku for each in variants if each.price_minor in prices and each.sku != here.sku]
        lacking = [each for each in inside if _is_of_none(each, every)]
        gone = [each for each in made_of if wish.segment.start <= each.span.start < wish.segment.end]  # type: ignore[union-attr]
        if wish is first:
            none_of = [*_as_absent(lacking), *gone]
        if not words and not compared and not wish.frees and (not priced or lacking):
            continue
        base = before if wish.after else None
        if wish.after and before is None and not words:
            continue
        choice = _Fitting(text, variants, here, options, shown)
        answer = choice.of_either(words, compared, base, priced, wish.frees)
        if base is not None and (answer is None or not _can_be_had(answer)):
            # "Robotic, or else one with a filter": of another kind altogether.
            answer = choice.of(words, compared, None, priced, wish.frees) or answer
        told = [*_as_absent(lacking), *gone]
        answer = _without_lacking(answer, told) if answer is not None and told else answer
        before = before or choice.wanted
        if answer is None:
            continue
        unchanged = choice.leaves_the_rest(answer)
        if found is None or (_can_be_had(answer) and (unchanged or not _can_be_had(found))):
            found, stays, taken = answer, unchanged, wish
        if _can_be_had(found) and (stays or compared or _only_one(found)):
            # "Black, else blue": the only black one comes before a blue one, whatever nobody spoke of.
            break
    if found is None:
        return Resolution("none", rest=text, asked_but_absent=tuple(made_of)) if made_of else None
    if first is not None and taken is not first and _can_be_had(found):
        return replace(found, asked_but_absent=(*found.asked_but_absent, *_not_had(text, first, taken, none_of)))
    return found


def _not_had(text: str, first: Alternative, taken: Alternative | None, none_of: Sequence[Absent]) -> list[Absent]:
    """What was wanted first, where something else is taken: "pink, or else white" of what comes in white alone."""
    if none_of:
        return list(none_of)
    still = {each.span for each in taken.words} if taken is not None and not taken.after else set()
    missed = [each for each in first.words if not (each.keeps or each.frees or each.negated) and each.span not in still]
    said = " / ".join(dict.fromkeys(each.span.of(text) for each in missed))
    return [Absent("value", said, value=said)] if said else []


def having_all(text: str, elements: Sequence[Element], variants: Sequence[VariantCandidate]) -> list[VariantCandidate]:
    """The variants that have everything that is said of the options; empty where nothing is, or none has all."""
    options = options_of(variants)
    words = [each for each in option_words(text, elements, options) if not each.keeps]
    if not words or any(_is_of_none(each, words) for each in elements):
        return []
    nothing_there = VariantCandidate("", variants[0].titles)
    return _Fitting(text, variants, nothing_there, options, ()).having(words)


def spoken_of(text: str, elements: Sequence[Element], variants: Sequence[VariantCandidate]) -> set[str] | None:
    """The names of the options of which a message says something; None where a price or a comparison decides."""
    options = options_of(variants)
    words = option_words(text, elements, options)
    compared = comparisons(text, elements, words, options, Span(0, len(text)))
    if any(each.place is None for each in compared) or any(each.frees for each in words):
        return None
    places = {place for each in words for place in each.meant}
    places |= {each.place for each in compared if each.place is not None}
    return {options.names[place] for place in places}


def _is_of_none(element: Element, words: Sequence[OptionWord]) -> bool:
    """Whether it is a value that no variant has, of an option that they have: XXL where there are S, M and L."""
    if element.kind != "option" or element.strengths or not element.having:
        return False
    return not any(w.span.start < element.span.end and element.span.start < w.span.end for w in words)


def _as_absent(lacking: Sequence[Element]) -> list[Absent]:
    return [Absent("value", each.words, value=each.words, span=each.span) for each in lacking]


def _without_lacking(found: Resolution[VariantCandidate], absent: Sequence[Absent]) -> Resolution[VariantCandidate]:
    """What fits otherwise is offered, and what there is none of is told."""
    told = (*absent, *(each for each in found.asked_but_absent if each.kind != "current"))
    matches = tuple(each for each in found.matches if each.candidate.available)
    return replace(found, status="unclear" if matches else "none", matches=matches, asked_but_absent=told)


def _can_be_had(found: Resolution[VariantCandidate]) -> bool:
    return any(each.available for each in found.candidates)


def _with_kept(wish: Alternative, every: Sequence[OptionWord]) -> list[OptionWord]:
    """The words of what is wanted first, with what is said behind it to stay: "black, else blue, and the same size"."""
    words = list(wish.words)
    if wish.after or not words:
        return words
    spoken = {place for each in words for place in each.meant}
    return words + [each for each in every if each.keeps and each not in words and not spoken & each.meant.keys()]


def _only_one(found: Resolution[VariantCandidate]) -> bool:
    return found.status == "one" and sum(each.available for each in found.candidates) == 1


class _Fitting:
    """One wish among the variants of one product."""

    def __init__(
        self,
        text: str,
        variants: Sequence[VariantCandidate],
        here: VariantCandidate,
        options: Options,
        shown: Sequence[str],
    ) -> None:
        self._text = text
        self._variants = variants
        self._here = here
        self._options = options
        self._shown = set(shown)
        self.wanted = Wanted()
        self.passed_over = False
        """Whether the next size was asked for, and does not come in what else was said."""

    def of(
        self,
        words: Sequence[OptionWord],
        compared: Sequence[Comparison],
        before: Wanted | None,
        priced: Sequence[str],
        frees: frozenset[int] = frozenset(),
    ) -> Resolution[VariantCandidate] | None:
        """What fits the words; `before` is what was wanted first, where this holds if there is none.

        `frees` are options that may be anything.
        """
        places = {each.place for each in compared if each.place is not None}
        readings = [each.freed(frees) for each in self._readings(words, places, before)]
        best: tuple[tuple[int, ...], Wanted, list[VariantCandidate]] | None = None
        for wanted in readings:
            fit = self._that_fit(wanted)
            key = (
                bool(fit),
                any(each.available for each in fit),
                any(each.available and not self._changed(each, wanted) for each in fit),
                len(wanted.spoken),
            )
            if best is None or key > best[0]:
                best = key, wanted, fit
        if best is None:
            return None
        self.wanted, fit = best[1], best[2]
        if not self.wanted.values and not self.wanted.kept and not compared and not priced and not frees:
            return None
        costing = [each for each in fit if each.sku in priced]
        if len(costing) == 1 and not compared:
            return self._one(costing[0], [Reason("amount")], tuple(word.span for word in words))
        for each in compared:
            fit = self._compare(each, fit)
        return self._answer(fit, compared)

    def of_either(
        self,
        words: Sequence[OptionWord],
        compared: Sequence[Comparison],
        before: Wanted | None,
        priced: Sequence[str],
        frees: frozenset[int],
    ) -> Resolution[VariantCandidate] | None:
        """The same, where "the same size or bigger" is first the same and then bigger."""
        both = {each.place for each in compared if each.place is not None and not each.extreme}
        kept = [word for word in words if word.keeps and both & word.meant.keys()]
        if not kept:
            return self.of(words, compared, before, priced, frees)
        same = self.of(words, [each for each in compared if each.place not in both], before, priced, frees)
        if same is not None and _can_be_had(same):
            return same
        return self.of([word for word in words if word not in kept], compared, before, priced, frees)

    def leaves_the_rest(self, answer: Resolution[VariantCandidate]) -> bool:
        """Whether something of the answer is there with all as it is that was not spoken of."""
        return any(each.available and not self._changed(each, self.wanted) for each in answer.candidates)

    def having(self, words: Sequence[OptionWord]) -> list[VariantCandidate]:
        """Those that fit the words, however they are understood best."""
        fits = [self._that_fit(wanted) for wanted in self._readings(words, set(), None)]
        return next((fit for fit in fits if any(each.available for each in fit)), next(filter(None, fits), []))

    def _readings(self, words: Sequence[OptionWord], compared: set[int], before: Wanted | None) -> list[Wanted]:
        """The ways to understand the words: which option each is of. What is said twice of one counts last."""
        kept = {place for word in words if word.keeps for place in word.meant}
        free = {place for word in words if word.frees for place in word.meant}
        told = [word for word in words if not word.keeps and not word.frees]
        joined = either(fold(self._text), told)
        found: list[Wanted] = []
        choices = [sorted(word.meant) for word in told]
        for places in list(combinations(*choices))[:_MOST_ASSIGNMENTS]:
            values: dict[int, Values] = {}
            denied: dict[int, Values] = {}
            latest: dict[int, int] = {}
            for at, (word, place) in enumerate(zip(told, places, strict=True)):
                meant = word.meant[place]
                if word.negated:
                    denied[place] = denied.get(place, frozenset()) | meant
                    continue
                has = self._value(self._here, place)
                if place in values and at in joined and latest.get(place) == at - 1:
                    values[place] = values[place] | meant
                elif place in values and (values[place] < meant or (has in meant and has not in values[place])):
                    # "The adjustable one with armrests"; or
                    # "Red instead of the blue it is now": how it is, said behind what is wanted.
                    continue
                else:
                    values[place] = meant
                latest[place] = at
            for place, gone in denied.items():
                left = values.get(place, frozenset(self._options.spelt[place])) - gone
                if place not in compared or place in values:
                    values[place] = left or values.get(place, frozenset())
            wanted = Wanted(values, {*kept}, free - values.keys(), list(words))
            if before is not None:
                wanted.values = {**before.values, **values}
                wanted.kept |= before.kept
                wanted.free |= before.free - values.keys()
            wanted.kept -= wanted.values.keys() - {p for p in kept if p not in values}
            if wanted not in found:
                found.append(wanted)
        return found

    def _value(self, variant: VariantCandidate, place: int) -> str | None:
        return variant.options.get(self._options.names[place])

    def _that_fit(self, wanted: Wanted) -> list[VariantCandidate]:
        return [
            each
            for each in self._variants
            if each.sku != self._here.sku
            and all((value := self._value(each, p)) is None or value in vs for p, vs in wanted.values.items())
            and all(self._value(each, p) == self._value(self._here, p) for p in wanted.kept)
        ]

    def _is_here(self, wanted: Wanted) -> bool:
        """Whether everything that was said is so already."""
        return all(self._value(self._here, place) in values for place, values in wanted.values.items())

    def _changed(self, variant: VariantCandidate, wanted: Wanted) -> frozenset[int]:
        """The options that nobody spoke of and that would be others."""
        return frozenset(
            place
            for place in range(len(self._options.names))
            if place not in wanted.spoken and self._value(variant, place) != self._value(self._here, place)
        )

    def _compare(self, said: Comparison, fit: list[VariantCandidate]) -> list[VariantCandidate]:
        if said.place is None:
            own = self._here.price_minor
            priced = [each for each in fit if each.price_minor is not None]
            if not said.extreme:
                if own is None:
                    return priced
                return [e for e in priced if ((e.price_minor or 0) > own if said.most else (e.price_minor or 0) < own)]
            if self._shown and any(each.sku in self._shown for each in priced):
                priced = [each for each in priced if each.sku in self._shown]
            in_stock = [each for each in priced if each.available] or priced
            if said.among:
                in_stock = [each for each in in_stock if not self._changed(each, self.wanted)] or in_stock
            edge = (max if said.most else min)((each.price_minor or 0 for each in in_stock), default=0)
            return [each for each in in_stock if each.price_minor == edge]
        wanted = self.wanted.values.get(said.place)
        ranks = self._options.ranks(said.place)
        own_rank = ranks.get(self._value(self._here, said.place) or "")
        if wanted and not said.extreme and own_rank is not None:
            there = [ranks[value] for value in wanted if value in ranks]
            if any(rank > own_rank if said.most else rank < own_rank for rank in there):
                # "A smaller one, the 13 inch": the value says which.
                return fit
        self.wanted.values.setdefault(said.place, frozenset())
        ranked = [(ranks[value], each) for each in fit if (value := self._value(each, said.place) or "") in ranks]
        if not said.extreme and own_rank is not None:
            ranked = [(r, e) for r, e in ranked if (r > own_rank if said.most else r < own_rank)]
        reach = [(r, e) for r, e in ranked if e.available] or ranked
        if said.step and own_rank is not None and self._passes_over(said, reach, ranks, own_rank):
            # "One size up, waterproof", where the next size does not come so: another size is no such thing.
            self.passed_over = True
            return []
        if not said.step and not said.extreme:
            # "Bigger": what has the rest as it is comes before what is the next size and otherwise another.
            same = [(r, e) for r, e in reach if e.available and not self._changed(e, self.wanted)]
            reach = same or reach
        farthest = said.most == said.extreme
        edge_rank = (max if farthest else min)((r for r, _ in reach), default=0.0)
        nearest = [each for rank, each in ranked if rank == edge_rank]
        if nearest:
            self.wanted.values[said.place] = frozenset({self._value(nearest[0], said.place) or ""})
        return nearest

    def _passes_over(
        self,
        said: Comparison,
        reach: Sequence[tuple[float, VariantCandidate]],
        ranks: Mapping[str, float],
        own: float,
    ) -> bool:
        """Whether what is left of "the next one" leaves out the very next that the product comes in."""
        beyond = [rank for rank in ranks.values() if (rank > own if said.most else rank < own)]
        if not beyond or not reach:
            return False
        next_one = min(beyond) if said.most else max(beyond)
        told = self.wanted.spoken - {said.place}
        return bool(told) and all(rank != next_one for rank, _ in reach)

    def _beyond(self, said: Comparison) -> list[VariantCandidate]:
        """What lies on the side of a comparison, whatever else was said of it."""
        if said.place is None:
            own = self._here.price_minor
            return [
                e
                for e in self._variants
                if own and e.price_minor and (e.price_minor > own) == said.most and e.price_minor != own
            ]
        ranks = self._options.ranks(said.place)
        own_rank = ranks.get(self._value(self._here, said.place) or "")
        if own_rank is None or said.extreme:
            return []
        ranked = [(ranks.get(self._value(each, said.place) or ""), each) for each in self._variants]
        return [e for rank, e in ranked if rank is not None and (rank > own_rank if said.most else rank < own_rank)]

    def _nearest(self, among: Sequence[VariantCandidate]) -> tuple[str, ...]:
        """Stock codes of what has most of what was said, and then most of the rest as it is."""

        def key(each: VariantCandidate) -> tuple[int, int]:
            said = sum(not values or self._value(each, place) in values for place, values in self.wanted.values.items())
            said += sum(self._value(each, place) == self._value(self._here, place) for place in self.wanted.kept)
            return -said, len(self._changed(each, self.wanted))

        there = sorted((e for e in among if e.available and e.sku != self._here.sku), key=key)
        return tuple(each.sku for each in there if key(each)[0] == key(there[0])[0])[:_MOST_NEAREST]

    def _answer(
        self, fit: list[VariantCandidate], compared: Sequence[Comparison]
    ) -> Resolution[VariantCandidate] | None:
        wanted = self.wanted
        reasons = [
            *(Reason("option", word.span.of(self._text), word.span) for word in wanted.words),
            *(Reason("comparative", each.words, each.span) for each in compared),
        ]
        spans = tuple(sorted({r.span for r in reasons if r.span is not None}, key=lambda s: s.start))
        if not fit:
            return self._none(compared, spans)
        if shown := [each for each in fit if each.sku in self._shown and each.available]:
            fit = shown
        elif not compared and self._is_here(wanted):
            return self._none(compared, spans)
        nearest = any(each.extreme and each.place is None for each in compared)
        same = [each for each in fit if not self._changed(each, wanted)]
        there = [each for each in same if each.available]
        if len(shown) == 1 or (nearest and len(fit) == 1):
            return self._one(fit[0], reasons, spans)
        if len(there) == 1 or (len(same) == 1 and not any(each.available for each in fit)):
            return self._one((there or same)[0], reasons, spans)
        if there and wanted.free:
            return self._one(self._any_of(there), reasons, spans)
        if there:
            return self._several(there, reasons, spans, ())
        in_stock = [each for each in fit if each.available] or fit
        changed = {each.sku: self._changed(each, wanted) for each in in_stock}
        # One that changes all that another changes, and more besides, is no choice.
        offered = [e for e in in_stock if not any(other < changed[e.sku] for other in changed.values())]
        offered.sort(key=lambda each: len(changed[each.sku]))
        for_less = bool(wanted.words) and any(each.place is None and not each.extreme for each in compared)
        one = len(offered) == 1 and offered[0].available
        if one and (for_less or len(wanted.spoken) > len(changed[offered[0].sku])):
            # Most of it was said, or that it costs less, and there is one like that.
            return self._one(offered[0], reasons, spans)
        where, said = spans[0] if spans else None, self._said()
        absent = (Absent("combination", said, value=said, instead=self._values(), span=where),)
        if not any(each.available for each in offered):
            absent = (replace(absent[0], nearest=self._nearest(self._variants)),)
            return Resolution("none", rest=self._text, spans=spans, asked_but_absent=absent)
        return self._several(offered, reasons, spans, absent)

    def _any_of(self, fit: Sequence[VariantCandidate]) -> VariantCandidate:
        """Of those that differ only in what may be anything: the nearest to what there is, then the cheapest."""

        def differs(each: VariantCandidate) -> int:
            return sum(self._value(each, place) != self._value(self._here, place) for place in self.wanted.free)

        return min(fit, key=lambda each: (differs(each), each.price_minor or 0))

    def _said(self) -> str:
        """What was wanted, as the shop writes it."""
        return " / ".join(self._values()) or " ".join(word.span.of(self._text) for word in self.wanted.words)

    def _values(self) -> list[str]:
        """The values that were wanted, by the order of their options."""
        return [next(iter(vs)) for _, vs in sorted(self.wanted.values.items()) if len(vs) == 1 and next(iter(vs))]

    def _none(self, compared: Sequence[Comparison], spans: tuple[Span, ...]) -> Resolution[VariantCandidate] | None:
        wanted = self.wanted
        for each in compared:
            if each.edge:
                beyond = [e for e in self._beyond(each) if e.available]
                words = " / ".join([*self._values(), each.words]) if beyond else each.words
                absent = Absent(
                    "comparative",
                    words,
                    span=each.span,
                    edge="" if beyond else each.edge,
                    nearest=self._nearest(beyond),
                )
                return Resolution("none", rest=self._text, spans=spans, asked_but_absent=(absent,))
        if compared:
            # What the comparison alone would bring tells which end was reached (variants.py).
            return None
        if self._is_here(wanted):
            already = [
                Absent("current", w.span.of(self._text), value=w.span.of(self._text), span=w.span) for w in wanted.words
            ]
            return Resolution("none", rest=self._text, spans=spans, asked_but_absent=tuple(already))
        said = self._said()
        where = spans[0] if spans else None
        nearest = self._nearest(self._variants)
        missing = Absent("combination", said, value=said, instead=self._values(), span=where, nearest=nearest)
        return Resolution("none", rest=self._text, spans=spans, asked_but_absent=(missing,))

    def _one(
        self, variant: VariantCandidate, reasons: Sequence[Reason], spans: tuple[Span, ...]
    ) -> Resolution[VariantCandidate]:
        absent: tuple[Absent, ...] = ()
        if not variant.available:
            said, nearest = " / ".join(variant.options.values()), self._nearest(self._variants)
            absent = (Absent("combination", said, value=said, nearest=nearest),)
        return Resolution("one", (Match(variant, _SCORE, tuple(reasons)),), self._text, spans, absent)

    def _several(
        self,
        variants: Sequence[VariantCandidate],
        reasons: Sequence[Reason],
        spans: tuple[Span, ...],
        absent: tuple[Absent, ...],
    ) -> Resolution[VariantCandidate]:
        share = round(_SCORE / max(2, len(variants)), 4)
        matches = tuple(Match(each, share, tuple(reasons)) for each in variants)
        return Resolution("unclear", matches, self._text, spans, absent)


__all__ = ["fitting", "having_all"]
