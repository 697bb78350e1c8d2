"""Profiles in the database: made, kept, reviewed and parted again."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from crm_backend.account.models import Customer
from crm_backend.audit.models import AuditEntry
from crm_backend.database.engine import Database
from crm_backend.orders.models import Order
from crm_backend.unify import service
from crm_backend.unify.models import MatchPair, Profile, ProfileMember
from crm_backend.unify.service import UnifyReport
from tests.crm import records
from tests.crm.conftest import Crm, Wall, policies_with
from tests.crm.pipeline.conftest import STAFF

POLICIES = policies_with()

Partition = set[frozenset[tuple[str, str]]]


def unify(database: Database) -> UnifyReport:
    return service.run(database, POLICIES, Wall().now)


def partition(database: Database) -> Partition:
    found: dict[int, set[tuple[str, str]]] = {}
    with database.read() as session:
        query = select(ProfileMember.profile_id, Customer.source, Customer.external_id).join(
            Customer, Customer.id == ProfileMember.customer_id
        )
        for profile, source, external_id in session.execute(query):
            found.setdefault(profile, set()).add((source, external_id))
    return {frozenset(members) for members in found.values()}


def ids(database: Database) -> set[tuple[int, str]]:
    with database.read() as session:
        return {tuple(row) for row in session.execute(select(Profile.id, Profile.public_id))}  # type: ignore[misc]


PEOPLE: list[dict[str, Any]] = [
    {"source": "web", "external_id": "1", "name": "Ada Byron", "email": "ada@x.org", "phone": "07700 900123"},
    {"source": "till", "external_id": "1", "name": "A. Byron", "phone": "+447700900123"},
    {"source": "market", "external_id": "1", "name": "Byron, Ada", "email": "ADA@x.org"},
    {"source": "web", "external_id": "2", "name": "王小明", "phone": "13800138000", "country": "CN"},
    {"source": "store", "external_id": "2", "name": "王先生", "phone": "+86 138 0013 8000", "country": "CN"},
    {"source": "web", "external_id": "3", "name": "Bob Ray", "email": "bob@x.org"},
    {"source": "till", "external_id": "3", "email": "bob@x.org"},
    {"source": "web", "external_id": "4", "name": "Guest"},
    {"source": "till", "external_id": "4", "name": "Guest"},
    {"source": "web", "external_id": "5"},
    {"source": "till", "external_id": "5"},
]
EXPECTED: Partition = {
    frozenset({("web", "1"), ("till", "1"), ("market", "1")}),
    frozenset({("web", "2"), ("store", "2")}),
}


def fill(database: Database, people: list[dict[str, Any]]) -> None:
    with database.write() as session:
        for one in people:
            records.customer(session, **one)
        records.order(session, "1", contact_email="ada@x.org", contact_name="Ada Byron")
        records.order(session, "2")


def test_one_person_of_several_channels_becomes_one_profile(database: Database) -> None:
    fill(database, PEOPLE)
    report = unify(database)
    assert partition(database) == EXPECTED
    assert (report.customers, report.profiles, report.members, report.doubtful) == (11, 2, 5, 1)


def test_guests_stay_guests(database: Database) -> None:
    fill(database, PEOPLE)
    unify(database)
    with database.read() as session:
        assert session.scalars(select(Order.customer_id)).all() == [None, None]
        assert session.scalar(select(func.count()).select_from(Customer)) == len(PEOPLE)
    nobodies = {("web", "4"), ("till", "4"), ("web", "5"), ("till", "5")}
    assert not any(nobodies & profile for profile in partition(database))


def test_a_second_run_writes_nothing(database: Database) -> None:
    fill(database, PEOPLE)
    unify(database)
    before = ids(database)
    report = unify(database)
    assert (report.made, report.parted) == (0, 0)
    assert ids(database) == before


@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_customers_came_does_not_matter(sqlite_database: Database, seed: int) -> None:
    people = list(PEOPLE)
    random.Random(seed).shuffle(people)
    fill(sqlite_database, people[:5])
    unify(sqlite_database)
    with sqlite_database.write() as session:
        for one in people[5:]:
            records.customer(session, **one)
    unify(sqlite_database)
    assert partition(sqlite_database) == EXPECTED
    with sqlite_database.read() as session:
        public = set(session.scalars(select(Profile.public_id)))
        session.rollback()
    with sqlite_database.write() as session:
        session.execute(delete(Customer))
    unify(sqlite_database)
    assert not partition(sqlite_database)
    fill(sqlite_database, PEOPLE)
    unify(sqlite_database)
    with sqlite_database.read() as session:
        assert set(session.scalars(select(Profile.public_id))) == public


def test_a_shared_fact_of_many_says_nothing(database: Database) -> None:
    with database.write() as session:
        for number in range(60):
            records.customer(session, name="Ada Byron", phone="+442079460000", external_id=str(number))
    report = unify(database)
    assert (report.compared, report.blocks_too_large, report.profiles) == (0, 1, 0)


def queue(crm: Crm) -> list[dict[str, Any]]:
    answer = crm.call.get("/staff/matches", headers=STAFF)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["matches"]
    return found


def decide(crm: Crm, match: str, verdict: str, **staff: str) -> Any:
    return crm.call.post(f"/staff/matches/{match}/decision", json={"verdict": verdict}, headers=staff or STAFF)


def test_the_doubtful_wait_for_a_person(crm: Crm) -> None:
    fill(crm.database, PEOPLE)
    unify(crm.database)
    before = partition(crm.database)
    (match,) = queue(crm)
    assert [(one["source"], one["name"]) for one in match["customers"]] == [("till", None), ("web", "Bob Ray")]
    assert match["reasons"] == [{"rule": "email_same", "points": 60}]
    assert decide(crm, match["id"], "same", **{"X-Shopdesk-Staff": "eve;read_only"}).status_code == 403

    answer = decide(crm, match["id"], "same")
    assert (answer.status_code, answer.json()["decision"], answer.json()["decided_by"]) == (200, "same", "mia")
    assert partition(crm.database) == before | {frozenset({("web", "3"), ("till", "3")})}
    assert queue(crm) == []
    unify(crm.database)
    assert len(partition(crm.database)) == 3, "a decision outlives a run"

    assert decide(crm, match["id"], "apart").status_code == 200
    assert partition(crm.database) == before
    unify(crm.database)
    assert (partition(crm.database), queue(crm)) == (before, [])
    assert decide(crm, match["id"], "open").status_code == 200
    assert [one["id"] for one in queue(crm)] == [match["id"]]
    with crm.records() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["match.decided"] * 3
    assert decide(crm, "match_0", "same").status_code == 404


def profile_of(crm: Crm, source: str, external_id: str) -> str:
    with crm.records() as session:
        return session.scalars(
            select(Profile.public_id)
            .join(ProfileMember, ProfileMember.profile_id == Profile.id)
            .join(Customer, Customer.id == ProfileMember.customer_id)
            .where(Customer.source == source, Customer.external_id == external_id)
        ).one()


def test_a_split_is_real_and_stays(crm: Crm) -> None:
    fill(crm.database, PEOPLE)
    unify(crm.database)
    profile = profile_of(crm, "web", "1")
    shown = crm.call.get(f"/staff/profiles/{profile}", headers=STAFF).json()
    assert [one["source"] for one in shown["members"]] == ["market", "till", "web"]
    assert {reason["rule"] for match in shown["matches"] for reason in match["reasons"]} >= {"phone_and_name"}

    answer = crm.call.post(
        f"/staff/profiles/{profile}/split",
        json={"members": [{"source": "till", "external_id": "1"}]},
        headers=STAFF,
    )
    assert answer.status_code == 200, answer.text
    expected = (EXPECTED - {frozenset({("web", "1"), ("till", "1"), ("market", "1")})}) | {
        frozenset({("web", "1"), ("market", "1")})
    }
    assert partition(crm.database) == expected
    unify(crm.database)
    unify(crm.database)
    assert partition(crm.database) == expected
    assert crm.call.get(f"/staff/profiles/{profile}", headers=STAFF).status_code in {200, 404}

    # Taken back, everything is as it was.
    with crm.records() as session:
        parted = session.scalars(select(MatchPair.public_id).where(MatchPair.decision == "apart")).all()
    assert len(parted) == 2
    for match in parted:
        assert decide(crm, match, "open").status_code == 200
    assert partition(crm.database) == EXPECTED
    assert profile_of(crm, "web", "1") == profile


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ([{"source": "till", "external_id": "404"}], "body.members.0"),
        ([{"source": source, "external_id": "1"} for source in ("web", "till", "market")], "body.members"),
        ([], "body.members"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(crm: Crm, members: list[Any], field: str) -> None:
    fill(crm.database, PEOPLE)
    unify(crm.database)
    profile = profile_of(crm, "web", "1")
    answer = crm.call.post(f"/staff/profiles/{profile}/split", json={"members": members}, headers=STAFF)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert partition(crm.database) == EXPECTED
    assert (
        crm.call.post(
            "/staff/profiles/profile_0/split", json={"members": [{"external_id": "1"}]}, headers=STAFF
        ).status_code
        == 404
    )


def test_whoever_was_put_apart_is_not_joined_through_others(crm: Crm) -> None:
    fill(crm.database, PEOPLE)
    with crm.records() as session:
        records.customer(session, source="app", external_id="1", name="Ada Byron", birth_date=date(1990, 1, 2))
        records.customer(session, source="web", external_id="9", name="Ada Byron", email="ada9@x.org")
    unify(crm.database)
    profile = profile_of(crm, "web", "1")
    crm.call.post(
        f"/staff/profiles/{profile}/split",
        json={"members": [{"source": "market", "external_id": "1"}]},
        headers=STAFF,
    )
    unify(crm.database)
    assert not any({("web", "1"), ("market", "1")} <= one for one in partition(crm.database))
    held = [match for match in queue(crm) if match["held"]]
    assert all(match["decision"] is None for match in held)


def test_agents_only(crm: Crm) -> None:
    for path in ("/staff/matches", "/staff/profiles/profile_0"):
        assert crm.call.get(path).status_code == 403
