"""Queries about profiles, pairs and the customers in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import aliased

from crm_backend.account.models import Address, Customer
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.pipeline.stored import chunks
from crm_backend.unify.models import MatchPair, Profile, ProfileMember

AT_ONCE = 1000


def everybody(session: ReadSession) -> Iterator[Sequence[tuple[Customer, list[Address]]]]:
    """All customers with their addresses, a thousand at a time."""
    last = 0
    while True:
        found = session.scalars(select(Customer).where(Customer.id > last).order_by(Customer.id).limit(AT_ONCE)).all()
        if not found:
            return
        last = found[-1].id
        yield _with_addresses(session, found)
        session.expunge_all()


def customers(session: ReadSession, ids: Iterable[int]) -> Iterator[tuple[Customer, list[Address]]]:
    """These customers with their addresses."""
    for chunk in chunks(sorted(set(ids))):
        yield from _with_addresses(session, session.scalars(select(Customer).where(Customer.id.in_(chunk))).all())


def _with_addresses(session: ReadSession, found: Sequence[Customer]) -> list[tuple[Customer, list[Address]]]:
    addresses: defaultdict[int, list[Address]] = defaultdict(list)
    for address in session.scalars(
        select(Address).where(Address.customer_id.in_([customer.id for customer in found])).order_by(Address.id)
    ):
        addresses[address.customer_id].append(address)
    return [(customer, addresses[customer.id]) for customer in found]


def pairs(session: ReadSession, ids: Collection[int] | None = None) -> list[MatchPair]:
    """All pairs, or those in which one of these customers is."""
    if ids is None:
        return list(session.scalars(select(MatchPair).order_by(MatchPair.id)))
    found: dict[int, MatchPair] = {}
    for chunk in chunks(sorted(ids)):
        query = select(MatchPair).where(or_(MatchPair.low_id.in_(chunk), MatchPair.high_id.in_(chunk)))
        found.update((pair.id, pair) for pair in session.scalars(query))
    return [found[identifier] for identifier in sorted(found)]


def profiles_of(session: ReadSession, customer_ids: Collection[int] | None = None) -> Mapping[int, set[int]]:
    """By profile the customers in it: all profiles, or those in which one of these customers is."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    if customer_ids is None:
        for row in session.execute(select(ProfileMember.profile_id, ProfileMember.customer_id)):
            members[row.profile_id].add(row.customer_id)
        # One that lost its members, because they were erased, is a profile too.
        for identifier in session.scalars(select(Profile.id)):
            members.setdefault(identifier, set())
        return members
    for chunk in chunks(sorted(customer_ids)):
        within = select(ProfileMember.profile_id).where(ProfileMember.customer_id.in_(chunk))
        query = select(ProfileMember.profile_id, ProfileMember.customer_id).where(ProfileMember.profile_id.in_(within))
        for row in session.execute(query):
            members[row.profile_id].add(row.customer_id)
    return members


def remove_profiles(session: WriteSession, ids: Iterable[int]) -> None:
    """Part the members of these profiles."""
    for chunk in chunks(sorted(ids)):
        session.execute(delete(ProfileMember).where(ProfileMember.profile_id.in_(chunk)))
        session.execute(delete(Profile).where(Profile.id.in_(chunk)))


def profile(session: ReadSession, public_id: str) -> Profile | None:
    """The profile of this id."""
    return session.scalars(select(Profile).where(Profile.public_id == public_id)).first()


def members(session: ReadSession, profile_id: int) -> Sequence[Customer]:
    """The customers in a profile."""
    return session.scalars(
        select(Customer)
        .join(ProfileMember, ProfileMember.customer_id == Customer.id)
        .where(ProfileMember.profile_id == profile_id)
        .order_by(Customer.source, Customer.external_id)
    ).all()


def pair(session: ReadSession, public_id: str) -> MatchPair | None:
    """The pair of this id."""
    return session.scalars(select(MatchPair).where(MatchPair.public_id == public_id)).first()


def open_pairs(session: ReadSession, limit: int, after: int) -> Sequence[MatchPair]:
    """Pairs that wait for a person, the likeliest first, from the place `after`.

    Not those whom others have brought into one profile: there is nothing left to ask.
    """
    low, high = aliased(ProfileMember), aliased(ProfileMember)
    together = exists().where(
        low.customer_id == MatchPair.low_id,
        high.customer_id == MatchPair.high_id,
        low.profile_id == high.profile_id,
    )
    return session.scalars(
        select(MatchPair)
        .where(MatchPair.decision.is_(None), or_(MatchPair.verdict == "doubtful", MatchPair.held.is_(True)), ~together)
        .order_by(MatchPair.score.desc(), MatchPair.id)
        .limit(limit)
        .offset(after)
    ).all()
