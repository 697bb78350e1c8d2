"""Which names and which customers are taken for one."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_backend.account.models import Address, Customer
from crm_backend.policies.unify import UnifyRules
from crm_backend.unify.grouping import Tie, group
from crm_backend.unify.matching import Person, block_keys, compare, person_of
from crm_backend.unify.names import NameLikeness, compare_names, is_slip

RULES = UnifyRules()
SAME, ALIKE, UNKNOWN, DIFFERENT = (
    NameLikeness.SAME,
    NameLikeness.ALIKE,
    NameLikeness.UNKNOWN,
    NameLikeness.DIFFERENT,
)


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Ada Byron", "BYRON, Ada", SAME),
        ("Zoë Müller", "Zoe Muller", SAME),
        ("Mr. John Smith", "John Smith", SAME),
        ("Sean O'Brien", "Sean OBrien", SAME),
        ("J. Smith", "John Smith", ALIKE),
        ("John Smith", "John Paul Smith", ALIKE),
        ("Jonathan Smith", "Jonathon Smith", ALIKE),
        ("John Smith", "Mary Smith", DIFFERENT),
        ("Jan Vos", "Jon Vos", DIFFERENT),
        ("J. S.", "John Smith", DIFFERENT),
        ("Smith", "John Smith", UNKNOWN),
        ("John Smith", None, UNKNOWN),
        ("Guest", "Guest", UNKNOWN),
        ("王小明", "王小明", SAME),
        ("王 小明", "王小明", SAME),
        ("王小明", "王小红", DIFFERENT),
        ("王先生", "王小明", ALIKE),
        ("欧阳女士", "欧阳娜娜", ALIKE),
        ("李先生", "王小明", DIFFERENT),
        ("王小明先生", "王小明", SAME),
        ("王先生", "王女士", ALIKE),
        ("王小明", "Wang Xiaoming", UNKNOWN),
        ("Иван Петров", "Ivan Petrov", UNKNOWN),
        ("Иван Петров", "Петров Иван", SAME),
        ("游客", "王小明", UNKNOWN),
    ],
)
def test_names(one: str | None, other: str | None, likeness: NameLikeness) -> None:
    assert compare_names(one, other) is likeness
    assert compare_names(other, one) is likeness


names = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.lists(st.sampled_from(["Ada", "Byron", "J", "John", "Smith", "Smiht", "王", "王先生", "小明"]), max_size=3).map(
        " ".join
    ),
)


@given(names, names)
def test_likeness_has_no_direction(one: str | None, other: str | None) -> None:
    assert compare_names(one, other) is compare_names(other, one)


@given(st.text("abc", min_size=5, max_size=9), st.data())
def test_one_slip_of_the_pen_is_seen(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    changed = data.draw(
        st.sampled_from([word[:place] + letter + word[place + 1 :], word[:place] + letter + word[place:]])
    )
    assert is_slip(word, changed)
    assert is_slip(changed, word)
    assert not is_slip(word, word + "xyz")


def person(external_id: str = "1", source: str = "web", **facts: Any) -> Person:
    addresses = [
        Address(country=country, postcode=postcode, line1=line1)
        for country, postcode, line1 in facts.pop("addresses", [])
    ]
    attributes = {"email_verified": True} if facts.pop("verified", False) else {}
    customer = Customer(
        **{
            "source": source,
            "external_id": external_id,
            "name": None,
            "email": None,
            "phone": None,
            "birth_date": None,
            "country": "GB",
            "attributes": attributes,
            **facts,
        }
    )
    return person_of(customer, addresses, RULES)


HOME = ("GB", "LS1 4DY", "1 High Street")


@pytest.mark.parametrize(
    ("one", "other", "verdict", "because"),
    [
        ({"email": "a@x.org", "verified": True}, {"email": "A@x.org ", "verified": True}, "same", "email_verified"),
        ({"email": "a@x.org", "verified": True}, {"email": "a@x.org"}, "doubtful", "email_same"),
        ({"email": "a@x.org", "name": "Ada Byron"}, {"email": "a@x.org", "name": "Ada Byron"}, "same", "name_same"),
        (
            {"phone": "07700 900123", "name": "Ada Byron"},
            {"phone": "+44 7700 900123", "name": "A. Byron"},
            "same",
            "phone_and_name",
        ),
        (
            {"phone": "07700 900123", "name": "Ada Byron"},
            {"phone": "07700900123", "name": "Al Byron"},
            "different",
            None,
        ),
        ({"phone": "07700 900123"}, {"phone": "07700900123"}, "doubtful", "phone_same"),
        ({"name": "Ada Byron", "addresses": [HOME]}, {"name": "Ada Byron", "addresses": [HOME]}, "doubtful", None),
        (
            {"name": "Ada Byron", "addresses": [HOME], "birth_date": date(1990, 1, 2)},
            {"name": "Ada Byron", "addresses": [HOME], "birth_date": date(1990, 1, 2)},
            "same",
            "birth_date_same",
        ),
        (
            {"name": "Ada Byron", "addresses": [HOME], "birth_date": date(1990, 1, 2)},
            {"name": "Ada Byron", "addresses": [HOME], "birth_date": date(1960, 1, 2)},
            "different",
            "birth_date_differs",
        ),
        (
            {"phone": "07700 900123", "name": "Ada Byron", "birth_date": date(1990, 1, 2)},
            {"phone": "07700 900123", "name": "Ada Byron", "birth_date": date(1990, 2, 1)},
            "doubtful",
            "birth_date_differs",
        ),
        ({"name": "Ada Byron"}, {"name": "Ada Byron"}, "different", "name_same"),
        ({"email": "info@x.org"}, {"email": "info@x.org"}, "different", None),
        ({"phone": "0000000000", "name": "A B"}, {"phone": "0000000000", "name": "A B"}, "different", None),
        ({}, {}, "different", None),
    ],
)
def test_verdicts(one: dict[str, Any], other: dict[str, Any], verdict: str, because: str | None) -> None:
    left, right = person("1", "web", **one), person("2", "till", **other)
    match = compare(left, right, RULES)
    assert match.verdict == verdict, match
    if because is not None:
        assert because in dict(match.reasons)
    assert compare(right, left, RULES) == match
    if verdict != "different":
        assert set(block_keys(left)) & set(block_keys(right)), "they would never meet"


keys = st.tuples(st.sampled_from(["web", "till"]), st.sampled_from("abcdef"))
ties = st.lists(
    st.builds(Tie, keys, keys, st.sampled_from(["rules", "person"]), st.integers(0, 3)).filter(
        lambda tie: tie.low != tie.high
    ),
    max_size=7,
)
apart = st.lists(st.tuples(keys, keys).filter(lambda pair: pair[0] != pair[1]), max_size=3)


@given(ties, apart, st.sets(st.frozensets(keys, min_size=2, max_size=2), max_size=3), st.randoms())
def test_profiles_do_not_depend_on_the_order_of_pairs(
    ties: list[Tie], apart: list[Any], enemies: set[frozenset[Any]], random: Any
) -> None:
    def contradicting(one: Any, other: Any) -> bool:
        return frozenset((one, other)) in enemies

    first = group(ties, apart, contradicting, 4)
    shuffled = list(ties)
    random.shuffle(shuffled)
    again = group(shuffled, [(b, a) for a, b in reversed(apart)], contradicting, 4)
    assert (first.profiles, first.held) == (again.profiles, again.held)
    members = [key for profile in first.profiles for key in profile]
    assert len(members) == len(set(members)), "nobody is in two profiles"
    for one, other in apart:
        assert not any({one, other} <= profile for profile in first.profiles)
    for tie in ties:
        together = any({tie.low, tie.high} <= profile for profile in first.profiles)
        assert together != ((tie.low, tie.high) in first.held)


@given(ties, keys)
def test_undo_gives_back_what_was_there(ties: list[Tie], stranger: Any) -> None:
    """Joining two profiles and putting every pair across apart leaves the two as they were."""

    def no(_one: Any, _other: Any) -> bool:
        return False

    before = group(ties, [], no, 100)
    present = {member for profile in before.profiles for member in profile}
    if stranger in present or not present:
        return
    for member in sorted(present):
        joined = group([*ties, Tie(member, stranger, "person")], [], no, 100)
        profile = next(profile for profile in joined.profiles if stranger in profile)
        parted = group(ties, [(stranger, other) for other in profile - {stranger}], no, 100)
        assert parted.profiles == before.profiles


def test_a_contradiction_does_not_come_in_through_a_third() -> None:
    a, b, c = ("web", "a"), ("web", "b"), ("web", "c")
    found = [
        group([*order], [], lambda one, other: {one, other} == {a, c}, 10)
        for order in permutations([Tie(a, b, "rules", 100), Tie(b, c, "rules", 90)])
    ]
    assert all(one.profiles == {frozenset({a, b})} and one.held == {(b, c)} for one in found)
