"""`/shopper/{conversation_id}/recommendations`, `/catalogue/recommendations` for anybody, `/staff/recommendations`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from crm_backend.callers import Agent, Shopper, shopper
from crm_backend.dependencies import (
    BusinessClock,
    ConversationId,
    Reading,
    RequestedLanguage,
    ShopPolicies,
    Writing,
)
from crm_backend.idempotency import IdempotentRoute, once
from crm_backend.identity.access import ShopperAccess, ShopperWriteAccess
from crm_backend.recommendations import service
from crm_backend.recommendations.service import Asked
from shopdesk_schemas.problems import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound
from shopdesk_schemas.recommendations import (
    NotInterested,
    PersonalShelf,
    PublicKind,
    RecommendationReport,
    Recommendations,
    RecommendationsSeen,
    StaffRecommendations,
)
from shopdesk_schemas.web import problems_openapi

shopper_router = APIRouter(
    prefix="/shopper/{conversation_id}/recommendations", tags=["recommendations"], route_class=IdempotentRoute
)
router = APIRouter(prefix="/catalogue/recommendations", tags=["recommendations"])
staff_router = APIRouter(
    prefix="/staff/recommendations", tags=["recommendations"], responses=problems_openapi(Forbidden)
)

NO_CONTROL_CHARACTERS = r"^[^\x00]*$"
MAXIMUM_MINOR = 2**53 - 1

Words = Annotated[str | None, Query(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)]
Amount = Annotated[
    int | None, Query(ge=0, le=MAXIMUM_MINOR, description="In minor units of `currency`: gifts under an amount.")
]
Limit = Annotated[int, Query(ge=1, le=40)]


def asked(
    category: Annotated[
        str | None,
        Query(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS, description="Whole, or one of its levels."),
    ] = None,
    country: Annotated[str | None, Query(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")] = None,
    store: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            pattern=NO_CONTROL_CHARACTERS,
            description="A store's external id: only what lies there.",
        ),
    ] = None,
    minimum_minor: Amount = None,
    maximum_minor: Amount = None,
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$", description="By default the shop's.")] = None,
    language: RequestedLanguage = None,
    limit: Limit = 10,
) -> Asked:
    """What is wanted. Raises InvalidInput for a range that is none."""
    if minimum_minor is not None and maximum_minor is not None and minimum_minor > maximum_minor:
        raise InvalidInput(errors=[FieldProblem(field="query.minimum_minor", message="is more than maximum_minor")])
    return Asked(
        language=language,
        limit=limit,
        category=category,
        country=country,
        store=store,
        minimum_minor=minimum_minor,
        maximum_minor=maximum_minor,
        currency=currency,
    )


Wanted = Annotated[Asked, Depends(asked)]


def _in_language(wanted: Asked, language: str | None, **more: str | None) -> Asked:
    return Asked(**{**vars(wanted), "language": wanted.language or language, **more})


# --- Shoppers ---------------------------------------------------------------------------------------------------


@shopper_router.get("", summary="A shelf for the shopper")
def shelf(
    access: ShopperAccess,
    session: Reading,
    policies: ShopPolicies,
    clock: BusinessClock,
    conversation_id: ConversationId,
    wanted: Wanted,
    shelf: Annotated[
        PersonalShelf,
        Query(description="What they repeat and when it is due, what is new to them, or the best of both."),
    ] = "for_you",
    looking_at: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            pattern=NO_CONTROL_CHARACTERS,
            description="External id or SKU of the product on their screen: a hint, never identity.",
        ),
    ] = None,
) -> Recommendations:
    """For a guest by country, category and what they look at; `buy_again` is empty for them."""
    wanted = _in_language(wanted, access.language, looking_at=looking_at)
    return service.for_shopper(session, access, conversation_id, shelf, wanted, policies, clock.now())


@shopper_router.get("/with-order", summary="What goes with an order", responses=problems_openapi(NotFound))
def with_order(
    access: ShopperAccess,
    session: Reading,
    policies: ShopPolicies,
    conversation_id: ConversationId,
    wanted: Wanted,
    number: Annotated[str, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)],
) -> Recommendations:
    """Of the shopper's own orders; anybody else's is a 404."""
    wanted = _in_language(wanted, access.language)
    return service.with_order(session, access, conversation_id, number, wanted, policies)


@shopper_router.post(
    "/events", summary="Say what was shown or clicked", status_code=204, dependencies=[Depends(once(shopper))]
)
def events(
    access: ShopperWriteAccess,
    _actor: Shopper,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    conversation_id: ConversationId,
    seen: RecommendationsSeen,
) -> None:
    """For later fits and the comparison of arms."""
    service.saw(session, access, conversation_id, seen, policies, clock.now())


@shopper_router.post(
    "/not-interested",
    summary="Do not show a product again",
    status_code=204,
    dependencies=[Depends(once(shopper))],
    responses=problems_openapi(NotFound),
)
def not_interested(
    access: ShopperWriteAccess,
    _actor: Shopper,
    session: Writing,
    clock: BusinessClock,
    conversation_id: ConversationId,
    what: NotInterested,
) -> None:
    """At once: to the customer wherever they are verified, to a guest in this conversation."""
    service.dismiss(session, access, conversation_id, what.product, clock.now())


@shopper_router.post(
    "/interested-again",
    summary="Show a product again",
    status_code=204,
    dependencies=[Depends(once(shopper))],
    responses=problems_openapi(NotFound),
)
def interested_again(
    access: ShopperWriteAccess,
    _actor: Shopper,
    session: Writing,
    conversation_id: ConversationId,
    what: NotInterested,
) -> None:
    """Takes "not interested" back."""
    service.undismiss(session, access, conversation_id, what.product)


# --- Anybody ----------------------------------------------------------------------------------------------------


@router.get("", summary="What is popular, and what goes with a product", responses=problems_openapi(NotFound))
def public(
    session: Reading,
    policies: ShopPolicies,
    wanted: Wanted,
    kind: PublicKind = "popular",
    product: Words = None,
    segment: Annotated[
        str | None, Query(pattern=r"^[a-z0-9_]{1,60}$", description="`popular` among the people of a segment.")
    ] = None,
) -> Recommendations:
    """`popular` of the shop, or of a category, segment or country; the other kinds need `product`.

    `alternatives` are similar products near in price, for what is out of stock.
    """
    return service.public(session, kind, product, _in_language(wanted, None, segment=segment), policies)


# --- Agents -----------------------------------------------------------------------------------------------------


@staff_router.get(
    "/customers/{external_id:path}",
    summary="A customer's shelf, with counts",
    responses=problems_openapi(NotFound, Conflict),
)
def of_customer(
    _agent: Agent,
    session: Reading,
    policies: ShopPolicies,
    clock: BusinessClock,
    external_id: Annotated[str, Path(min_length=1, max_length=200, pattern=NO_CONTROL_CHARACTERS)],
    wanted: Wanted,
    shelf: PersonalShelf = "for_you",
    source: Annotated[str | None, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)] = None,
) -> StaffRecommendations:
    """What the customer would be shown now, why with its counts, and the arm they are in."""
    return service.for_staff(session, external_id, source, shelf, wanted, policies, clock.now())


@staff_router.get("/with-order", summary="What goes with an order, with counts", responses=problems_openapi(NotFound))
def with_any_order(
    _agent: Agent,
    session: Reading,
    policies: ShopPolicies,
    wanted: Wanted,
    number: Annotated[str, Query(min_length=1, max_length=100, pattern=NO_CONTROL_CHARACTERS)],
) -> Recommendations:
    """As the shopper gets it, with counts."""
    return service.with_order_for_staff(session, number, wanted, policies)


@staff_router.get("/report", summary="What came of recommending, and the model card")
def report(
    _agent: Agent,
    session: Reading,
    clock: BusinessClock,
    days: Annotated[int, Query(ge=1, le=366, description="How far back to count.")] = 30,
) -> RecommendationReport:
    """By arm: people, shown, clicked, bought within seven days; data, split, scores and choices of the last fit."""
    return service.report(session, service.days_before(clock.now(), days))
