"""Queries about the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from crm_backend.database.engine import ReadSession
from crm_backend.normalise import sku_key
from crm_backend.products.models import PriceRecord, Product, Variant
from crm_backend.stores.models import Stock, Store

LANGUAGES = ("en", "zh")
"""In which categories may be named."""

GONE = ("out_of_stock", "discontinued")
"""Availability of what cannot be bought now."""


@dataclass(frozen=True)
class ProductFilter:
    """Which products are wanted, and in what order. None: it does not matter."""

    product_ids: Collection[int] | None = None
    """Only these; in their order where `sort` is relevance."""
    category: str | None = None
    minimum_minor: int | None = None
    maximum_minor: int | None = None
    currency: str = ""
    """In which prices are compared."""
    available: bool | None = None
    sort: Literal["relevance", "price_asc", "price_desc", "name", "newest"] = "relevance"


def list_products(
    session: ReadSession, wanted: ProductFilter, limit: int, offset: int
) -> tuple[Sequence[Product], int]:
    """A page of the products that have a name, and how many there are on all pages."""
    to_be_had = Variant.availability.not_in(GONE)
    # What can be had says what a product costs; of one that cannot be had at all, every variant does.
    price = case((Variant.currency == wanted.currency, Variant.price_minor))
    had = case((to_be_had, price))
    facts = (
        select(
            Variant.product_id,
            func.coalesce(func.min(had), func.min(price)).label("lowest"),
            func.coalesce(func.max(had), func.max(price)).label("highest"),
            func.max(case((to_be_had, 1), else_=0)).label("to_be_had"),
        )
        .group_by(Variant.product_id)
        .subquery()
    )
    query = select(Product).outerjoin(facts, facts.c.product_id == Product.id).where(Product.name.is_not(None))
    if wanted.product_ids is not None:
        query = query.where(Product.id.in_(wanted.product_ids))
    if wanted.category is not None:
        query = query.where(_in_category(wanted.category))
    if wanted.minimum_minor is not None or wanted.maximum_minor is not None:
        within = (
            exists()
            .where(Variant.product_id == Product.id, Variant.currency == wanted.currency)
            .where(or_(to_be_had, facts.c.to_be_had == 0))
        )
        if wanted.minimum_minor is not None:
            within = within.where(Variant.price_minor >= wanted.minimum_minor)
        if wanted.maximum_minor is not None:
            within = within.where(Variant.price_minor <= wanted.maximum_minor)
        query = query.where(within)
    if wanted.available is not None:
        is_available = or_(facts.c.to_be_had == 1, facts.c.product_id.is_(None))
        query = query.where(is_available if wanted.available else ~is_available)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    if wanted.sort == "relevance" and wanted.product_ids is not None:
        # Ranked by the caller: at most as many as a search gives.
        rank = {product_id: place for place, product_id in enumerate(wanted.product_ids)}
        ranked = sorted(session.scalars(query), key=lambda product: rank[product.id])
        return ranked[offset : offset + limit], total
    return session.scalars(_sorted(query, wanted.sort, facts.c).limit(limit).offset(offset)).all(), total


def _in_category(category: str) -> ColumnElement[bool]:
    """The category itself, any level of it, or its name in another language."""
    named = category.casefold()
    levels = func.lower(Product.category)
    conditions = [
        levels == named,
        levels.startswith(f"{named} > ", autoescape=True),
        levels.endswith(f" > {named}", autoescape=True),
        levels.contains(f" > {named} > ", autoescape=True),
    ]
    conditions += [
        func.lower(Product.translations[language]["category"].as_string()) == named for language in LANGUAGES
    ]
    return or_(*conditions)


def _sorted(query: Select[Product], sort: str, facts: ReadOnlyColumnCollection[str, Any]) -> Select[Product]:
    match sort:
        case "price_asc":
            return query.order_by(facts.lowest.is_(None), facts.lowest, Product.id)
        case "price_desc":
            return query.order_by(facts.highest.is_(None), facts.highest.desc(), Product.id)
        case "name":
            return query.order_by(func.lower(Product.name), Product.id)
        case "newest":
            return query.order_by(Product.id.desc())
        case _:
            return query.order_by(Product.id)


def find_products(session: ReadSession, references: Collection[str], source: str | None = None) -> list[Product]:
    """The product of each reference, an external id or a SKU, in their order; those that are not there left out."""
    found: list[Product] = []
    for reference in references:
        by_id = select(Product).where(Product.external_id == reference)
        by_sku = (
            select(Product).join(Variant, Variant.product_id == Product.id).where(Variant.sku_key == sku_key(reference))
        )
        if source is not None:
            by_id, by_sku = by_id.where(Product.source == source), by_sku.where(Product.source == source)
        product = (
            session.scalars(by_id.order_by(Product.id).limit(1)).first()
            or session.scalars(by_sku.order_by(Variant.id).limit(1)).first()
        )
        if product is not None and product not in found:
            found.append(product)
    return found


def variants(session: ReadSession, product_ids: Collection[int]) -> Sequence[Variant]:
    """The variants of these products."""
    return session.scalars(select(Variant).where(Variant.product_id.in_(product_ids)).order_by(Variant.id)).all()


def all_variants(session: ReadSession) -> Sequence[Variant]:
    """Every variant that has options."""
    return session.scalars(select(Variant).order_by(Variant.id)).all()


@dataclass(frozen=True)
class SoldVariant:
    """A variant and what it is a variant of."""

    variant: Variant
    product: Product


def find_variant(session: ReadSession, sku: str) -> SoldVariant | None:
    """The variant of a SKU; of several with the same one, the one that came first."""
    row = session.execute(
        select(Variant, Product)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.sku_key == sku_key(sku))
        .order_by(Variant.id)
        .limit(1)
    ).first()
    return SoldVariant(*row) if row else None


def sold_in(session: ReadSession, categories: Collection[str], limit: int) -> list[SoldVariant]:
    """Variants that can be had of products of these categories."""
    rows = session.execute(
        select(Variant, Product)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.category.in_(categories), Product.name.is_not(None), Variant.availability.not_in(GONE))
        .order_by(Variant.id)
        .limit(limit)
    )
    return [SoldVariant(*row) for row in rows]


def stock_of(session: ReadSession, keys: Collection[str]) -> list[tuple[Stock, Store]]:
    """What lies of these SKUs (in their compared form) in which store, and can be had."""
    rows = session.execute(
        select(Stock, Store)
        .join(Store, Store.id == Stock.store_id)
        .where(Stock.sku_key.in_(keys), Stock.quantity > Stock.reserved)
        .order_by(Store.name, Store.id)
    )
    return [(stock, store) for stock, store in rows]


def price_history(session: ReadSession, variant: Variant, since: datetime | None, limit: int) -> Sequence[PriceRecord]:
    """The prices of a variant that ended (after `since`), the newest first."""
    query = select(PriceRecord).where(PriceRecord.product_id == variant.product_id, PriceRecord.sku == variant.sku)
    if since is not None:
        query = query.where(PriceRecord.ended_at > since)
    return session.scalars(query.order_by(PriceRecord.ended_at.desc()).limit(limit)).all()
