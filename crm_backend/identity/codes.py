"""One-time codes: asked for, sent to an address that the shop knows, given back.

The answer, and the work, is the same whether or not the shop knows the address. A code is six digits from the system's
random source; the database has its keyed hash alone. It works once, in the conversation that asked for it, until it
expires or was mistyped too often, and a newer one makes it void.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import SecretStr
from sqlalchemy import delete, select

from crm_backend.account.models import Customer
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.identity import chat_accounts, repository, service
from crm_backend.identity.limits import Tries, seconds_until_fewer
from crm_backend.identity.models import Conversation, OneTimeCode
from crm_backend.messages.service import put
from crm_backend.messages.wording import languages
from crm_backend.normalise import email_key, phone_key
from crm_backend.policies.codes import CodeLimit
from crm_backend.policies.policy import Policies
from shopdesk_schemas.account import CodeConfirmation, CodeRequest, CodeSent
from shopdesk_schemas.crm import Verification
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound, TooManyRequests

DIGITS = 6
MESSAGE = "one_time_code"
SCOPES = ("code_recipient", "code_conversation", "code_address", "code_customer")

Channel = Literal["email", "sms"]


def send(
    session: WriteSession,
    conversation_id: str,
    request: CodeRequest,
    policies: Policies,
    key: SecretStr,
    can_send: Sequence[Channel],
    now: datetime,
) -> CodeSent | TooManyRequests:
    """Send a code where the address is one customer's. A refusal is returned, not raised, to be counted.

    Raises InvalidInput for a channel that the shop does not offer, or an address that cannot be one.
    """
    rules = policies.codes
    if request.channel not in rules.channels or request.channel not in can_send:
        raise InvalidInput(
            errors=[FieldProblem(field="body.channel", message="this shop does not send codes this way")]
        )
    recipient = _recipient(request, policies.shop.country)
    conversation = repository.conversation_for_update(session, conversation_id, now)
    counted = _counted(conversation, request.channel, recipient, policies, key)
    if wait := _seconds_to_wait(session, counted, now):
        return TooManyRequests(retry_after=wait)
    customer = _only_customer(session, request.channel, recipient)
    customer_key = str(customer.id) if customer is not None else "nobody:" + secrets.token_hex(8)
    of_customer = [("code_customer", customer_key, rules.limits.recipient)]
    # Said to nobody: a refusal here would tell that two addresses are one customer's.
    silent = _seconds_to_wait(session, of_customer, now) > 0
    _count(session, (*counted, *of_customer), policies, now)
    known = customer if not silent else None
    return _sent(
        session,
        conversation,
        policies,
        key,
        now,
        channel=request.channel,
        customer=known,
        kind=MESSAGE,
        to=_contact(known, request.channel) if known else None,
    )


def send_to_new(
    session: WriteSession,
    conversation_id: str,
    customer: Customer,
    proposal_id: int,
    channel: Channel,
    to: str,
    *,
    kind: str,
    fits: bool,
    policies: Policies,
    key: SecretStr,
    now: datetime,
) -> None:
    """Send a code to a contact that the customer wants to have; the same work where no code shall fit (`fits`).

    Raises TooManyRequests by the limits that every code has: whoever tries contacts of others is held up alike.
    """
    recipient = _recipient(CodeRequest(channel=channel, to=to), policies.shop.country)
    conversation = repository.conversation_for_update(session, conversation_id, now)
    counted = _counted(conversation, channel, recipient, policies, key)
    if wait := _seconds_to_wait(session, counted, now):
        raise TooManyRequests(retry_after=wait)
    _count(session, counted, policies, now)
    _sent(
        session, conversation, policies, key, now,
        channel=channel, customer=customer, kind=kind, to=to, proposal_id=proposal_id, fits=fits,
    )  # fmt: skip


def given_back(
    session: WriteSession,
    conversation_id: str,
    typed: str,
    policies: Policies,
    key: SecretStr,
    now: datetime,
    *,
    of_change: bool,
) -> OneTimeCode | None:
    """The newest code of the conversation, now used up, where it is what was typed; None counts as a try of it.

    `of_change`: one that lets a contact take effect; else one that opens a record. Neither serves for the other.
    """
    code = session.scalars(
        select(OneTimeCode)
        .where(
            OneTimeCode.conversation_id == conversation_id,
            OneTimeCode.proposal_id.is_not(None) if of_change else OneTimeCode.proposal_id.is_(None),
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    digits = "".join(one for one in unicodedata.normalize("NFKC", typed) if one.isdigit())
    given = _code_hash(key, conversation_id, digits)
    expected = code.code_hash if code is not None else _code_hash(key, conversation_id, "none")
    fits = secrets.compare_digest(given, expected)
    if code is None or code.used_at is not None or code.expires_at <= now or code.tries >= policies.codes.tries:
        return None
    if not fits or code.customer_id is None:
        code.tries += 1
        return None
    code.used_at = now
    return code


def confirm(
    session: WriteSession,
    conversation_id: str,
    request: CodeConfirmation,
    policies: Policies,
    key: SecretStr,
    now: datetime,
) -> Verification | NotFound:
    """Open the customer's record to the conversation. NotFound, for whatever does not fit, is returned to be kept."""
    conversation = repository.conversation_for_update(session, conversation_id, now)
    code = given_back(session, conversation_id, request.code, policies, key, now, of_change=False)
    if code is None:
        return NotFound()
    conversation.level = "customer"
    conversation.method = f"code_{code.channel}"
    conversation.customer_id = code.customer_id
    conversation.order_id = None
    conversation.verified_at = now
    conversation.expires_at = now + timedelta(minutes=policies.verification.identity_token_expires_after_minutes)
    repository.remember_person(session, conversation, now)
    chat_accounts.link(session, conversation, policies, now)
    return service.verification(session, conversation_id, now)


def _counted(
    conversation: Conversation, channel: Channel, recipient: str, policies: Policies, key: SecretStr
) -> list[tuple[str, str, Sequence[CodeLimit]]]:
    limits = policies.codes.limits
    counted: list[tuple[str, str, Sequence[CodeLimit]]] = [
        ("code_recipient", _hash(key, "recipient", channel, recipient), limits.recipient),
        ("code_conversation", conversation.conversation_id, limits.conversation),
    ]
    if conversation.client_address_key is not None:
        counted.append(("code_address", conversation.client_address_key, limits.address))
    return counted


def _count(
    session: WriteSession, counted: Sequence[tuple[str, str, Sequence[CodeLimit]]], policies: Policies, now: datetime
) -> None:
    repository.add_failures(session, [(scope, of) for scope, of, _limits in counted], now)
    _forget(session, now - timedelta(minutes=policies.codes.limits.longest_minutes()), now)


def _sent(
    session: WriteSession,
    conversation: Conversation,
    policies: Policies,
    key: SecretStr,
    now: datetime,
    *,
    channel: Channel,
    customer: Customer | None,
    kind: str,
    to: str | None,
    proposal_id: int | None = None,
    fits: bool = True,
) -> CodeSent:
    """Make a code and put the message with it into the outbox."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    expires_at = now + timedelta(minutes=policies.codes.expires_after_minutes)
    session.add(
        OneTimeCode(
            conversation_id=conversation.conversation_id,
            customer_id=customer.id if customer is not None and fits else None,
            proposal_id=proposal_id,
            channel=channel,
            code_hash=_code_hash(key, conversation.conversation_id, code),
            created_at=now,
            expires_at=expires_at,
            tries=0,
        )
    )
    session.flush()
    language = _language(conversation, customer, policies)
    put(
        session,
        channel=channel,
        kind=kind,
        to=to,
        language=language,
        values={
            "code": code,
            "minutes": str(policies.codes.expires_after_minutes),
            "shop": policies.shop.name.get(language) or policies.shop.name[policies.shop.default_language],
        },
        worthless_at=expires_at,
        now=now,
    )
    return CodeSent(channel=channel, expires_at=expires_at, digits=DIGITS)


def _recipient(request: CodeRequest, country: str) -> str:
    """The address as look-ups compare it. Raises InvalidInput when it cannot be one."""
    if request.channel == "email":
        found = email_key(request.to)
        name, at, domain = (found or "").rpartition("@")
        if found is not None and name and at and domain:
            return found
    else:
        found = phone_key(request.to, country)
        if found is not None and len(found) > 5:
            return found
    raise InvalidInput(errors=[FieldProblem(field="body.to", message=f"cannot be reached by {request.channel}")])


def _only_customer(session: ReadSession, channel: Channel, recipient: str) -> Customer | None:
    column = Customer.email_key if channel == "email" else Customer.phone_key
    found = session.scalars(select(Customer).where(column == recipient).limit(2)).all()
    return found[0] if len(found) == 1 else None


def _contact(customer: Customer, channel: Channel) -> str | None:
    return customer.email if channel == "email" else phone_key(customer.phone, customer.country)


def _language(conversation: Conversation, customer: Customer | None, policies: Policies) -> str:
    own = (customer.language or "").partition("-")[0] if customer is not None else ""
    for language in (conversation.language, own, policies.shop.default_language):
        if language in languages():
            return language
    return languages()[0]


def _hash(key: SecretStr, *parts: str) -> str:
    text = "\0".join(parts).encode()
    return hmac.new(key.get_secret_value().encode(), text, hashlib.sha256).hexdigest()


def _code_hash(key: SecretStr, conversation_id: str, code: str) -> str:
    return _hash(key, "one-time-code", conversation_id, code)


def _seconds_to_wait(
    session: WriteSession, counted: Sequence[tuple[str, str, Sequence[CodeLimit]]], now: datetime
) -> int:
    take_turns(session, [f"codes:{scope}:{of}" for scope, of, _limits in counted])
    tries = [
        Tries(scope, of, limit.codes, timedelta(minutes=limit.minutes))
        for scope, of, limits in counted
        for limit in limits
    ]
    return seconds_until_fewer(session, tries, now)


def _forget(session: WriteSession, before: datetime, now: datetime) -> None:
    """Clear away what no limit looks at any more, and codes that are over."""
    repository.forget_failures(session, before, SCOPES)
    old = select(OneTimeCode.id).where(OneTimeCode.expires_at < now - timedelta(days=1)).limit(500)
    session.execute(delete(OneTimeCode).where(OneTimeCode.id.in_(old.with_for_update(skip_locked=True))))
