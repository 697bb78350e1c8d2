"""The catalogue as anybody may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from crm_backend.database.engine import ReadSession
from crm_backend.policies.policy import Policies
from crm_backend.products import alternatives as likeness
from crm_backend.products import repository
from crm_backend.products.models import Product, Variant
from crm_backend.products.options import choices, has_options
from crm_backend.products.other_names import names_of, other_options, other_titles
from crm_backend.products.repository import GONE, ProductFilter, SoldVariant
from crm_backend.products.search import Found, search
from crm_backend.products.translations import (
    ordered_options,
    product_attributes,
    product_category,
    product_description,
    product_name,
)
from crm_backend.stores.models import Stock, Store
from crm_backend.stores.names import store_name
from shopdesk_schemas.crm import Catalogue, CatalogueProduct
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.products import (
    Alternative,
    Alternatives,
    ComparedFact,
    Comparison,
    OptionChoice,
    PricePoint,
    ProductView,
    StoreQuantity,
    VariantAvailability,
    VariantPrices,
    VariantView,
)

LOWEST_WITHIN = timedelta(days=30)
"""Directive 98/6/EC, article 6a: a reduction is announced with the lowest price of the 30 days before it."""

HISTORY_LIMIT = 200
CANDIDATES = 2000
"""Variants looked through for alternatives."""


def catalogue(
    session: ReadSession,
    wanted: ProductFilter,
    *,
    text: str | None,
    options: Sequence[str],
    language: str | None,
    limit: int,
    offset: int,
) -> Catalogue:
    """A page of the products that fit, named in `language` where the shop has words for them."""
    found = Found()
    ids = None
    if text is not None:
        found = search(session, text)
        ids = found.product_ids
    if options:
        having = _having_options(session, options, ids)
        ids = [product_id for product_id in (ids if ids is not None else sorted(having)) if product_id in having]
    if ids is not None:
        wanted = ProductFilter(**{**vars(wanted), "product_ids": ids})
    products, total = repository.list_products(session, wanted, limit, offset)
    by_product = _by_product(session, [product.id for product in products])
    return Catalogue(
        products=[_in_list(product, by_product[product.id], language, wanted.currency) for product in products],
        total=total,
        matched=found.matched,
        corrected=found.corrected,
    )


def _having_options(session: ReadSession, options: Sequence[str], ids: Sequence[int] | None) -> set[int]:
    rows = repository.all_variants(session) if ids is None else repository.variants(session, ids)
    names = names_of(session)
    return {
        variant.product_id
        for variant in rows
        if variant.availability not in GONE and has_options(variant, options, names)
    }


def _by_product(session: ReadSession, product_ids: Sequence[int]) -> defaultdict[int, list[Variant]]:
    found: defaultdict[int, list[Variant]] = defaultdict(list)
    for variant in repository.variants(session, product_ids):
        found[variant.product_id].append(variant)
    return found


def _prices(variants: Sequence[Variant], preferred: str = "") -> tuple[int | None, int | None, str | None]:
    """Lowest and highest price of what can be had (of all when nothing can), in one currency."""
    to_be_had = [variant for variant in variants if variant.availability not in GONE]
    priced = [
        (variant.price_minor, variant.currency)
        for variant in (to_be_had or variants)
        if variant.price_minor is not None and variant.currency is not None
    ]
    if not priced:
        return None, None, None
    # Prices of two currencies cannot be compared: the preferred one counts, else the first variant's.
    currency = preferred if any(of == preferred for _price, of in priced) else priced[0][1]
    amounts = [price for price, of in priced if of == currency]
    return min(amounts), max(amounts), currency


def _is_available(variants: Sequence[Variant]) -> bool:
    """One whose stock nobody knows counts as available."""
    return not variants or any(variant.availability not in GONE for variant in variants)


def _in_list(product: Product, variants: list[Variant], language: str | None, currency: str) -> CatalogueProduct:
    lowest, _highest, priced_in = _prices(variants, currency)
    return CatalogueProduct(
        external_id=product.external_id,
        name=product_name(product, language) or "",
        category=product_category(product, language),
        price_from_minor=lowest,
        currency=priced_in,
        image_url=product.image_url,
        available=_is_available(variants),
    )


# --- One product ------------------------------------------------------------------------------------------------


def product(session: ReadSession, reference: str, language: str | None, source: str | None = None) -> ProductView:
    """A product with its variants, by its external id or a SKU. Raises NotFound."""
    found = repository.find_products(session, [reference], source)
    if not found:
        raise NotFound
    return _views(session, found, language)[0]


def _views(session: ReadSession, products: Sequence[Product], language: str | None) -> list[ProductView]:
    by_product = _by_product(session, [product.id for product in products])
    keys = {variant.sku_key for variants in by_product.values() for variant in variants}
    stores: defaultdict[str, int] = defaultdict(int)
    for stock, _store in repository.stock_of(session, keys):
        stores[stock.sku_key] += 1
    return [_view(session, product, by_product[product.id], stores, language) for product in products]


def _view(
    session: ReadSession,
    product: Product,
    variants: Sequence[Variant],
    stores: defaultdict[str, int],
    language: str | None,
) -> ProductView:
    lowest, highest, currency = _prices(variants)
    options = [ordered_options({}, variant, language) for variant in variants]
    return ProductView.model_validate(
        {
            "external_id": product.external_id,
            "name": product_name(product, language),
            "other_names": other_titles(session, product),
            "description": product_description(product, language),
            "category": product_category(product, language),
            "brand": product.brand,
            "image_url": product.image_url,
            "url": product.url,
            "attributes": product_attributes(product, language),
            "available": _is_available(variants),
            "price_from_minor": lowest,
            "price_to_minor": highest,
            "currency": currency,
            "options": [OptionChoice(name=name, values=values) for name, values in choices(options)],
            "variants": [
                VariantView.model_validate(
                    {
                        "sku": variant.sku,
                        "options": chosen,
                        "other_options": other_options(session, chosen, variant),
                        "price_minor": variant.price_minor,
                        "currency": variant.currency,
                        "availability": variant.availability,
                        "stores_with_stock": stores[variant.sku_key],
                    }
                )
                for variant, chosen in zip(variants, options, strict=True)
            ],
        }
    )


def _sold(session: ReadSession, sku: str) -> SoldVariant:
    sold = repository.find_variant(session, sku)
    if sold is None:
        raise NotFound
    return sold


def availability(session: ReadSession, sku: str, language: str | None) -> VariantAvailability:
    """Where a variant can be had. Raises NotFound."""
    sold = _sold(session, sku)
    return VariantAvailability.model_validate(
        {
            "sku": sold.variant.sku,
            "product": sold.product.external_id,
            "name": product_name(sold.product, language),
            "options": ordered_options({}, sold.variant, language),
            "availability": sold.variant.availability,
            "stores": [
                _quantity(stock, store, language)
                for stock, store in repository.stock_of(session, [sold.variant.sku_key])
            ],
        }
    )


def _quantity(stock: Stock, store: Store, language: str | None) -> StoreQuantity:
    return StoreQuantity(
        store=store.external_id,
        name=store_name(store, language),
        city=store.city,
        quantity=stock.quantity - stock.reserved,
    )


def prices(session: ReadSession, sku: str, language: str | None, now: datetime) -> VariantPrices:
    """What a variant costs and cost, at the business time `now`. Raises NotFound."""
    sold = _sold(session, sku)
    variant = sold.variant
    history = repository.price_history(session, variant, None, HISTORY_LIMIT)
    lately = [
        past.price_minor
        for past in history
        if past.currency == variant.currency and now - LOWEST_WITHIN < past.ended_at <= now
    ]
    return VariantPrices(
        sku=variant.sku,
        product=sold.product.external_id,
        name=product_name(sold.product, language),
        price_minor=variant.price_minor,
        currency=variant.currency,
        lowest_30_days_minor=min((*lately, variant.price_minor)) if variant.price_minor is not None else None,
        history=[
            PricePoint(price_minor=past.price_minor, currency=past.currency, ended_at=past.ended_at) for past in history
        ],
    )


# --- Several beside each other ----------------------------------------------------------------------------------


def compare(session: ReadSession, references: Sequence[str], language: str | None) -> Comparison:
    """Two products or more, fact by fact. Raises InvalidInput naming those that are not there, or for only one."""
    missing = [
        FieldProblem(field=f"query.product.{place}", message="there is no such product")
        for place, reference in enumerate(references)
        if not repository.find_products(session, [reference])
    ]
    if missing:
        raise InvalidInput(errors=missing)
    products = repository.find_products(session, references)
    if len(products) < 2:
        raise InvalidInput(errors=[FieldProblem(field="query.product", message="names the same product only")])
    views = _views(session, products, language)
    facts = [
        _fact("category", "category", [view.category for view in views]),
        _fact("brand", "brand", [view.brand for view in views]),
    ]
    for name in dict.fromkeys(choice.name for view in views for choice in view.options):
        by_view = [{choice.name: choice.values for choice in view.options} for view in views]
        facts.append(_fact(name, "option", [known.get(name) for known in by_view]))
    facts += [
        _fact(name, "attribute", [view.attributes.get(name) for view in views])
        for name in dict.fromkeys(name for view in views for name in view.attributes)
    ]
    cheapest, dearest = _extremes(views)
    return Comparison(
        products=views,
        facts=[fact for fact in facts if any(value is not None for value in fact.values)],
        cheapest=cheapest,
        dearest=dearest,
    )


def _fact(name: str, kind: str, values: list[object]) -> ComparedFact:
    return ComparedFact.model_validate(
        {"name": name, "kind": kind, "values": values, "same": all(value == values[0] for value in values)}
    )


def _extremes(views: Sequence[ProductView]) -> tuple[list[str], list[str]]:
    """The cheapest and the dearest; none where a price is not known or they are in two currencies."""
    amounts = [view.price_from_minor for view in views if view.price_from_minor is not None]
    if len(amounts) < len(views) or len({view.currency for view in views}) > 1 or min(amounts) == max(amounts):
        return [], []
    return (
        [view.external_id for view in views if view.price_from_minor == min(amounts)],
        [view.external_id for view in views if view.price_from_minor == max(amounts)],
    )


def alternatives(session: ReadSession, sku: str, policies: Policies, language: str | None) -> Alternatives:
    """What can be had in place of a variant: another of the same product, or the like of it. Raises NotFound."""
    sold = _sold(session, sku)
    siblings = [
        SoldVariant(variant, sold.product)
        for variant in repository.variants(session, [sold.product.id])
        if variant.availability not in GONE
    ]
    category = sold.product.category
    others = repository.sold_in(session, [category], CANDIDATES) if category is not None else []
    candidates = siblings + [other for other in others if other.product.id != sold.product.id]
    in_stores: defaultdict[str, list[str]] = defaultdict(list)
    for stock, store in repository.stock_of(session, {candidate.variant.sku_key for candidate in candidates}):
        in_stores[stock.sku_key].append(store.external_id)
    proposed = likeness.rank(sold, candidates, policies.products.alternatives, in_stores=in_stores)
    return Alternatives.model_validate(
        {
            "sku": sold.variant.sku,
            "availability": sold.variant.availability,
            "alternatives": [
                Alternative(
                    product=one.sold.product.external_id,
                    name=product_name(one.sold.product, language),
                    sku=one.sold.variant.sku,
                    options=ordered_options({}, one.sold.variant, language),
                    price_minor=one.sold.variant.price_minor,
                    currency=one.sold.variant.currency,
                    image_url=one.sold.product.image_url,
                    reasons=one.reasons,
                )
                for one in proposed
            ],
        }
    )
