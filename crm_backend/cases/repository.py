"""Queries about cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, select

from crm_backend.cases.models import Case, CaseLink
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.orders.models import Order


@dataclass(frozen=True)
class CaseRow:
    """A case, its order's number and what it is about."""

    case: Case
    order_number: str | None
    links: Sequence[CaseLink]


def list_cases(
    session: ReadSession,
    states: Collection[str],
    *,
    owner: str | None,
    unowned: bool,
    order_id: int | None,
    link: tuple[str, str] | None,
    limit: int,
) -> list[CaseRow]:
    """Cases in these states, by when they are due."""
    query = _rows().where(Case.state.in_(states))
    if owner is not None:
        query = query.where(Case.owner == owner)
    if unowned:
        query = query.where(Case.owner.is_(None))
    if order_id is not None:
        query = query.where(Case.order_id == order_id)
    if link is not None:
        linked = select(CaseLink.case_id).where(CaseLink.kind == link[0], CaseLink.reference == link[1])
        query = query.where(Case.id.in_(linked))
    return _with_links(session, query.order_by(Case.due_at, Case.id).limit(limit))


def load(session: ReadSession, now: datetime) -> Sequence[tuple[str | None, int, int, datetime]]:
    """Of cases that are not closed, by owner: how many, how many of them are overdue, and when the first is due."""
    late = func.sum(case((Case.due_at < now, 1), else_=0))
    query = select(Case.owner, func.count(), late, func.min(Case.due_at)).where(Case.state != "closed")
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query.group_by(Case.owner))]


def find(session: ReadSession, public_id: str) -> CaseRow | None:
    """One case."""
    return next(iter(_with_links(session, _rows().where(Case.public_id == public_id))), None)


def lock(session: WriteSession, public_id: str) -> Case | None:
    """One case, held against other writers."""
    return session.scalars(select(Case).where(Case.public_id == public_id).with_for_update()).first()


def _rows() -> Select[Case, str]:
    return select(Case, Order.number).outerjoin(Order, Order.id == Case.order_id)


def _with_links(session: ReadSession, query: Select[Case, str]) -> list[CaseRow]:
    rows: Sequence[tuple[Case, str | None]] = [(row[0], row[1]) for row in session.execute(query)]
    links: dict[int, list[CaseLink]] = {one.id: [] for one, _ in rows}
    for link in session.scalars(select(CaseLink).where(CaseLink.case_id.in_(links)).order_by(CaseLink.id)):
        links[link.case_id].append(link)
    return [CaseRow(one, number, links[one.id]) for one, number in rows]
