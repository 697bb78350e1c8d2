"""Queries about the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from crm_backend.database.engine import ReadSession
from crm_backend.products.models import Product, Variant


def list_products(session: ReadSession, limit: int) -> Sequence[Product]:
    """Products that have a name, in the order in which they came into the catalogue."""
    return session.scalars(select(Product).where(Product.name.is_not(None)).order_by(Product.id).limit(limit)).all()


def variants(session: ReadSession, product_ids: Collection[int]) -> Sequence[Variant]:
    """The variants of these products."""
    return session.scalars(select(Variant).where(Variant.product_id.in_(product_ids)).order_by(Variant.id)).all()
