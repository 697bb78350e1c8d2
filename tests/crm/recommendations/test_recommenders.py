"""One contract that every recommender keeps, and what each is for."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_backend.analytics.recommenders import alternating
from crm_backend.analytics.recommenders.alternating import MANY_ITEMS, MISSING
from crm_backend.analytics.recommenders.base import Fits, Recommender, top
from crm_backend.analytics.recommenders.evaluation import Score, lists, score_of, targets
from crm_backend.analytics.recommenders.fitting import fit
from crm_backend.analytics.recommenders.history import History, ItemFacts
from crm_backend.analytics.recommenders.models import ItemContent, PersonalFrequency, rhythm_of
from crm_backend.analytics.recommenders.purchases import net
from crm_backend.analytics.recommenders.relations import Relations
from crm_backend.analytics.recommenders.selection import (
    ALS,
    CANDIDATES,
    SPLITS,
    STARTERS,
    candidates_for,
    choose,
    select,
)
from crm_backend.analytics.recommenders.starters import Starters
from tests.crm.recommendations.shops import AS_OF, ITEMS_OF_TASTE, TASTES, lines, tasteful_shop

EVERY = sorted({ALS, *(one for candidates in CANDIDATES.values() for one in candidates)}, key=lambda one: one.name)
WORDS = ["tea light holder", "paper lantern", "cake stand", "picnic bag"]
FACTS = {
    item: ItemFacts(f"{WORDS[item // ITEMS_OF_TASTE]} number {item}", WORDS[item // ITEMS_OF_TASTE])
    for item in range(TASTES * ITEMS_OF_TASTE)
}
NEVER_BOUGHT = 999
FACTS[NEVER_BOUGHT] = ItemFacts("cake stand with three tiers", "cake stand")


@pytest.fixture(scope="module")
def purchases() -> pd.DataFrame:
    return net(tasteful_shop())


@pytest.fixture(scope="module")
def fits(purchases: pd.DataFrame) -> Fits:
    return Fits(History.of(purchases, AS_OF, FACTS))


# --- The contract -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("recommender", EVERY, ids=lambda one: one.name)
class TestContract:
    def test_scores_are_finite_and_of_every_item(self, fits: Fits, recommender: Recommender) -> None:
        people = np.arange(5)
        scores = fits[recommender].scores(people)
        assert scores.shape == (5, len(fits.history.items))
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()
        assert (scores >= 0).all()

    def test_a_person_scores_the_same_alone_and_among_others(self, fits: Fits, recommender: Recommender) -> None:
        everybody = np.array(fits[recommender].scores(np.arange(len(fits.history.people))))
        for person in (0, 17, 101):
            assert np.allclose(fits[recommender].scores(np.array([person]))[0], everybody[person], atol=1e-5)

    def test_the_same_history_gives_the_same_scores(
        self, purchases: pd.DataFrame, fits: Fits, recommender: Recommender
    ) -> None:
        again = Fits(History.of(purchases, AS_OF, FACTS))
        people = np.arange(20)
        assert np.array_equal(fits[recommender].scores(people), again[recommender].scores(people))

    def test_nothing_after_the_instant_is_known(self, purchases: pd.DataFrame, recommender: Recommender) -> None:
        cut = AS_OF - timedelta(days=60)
        before = purchases[purchases["at"] < pd.Timestamp(cut)]
        whole, part = Fits(History.of(purchases, cut, FACTS)), Fits(History.of(before, cut, FACTS))
        people = np.arange(20)
        assert np.array_equal(whole[recommender].scores(people), part[recommender].scores(people))

    @pytest.mark.parametrize("shelf", ["for_you", "buy_again", "discover"])
    def test_a_shelf_has_what_belongs_there_once(self, fits: Fits, recommender: Recommender, shelf: str) -> None:
        people = np.arange(30)
        chosen, scores = lists(fits[recommender], fits.history, people, shelf, 8)  # type: ignore[arg-type]
        owned = fits.history.owned.toarray() > 0
        for person, row, scored in zip(people, chosen, scores, strict=True):
            items = row[row >= 0]
            assert len(set(items.tolist())) == len(items)
            assert (np.diff(scored) <= 0).all()
            if shelf != "for_you":
                assert (owned[person, items] == (shelf == "buy_again")).all()

    def test_a_shop_of_one_purchase_is_no_error(self, recommender: Recommender) -> None:
        history = History.of(net(lines([(1, 1, 7, 3, 1, False)])), AS_OF)
        assert Fits(history)[recommender].scores(np.array([0])).shape == (1, 1)


@pytest.mark.parametrize("starters", STARTERS, ids=lambda one: one.name)
def test_lists_for_strangers_name_nothing_twice_and_end_with_what_there_is(fits: Fits, starters: Starters) -> None:
    chosen = starters.order(fits.history, 500).tolist()
    assert len(set(chosen)) == len(chosen) <= TASTES * ITEMS_OF_TASTE
    assert fits.history.items.index(NEVER_BOUGHT) not in chosen


# --- What they are for ------------------------------------------------------------------------------------------


def of_their_taste(history: History, found: dict[int, list[int]]) -> float:
    """Share of the new things shown that are of a person's taste, as far as there is anything new of it."""
    right = []
    for person, items in found.items():
        mine = {item for item in range(TASTES * ITEMS_OF_TASTE) if item // ITEMS_OF_TASTE == person % TASTES}
        had = {history.items[item] for item in history.owned[history.people.index(person)].indices}
        right += [item in mine for item in items[: len(mine - had)]]
    return sum(right) / len(right)


def test_new_things_are_of_the_persons_taste(purchases: pd.DataFrame) -> None:
    shop = fit(tasteful_shop(), as_of=AS_OF, facts=FACTS)
    assert of_their_taste(shop.history, shop.for_people(range(40), shelf="discover", count=3)) > 0.85


def test_what_nobody_bought_is_found_by_its_words(fits: Fits) -> None:
    scores = fits[ItemContent()].scores(np.arange(8))
    place = fits.history.items.index(NEVER_BOUGHT)
    assert (scores[2::TASTES, place] > 0.1).all()
    assert (scores[0::TASTES, place] < scores[2::TASTES, place].min()).all()


def test_somebody_unknown_gets_what_goes_with_what_they_look_at() -> None:
    shop = fit(tasteful_shop(), as_of=AS_OF, facts=FACTS)
    assert all(item // ITEMS_OF_TASTE == 1 for item in shop.for_stranger(looking_at=ITEMS_OF_TASTE + 3, count=5))
    assert all(FACTS[item].category == "picnic bag" for item in shop.for_stranger(category="picnic bag", count=5))
    assert shop.for_people(["nobody"], count=4)["nobody"] == shop.for_stranger(count=4)
    assert shop.for_people(["nobody"], shelf="buy_again")["nobody"] == []


def test_a_list_for_strangers_serves_all_tastes_where_the_best_sellers_serve_one() -> None:
    rows = [(basket, basket, item, 5, 1, False) for basket in range(30) for item in (1, 2, 3)]
    rows += [(100 + basket, 100 + basket, 9, 5, 1, False) for basket in range(12)]
    history = History.of(net(lines(rows)), AS_OF)
    best_sellers = Starters("best", 30, 1.0, None).order(history, 2)
    reaching = Starters("reach", 30, 1.0, 0.2).order(history, 2)
    assert {history.items[item] for item in best_sellers} < {1, 2, 3}
    assert history.items[reaching[1]] == 9


def test_due_things_come_before_what_was_bought_yesterday() -> None:
    rows = [(n, 1, "coffee", age, 1, False) for n, age in enumerate((121, 91, 61, 31))]
    rows += [(n + 10, 1, "salt", age, 1, False) for n, age in enumerate((91, 61, 31, 1))]
    history = History.of(net(lines(rows)), AS_OF)
    rhythm = rhythm_of(history)
    assert rhythm.times.tolist() == [4, 4]
    assert rhythm.interval_days == pytest.approx([30, 30], abs=1)
    scores = Fits(history)[PersonalFrequency(due=True)].scores(np.array([0]))[0]
    assert scores[history.items.index("coffee")] > scores[history.items.index("salt")]


def test_counts_behind_reasons_are_people_and_baskets_that_had_both() -> None:
    rows = [(n, n, item, 9, 1, False) for n in range(12) for item in ("lamp", "bulb")]
    rows += [(n, n, "lamp", 9, 1, False) for n in range(20, 25)]
    # A guest's basket counts nowhere.
    rows += [(99, None, item, 9, 1, False) for item in ("lamp", "bulb")]
    history = History.of(net(lines(rows)), AS_OF)
    relations = Relations.of(history)
    lamp, bulb = history.items.index("lamp"), history.items.index("bulb")
    assert relations.baskets(lamp, bulb) == (12, 17)
    assert relations.because(np.array([lamp]), np.array([bulb])) == [(lamp, 12, 17)]


# --- Netting ----------------------------------------------------------------------------------------------------


def test_what_came_back_was_not_bought() -> None:
    found = net(
        lines(
            [
                (1, 1, "a", 20, 3, False),
                (2, 1, "a", 10, 2, False),
                (3, 1, "a", 5, 3, True),
                (4, 1, "b", 9, 1, False),
                (5, 1, "b", 12, 1, True),
                (6, 2, "a", 8, 1, False),
            ]
        )
    )
    kept = {(basket, item): quantity for basket, item, quantity in found[["basket", "item", "quantity"]].to_numpy()}
    assert kept == {(1, "a"): 2, (4, "b"): 1, (6, "a"): 1}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from("ab"), st.integers(0, 30), st.integers(1, 5), st.booleans()),
        max_size=14,
    )
)
def test_netting_never_takes_more_than_was_bought(rows: list[tuple[int, str, int, int, bool]]) -> None:
    given_lines = lines([(number, *row) for number, row in enumerate(rows)])
    found = net(given_lines)
    assert (found["quantity"] > 0).all()
    for (person, item), sold in given_lines[~given_lines["credit"]].groupby(["person", "item"]):
        back = given_lines[given_lines["credit"] & (given_lines["person"] == person) & (given_lines["item"] == item)]
        kept = found[(found["person"] == person) & (found["item"] == item)]["quantity"].sum()
        assert sold["quantity"].sum() - back["quantity"].sum() <= kept <= sold["quantity"].sum()


# --- Scores and choices -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=6), st.integers(1, 7))
def test_the_best_are_the_best_and_ties_go_by_place(rows: list[list[int]], count: int) -> None:
    scores = np.array(rows, dtype=np.float32)
    wanted = [sorted(range(5), key=lambda place, row=row: (-row[place], place))[:count] for row in rows]
    assert top(scores, count).tolist() == wanted


def test_ndcg_as_worked_out_by_hand() -> None:
    import scipy.sparse as sp

    wanted = sp.csr_matrix(np.array([[1, 0, 1, 0], [0, 0, 0, 1]], dtype=np.float32))
    found = score_of("x", np.array([[0, 1, 2], [0, 1, -1]]), wanted, 4)
    assert found.ndcg == pytest.approx((1.5 / (1 + 1 / np.log2(3)) + 0) / 2)
    assert found.hit_rate == 0.5
    assert found.coverage == 0.75


def test_only_the_next_day_of_each_person_counts(purchases: pd.DataFrame) -> None:
    cut = AS_OF - timedelta(days=40)
    history = History.of(purchases, cut, FACTS)
    found = targets(purchases, history)
    later = purchases[purchases["at"] >= pd.Timestamp(cut)]
    person = history.people[0]
    first = later[later["person"] == person]["at"].min().normalize()
    wanted = later[(later["person"] == person) & (later["at"].dt.normalize() == first)]["item"]
    assert {history.items[item] for item in found.warm[0].indices} == set(wanted)


def _score(name: str, ndcg: float, coverage: float) -> Score:
    return Score(name, ndcg, 0.01, 0.5, 0.02, coverage, 500)


def test_variety_is_taken_where_it_costs_less_than_chance_could() -> None:
    narrow, wide, poor = _score("narrow", 0.100, 0.1), _score("wide", 0.096, 0.3), _score("poor", 0.05, 0.9)
    assert choose([narrow, wide, poor])[0] == 0
    assert choose([narrow, wide, poor], 0.25)[0] == 1
    assert choose([narrow, poor], 0.25)[0] == 0


def test_the_choice_is_never_worse_than_the_best_single_one_by_more_than_its_error(purchases: pd.DataFrame) -> None:
    found = select(purchases, AS_OF, FACTS)
    assert len(found.cuts) == SPLITS
    assert list(found.cuts) == sorted(found.cuts, reverse=True)
    for choice in found.shelves.values():
        best = max(choice.scores, key=lambda score: score.ndcg)
        chosen = next(score for score in choice.scores if score.name == choice.chosen.name)
        assert chosen.ndcg >= best.ndcg - best.ndcg_se
        assert all(score.ndcg_se > 0 for score in choice.scores)


def test_the_usual_one_stays_unless_another_is_better_by_a_standard_error() -> None:
    usual, close, better = _score("usual", 0.100, 0.1), _score("close", 0.109, 0.1), _score("better", 0.111, 0.1)
    assert choose([usual, close], usual=0)[0] == 0
    assert choose([usual, close, better], usual=0)[0] == 2


def test_alternating_least_squares_is_for_large_catalogues_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, said = candidates_for(MANY_ITEMS)
    assert not said
    assert all(ALS not in among for among in small.values())
    large, said = candidates_for(MANY_ITEMS + 1)
    assert not said
    assert ALS in large["discover"]
    assert ALS in large["for_you"]
    monkeypatch.setattr(alternating, "find_spec", lambda _name: None)
    without, said = candidates_for(MANY_ITEMS + 1)
    assert without == CANDIDATES
    assert said == (MISSING,)


def test_alternating_least_squares_finds_the_persons_taste(fits: Fits) -> None:
    people = np.arange(40)
    chosen, _scores = lists(fits[ALS], fits.history, people, "discover", 3)
    found = {
        fits.history.people[person]: [fits.history.items[item] for item in row if item >= 0]
        for person, row in zip(people, chosen, strict=True)
    }
    assert of_their_taste(fits.history, found) > 0.7


def test_a_shop_too_young_to_compare_still_answers() -> None:
    shop = fit(lines([(1, 1, "a", 3, 1, False), (2, 2, "b", 1, 1, False)]), as_of=AS_OF)
    assert shop.card()["split"]["cut"] is None
    assert shop.for_people([1], shelf="buy_again") == {1: ["a"]}
    assert shop.for_people([1], shelf="discover") == {1: ["b"]}
