"""`/catalogue`: facts about products that anybody may know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crm_backend.dependencies import BusinessClock, Reading, RequestedLanguage, ShopPolicies
from crm_backend.products import service
from crm_backend.products.repository import ProductFilter
from shopdesk_schemas.crm import Catalogue
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound
from shopdesk_schemas.products import (
    Alternatives,
    Comparison,
    ProductSort,
    ProductView,
    VariantAvailability,
    VariantPrices,
)
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/catalogue", tags=["products"])

NO_CONTROL_CHARACTERS = r"^[^\x00]*$"
"""PostgreSQL's text has no NUL."""

MAXIMUM_MINOR = 2**53 - 1

Sku = Annotated[str, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS, description="In either case.")]
Reference = Annotated[str, Query(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Amount = Annotated[int | None, Query(ge=0, le=MAXIMUM_MINOR, description="In minor units of `currency`.")]


@router.get("/products", summary="Products of the shop")
def products(
    session: Reading,
    policies: ShopPolicies,
    text: Annotated[
        str | None,
        Query(
            alias="q",
            min_length=1,
            max_length=200,
            pattern=NO_CONTROL_CHARACTERS,
            description="Words to search by, in any of the shop's languages; misspelt ones find what is nearest.",
        ),
    ] = None,
    category: Annotated[
        str | None,
        Query(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS, description="Whole, or one of its levels."),
    ] = None,
    option: Annotated[
        list[Annotated[str, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)]],
        Query(max_length=8, description="`value` or `name:value`; a variant that can be had has them all."),
    ] = (),  # type: ignore[assignment]
    minimum_minor: Amount = None,
    maximum_minor: Amount = None,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$", description="By default the shop's.")] = None,
    available: Annotated[bool | None, Query(description="Only what can, or cannot, be bought now.")] = None,
    sort: ProductSort = "relevance",
    language: RequestedLanguage = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 24,
    offset: Annotated[int, Query(ge=0, le=100_000, description="How many to leave out first.")] = 0,
) -> Catalogue:
    """Products with a name. One whose stock nobody knows counts as available.

    A price range keeps products of which something can be had within it. `price_asc` goes by the cheapest variant of
    each, `price_desc` by the dearest.
    """
    if minimum_minor is not None and maximum_minor is not None and minimum_minor > maximum_minor:
        raise InvalidInput(errors=[FieldProblem(field="query.minimum_minor", message="is more than maximum_minor")])
    wanted = ProductFilter(
        category=category,
        minimum_minor=minimum_minor,
        maximum_minor=maximum_minor,
        currency=currency or policies.shop.currency,
        available=available,
        sort=sort,
    )
    return service.catalogue(session, wanted, text=text, options=option, language=language, limit=limit, offset=offset)


# An external id may hold slashes, which servers decode before they route.
@router.get("/products/{reference:path}", summary="One product", responses=problems_openapi(NotFound))
def product(
    session: Reading,
    reference: Annotated[
        str,
        Path(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS, description="Its external id, or a SKU."),
    ],
    source: Annotated[
        str | None, Query(max_length=200, pattern=NO_CONTROL_CHARACTERS, description="Where two systems share ids.")
    ] = None,
    language: RequestedLanguage = None,
) -> ProductView:
    """With its variants, their options and prices, and in how many stores each lies."""
    return service.product(session, reference, language, source)


@router.get("/availability", summary="Where a variant can be had", responses=problems_openapi(NotFound))
def availability(session: Reading, sku: Sku, language: RequestedLanguage = None) -> VariantAvailability:
    """On the web and in each store; what is kept for somebody is not counted."""
    return service.availability(session, sku, language)


@router.get("/prices", summary="What a variant costs and cost", responses=problems_openapi(NotFound))
def prices(session: Reading, clock: BusinessClock, sku: Sku, language: RequestedLanguage = None) -> VariantPrices:
    """Prices that ended, newest first, and the lowest of the last 30 days."""
    return service.prices(session, sku, language, clock.now())


@router.get("/comparison", summary="Products beside each other")
def comparison(
    session: Reading,
    product: Annotated[list[Reference], Query(min_length=2, max_length=6, description="External ids or SKUs.")],
    language: RequestedLanguage = None,
) -> Comparison:
    """Fact by fact, in the order in which they were named; a 422 names what is not there."""
    return service.compare(session, product, language)


@router.get("/alternatives", summary="What can be had in place of a variant", responses=problems_openapi(NotFound))
def alternatives(
    session: Reading, policies: ShopPolicies, sku: Sku, language: RequestedLanguage = None
) -> Alternatives:
    """The most alike first, each with the reasons why."""
    return service.alternatives(session, sku, policies, language)
