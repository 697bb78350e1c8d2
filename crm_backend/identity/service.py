"""Verifying conversations: by a proof about one order, or by a token that the shop signed.

A refusal is returned, not raised, where the try must be counted: the transaction then commits with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Literal

from pydantic import SecretStr

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity import by_name, chat_accounts, limits, repository
from crm_backend.identity.access import is_verified
from crm_backend.identity.keys import LookupKeys
from crm_backend.identity.models import Conversation
from crm_backend.identity.proofs import Facts, method_of, proof_of, proves
from crm_backend.identity.tokens import read_identity_token
from crm_backend.name_and_postcode import full_name_key
from crm_backend.normalise import email_key, number_key
from crm_backend.orders.models import Order
from crm_backend.policies.policy import Policies
from crm_backend.policies.policy import Verification as Rules
from shopdesk_schemas.crm import ConversationContext, Verification, VerificationRequest
from shopdesk_schemas.problems import (
    FieldProblem,
    InvalidInput,
    NotFound,
    TooManyRequests,
    Unauthenticated,
)

IDENTITY_TOKEN = "identity_token"  # noqa: S105 - the name of a method


def tell(
    session: WriteSession,
    conversation_id: str,
    context: ConversationContext,
    policies: Policies,
    keys: LookupKeys,
    now: datetime,
) -> None:
    """Keep what the gateway knows of a conversation. What it leaves out stays as it was.

    On an account that was verified before, a conversation that nothing opens is opened again.
    """
    conversation = repository.conversation_for_update(session, conversation_id, now)
    if context.client_address is not None:
        conversation.client_address_key = keys.client_address(context.client_address)
    if context.language is not None:
        conversation.language = context.language
    if context.chat_account is not None:
        account = context.chat_account
        conversation.chat_channel = account.channel
        conversation.chat_account_key = keys.chat_account(account.channel, account.account)
        chat_accounts.recall(session, conversation, policies, now)


def verification(session: ReadSession, conversation_id: str, now: datetime) -> Verification:
    """How the conversation is verified at the machine's time `now`."""
    found = repository.find_verified(session, conversation_id)
    if found is None or not is_verified(found.conversation, now):
        return Verification(level="none")
    return _told(found.conversation, found.order_number, found.given_name)


@dataclass(frozen=True)
class Opened:
    """The order that a proof opened to a conversation."""

    conversation: Conversation
    order: Order


def verify(
    session: WriteSession,
    conversation_id: str,
    request: VerificationRequest,
    policies: Policies,
    keys: LookupKeys,
    now: datetime,
) -> Verification | NotFound | TooManyRequests:
    """Try a proof and tell how the conversation is verified then; else as `open_order`."""
    conversation = repository.conversation_for_update(session, conversation_id, now)
    outcome = open_order(session, conversation, request, policies, keys, now)
    return told(session, outcome, now) if isinstance(outcome, Opened) else outcome


def told(session: ReadSession, opened: Opened, now: datetime) -> Verification:
    """How a conversation is verified that a proof just opened an order to."""
    if opened.conversation.level == "customer":
        return verification(session, opened.conversation.conversation_id, now)
    return _told(opened.conversation, opened.order.number, None)


def open_order(
    session: WriteSession,
    conversation: Conversation,
    request: VerificationRequest,
    policies: Policies,
    keys: LookupKeys,
    now: datetime,
) -> Opened | NotFound | TooManyRequests:
    """Try a proof, in the name of a conversation that is held. `NotFound` says nothing about what was wrong; it and its
    work are the same for every reason.

    Raises InvalidInput when the shop does not accept this kind of proof.
    """
    rules = policies.verification
    method = method_of(request)
    if field := _not_accepted(request, rules):
        raise InvalidInput(errors=[FieldProblem(field=f"body.{field}", message="this shop does not accept this proof")])
    scopes = limits.scopes_of(
        rules.limits,
        method,
        conversation_id=conversation.conversation_id,
        address_key=conversation.client_address_key,
        reference_keys=_asked_for(request, keys),
    )
    if wait := limits.seconds_to_wait(session, scopes, now):
        return TooManyRequests(retry_after=wait)

    order = _by_name(session, request, policies) if request.name is not None else _proven(session, request, policies)
    if order is None:
        limits.count_failure(session, scopes, rules.limits, now)
        return NotFound()
    _open_order(session, conversation, order, request, policies, now)
    repository.remember_person(session, conversation, now)
    chat_accounts.link(session, conversation, policies, now)
    return Opened(conversation, order)


def _not_accepted(request: VerificationRequest, rules: Rules) -> str | None:
    """The field of the request that the shop takes for no proof; None when it accepts all of it."""
    if request.name is None:
        kind = proof_of(request)[0]
        return None if kind in rules.proofs else kind
    if not rules.name_and_postcode:
        return "name"
    return "email" if request.email is not None and "email" not in rules.proofs else None


def _asked_for(request: VerificationRequest, keys: LookupKeys) -> list[str]:
    """What failures count under beside the conversation and the address: what a guesser knows, and tries the rest to.

    That is the number; or the name, to which postcodes and addresses are tried, counted together; or the e-mail
    address, to which names are.
    """
    if request.name is None:
        return [keys.reference(number_key(request.reference or ""), method_of(request))]
    # What is no full name opens nothing; it counts as itself, so that one does not use up another's tries.
    known = [keys.reference(full_name_key(request.name) or request.name.casefold(), "name_postcode")]
    if request.email is not None:
        known.append(keys.email(email_key(request.email) or ""))
    return known


def _level_of(request: VerificationRequest, rules: Rules) -> Literal["order", "customer"]:
    kind = proof_of(request)[0]
    return rules.levels.of_proof(kind) if request.name is None else rules.levels.of_name(kind)


def _by_name(session: ReadSession, request: VerificationRequest, policies: Policies) -> Order | None:
    if request.email is not None:
        return by_name.order_by_email(session, request.name or "", request.email)
    return by_name.order_by_postcode(
        session,
        request.name or "",
        request.postcode or "",
        countries_without_postcode=policies.verification.countries_without_postcode,
        default_country=policies.shop.country,
    )


def _proven(session: ReadSession, request: VerificationRequest, policies: Policies) -> Order | None:
    """The order whose number and proof these are."""
    rules = policies.verification
    kind, given = proof_of(request)
    candidates = repository.candidate_orders(
        session,
        number_key(request.reference or ""),
        by_number="order_number" in rules.references,
        by_tracking_number="tracking_number" in rules.references,
    )
    facts = _facts(session, candidates, policies.shop.country)
    # An unknown number is compared too, with nothing, so that it takes as long.
    proven = [
        order
        for order, known in zip_longest(candidates, facts or [Facts()])
        if proves(kind, given, known, rules.countries_without_postcode) and order is not None
    ]
    return proven[0] if proven else None


def _facts(session: ReadSession, orders: Sequence[Order], default_country: str) -> list[Facts]:
    """What proves each of `orders`, in one query."""
    nobody = repository.Known(None, None, None)
    customers = repository.known_of(session, {order.customer_id for order in orders if order.customer_id is not None})
    facts = []
    for order in orders:
        customer = customers.get(order.customer_id, nobody) if order.customer_id is not None else nobody
        home = customer.country or default_country
        facts.append(
            Facts(
                postcodes=[
                    (postcode, country or home)
                    for postcode, country in (
                        (order.postcode, order.country),
                        *customer.postcodes,
                    )
                    if postcode is not None
                ],
                emails=[text for text in (order.contact_email, customer.email) if text],
                phones=[text for text in (order.contact_phone, customer.phone, *customer.phones) if text],
            )
        )
    return facts


def _open_order(
    session: WriteSession,
    conversation: Conversation,
    order: Order,
    request: VerificationRequest,
    policies: Policies,
    now: datetime,
) -> None:
    """Let the conversation see `order`, or its customer's record where the policy's level says so.

    Somebody who is signed in stays so: an order of theirs changes nothing, another's is opened beside their own
    record, for no longer than a proof lasts.
    """
    rules = policies.verification
    expires_at = now + timedelta(minutes=rules.expires_after_minutes)
    signed_in = conversation.level == "customer" and is_verified(conversation, now)
    if signed_in and conversation.expires_at is not None:
        if order.customer_id != conversation.customer_id:
            expires_at = min(conversation.expires_at, expires_at)
        else:
            expires_at = conversation.expires_at
        repository.change(session, conversation, order_id=order.id, expires_at=expires_at)
        return
    opens_customer = (
        order.customer_id is not None
        and _level_of(request, rules) == "customer"
        and (request.name is None or by_name.is_their_name(session, order.customer_id, request.name))
    )
    repository.change(
        session,
        conversation,
        level="customer" if opens_customer else "order",
        customer_id=order.customer_id if opens_customer else None,
        order_id=order.id,
        method=method_of(request),
        verified_at=now,
        expires_at=expires_at,
    )


def identify(
    session: WriteSession,
    conversation_id: str,
    token: str,
    policies: Policies,
    secret: SecretStr,
    now: datetime,
) -> Verification:
    """Sign the conversation in by a token of the shop. Raises Unauthenticated, with the reason for the shop's engineer.

    The first conversation to bring a token keeps it; there it may be brought again while it is good.
    """
    rules = policies.verification
    claims = read_identity_token(
        token, secret, now=now, max_age=timedelta(minutes=rules.identity_token_max_age_minutes)
    )
    conversation = repository.conversation_for_update(session, conversation_id, now)
    if repository.bind_token(session, claims.jti, conversation_id, claims.worthless_at) != conversation_id:
        raise Unauthenticated("the identity token is not good: another conversation has used it")
    found = repository.customers_of_external_id(session, claims.customer_external_id, claims.source)
    if len(found) != 1:
        why = "sub is no customer of the shop" if not found else "sub is not unique: name the source"
        raise Unauthenticated(f"the identity token is not good: {why}")
    customer = found[0]
    conversation.level = rules.levels.identity_token
    conversation.method = IDENTITY_TOKEN
    conversation.customer_id = customer.id
    conversation.order_id = None
    conversation.verified_at = now
    conversation.expires_at = now + timedelta(minutes=rules.identity_token_expires_after_minutes)
    repository.remember_person(session, conversation, now)
    chat_accounts.link(session, conversation, policies, now)
    repository.forget_tokens(session, now)
    return _told(conversation, None, customer.given_name)


def forget(session: WriteSession, conversation_id: str) -> None:
    """End the conversation's verification, and forget whose the account is that it is held on.

    An unknown or unverified conversation stays as it is.
    """
    conversation = repository.find_conversation(session, conversation_id)
    if conversation is None:
        return
    chat_accounts.close(conversation)
    chat_accounts.unlink(session, conversation)


def _told(conversation: Conversation, order_number: str | None, given_name: str | None) -> Verification:
    return Verification.model_validate(
        {
            "level": conversation.level,
            "method": conversation.method,
            "expires_at": conversation.expires_at,
            "order_number": order_number,
            "display_name": given_name if conversation.level == "customer" else None,
        }
    )
