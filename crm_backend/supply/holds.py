"""Putting goods aside for an order, and letting go of them.

What a store can give is `quantity - reserved`. A hold makes `reserved` higher in one statement that looks and writes,
so that two orders never get the last one; its release makes it lower, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select, update

from crm_backend.changes.kind import ProposalVoid
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.normalise import sku_key
from crm_backend.orders.models import Order
from crm_backend.policies.modification import Fulfilment
from crm_backend.products.models import Variant
from crm_backend.returns.models import Return, StockHold
from crm_backend.stores.models import Stock, Store
from crm_backend.stores.reservations import give_back

NOT_TO_BE_HAD = frozenset({"out_of_stock", "discontinued"})


def places(session: ReadSession, policy: Fulfilment, order: Order, variant: Variant) -> Sequence[Stock]:
    """Where the shop says that orders' goods lie, and this variant is known to, in the shop's order."""
    if not policy.stores:
        return []
    rows = session.execute(
        select(Stock, Store.external_id)
        .join(Store, Store.id == Stock.store_id)
        .where(
            Store.external_id.in_(policy.stores),
            Store.source == order.source,
            Stock.sku_key == sku_key(variant.sku),
        )
        .order_by(Stock.id)
        .execution_options(populate_existing=True)
    ).all()
    return [row[0] for row in sorted(rows, key=lambda row: policy.stores.index(row[1]))]


def can_have(session: ReadSession, policy: Fulfilment, order: Order, variant: Variant, quantity: int) -> bool:
    """Whether so many can be put aside in one place; by the catalogue's word where no stock is kept."""
    known = places(session, policy, order, variant)
    if known:
        return any(stock.quantity - stock.reserved >= quantity for stock in known)
    return variant.availability not in NOT_TO_BE_HAD


def hold(unit: Unit, order: Order, wanted: Mapping[int, int], *, of: Return | None = None) -> list[StockHold]:
    """Put so many of each variant (by its id) aside. Raises ProposalVoid when somebody was quicker."""
    held = []
    for variant_id in sorted(wanted):
        variant, quantity = unit.session.get_one(Variant, variant_id), wanted[variant_id]
        known = places(unit.session, unit.policies.fulfilment, order, variant)
        if not known:
            if variant.availability in NOT_TO_BE_HAD:
                raise ProposalVoid
            continue
        taken = next((stock for stock in known if _take(unit.session, stock.id, quantity)), None)
        if taken is None:
            raise ProposalVoid
        one = StockHold(
            order_id=order.id,
            return_id=of.id if of else None,
            effect_id=None,
            store_id=taken.store_id,
            # As it is spelled there: of two spellings in one store, the row that gave them gets them back.
            sku=taken.sku,
            quantity=quantity,
            state="held",
            created_at=unit.clock.wall(),
        )
        unit.session.add(one)
        held.append(one)
    unit.session.flush()
    return held


def release(session: WriteSession, holds: Sequence[StockHold]) -> None:
    """Let go of what is still held."""
    for one in holds:
        if one.state != "held":
            continue
        one.state = "released"
        give_back(session, one.store_id, one.sku, one.quantity)
    session.flush()


def keep_only(session: WriteSession, holds: Sequence[StockHold], wanted: Mapping[str, int]) -> None:
    """Let go of what is held beyond so many of each SKU."""
    left: dict[str, int] = {}
    for sku, quantity in wanted.items():
        left[sku_key(sku)] = left.get(sku_key(sku), 0) + quantity
    for one in holds:
        if one.state != "held":
            continue
        keep = min(one.quantity, left.get(sku_key(one.sku), 0))
        left[sku_key(one.sku)] = left.get(sku_key(one.sku), 0) - keep
        if keep == 0:
            release(session, [one])
        elif keep < one.quantity:
            give_back(session, one.store_id, one.sku, one.quantity - keep)
            one.quantity = keep
    session.flush()


def of_return(session: ReadSession, returned: Return) -> Sequence[StockHold]:
    """What is put aside for an exchange."""
    return session.scalars(select(StockHold).where(StockHold.return_id == returned.id).order_by(StockHold.id)).all()


def of_effect(session: ReadSession, effect_id: int) -> Sequence[StockHold]:
    """What is held until this effect ends."""
    return session.scalars(select(StockHold).where(StockHold.effect_id == effect_id).order_by(StockHold.id)).all()


def _take(session: WriteSession, stock_id: int, quantity: int) -> bool:
    taken = session.execute(
        update(Stock)
        .where(Stock.id == stock_id, Stock.quantity - Stock.reserved >= quantity)
        .values(reserved=Stock.reserved + quantity)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]
