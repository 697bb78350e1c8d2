"""Queries about effects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from crm_backend.changes.models import Proposal
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order


@dataclass(frozen=True)
class EffectRow:
    """An effect with what it is about."""

    effect: Effect
    order: Order | None
    proposal: str | None


def _rows() -> Select[Effect, Order, str]:
    return (
        select(Effect, Order, Proposal.public_id)
        .outerjoin(Order, Order.id == Effect.order_id)
        .outerjoin(Proposal, Proposal.id == Effect.proposal_id)
    )


def list_effects(
    session: ReadSession, states: Collection[str], kind: str | None, after: str | None, limit: int
) -> Sequence[EffectRow]:
    """Effects in these states, in the order in which they were asked for; `after` is the id of the one before."""
    query = _rows().where(Effect.state.in_(states))
    if kind is not None:
        query = query.where(Effect.kind == kind)
    if after is not None:
        query = query.where(Effect.id > select(Effect.id).where(Effect.public_id == after).scalar_subquery())
    return [EffectRow(row[0], row[1], row[2]) for row in session.execute(query.order_by(Effect.id).limit(limit))]


def find(session: ReadSession, public_id: str) -> EffectRow | None:
    """One effect."""
    row = session.execute(_rows().where(Effect.public_id == public_id)).first()
    return EffectRow(row[0], row[1], row[2]) if row else None


def lock(session: WriteSession, public_id: str) -> Effect | None:
    """One effect, held against whoever else answers for it or delivers it."""
    query = select(Effect).where(Effect.public_id == public_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def is_due(
    session: ReadSession,
    now: datetime,
    *,
    kinds: Collection[str] | None = None,
    without: Collection[str] = (),
    states: Collection[str] = ("pending",),
) -> bool:
    """Whether there is anything to send: of these kinds (all when None), without those, in these states."""
    return session.scalars(select(Effect.id).where(*_due(now, kinds, without, states)).limit(1)).first() is not None


def claim_due(
    session: WriteSession,
    now: datetime,
    *,
    kinds: Collection[str] | None = None,
    without: Collection[str] = (),
    states: Collection[str] = ("pending",),
) -> EffectRow | None:
    """The effect that should be sent next, locked; those that other processes are claiming are left out."""
    due = _due(now, kinds, without, states)
    query = select(Effect.id).where(*due).order_by(Effect.next_try_at, Effect.id).limit(1)
    identifier = session.scalars(query.with_for_update(skip_locked=True)).first()
    if identifier is None:
        return None
    row = session.execute(_rows().where(Effect.id == identifier)).one()
    return EffectRow(row[0], row[1], row[2])


def _due(
    now: datetime, kinds: Collection[str] | None, without: Collection[str], states: Collection[str]
) -> list[ColumnElement[bool]]:
    conditions = [Effect.state.in_(states), Effect.next_try_at <= now]
    if kinds is not None:
        conditions.append(Effect.kind.in_(kinds))
    if without:
        conditions.append(Effect.kind.not_in(without))
    return conditions
