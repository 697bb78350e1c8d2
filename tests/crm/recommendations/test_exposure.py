"""What was shown and what was clicked of it takes part in a fit, by its places, and only what was before it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_backend.analytics.recommenders.exposure import Exposure
from crm_backend.analytics.recommenders.fitting import fit_purchases
from crm_backend.analytics.recommenders.purchases import net
from tests.crm.recommendations.shops import AS_OF, lines

ITEMS = list(range(60))
WANTED = range(6)
"""What people will buy next, and click now."""
PEOPLE = 120
HELD_BACK = 18


def log_of(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    """(item, shown, clicked, position, days before AS_OF) as a log; each click is in a conversation of its own."""
    said: list[tuple[Any, ...]] = []
    for item, shown, clicked, position, age in rows:
        at = pd.Timestamp(AS_OF - timedelta(days=age))
        said += [(item, "shown", "discover", position, f"c{number}", at) for number in range(shown)]
        said += [(item, "clicked", "discover", position, f"c{number}", at) for number in range(clicked)]
    return pd.DataFrame(said, columns=["item", "kind", "shelf", "position", "conversation", "at"])


def appeal(rows: list[tuple[Any, ...]]) -> list[float]:
    return [round(float(one), 2) for one in Exposure.of(log_of(rows), ITEMS, AS_OF).appeal[:3]]


def test_what_stands_first_is_clicked_more_whatever_it_is() -> None:
    assert appeal([(0, 1000, 100, 1, 5), (1, 1000, 50, 2, 5)]) == pytest.approx([1, 1, 1], abs=0.05)
    better, worse, _ = appeal([(0, 400, 40, 2, 5), (1, 400, 10, 2, 5)])
    assert worse < 0.7 < 1.4 < better


def test_few_impressions_say_little() -> None:
    few, *_ = appeal([(0, 2, 2, 1, 5), (1, 500, 50, 1, 5)])
    many, *_ = appeal([(0, 200, 60, 1, 5), (1, 500, 50, 1, 5)])
    assert 1 < few < 1.4 < many


def test_a_conversation_clicks_an_item_once() -> None:
    log = log_of([(0, 100, 10, 1, 5), (1, 100, 10, 1, 5)])
    again = log[(log["item"] == 0) & (log["kind"] == "clicked")].assign(conversation="c0")
    more = pd.concat([log, *[again] * 20])
    assert Exposure.of(more, ITEMS, AS_OF).card() == Exposure.of(log, ITEMS, AS_OF).card()


def test_nothing_later_is_looked_at() -> None:
    before, after = log_of([(0, 100, 10, 1, 30), (1, 100, 1, 1, 30)]), log_of([(1, 900, 800, 1, 10)])
    cut = AS_OF - timedelta(days=20)
    known, told = Exposure.of(before, ITEMS, cut), Exposure.of(pd.concat([before, after]), ITEMS, cut)
    assert np.array_equal(known.appeal, told.appeal)
    assert known.card() == told.card()


@given(
    st.lists(
        st.tuples(st.integers(0, 70), st.integers(0, 20), st.integers(0, 20), st.integers(1, 9), st.integers(-5, 400)),
        max_size=12,
    )
)
@settings(max_examples=60, database=None, deadline=None)
def test_every_item_keeps_some_appeal(rows: list[tuple[Any, ...]]) -> None:
    found = Exposure.of(log_of(rows), ITEMS, AS_OF)
    assert found.appeal.shape == (len(ITEMS),)
    assert np.isfinite(found.appeal).all()
    assert (found.appeal > 0).all()
    never = set(ITEMS) - {item for item, shown, *_ in rows if shown}
    assert (found.appeal[sorted(never)] == 1).all()


@pytest.mark.parametrize("known", [True, False], ids=["shown before the split", "shown after it"])
def test_clicks_serve_where_they_told_what_was_bought_next(known: bool) -> None:
    """A shop without any pattern but this: what is clicked before the split is bought after it."""
    chance = np.random.default_rng(3)
    rows: list[tuple[Any, ...]] = []
    for person in range(PEOPLE):
        for day in range(4):
            age = HELD_BACK + 1 + float(chance.uniform(day * 25, day * 25 + 25))
            bought = chance.choice(ITEMS, 3, replace=False)
            rows += [(person * 10 + day, person, int(item), age, 1, False) for item in bought]
        age = float(chance.uniform(0.5, HELD_BACK - 2))
        rows += [(person * 10 + 9, person, int(item), age, 1, False) for item in chance.choice(WANTED, 2, False)]
    age = 25 if known else 10
    log = log_of([(item, 40, 20 if item in WANTED else 2, item % 5 + 1, age) for item in ITEMS])
    shop = fit_purchases(net(lines(rows)), as_of=AS_OF, log=log)
    choice = shop.selection.shelves["discover"]
    compared = {score.name: score.ndcg for score in choice.scores}
    if not known:
        assert not any("clicks" in name for name in compared)
        return
    assert compared["popular_30d*clicks^1"] > compared["popular_30d"]
    assert "clicks" in choice.chosen.name
    assert shop.card()["clicks"] == {"shown": 2400, "clicked": 228, "items": 60, "days": 180}
