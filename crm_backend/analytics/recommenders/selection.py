"""Which recommender serves a shelf: the candidates are compared on a time split of the shop's own data.

No one wins in all shops: where people re-order, their own frequency does; where they do not, neighbours do; a young
shop has nothing but what is popular.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import pandas as pd

from crm_backend.analytics.recommenders.base import Fits, Recommender
from crm_backend.analytics.recommenders.evaluation import (
    PLACES,
    SHELVES,
    Score,
    Shelf,
    evaluate,
    evaluate_strangers,
    pooled,
    targets,
)
from crm_backend.analytics.recommenders.history import History, ItemFacts
from crm_backend.analytics.recommenders.models import (
    Blend,
    Ease,
    ItemContent,
    ItemKnn,
    PersonalFrequency,
    Popular,
    TifuKnn,
    Trending,
)
from crm_backend.analytics.recommenders.starters import Starters, starters_by_country

POPULAR = Popular()
FREQUENCY = PersonalFrequency()
DUE = PersonalFrequency(due=True)
TIFU = TifuKnn()
ITEM_KNN = ItemKnn()
CONTENT = ItemContent()
EASE = Ease()
FRESH_TIFU = Trending(TIFU, 0.3)
FRESH_EASE = Trending(EASE, 0.4)

CANDIDATES: Mapping[Shelf, tuple[Recommender, ...]] = {
    "for_you": (
        POPULAR,
        FREQUENCY,
        TIFU,
        ITEM_KNN,
        EASE,
        CONTENT,
        FRESH_TIFU,
        FRESH_EASE,
        Blend(((FRESH_TIFU, 0.6), (FRESH_EASE, 0.4))),
    ),
    "buy_again": (
        POPULAR,
        FREQUENCY,
        DUE,
        TIFU,
        FRESH_TIFU,
        EASE,
        Blend(((FRESH_TIFU, 0.7), (FRESH_EASE, 0.3))),
    ),
    "discover": (
        POPULAR,
        TIFU,
        ITEM_KNN,
        EASE,
        CONTENT,
        FRESH_TIFU,
        FRESH_EASE,
        Blend(((FRESH_TIFU, 0.1), (FRESH_EASE, 0.9))),
        Blend(((FRESH_EASE, 0.9), (CONTENT, 0.1))),
    ),
}
"""A shelf's candidates."""

USUAL: Mapping[Shelf, Recommender] = {
    "for_you": Blend(((FRESH_TIFU, 0.6), (FRESH_EASE, 0.4))),
    "buy_again": Blend(((FRESH_TIFU, 0.7), (FRESH_EASE, 0.3))),
}
"""What was best, or as good, on most splits of the shops it was developed on."""

STARTERS: tuple[Starters, ...] = (
    Starters("popular_30d", 30, 1.0, None),
    Starters("popular_first_baskets_90d", 90, 0.3, None),
    Starters("reach_90d", 90, 0.3, 0.2),
    Starters("reach_45d", 45, 0.1, 0.2),
)
STARTERS_WITHOUT_COMPARISON = STARTERS[-1]
STARTER_SPLITS = 4
"""Splits, each as long before the next as time is held back, on which lists for strangers are compared."""
FALLBACKS: Mapping[Shelf, Recommender] = {"for_you": FRESH_TIFU, "buy_again": FREQUENCY, "discover": POPULAR}
"""Where too few people came back to compare anything."""

HELD_BACK = 0.15
"""Share of the time that is held back, within the bounds below."""
SHORTEST, LONGEST = timedelta(days=14), timedelta(days=60)
TOLERATED = 0.5
"""Standard errors that variety may cost: with a whole one, the choice was clearly worse on later data."""
LEAST_PEOPLE = 40
"""With fewer who came back, a comparison is chance."""
MOST_PEOPLE = 800
MOST_DENSE = 12_000_000
"""People × items held at once while scoring: bounds memory."""


@dataclass(frozen=True)
class Choice:
    """What serves a shelf, and why."""

    shelf: str
    chosen: Recommender | Starters
    scores: tuple[Score, ...]
    why: str

    def card(self) -> dict[str, Any]:
        """For the model card."""
        return {
            "chosen": self.chosen.name,
            "why": self.why,
            "candidates": [score.card() for score in self.scores],
        }


@dataclass(frozen=True)
class Selection:
    """The choices for all shelves, and the split they were made on."""

    shelves: Mapping[Shelf, Choice]
    starters: Choice
    cut: datetime | None

    def recommender(self, shelf: Shelf) -> Recommender:
        """What serves the shelf."""
        return cast(Recommender, self.shelves[shelf].chosen)

    @property
    def starter(self) -> Starters:
        """What serves strangers."""
        return cast(Starters, self.starters.chosen)


def cut_of(purchases: pd.DataFrame, as_of: datetime) -> datetime | None:
    """Where to split: the last 15 % of the time, 14 to 60 days, counted back from the last purchase."""
    if purchases.empty:
        return None
    first, last = purchases["at"].min(), purchases["at"].max()
    span = last - first
    held = min(max(span * HELD_BACK, pd.Timedelta(SHORTEST)), pd.Timedelta(LONGEST))
    if span < 2 * held:
        return None
    cut = cast(datetime, (last - held).to_pydatetime())
    return cut.replace(tzinfo=as_of.tzinfo) if cut.tzinfo is None else cut


def select(
    purchases: pd.DataFrame,
    as_of: datetime,
    facts: Mapping[Any, ItemFacts] | None = None,
    *,
    wanted_coverage: float = 0.25,
    candidates: Mapping[Shelf, Sequence[Recommender]] = CANDIDATES,
    note: Callable[[str], None] = lambda _words: None,
) -> Selection:
    """Compare the candidates of each shelf on what was known before the split, and choose."""
    cut = cut_of(purchases, as_of)
    if cut is None:
        return _nothing_to_compare(None, dict.fromkeys(SHELVES, ()))
    fits = Fits(History.of(purchases, cut, facts))
    found = targets(purchases, fits.history, as_of)
    most = max(min(MOST_PEOPLE, MOST_DENSE // max(len(fits.history.items), 1)), LEAST_PEOPLE)
    note("fitting the candidates")
    scorers = {shelf: [(one.name, fits[one]) for one in candidates[shelf]] for shelf in SHELVES}
    note("comparing the candidates")
    compared = evaluate(scorers, fits.history, found, most)
    choices: dict[Shelf, Choice] = {}
    for shelf, scores in compared.items():
        if scores[0].people < LEAST_PEOPLE:
            choices[shelf] = _default(shelf, tuple(scores))
            continue
        usual = candidates[shelf].index(USUAL[shelf]) if USUAL.get(shelf) in candidates[shelf] else None
        place, why = choose(scores, wanted_coverage if shelf == "discover" else None, usual)
        choices[shelf] = Choice(shelf, candidates[shelf][place], tuple(scores), why)
    return Selection(choices, _choose_starters(purchases, as_of, cut, fits.history), cut)


def choose(scores: Sequence[Score], wanted_coverage: float | None = None, usual: int | None = None) -> tuple[int, str]:
    """The place of the best, and why.

    The usual one is kept unless another is better by half its standard error: what wins one split by chance
    loses the next. Otherwise, with a coverage that is wanted: of those within half a standard error of the best, the
    best that reaches it; else the one of them that covers most. So variety never costs more than chance could.
    """
    best = max(range(len(scores)), key=lambda place: scores[place].ndcg)
    if usual is not None and scores[usual].ndcg >= scores[best].ndcg - scores[best].ndcg_se * TOLERATED:
        return usual, f"within half a standard error of {scores[best].name}: no reason to leave the usual one"
    if wanted_coverage is None or scores[best].coverage >= wanted_coverage:
        return best, "highest NDCG@10"
    least = scores[best].ndcg - scores[best].ndcg_se * TOLERATED
    close = [place for place in range(len(scores)) if scores[place].ndcg >= least]
    wide = [place for place in close if scores[place].coverage >= wanted_coverage]
    chosen = max(wide, key=lambda at: scores[at].ndcg) if wide else max(close, key=lambda at: scores[at].coverage)
    if chosen == best:
        return best, "highest NDCG@10"
    return chosen, f"within half a standard error of {scores[best].name}, and more of the catalogue is seen"


def _choose_starters(purchases: pd.DataFrame, as_of: datetime, cut: datetime, latest: History) -> Choice:
    """By the new people of several splits: in one alone there are too few to tell lists apart."""
    held = as_of - cut
    first = purchases["at"].min().to_pydatetime()
    first = first.replace(tzinfo=as_of.tzinfo) if first.tzinfo is None else first
    cuts = [cut - held * back for back in range(STARTER_SPLITS) if cut - held * back - first >= held]
    found: dict[str, list[Score]] = {starters.name: [] for starters in STARTERS}
    for each in cuts or [cut]:
        history = latest if each == cut else History.of(purchases, each)
        wanted = targets(purchases, history, each + held)
        for starters in STARTERS:
            lists = starters_by_country(history, starters, PLACES)
            score = evaluate_strangers(
                starters.name,
                lambda country, lists=lists: lists.get(country or "", lists[""]),  # type: ignore[misc]
                wanted,
                history,
            )
            found[starters.name].append(score)
    scores = [pooled(found[starters.name]) for starters in STARTERS]
    if scores[0].people < LEAST_PEOPLE:
        return Choice("starters", STARTERS_WITHOUT_COMPARISON, tuple(scores), "too few new people to compare")
    best = max(range(len(scores)), key=lambda place: scores[place].hit_rate)
    # Lists for strangers differ little: the last one is kept unless another is clearly better.
    usual = len(scores) - 1
    if scores[usual].hit_rate >= scores[best].hit_rate - scores[best].hit_rate_se:
        best = usual
    why = f"hit rate@10 of new people in {max(len(cuts), 1)} splits, within one standard error"
    return Choice("starters", STARTERS[best], tuple(scores), why)


def _default(shelf: Shelf, scores: tuple[Score, ...]) -> Choice:
    return Choice(shelf, FALLBACKS[shelf], scores, "too few people came back to compare")


def _nothing_to_compare(cut: datetime | None, scores: Mapping[Shelf, tuple[Score, ...]]) -> Selection:
    return Selection(
        {shelf: _default(shelf, scores[shelf]) for shelf in SHELVES},
        Choice("starters", STARTERS_WITHOUT_COMPARISON, (), "too little time to compare"),
        cut,
    )
