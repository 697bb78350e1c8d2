"""`/shopper/{conversation_id}`: what the gateway tells of a conversation, and how it is verified."""

from __future__ import annotations

from fastapi import APIRouter, Response

from crm_backend.dependencies import BusinessClock, Held, Reading, ShopPolicies, Writing, in_one_thread
from crm_backend.identity import codes, service
from crm_backend.identity.access import OwnConversation
from crm_backend.identity.keys import LookupKeys
from crm_backend.orders import proving
from shopdesk_schemas.account import CodeConfirmation, CodeRequest, CodeSent
from shopdesk_schemas.crm import (
    ConversationContext,
    IdentityTokenRequest,
    OrderProof,
    ProvenOrder,
    Verification,
    VerificationRequest,
)
from shopdesk_schemas.problems import NotFound, ShopdeskError, TooManyRequests, Unauthenticated
from shopdesk_schemas.web import problem_response, problems_openapi, ready

router = APIRouter(prefix="/shopper/{conversation_id}", tags=["identity"])


@router.put("", status_code=204, summary="Tell of a conversation")
def tell(
    conversation_id: OwnConversation,
    context: ConversationContext,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> None:
    """Called when a session starts, when the address or language changes, and with each message on a platform.

    There an account that was verified before is known again, at what the shop's policy allows.
    """
    keys = LookupKeys(held.settings.lookup_key)
    service.tell(session, conversation_id, context, policies, keys, clock.wall())


@router.get("/verification", summary="How the conversation is verified")
def verification(conversation_id: OwnConversation, session: Reading, clock: BusinessClock) -> Verification:
    """Level `none` when it is not, or not any more."""
    return service.verification(session, conversation_id, clock.wall())


@router.post(
    "/verification",
    summary="Try a proof",
    response_model=Verification,
    responses=problems_openapi(NotFound, TooManyRequests),
)
def verify(
    conversation_id: OwnConversation,
    request: VerificationRequest,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> Verification | Response:
    """404 for whatever does not fit: no such order, another's, no such fact. 429 after too many failures."""
    outcome = service.verify(
        session, conversation_id, request, policies, LookupKeys(held.settings.lookup_key), clock.wall()
    )
    # Returned, not raised: the failure that was counted must be committed.
    return problem_response(outcome) if isinstance(outcome, ShopdeskError) else outcome


@router.post(
    "/verification/order",
    summary="Try a proof, and read the order that it opens",
    response_model=ProvenOrder,
    responses=problems_openapi(NotFound, TooManyRequests),
)
async def prove_order(conversation_id: OwnConversation, request: OrderProof, held: Held) -> Response:
    """`POST …/verification` and `GET …/orders/{number}` in one; what is open already is not tried again."""
    keys, wall, now = LookupKeys(held.settings.lookup_key), held.clock.wall(), held.clock.now()
    outcome = await in_one_thread(
        held, lambda session: proving.prove(session, conversation_id, request, held.policies, keys, wall=wall, now=now)
    )
    return problem_response(outcome) if isinstance(outcome, ShopdeskError) else ready(outcome)


@router.delete("/verification", status_code=204, summary="End the verification")
def forget(conversation_id: OwnConversation, session: Writing) -> None:
    """The conversation sees nobody's record afterwards, and the account it is held on is nobody's."""
    service.forget(session, conversation_id)


@router.post("/identity", summary="Sign in by a token of the shop", responses=problems_openapi(Unauthenticated))
def identify(
    conversation_id: OwnConversation,
    request: IdentityTokenRequest,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> Verification:
    """401 for a token that is not good, is too old, or was used by another conversation."""
    return service.identify(
        session, conversation_id, request.identity_token, policies, held.settings.identity_secret, clock.wall()
    )


@router.post(
    "/codes",
    status_code=202,
    summary="Ask for a one-time code",
    response_model=CodeSent,
    responses=problems_openapi(TooManyRequests),
)
def send_code(
    conversation_id: OwnConversation,
    request: CodeRequest,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> CodeSent | Response:
    """The same answer whether or not the shop knows the address. 429 after too many."""
    settings = held.settings
    outcome = codes.send(
        session, conversation_id, request, policies, settings.lookup_key, settings.message_channels(), clock.wall()
    )
    return problem_response(outcome) if isinstance(outcome, ShopdeskError) else outcome


@router.post(
    "/codes/confirm",
    summary="Give a one-time code back",
    response_model=Verification,
    responses=problems_openapi(NotFound),
)
def confirm_code(
    conversation_id: OwnConversation,
    request: CodeConfirmation,
    session: Writing,
    policies: ShopPolicies,
    clock: BusinessClock,
    held: Held,
) -> Verification | Response:
    """404 for whatever does not fit: wrong, used, too late, or sent to an address that is nobody's."""
    outcome = codes.confirm(session, conversation_id, request, policies, held.settings.lookup_key, clock.wall())
    return problem_response(outcome) if isinstance(outcome, ShopdeskError) else outcome
