"""The catalogue as anybody may see it."""

from __future__ import annotations

from crm_backend.database.engine import ReadSession
from crm_backend.products import repository
from crm_backend.products.models import Product, Variant
from crm_backend.products.translations import product_category, product_name
from shopdesk_schemas.crm import Catalogue, CatalogueProduct

GONE = frozenset({"out_of_stock", "discontinued"})


def catalogue(session: ReadSession, language: str | None, limit: int) -> Catalogue:
    """The first products, named in `language` where the shop has words for it."""
    products = repository.list_products(session, limit)
    by_product: dict[int, list[Variant]] = {product.id: [] for product in products}
    for variant in repository.variants(session, list(by_product)):
        by_product[variant.product_id].append(variant)
    return Catalogue(products=[_product(product, by_product[product.id], language) for product in products])


def _product(product: Product, variants: list[Variant], language: str | None) -> CatalogueProduct:
    to_be_had = [variant for variant in variants if variant.availability not in GONE]
    priced = [
        (variant.price_minor, variant.currency)
        for variant in (to_be_had or variants)
        if variant.price_minor is not None and variant.currency is not None
    ]
    # Prices of two currencies cannot be compared: the first variant's currency counts.
    currency = priced[0][1] if priced else None
    return CatalogueProduct(
        external_id=product.external_id,
        name=product_name(product, language) or "",
        category=product_category(product, language),
        price_from_minor=min((price for price, of in priced if of == currency), default=None),
        currency=currency,
        image_url=product.image_url,
        available=bool(to_be_had) or not variants,
    )
