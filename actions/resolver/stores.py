"""Which store words mean: by name, city, street, postcode, nearness, position or pronoun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from actions.resolver.candidates import StoreCandidate
from actions.resolver.catalogue import Catalogue
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.reading import Reader
from actions.resolver.resolution import Match, Reason, Resolution, Span, nothing
from actions.resolver.selection import Pool, choose, phrases_of, resolution_of
from actions.resolver.text import fold


@dataclass(frozen=True, slots=True)
class _StoreWords:
    """A store's names and places, as words."""

    titles: Sequence[str]
    options: Mapping[str, str] = field(default_factory=dict)
    other_options: Sequence[Mapping[str, str]] = ()
    categories: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    sku: str | None = None


def resolve_store(
    text: str, stores: Sequence[StoreCandidate], *, focus: Focus = NO_FOCUS
) -> Resolution[StoreCandidate]:
    """The store that `text` means."""
    if not stores or not text.strip():
        return nothing(text)
    words = [
        _StoreWords(
            [*store.names, *(place for place in (store.city, store.district) if place)],
            categories=[store.street] if store.street else [],
        )
        for store in stores
    ]
    unknown: list[date | None] = [None] * len(stores)
    pool: Pool[StoreCandidate] = Pool(
        items=stores,
        keys=[store.code for store in stores],
        catalogue=Catalogue(words),
        names=[store.names[0] if store.names else store.code for store in stores],
        placed=unknown,
        arrived=unknown,
        states=[],
        amounts=[[] for _ in stores],
        pieces=[1] * len(stores),
        ranks={"price": [None] * len(stores)},
        focus=focus.stores,
        shown=focus.shown,
    )
    folded = fold(text).replace(" ", "")
    for position, store in enumerate(stores):
        postcode = fold(store.postcode).replace(" ", "")
        if postcode and postcode in folded and [fold(s.postcode).replace(" ", "") for s in stores].count(postcode) == 1:
            return Resolution("one", (Match(stores[position], 0.97, (Reason("label", store.postcode),)),), text)
    elements = Reader[StoreCandidate](pool.catalogue).read(text)
    nearest = next((e for e in elements if e.has("nearest")), None)
    known = [p for p, store in enumerate(stores) if store.distance_metres is not None]
    if nearest is not None and known:
        phrase = [e for e in elements if e.names]
        within = choose(pool, phrase).positions() if phrase else known
        among = [p for p in within if stores[p].distance_metres is not None] or known
        least = min(stores[p].distance_metres or 0 for p in among)
        hits = [p for p in among if stores[p].distance_metres == least]
        reason = Reason("comparative", nearest.words, Span(nearest.span.start, nearest.span.end))
        if len(hits) == 1:
            return Resolution("one", (Match(stores[hits[0]], 0.95, (reason,)),), text, (nearest.span,))
    for element in elements:
        element.plural = False
    choices = [choose(pool, phrase) for phrase in phrases_of(elements, pool.catalogue)]
    return resolution_of(pool, choices, text)
