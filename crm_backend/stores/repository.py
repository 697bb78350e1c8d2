"""Queries about stores and what lies in them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from crm_backend.account.models import Address
from crm_backend.database.engine import ReadSession
from crm_backend.normalise import sku_key
from crm_backend.orders.models import Order
from crm_backend.products.models import Product, Variant
from crm_backend.stores.models import Stock, Store

STOCK_LIMIT = 1000
ADDRESSES_LOOKED_AT = 2000
"""Postcodes are sealed one by one, so they are counted here and not by the database."""


def all_stores(session: ReadSession) -> Sequence[Store]:
    """Every store, by name. A shop has tens of them, not millions."""
    return session.scalars(select(Store).order_by(Store.name, Store.id)).all()


def find_store(session: ReadSession, external_id: str) -> Store | None:
    """The store with this external id; of several the first."""
    return session.scalars(select(Store).where(Store.external_id == external_id).order_by(Store.id).limit(1)).first()


def quantities(session: ReadSession, sku: str) -> dict[int, int]:
    """How many of a SKU can be had, by store id; stores that do not hold it at all are left out."""
    rows = session.execute(
        select(Stock.store_id, func.sum(Stock.quantity - Stock.reserved))
        .where(Stock.sku_key == sku_key(sku))
        .group_by(Stock.store_id)
    )
    return {store: max(int(quantity), 0) for store, quantity in rows}


def stock_in(session: ReadSession, store: Store, sku: str | None) -> list[tuple[Stock, Variant | None, Product | None]]:
    """What lies in a store, kept goods included, by SKU."""
    # A SKU of two products counts as the one that came first, as everywhere.
    first = select(func.min(Variant.id)).where(Variant.sku_key == Stock.sku_key).correlate(Stock).scalar_subquery()
    query = (
        select(Stock, Variant, Product)
        .outerjoin(Variant, Variant.id == first)
        .outerjoin(Product, Product.id == Variant.product_id)
        .where(Stock.store_id == store.id)
        .order_by(Stock.sku)
        .limit(STOCK_LIMIT)
    )
    if sku is not None:
        query = query.where(Stock.sku_key == sku_key(sku))
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def commonest_place(session: ReadSession, city: str) -> tuple[str | None, str | None, str | None] | None:
    """Postcode, region and country that most addresses of a city have; None when the shop has none there.

    Says where a town is, and nothing of who lives there.
    """
    counted: dict[tuple[str | None, str | None, str | None], int] = {}
    for model in (Address, Order):
        rows = session.execute(
            select(model.postcode, model.region, model.country)
            .where(func.lower(model.city) == city.lower())
            .limit(ADDRESSES_LOOKED_AT)
        )
        for postcode, region, country in rows:
            place = (postcode, region, country)
            counted[place] = counted.get(place, 0) + 1
    return min(counted, key=lambda place: (-counted[place], str(place))) if counted else None


def home_of(session: ReadSession, customer_id: int) -> Address | None:
    """The address where a customer's parcels go."""
    return session.scalars(
        select(Address)
        .where(Address.customer_id == customer_id)
        .order_by(Address.is_default.desc(), Address.id)
        .limit(1)
    ).first()
