"""Makes profiles of customers who are one person, asks people about the doubtful, and parts them again."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crm_backend.audit.service import note
from crm_backend.changes.kind import Actor
from crm_backend.database.engine import Database, ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.policies.policy import Policies
from crm_backend.unify import repository
from crm_backend.unify.grouping import Key, Tie, group
from crm_backend.unify.matching import Match, Person, block_keys, compare, contradict, person_of
from crm_backend.unify.models import MatchPair, Profile, ProfileMember
from crm_backend.unify.schemas import MatchCustomer, MatchReason, MatchView, ProfileView, Reference
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

LOCK = "unify"


@dataclass(slots=True)
class UnifyReport:
    """What a run did."""

    customers: int = 0
    compared: int = 0
    blocks_too_large: int = 0
    same: int = 0
    doubtful: int = 0
    held: int = 0
    profiles: int = 0
    members: int = 0
    made: int = 0
    """Profiles that were not there before."""
    parted: int = 0
    """Profiles that are there no more, or with other members."""


def run(database: Database, policies: Policies, now: datetime) -> UnifyReport:
    """Compare everybody anew and make profiles of those who are the same. Doing it again changes nothing.

    What people decided holds, whatever the rules say now.
    """
    report = UnifyReport()
    with database.read() as session:
        matches = _matches(session, policies, report)
    with database.write() as session:
        take_turns(session, [LOCK])
        _write_pairs(session, matches)
        _settle(session, policies, now, None, report)
    return report


def _matches(session: ReadSession, policies: Policies, report: UnifyReport) -> dict[tuple[int, int], Match]:
    # NumPy takes a while to import, and only this needs it.
    from crm_backend.unify.blocking import candidate_pairs

    rules, country = policies.unify, policies.shop.country
    blocks = candidate_pairs(
        (
            (customer.id, block_keys(person_of(customer, addresses, rules, country=country)))
            for batch in repository.everybody(session)
            for customer, addresses in batch
        ),
        rules.largest_block,
    )
    report.customers, report.blocks_too_large, report.compared = blocks.customers, blocks.too_large, len(blocks.pairs)
    persons = _persons(session, policies, {identifier for pair in blocks.pairs for identifier in pair})
    found: dict[tuple[int, int], Match] = {}
    for low, high in blocks.pairs:
        match = compare(persons[low], persons[high], rules)
        if match.verdict != "different":
            found[low, high] = match
    return found


def _persons(session: ReadSession, policies: Policies, ids: Iterable[int]) -> dict[int, Person]:
    return {
        customer.id: person_of(customer, addresses, policies.unify, country=policies.shop.country)
        for customer, addresses in repository.customers(session, ids)
    }


def _write_pairs(session: WriteSession, matches: Mapping[tuple[int, int], Match]) -> None:
    open_matches = dict(matches)
    for row in repository.pairs(session):
        match = open_matches.pop((row.low_id, row.high_id), None)
        if match is None and row.decision is None:
            session.delete(row)
            continue
        _describe(row, match or Match("different", 0, (), False))
    names = {customer.id: customer for customer, _addresses in repository.customers(session, _ids_of(open_matches))}
    for (low, high), match in sorted(open_matches.items()):
        if low in names and high in names:  # Neither was erased meanwhile.
            one, other = sorted(
                ((names[low].source, names[low].external_id), (names[high].source, names[high].external_id))
            )
            row = MatchPair(public_id=_public_id("match", [one, other]), low_id=low, high_id=high, held=False)
            _describe(row, match)
            session.add(row)
    session.flush()


def _ids_of(matches: Iterable[tuple[int, int]]) -> set[int]:
    return {identifier for pair in matches for identifier in pair}


def _describe(row: MatchPair, match: Match) -> None:
    reasons = [{"rule": rule, "points": points} for rule, points in match.reasons]
    values = {"verdict": match.verdict, "score": match.score, "reasons": reasons, "conflict": match.conflict}
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _public_id(prefix: str, keys: Iterable[Key]) -> str:
    text = "\0".join(f"{source}\0{external_id}" for source, external_id in keys)
    return f"{prefix}_{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


# --- Profiles ---------------------------------------------------------------------------------------------------


def _settle(
    session: WriteSession,
    policies: Policies,
    now: datetime,
    around: Collection[int] | None,
    report: UnifyReport,
) -> None:
    """Make the profiles be what the pairs say: all of them, or those around some customers."""
    rows = repository.pairs(session) if around is None else _connected(session, around)
    present = repository.profiles_of(
        session, None if around is None else {*around, *_ids_of((row.low_id, row.high_id) for row in rows)}
    )
    ids = {identifier for row in rows for identifier in (row.low_id, row.high_id)}
    ids |= {identifier for members in present.values() for identifier in members}
    persons = _persons(session, policies, ids)
    by_key = {person.key: identifier for identifier, person in persons.items()}
    of_key = {person.key: person for person in persons.values()}
    ties: list[Tie] = []
    apart: list[tuple[Key, Key]] = []
    for row in rows:
        one, other = persons[row.low_id].key, persons[row.high_id].key
        if row.decision == "apart":
            apart.append((one, other))
        elif row.decision == "same":
            ties.append(Tie(one, other, "person"))
        elif row.verdict == "same":
            ties.append(Tie(one, other, "rules", row.score))
    grouping = group(
        ties, apart, lambda one, other: contradict(of_key[one], of_key[other]), policies.unify.largest_profile
    )
    for row in rows:
        one, other = sorted((persons[row.low_id].key, persons[row.high_id].key))
        held = (one, other) in grouping.held
        if row.held != held:
            row.held = held
        report.same += row.decision == "same" or (row.decision is None and row.verdict == "same")
        report.doubtful += row.decision is None and row.verdict == "doubtful"
        report.held += held
    wanted = {frozenset(by_key[key] for key in members): members for members in grouping.profiles}
    kept = {frozenset(members) for members in present.values() if frozenset(members) in wanted}
    gone = [identifier for identifier, members in present.items() if frozenset(members) not in wanted]
    repository.remove_profiles(session, gone)
    for members, keys in sorted(wanted.items(), key=lambda item: min(item[1])):
        if members in kept:
            continue
        profile = Profile(public_id=_public_id("profile", sorted(keys)), created_at=now)
        session.add(profile)
        session.flush()
        session.add_all(ProfileMember(customer_id=identifier, profile_id=profile.id) for identifier in sorted(members))
    session.flush()
    report.profiles, report.members = len(wanted), sum(len(members) for members in wanted)
    report.made, report.parted = len(wanted) - len(kept), len(gone)


def _connected(session: ReadSession, ids: Collection[int]) -> list[MatchPair]:
    """The pairs that bear on these customers: those that can be reached from them through pairs that join."""
    seen: set[int] = set()
    found: dict[int, MatchPair] = {}
    frontier = set(ids)
    while frontier:
        seen |= frontier
        reached: set[int] = set()
        for row in repository.pairs(session, frontier):
            found[row.id] = row
            if row.decision is not None or row.verdict == "same":
                reached |= {row.low_id, row.high_id}
        frontier = reached - seen
    # A pair that hangs on by one end only says nothing of the others.
    return [row for row in found.values() if row.low_id in seen and row.high_id in seen]


# --- What people decide -----------------------------------------------------------------------------------------


def review_queue(session: ReadSession, limit: int, after: int) -> list[MatchView]:
    """Pairs that wait for a person, the likeliest first."""
    rows = repository.open_pairs(session, limit, after)
    return _views(session, rows)


def decide(
    session: WriteSession,
    policies: Policies,
    actor: Actor,
    match_id: str,
    verdict: Literal["same", "apart", "open"],
    now: datetime,
) -> MatchView:
    """What a person says of a pair; `open` takes it back and leaves it to the rules.

    Raises NotFound, and Conflict when the two cannot be joined because others in their profiles were put apart.
    """
    take_turns(session, [LOCK])
    row = repository.pair(session, match_id)
    if row is None:
        raise NotFound
    row.decision = None if verdict == "open" else verdict
    row.decided_by, row.decided_at = (None, None) if verdict == "open" else (actor.id, now)
    session.flush()
    _settle(session, policies, now, {row.low_id, row.high_id}, UnifyReport())
    if verdict == "same" and row.held:
        raise Conflict("Others in the two profiles were put apart; take that back first.")
    note(session, actor, now, "match.decided", ("match", match_id), {"verdict": verdict})
    (view,) = _views(session, [row])
    return view


def show_profile(session: ReadSession, profile_id: str) -> ProfileView:
    """A profile, its members and why they are together. Raises NotFound."""
    profile = repository.profile(session, profile_id)
    if profile is None:
        raise NotFound
    return _profile_view(session, profile)


def split(
    session: WriteSession,
    policies: Policies,
    actor: Actor,
    profile_id: str,
    leaving: Sequence[Reference],
    now: datetime,
) -> list[ProfileView]:
    """Part some members from the others, for good; the profiles that are left of it.

    Raises NotFound, and InvalidInput when those who leave are not members, or are all of them.
    """
    take_turns(session, [LOCK])
    profile = repository.profile(session, profile_id)
    if profile is None:
        raise NotFound
    members = _members(session, profile)
    keys = {(customer.source, customer.external_id): identifier for identifier, customer in members.items()}
    gone: set[int] = set()
    for place, reference in enumerate(leaving):
        identifier = keys.get((reference.source, reference.external_id))
        if identifier is None:
            raise InvalidInput(
                errors=[FieldProblem(field=f"body.members.{place}", message="is no member of the profile")]
            )
        gone.add(identifier)
    if len(gone) == len(members):
        raise InvalidInput(errors=[FieldProblem(field="body.members", message="leaves nobody in the profile")])
    there = {(row.low_id, row.high_id): row for row in repository.pairs(session, members)}
    names = {identifier: key for key, identifier in keys.items()}
    for one in gone:
        for other in members.keys() - gone:
            low, high = sorted((one, other))
            row = there.get((low, high))
            if row is None:
                row = MatchPair(
                    public_id=_public_id("match", sorted((names[low], names[high]))),
                    low_id=low,
                    high_id=high,
                    verdict="different",
                    score=0,
                    reasons=[],
                    conflict=False,
                    held=False,
                )
                session.add(row)
            row.decision, row.decided_by, row.decided_at = "apart", actor.id, now
    session.flush()
    _settle(session, policies, now, members.keys(), UnifyReport())
    note(session, actor, now, "profile.split", ("profile", profile_id), {"left": len(gone)})
    left = repository.profiles_of(session, members.keys())
    found = [session.get_one(Profile, identifier) for identifier in sorted(left)]
    return [_profile_view(session, one) for one in found]


# --- Views ------------------------------------------------------------------------------------------------------


def _views(session: ReadSession, rows: Sequence[MatchPair]) -> list[MatchView]:
    found = {
        customer.id: MatchCustomer(
            source=customer.source,
            external_id=customer.external_id,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            birth_date=customer.birth_date,
            places=sorted({" ".join(part for part in (one.postcode, one.city) if part) for one in addresses} - {""}),
        )
        for customer, addresses in repository.customers(
            session, {identifier for row in rows for identifier in (row.low_id, row.high_id)}
        )
    }
    return [
        MatchView(
            id=row.public_id,
            customers=sorted((found[row.low_id], found[row.high_id]), key=lambda one: (one.source, one.external_id)),
            verdict=_known_verdict(row.verdict),
            score=row.score,
            reasons=[MatchReason.model_validate(reason) for reason in row.reasons],
            conflict=row.conflict,
            held=row.held,
            decision="same" if row.decision == "same" else "apart" if row.decision == "apart" else None,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
        )
        for row in rows
    ]


def _known_verdict(verdict: str) -> Literal["same", "doubtful", "different"]:
    return "same" if verdict == "same" else "doubtful" if verdict == "doubtful" else "different"


def _members(session: ReadSession, profile: Profile) -> dict[int, MatchCustomer]:
    members = repository.members(session, profile.id)
    return {
        customer.id: MatchCustomer(
            source=customer.source,
            external_id=customer.external_id,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            birth_date=customer.birth_date,
            places=[],
        )
        for customer in members
    }


def _profile_view(session: ReadSession, profile: Profile) -> ProfileView:
    members = _members(session, profile)
    inside = [row for row in repository.pairs(session, members) if row.low_id in members and row.high_id in members]
    return ProfileView(
        id=profile.public_id,
        created_at=profile.created_at,
        members=[
            Reference(source=one.source, external_id=one.external_id)
            for one in sorted(members.values(), key=lambda one: (one.source, one.external_id))
        ],
        matches=_views(session, inside),
    )
