"""Queries about proposals, and locking the rows that an offer rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import select, update

from crm_backend.changes.models import Proposal
from crm_backend.database.base import Model
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.memo import hold
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order


def find(session: ReadSession, public_id: str, caller: str | None, *, lock: bool = False) -> Proposal | None:
    """The proposal, if it is this caller's; anybody's when `caller` is None. Locked, it waits for who has it now."""
    query = select(Proposal).where(Proposal.public_id == public_id)
    if caller is not None:
        query = query.where(Proposal.caller == caller)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).first()


def stands(session: WriteSession, basis: Mapping[str, int]) -> bool:
    """Lock the rows that an offer rests on, always in one order; whether each still has the version it had."""
    # All are locked before the answer, so that whoever works the offer out anew does so on rows that hold still.
    present = [_locked_version(session, name) for name in sorted(basis)]
    return present == [basis[name] for name in sorted(basis)]


def _locked_version(session: WriteSession, name: str) -> int | None:
    table_name, _, identifier = name.rpartition(":")
    # The row itself, as it is now that it holds still: whoever carries the offer out works with it.
    row: Any = session.get(_model_of(table_name), int(identifier), populate_existing=True, with_for_update=True)
    return hold(session, row).version if row is not None else None


@cache
def _model_of(table_name: str) -> type[Model]:
    table = Model.metadata.tables[table_name]
    return next(mapper.class_ for mapper in Model.registry.mappers if mapper.local_table is table)


def effects_of(session: ReadSession, proposal_id: int) -> Sequence[Effect]:
    """What a confirmation asked other systems for, in order."""
    return session.scalars(select(Effect).where(Effect.proposal_id == proposal_id).order_by(Effect.id)).all()


def order_number(session: ReadSession, order_id: int | None) -> str | None:
    """The number of a proposal's order; no statement where the transaction has the order already."""
    order = session.get(Order, order_id) if order_id is not None else None
    return order.number if order is not None else None


def expire(session: WriteSession, now: datetime) -> None:
    """Mark offers that were left lying."""
    session.execute(
        update(Proposal)
        .where(Proposal.state == "open", Proposal.expires_at <= now)
        .values(state="expired", settled_at=now)
        .execution_options(synchronize_session=False)
    )
