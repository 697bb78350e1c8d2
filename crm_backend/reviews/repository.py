"""Queries about reviews."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.products.models import Product, Variant
from crm_backend.reviews.models import Review


def find(session: ReadSession, customer_id: int, product_id: int) -> Review | None:
    """The customer's review of a product."""
    query = select(Review).where(Review.customer_id == customer_id, Review.product_id == product_id)
    return session.scalars(query).first()


def of_customer(session: ReadSession, customer_id: int) -> Sequence[tuple[Review, Product]]:
    """All that a customer wrote, the newest first."""
    query = (
        select(Review, Product)
        .join(Product, Product.id == Review.product_id)
        .where(Review.customer_id == customer_id)
        .order_by(Review.changed_at.desc(), Review.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def has_bought(session: ReadSession, customer_id: int, product_id: int) -> bool:
    """Whether an order of the customer's had the product and was not cancelled."""
    query = (
        select(OrderLine.id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(
            Order.customer_id == customer_id,
            Order.kind == "sale",
            Order.state.not_in(("cancelled", "unavailable")),
            Variant.product_id == product_id,
        )
        .limit(1)
    )
    return session.execute(query).first() is not None
