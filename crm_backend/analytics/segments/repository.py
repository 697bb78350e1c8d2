"""Queries about published segments and traits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Row, delete, func, select

from crm_backend.account.models import Customer
from crm_backend.analytics import published
from crm_backend.analytics.models import AnalysisRun
from crm_backend.analytics.segments.models import Segment, SegmentMember, SegmentMove, SegmentRule
from crm_backend.analytics.traits.models import CustomerAffinity, CustomerTraits
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.unify.models import ProfileMember

SEGMENTS = "segments"
TRAITS = "traits"


def segments(session: ReadSession) -> Sequence[Segment]:
    """Those of the published run, the greatest first."""
    run = published.rows_run(session, SEGMENTS)
    return session.scalars(
        select(Segment).where(Segment.run_id == run).order_by(Segment.kind.desc(), Segment.size.desc(), Segment.key)
    ).all()


def segment(session: ReadSession, key: str) -> Segment | None:
    """A published segment."""
    run = published.rows_run(session, SEGMENTS)
    return session.get(Segment, (run, key)) if run is not None else None


def rules(session: ReadSession) -> dict[str, SegmentRule]:
    """The shop's own, by key."""
    return {rule.key: rule for rule in session.scalars(select(SegmentRule).order_by(SegmentRule.key))}


def rule(session: ReadSession, key: str) -> SegmentRule | None:
    """One of the shop's own."""
    return session.scalars(select(SegmentRule).where(SegmentRule.key == key)).first()


def history(session: ReadSession, key: str) -> Sequence[Row[Any, Any]]:
    """(run, segment) of all published runs that computed it, oldest first."""
    return session.execute(
        select(AnalysisRun, Segment)
        .join(Segment, Segment.run_id == AnalysisRun.id)
        .where(Segment.key == key, AnalysisRun.state == "published")
        .order_by(AnalysisRun.id)
    ).all()


def people(session: ReadSession, key: str, limit: int | None, after: int) -> Sequence[Row[Any, Any, Any]]:
    """(customer, member, traits) of a segment, who spent most first."""
    query = (
        select(Customer, SegmentMember, CustomerTraits)
        .join(SegmentMember, SegmentMember.customer_id == Customer.id)
        .join(CustomerTraits, CustomerTraits.customer_id == Customer.id)
        .where(
            SegmentMember.key == key,
            SegmentMember.run_id == published.rows_run(session, SEGMENTS),
            CustomerTraits.run_id == published.rows_run(session, TRAITS),
        )
        .order_by(CustomerTraits.spend_minor.desc(), Customer.id)
        .offset(after)
    )
    return session.execute(query.limit(limit) if limit is not None else query).all()


def whole_person(session: ReadSession, customer_id: int) -> list[int]:
    """All customers who are the same person."""
    own = select(ProfileMember.profile_id).where(ProfileMember.customer_id == customer_id)
    found = session.scalars(select(ProfileMember.customer_id).where(ProfileMember.profile_id.in_(own)))
    return sorted({customer_id, *found})


def traits(session: ReadSession, ids: Collection[int]) -> CustomerTraits | None:
    """A person's published traits; of customers joined since, those of whom more is known."""
    return session.scalars(
        select(CustomerTraits)
        .where(CustomerTraits.run_id == published.rows_run(session, TRAITS), CustomerTraits.customer_id.in_(ids))
        .order_by(CustomerTraits.orders.desc(), CustomerTraits.customer_id)
        .limit(1)
    ).first()


def affinities(session: ReadSession, customer_id: int) -> Sequence[CustomerAffinity]:
    """What a person likes, best first of each kind."""
    return session.scalars(
        select(CustomerAffinity)
        .where(
            CustomerAffinity.run_id == published.rows_run(session, TRAITS),
            CustomerAffinity.customer_id == customer_id,
        )
        .order_by(CustomerAffinity.kind, CustomerAffinity.name, CustomerAffinity.place)
    ).all()


def memberships(session: ReadSession, ids: Collection[int]) -> Sequence[SegmentMember]:
    """In which segments a person is."""
    return session.scalars(
        select(SegmentMember)
        .where(SegmentMember.run_id == published.rows_run(session, SEGMENTS), SegmentMember.customer_id.in_(ids))
        .order_by(SegmentMember.key)
    ).all()


def trait_frame(session: ReadSession, names: Iterable[str]) -> pd.DataFrame:
    """`customer_id` and these published traits of everybody."""
    table = CustomerTraits.__table__.c
    columns = [table.customer_id, *(table[name] for name in sorted(set(names)))]
    rows = session.execute(
        select(*columns).where(table.run_id == published.rows_run(session, TRAITS)).order_by(table.customer_id)
    ).all()
    return pd.DataFrame.from_records(rows, columns=[column.name for column in columns])


def affinity_frame(session: ReadSession) -> pd.DataFrame:
    """What everybody likes."""
    table = CustomerAffinity.__table__.c
    columns = [table.customer_id, table.kind, table.name, table.value, table.times, table.last_at]
    rows = session.execute(select(*columns).where(table.run_id == published.rows_run(session, TRAITS))).all()
    return pd.DataFrame.from_records(rows, columns=[column.name for column in columns])


def member_frame(session: ReadSession) -> pd.DataFrame:
    """Who is in which segment, and since when."""
    table = SegmentMember.__table__.c
    rows = session.execute(
        select(table.key, table.customer_id, table.since).where(table.run_id == published.rows_run(session, SEGMENTS))
    ).all()
    return pd.DataFrame.from_records(rows, columns=["key", "customer_id", "since"])


def remove(session: WriteSession, run_id: int, key: str) -> None:
    """Forget one segment of one run."""
    for table in (Segment, SegmentMember, SegmentMove):
        session.execute(delete(table).where(table.run_id == run_id, table.key == key))


def customers(session: ReadSession) -> int:
    """How many people the published traits are of."""
    run = published.rows_run(session, TRAITS)
    found = session.scalar(select(func.count()).select_from(CustomerTraits).where(CustomerTraits.run_id == run))
    return int(found or 0)
