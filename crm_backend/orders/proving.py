"""An order proved and read in one transaction, for whoever gives its number and proof in one breath."""

from __future__ import annotations

from datetime import datetime

from crm_backend.database.engine import WriteSession
from crm_backend.identity import service as identity
from crm_backend.identity.access import access_for
from crm_backend.identity.keys import LookupKeys
from crm_backend.identity.repository import conversation_for_update
from crm_backend.orders import repository, service
from crm_backend.policies.policy import Policies
from shopdesk_schemas.crm import OrderProof, ProvenOrder
from shopdesk_schemas.problems import NotFound, TooManyRequests


def prove(
    session: WriteSession,
    conversation_id: str,
    request: OrderProof,
    policies: Policies,
    keys: LookupKeys,
    *,
    wall: datetime,
    now: datetime,
) -> ProvenOrder | NotFound | TooManyRequests:
    """Try a proof at the machine's time `wall`, and read the order that it opens at the business time `now`.

    Nothing is tried where nothing has to be: the customer's record is open, or this very order. A refusal is returned
    with its try counted, as `identity.service.open_order` does, and raises what that raises.
    """
    conversation = conversation_for_update(session, conversation_id, wall)
    access = access_for(conversation, wall)
    language = request.language or access.language
    if access.customer_id is not None:
        standing = identity.verification(session, conversation_id, wall)
        return ProvenOrder(verification=standing, tried=False, order=None)
    if access.order_id is not None and request.reference is not None:
        order = repository.find_order(session, access, request.reference)
        if order is not None:
            standing = identity.verification(session, conversation_id, wall)
            return ProvenOrder(
                verification=standing, tried=False, order=service.view(session, access, order, language, now)
            )
    opened = identity.open_order(session, conversation, request, policies, keys, wall)
    if not isinstance(opened, identity.Opened):
        return opened
    verification = identity.told(session, opened, wall)
    shown = None
    if verification.level == "order":
        shown = service.view(session, access_for(conversation, wall), opened.order, language, now)
    return ProvenOrder(verification=verification, tried=True, order=shown)
