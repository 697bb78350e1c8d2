"""The shop's rules as pure functions."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from crm_backend.policies.recommendations import Arm, RecommendationRules
from crm_backend.recommendations.shelf import Entry, Good, Personal, arm_of, arrange, reasons, way_of

GOODS = st.lists(st.tuples(st.sampled_from(["a", "b", "c > d", None]), st.sampled_from(["x", "y", None])), max_size=30)
SOME = st.sets(st.integers(0, 29), max_size=6)


@settings(deadline=None)
@given(GOODS, SOME, SOME, SOME, SOME, st.integers(1, 20), st.integers(1, 5))
def test_rules_never_show_what_is_out_and_never_leave_places_empty(
    kinds: list[tuple[str | None, str | None]],
    never: set[int],
    tired: set[int],
    excluded: set[int],
    pinned: set[int],
    limit: int,
    per_category: int,
) -> None:
    goods = {at: Good(at, f"g{at}", category, brand) for at, (category, brand) in enumerate(kinds)}
    entries = [Entry(at) for at in range(30)]
    rules = RecommendationRules(
        exclude=[f"g{at}" for at in sorted(excluded)],
        pin=[f"g{at}" for at in sorted(pinned)],
        per_category=per_category,
    )
    shown = [entry.product_id for entry in arrange(entries, goods, rules, limit, personal=Personal(never, tired))]
    allowed = set(goods) - never - excluded
    assert len(set(shown)) == len(shown) == min(limit, len(allowed))
    assert set(shown) <= allowed
    counts = Counter(goods[at].category for at in shown[: min(10, limit)] if goods[at].category is not None)
    others = allowed - set(shown)
    if counts and max(counts.values()) > per_category:
        # The cap gave way only because nothing else could have stood there.
        assert all(counts[goods[at].category] >= per_category or goods[at].brand is not None for at in others) or len(
            shown
        ) > len([at for at in allowed if goods[at].category is None])


def test_people_are_dealt_evenly_and_always_the_same_way() -> None:
    rules = RecommendationRules(
        holdout_percent=10, arms=[Arm(name="b", percent=30, shelf="popular"), Arm(name="c", percent=20)]
    )
    dealt = Counter(arm_of(f"person:{number}", rules) for number in range(20_000))
    assert dealt["holdout"] == pytest.approx(2000, rel=0.1)
    assert dealt["b"] == pytest.approx(5400, rel=0.1)
    assert dealt["c"] == pytest.approx(3600, rel=0.1)
    assert [arm_of("person:7", rules) for _ in range(3)] == [arm_of("person:7", rules)] * 3
    other = rules.model_copy(update={"experiment": "spring"})
    assert any(arm_of(f"person:{n}", rules) != arm_of(f"person:{n}", other) for n in range(50))
    assert (way_of("holdout", rules), way_of("b", rules), way_of("default", rules)) == ("popular", "popular", "chosen")


@pytest.mark.parametrize(
    "arms",
    [
        [{"name": "a", "percent": 60}, {"name": "b", "percent": 50}],
        [{"name": "a", "percent": 10}, {"name": "a", "percent": 10}],
        [{"name": "holdout", "percent": 10}],
    ],
)
def test_arms_that_cannot_be_are_refused(arms: list[dict[str, object]]) -> None:
    with pytest.raises(ValidationError, match="arms"):
        RecommendationRules.model_validate({"arms": arms})


def test_a_reason_of_few_people_is_told_to_nobody_and_counts_to_agents_only() -> None:
    entry = Entry(1, "often_bought_together", {"with": 2, "both": 9, "of": 40, "counted": "people"}, 9)
    named = {2: ("kettle", "Kettle")}
    rules = RecommendationRules()
    assert reasons(entry, named, rules, to_staff=True) == []
    known = Entry(1, "often_bought_together", {**entry.facts, "both": 10}, 10)
    assert reasons(known, named, rules, to_staff=False)[0].values == {"product": "kettle", "name": "Kettle"}
    assert reasons(known, named, rules, to_staff=True)[0].values["both"] == 10
    assert reasons(known, {}, rules, to_staff=True) == []
