"""Which recommender serves a shelf: the candidates are compared on several time splits of the shop's own data.

No one wins in all shops: where people re-order, their own frequency does; where they do not, neighbours do; a young
shop has nothing but what is popular.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import pandas as pd

from crm_backend.analytics.recommenders.alternating import MANY_ITEMS, MISSING, Alternating, is_installed
from crm_backend.analytics.recommenders.base import Fits, Recommender
from crm_backend.analytics.recommenders.evaluation import (
    PLACES,
    SHELVES,
    Score,
    Shelf,
    Targets,
    evaluate,
    evaluate_strangers,
    pooled,
    targets,
)
from crm_backend.analytics.recommenders.history import History, ItemFacts
from crm_backend.analytics.recommenders.models import (
    Appealing,
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
ALS = Alternating()
FRESH_TIFU = Trending(TIFU, 0.3)
MILD_TIFU = Trending(TIFU, 0.1)
"""What people repeat follows the season less than what is new to them: with 0.3 it lost where the lists served long."""
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
        MILD_TIFU,
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

LARGE: Mapping[Shelf, tuple[Recommender, ...]] = {
    "for_you": (ALS,),
    "buy_again": (),
    "discover": (ALS, Blend(((ALS, 0.5), (FRESH_EASE, 0.5)))),
}
"""What takes part besides where the catalogue is large and the extra is installed."""

CLICKED: Mapping[Shelf, tuple[Recommender, ...]] = {
    "for_you": (
        Appealing(POPULAR),
        Appealing(FRESH_TIFU),
        Blend(((Appealing(FRESH_TIFU), 0.6), (Appealing(FRESH_EASE), 0.4))),
    ),
    "buy_again": (Appealing(MILD_TIFU),),
    "discover": (Appealing(POPULAR), Appealing(FRESH_EASE)),
}
"""What takes part besides where enough was shown before the latest split to tell what people click."""
LEAST_SHOWN = 500
"""Impressions. With fewer, the prior says nearly all."""

USUAL: Mapping[Shelf, Recommender] = {
    "for_you": Blend(((FRESH_TIFU, 0.6), (FRESH_EASE, 0.4))),
    "buy_again": MILD_TIFU,
}
"""What was best, or as good, on most splits of the shops it was developed on."""

STARTERS: tuple[Starters, ...] = (
    Starters("popular_30d", 30, 1.0, None),
    Starters("popular_first_baskets_90d", 90, 0.3, None),
    Starters("reach_90d", 90, 0.3, 0.2),
    Starters("reach_45d", 45, 0.1, 0.2),
)
STARTERS_WITHOUT_COMPARISON = STARTERS[-1]
SPLITS = 3
"""Splits on which shelves are compared, each as long before the next as time is held back: what wins the last weeks
alone may owe it to a season or a sale."""
STARTER_SPLITS = 4
"""The same for lists for strangers, of whom there are fewer."""
FALLBACKS: Mapping[Shelf, Recommender] = {"for_you": FRESH_TIFU, "buy_again": FREQUENCY, "discover": POPULAR}
"""Where too few people came back to compare anything."""

HELD_BACK = 0.15
"""Share of the time that is held back, within the bounds below."""
SHORTEST, LONGEST = timedelta(days=14), timedelta(days=60)
TOLERATED = 0.5
"""Standard errors that variety may cost: with a whole one, the choice was clearly worse on later data."""
OWED = 1.0
"""Standard errors by which another must beat the usual one to take its place."""
LEAST_PEOPLE = 40
"""With fewer who came back, a comparison is chance."""
MOST_PEOPLE = 500
"""On the latest split; half as many on each earlier one, so that what happens now counts double."""
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
    cuts: tuple[datetime, ...]
    """The splits, the latest first; none where there was too little time."""
    notes: tuple[str, ...] = ()
    """What the shop should know of how it was compared."""

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


def candidates_for(items: int) -> tuple[Mapping[Shelf, Sequence[Recommender]], tuple[str, ...]]:
    """The candidates of each shelf for a catalogue of so many items, and what is to be said of them.

    Beyond 50 thousand items alternating least squares takes part, if that extra is installed.
    """
    if items <= MANY_ITEMS:
        return CANDIDATES, ()
    if not is_installed():
        return CANDIDATES, (MISSING,)
    return {shelf: (*usual, *LARGE[shelf]) for shelf, usual in CANDIDATES.items()}, ()


def select(
    purchases: pd.DataFrame,
    as_of: datetime,
    facts: Mapping[Any, ItemFacts] | None = None,
    *,
    log: pd.DataFrame | None = None,
    wanted_coverage: float = 0.25,
    note: Callable[[str], None] = lambda _words: None,
) -> Selection:
    """Compare the candidates of each shelf on what was known before each split, and choose."""
    latest = cut_of(purchases, as_of)
    if latest is None:
        return _nothing_to_compare()
    held = as_of - latest
    cuts = earlier_cuts(purchases, latest, held)
    histories = {latest: History.of(purchases, latest, facts, log)}
    candidates, notes = candidates_for(len(histories[latest].items))
    if histories[latest].exposure.shown >= LEAST_SHOWN:
        candidates = {shelf: (*usual, *CLICKED[shelf]) for shelf, usual in candidates.items()}
    for words in notes:
        note(words)
    wanted: dict[datetime, Targets] = {}
    compared: dict[Shelf, list[list[Score]]] = {shelf: [] for shelf in SHELVES}
    for place, cut in enumerate(cuts[:SPLITS]):
        history = histories.get(cut) or History.of(purchases, cut, facts, log)
        histories[cut] = history
        most = MOST_PEOPLE if place == 0 else MOST_PEOPLE // 2
        note(f"comparing the candidates, split {place + 1} of {len(cuts[:SPLITS])}")
        wanted[cut] = targets(purchases, history, cut + held)
        for shelf, scores in _compare(history, wanted[cut], candidates, most).items():
            compared[shelf].append(scores)
    choices: dict[Shelf, Choice] = {}
    for shelf, by_split in compared.items():
        # The latest last: its coverage is the one that tells.
        pools = [pooled(of_one[::-1]) for of_one in zip(*by_split, strict=True)]
        if pools[0].people < LEAST_PEOPLE:
            choices[shelf] = _default(shelf, tuple(pools))
            continue
        usual = candidates[shelf].index(USUAL[shelf]) if USUAL.get(shelf) in candidates[shelf] else None
        place, why = choose(pools, wanted_coverage if shelf == "discover" else None, usual)
        choices[shelf] = Choice(shelf, candidates[shelf][place], tuple(pools), why)
    for cut in cuts[SPLITS:STARTER_SPLITS]:
        histories[cut] = History.of(purchases, cut)
        wanted[cut] = targets(purchases, histories[cut], cut + held)
    starters = _choose_starters([(histories[cut], wanted[cut]) for cut in cuts[:STARTER_SPLITS]])
    return Selection(choices, starters, tuple(cuts[:SPLITS]), notes)


def earlier_cuts(purchases: pd.DataFrame, latest: datetime, held: timedelta) -> list[datetime]:
    """The latest split and those before it that leave as much time to learn from as is held back, latest first."""
    first = purchases["at"].min().to_pydatetime()
    first = first.replace(tzinfo=latest.tzinfo) if first.tzinfo is None else first
    most = max(SPLITS, STARTER_SPLITS)
    return [latest, *(cut for back in range(1, most) if (cut := latest - held * back) - first >= held)]


def _compare(
    history: History,
    found: Targets,
    candidates: Mapping[Shelf, Sequence[Recommender]],
    most: int,
) -> dict[Shelf, list[Score]]:
    """Scores on one split, of the people who came back before the next."""
    fits = Fits(history)
    most = max(min(most, MOST_DENSE // max(len(history.items), 1)), LEAST_PEOPLE)
    scorers = {shelf: [(one.name, fits[one]) for one in candidates[shelf]] for shelf in SHELVES}
    return evaluate(scorers, history, found, most)


def choose(scores: Sequence[Score], wanted_coverage: float | None = None, usual: int | None = None) -> tuple[int, str]:
    """The place of the best, and why.

    The usual one is kept unless another is better by a standard error (the one-standard-error rule of Breiman et al.
    1984): what wins by chance loses on the next split. Otherwise, with a coverage that is wanted: of those within half
    a standard error of the best, the best that reaches it; else the one of them that covers most. So variety never
    costs more than chance could.
    """
    best = max(range(len(scores)), key=lambda place: scores[place].ndcg)
    if usual is not None and scores[usual].ndcg >= scores[best].ndcg - scores[best].ndcg_se * OWED:
        return usual, f"within a standard error of {scores[best].name}: no reason to leave the usual one"
    if wanted_coverage is None or scores[best].coverage >= wanted_coverage:
        return best, "highest NDCG@10"
    least = scores[best].ndcg - scores[best].ndcg_se * TOLERATED
    close = [place for place in range(len(scores)) if scores[place].ndcg >= least]
    wide = [place for place in close if scores[place].coverage >= wanted_coverage]
    chosen = max(wide, key=lambda at: scores[at].ndcg) if wide else max(close, key=lambda at: scores[at].coverage)
    if chosen == best:
        return best, "highest NDCG@10"
    return chosen, f"within half a standard error of {scores[best].name}, and more of the catalogue is seen"


def _choose_starters(splits: Sequence[tuple[History, Targets]]) -> Choice:
    """By the new people of several splits: in one alone there are too few to tell lists apart."""
    found: dict[str, list[Score]] = {starters.name: [] for starters in STARTERS}
    for history, wanted in splits:
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
    why = f"hit rate@10 of new people in {len(splits)} splits, within one standard error"
    return Choice("starters", STARTERS[best], tuple(scores), why)


def _default(shelf: Shelf, scores: tuple[Score, ...]) -> Choice:
    return Choice(shelf, FALLBACKS[shelf], scores, "too few people came back to compare")


def _nothing_to_compare() -> Selection:
    return Selection(
        {shelf: _default(shelf, ()) for shelf in SHELVES},
        Choice("starters", STARTERS_WITHOUT_COMPARISON, (), "too little time to compare"),
        (),
    )
