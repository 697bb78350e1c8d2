"""Queries about what is recommended."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select
from sqlalchemy.orm import aliased

from crm_backend.account.models import Customer
from crm_backend.analytics.models import AnalysisRun, AnalysisStep, Publication
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.normalise import number_key
from crm_backend.orders.models import Order, OrderLine
from crm_backend.products.models import Product, Variant
from crm_backend.products.repository import GONE
from crm_backend.recommendations.models import (
    STEP,
    PersonRecommendations,
    PopularRecommendations,
    ProductRecommendations,
    RecommendationDismissal,
    RecommendationEvent,
    RecommendationRuleSet,
)
from crm_backend.stores.models import Stock, Store
from crm_backend.unify.models import ProfileMember

CONVERSION = timedelta(days=7)


# Built once: making these two of parts for every shelf took longer than the database takes to answer them.
_OWN, _OTHERS = aliased(ProfileMember), aliased(ProfileMember)
_PEOPLE = (
    select(_OTHERS.customer_id)
    .join(_OWN, _OWN.profile_id == _OTHERS.profile_id)
    .where(_OWN.customer_id == bindparam("customer_id"))
    .order_by(_OTHERS.customer_id)
)
_SERVED = (
    select(
        AnalysisStep.rows_run_id,
        AnalysisRun.as_of,
        select(RecommendationRuleSet.rules).where(~RecommendationRuleSet.withdrawn).scalar_subquery(),
    )
    .join(Publication, Publication.run_id == AnalysisStep.run_id)
    .join(AnalysisRun, AnalysisRun.id == AnalysisStep.run_id)
    .where(AnalysisStep.step == STEP)
)


def people_of(session: ReadSession, customer_id: int) -> list[int]:
    """All customers of the person, the least id first: that one is the person's."""
    return list(session.scalars(_PEOPLE, {"customer_id": customer_id})) or [customer_id]


@dataclass(frozen=True)
class Served:
    """Which run's lists are shown, and what the shop changed of its rules."""

    id: int
    as_of: datetime
    rules: dict[str, Any] | None


def served(session: ReadSession) -> Served | None:
    """In one statement, without the run's model card, which is long; None before the first run."""
    row = session.execute(_SERVED).first()
    return Served(*row) if row is not None else None


def person_lists(session: ReadSession, run_id: int, person_id: int) -> dict[str, Any] | None:
    """The person's lists; None where they bought nothing before the run."""
    return session.scalar(
        select(PersonRecommendations.lists).where(
            PersonRecommendations.run_id == run_id, PersonRecommendations.customer_id == person_id
        )
    )


def product_lists(session: ReadSession, run_id: int, product_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By product what goes with it."""
    rows = session.execute(
        select(ProductRecommendations.product_id, ProductRecommendations.lists).where(
            ProductRecommendations.run_id == run_id, ProductRecommendations.product_id.in_(product_ids)
        )
    )
    return {row.product_id: row.lists for row in rows}


def popular_lists(
    session: ReadSession, run_id: int, wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], list[list[int]]]:
    """By scope and key the list, of those that there are."""
    rows = session.execute(
        select(PopularRecommendations.scope, PopularRecommendations.key, PopularRecommendations.lists).where(
            PopularRecommendations.run_id == run_id,
            or_(
                *(
                    (PopularRecommendations.scope == scope) & (PopularRecommendations.key == key)
                    for scope, key in wanted
                )
            ),
        )
    )
    return {(scope, key): lists["items"] for scope, key, lists in rows}


def of_a_kind(session: ReadSession, products: Collection[int], category: str) -> set[int]:
    """Those of `products` whose category has the same beginning ("Drinks" of "Drinks > Tea"), or that have none."""
    there = session.execute(select(Product.id, Product.category).where(Product.id.in_(products)))
    return {product for product, other in there if other is None or _beginning(other) == _beginning(category)}


def _beginning(category: str) -> str:
    return re.split(r"[>/|]", category)[0].strip().casefold()


def categories_like(session: ReadSession, run_id: int, category: str) -> Sequence[str]:
    """The categories with a list that are this one or lie below it, or have it as a level."""
    named = category.casefold()
    keys = session.scalars(
        select(PopularRecommendations.key)
        .where(PopularRecommendations.run_id == run_id, PopularRecommendations.scope == "category")
        .order_by(PopularRecommendations.key)
    )
    return [key for key in keys if named == key.casefold() or named in key.casefold().split(" > ")]


def goods(
    session: ReadSession,
    product_ids: Collection[int],
    *,
    currency: str | None = None,
    minimum_minor: int | None = None,
    maximum_minor: int | None = None,
    store: str | None = None,
) -> dict[int, Any]:
    """By product what is shown of it and of its cheapest variant, of those that can be had as asked.

    With amounts: at such a price in `currency`. With a store's external id: lying there.
    """
    conditions: list[ColumnElement[bool]] = [
        Product.id.in_(product_ids),
        Product.name.is_not(None),
        Variant.availability.not_in(GONE),
    ]
    if minimum_minor is not None or maximum_minor is not None:
        conditions.append(Variant.currency == currency)
    if minimum_minor is not None:
        conditions.append(Variant.price_minor >= minimum_minor)
    if maximum_minor is not None:
        conditions.append(Variant.price_minor <= maximum_minor)
    if store is not None:
        lying = (
            select(Stock.sku_key)
            .join(Store, Store.id == Stock.store_id)
            .where(Store.external_id == store, Stock.quantity > Stock.reserved)
        )
        conditions.append(Variant.sku_key.in_(lying))
    # Columns, not records: the quickest of what every answer does.
    rows = session.execute(
        select(
            Product.id,
            Product.external_id,
            Product.name,
            Product.category,
            Product.brand,
            Product.image_url,
            Product.url,
            Product.translations,
            Variant.sku,
            Variant.price_minor,
            Variant.currency,
        )
        .join(Variant, Variant.product_id == Product.id)
        .where(*conditions)
        .order_by(Product.id, Variant.price_minor.is_(None), Variant.price_minor, Variant.id)
    )
    found: dict[int, Any] = {}
    for row in rows:
        found.setdefault(row.id, row)
    return found


def products_named(session: ReadSession, product_ids: Collection[int]) -> Sequence[Any]:
    """Id, external id, name and translations of products, whether or not they can be had."""
    return session.execute(
        select(Product.id, Product.external_id, Product.name, Product.translations).where(Product.id.in_(product_ids))
    ).all()


def ids_of(session: ReadSession, external_ids: Collection[str]) -> dict[str, int]:
    """By external id the product; where two systems share one, that which came first."""
    rows = session.execute(
        select(Product.external_id, func.min(Product.id).label("product_id"))
        .where(Product.external_id.in_(external_ids))
        .group_by(Product.external_id)
    )
    return {row.external_id: row.product_id for row in rows}


def bought_since(session: ReadSession, customer_ids: Collection[int], since: datetime) -> set[int]:
    """Products in orders, and in credit notes, of these customers from `since` on."""
    return set(
        session.scalars(
            select(Variant.product_id)
            .join(OrderLine, OrderLine.variant_id == Variant.id)
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.customer_id.in_(customer_ids), Order.placed_at >= since)
        )
    )


def order_products(session: ReadSession, visible: ColumnElement[bool], number: str) -> list[int] | None:
    """Products of an order that the caller may see; None where there is none."""
    order_id = session.scalar(
        select(Order.id).where(visible, Order.number_key == number_key(number)).order_by(Order.id.desc()).limit(1)
    )
    if order_id is None:
        return None
    return list(
        session.scalars(
            select(Variant.product_id)
            .join(OrderLine, OrderLine.variant_id == Variant.id)
            .where(OrderLine.order_id == order_id, OrderLine.kind == "item")
            .order_by(OrderLine.line_number)
        )
    )


def country_of(session: ReadSession, customer_id: int) -> str | None:
    """The customer's country."""
    return session.scalar(select(Customer.country).where(Customer.id == customer_id))


# --- What was shown, clicked, waved away ------------------------------------------------------------------------


def _whose[T: (RecommendationEvent, RecommendationDismissal)](
    model: type[T], customer_ids: Collection[int], conversation_id: str | None
) -> ColumnElement[bool]:
    if customer_ids:
        return model.customer_id.in_(customer_ids)
    return (model.conversation_id == conversation_id) & model.customer_id.is_(None)


def dismissed(session: ReadSession, customer_ids: Collection[int], conversation_id: str | None) -> set[int]:
    """What the person, or else the conversation, is not interested in."""
    return set(
        session.scalars(
            select(RecommendationDismissal.product_id).where(
                _whose(RecommendationDismissal, customer_ids, conversation_id)
            )
        )
    )


def tired_of(
    session: ReadSession, customer_ids: Collection[int], conversation_id: str | None, since: datetime, times: int
) -> set[int]:
    """Products that were shown so often since then and never clicked."""
    rows = session.execute(
        select(RecommendationEvent.product_id, RecommendationEvent.kind, func.count())
        .where(_whose(RecommendationEvent, customer_ids, conversation_id), RecommendationEvent.at >= since)
        .group_by(RecommendationEvent.product_id, RecommendationEvent.kind)
    )
    counts = {(product, kind): count for product, kind, count in rows}
    return {
        product
        for (product, kind), count in counts.items()
        if kind == "shown" and count >= times and (product, "clicked") not in counts
    }


def add_events(session: WriteSession, events: Sequence[RecommendationEvent]) -> None:
    """Write to the log."""
    session.add_all(events)
    session.flush()


def undismiss(session: WriteSession, customer_ids: Collection[int], conversation_id: str, product_id: int) -> None:
    """Take "not interested" back."""
    session.execute(
        delete(RecommendationDismissal).where(
            _whose(RecommendationDismissal, customer_ids, conversation_id),
            RecommendationDismissal.product_id == product_id,
        )
    )


def events_since(session: ReadSession, since: datetime) -> Sequence[Any]:
    """Arm, kind, whose, product and time of everything in the log since then."""
    return session.execute(
        select(
            RecommendationEvent.arm,
            RecommendationEvent.kind,
            RecommendationEvent.customer_id,
            RecommendationEvent.conversation_id,
            RecommendationEvent.product_id,
            RecommendationEvent.at,
        )
        .where(RecommendationEvent.at >= since)
        .order_by(RecommendationEvent.at, RecommendationEvent.id)
    ).all()


def purchases_of(session: ReadSession, customer_ids: Collection[int], since: datetime) -> Sequence[Any]:
    """Customer, product and time of what these customers bought since then."""
    return session.execute(
        select(Order.customer_id, Variant.product_id, Order.placed_at)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .where(
            Order.customer_id.in_(customer_ids),
            Order.kind == "sale",
            Order.state != "cancelled",
            Order.placed_at >= since,
        )
    ).all()
