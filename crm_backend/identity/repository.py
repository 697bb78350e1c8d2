"""Queries about conversations, failed attempts, used tokens, and the facts that prove an order is one's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    Integer,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    exists,
    false,
    insert,
    select,
    union,
    update,
)
from sqlalchemy.orm.attributes import set_committed_value

from crm_backend.account.models import Address, Customer
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.database.upsert import insert_unless_there
from crm_backend.identity.models import Conversation, ConversationPerson, UsedIdentityToken, VerificationAttempt
from crm_backend.orders.models import Order
from crm_backend.shipments.models import Shipment

NOBODY = -1
"""A key no row has: a look-up for nobody runs the same statement as one for somebody."""

CLEARED_AT_ONCE = 500
"""Rows of the past that one request removes at most."""


# Every proof runs these: they are put together once, not for each.
_HELD = select(Conversation).where(Conversation.conversation_id == bindparam("conversation")).with_for_update()
_conversations = cast(Table, Conversation.__table__)
_people = cast(Table, ConversationPerson.__table__)
_PERSON = {
    name: bindparam(name, type_=_people.c[name].type)
    for name in ("conversation_id", "customer_id", "order_id", "since")
}
_NEW_PERSON = insert(_people).from_select(
    list(_PERSON),
    select(*_PERSON.values()).where(
        ~exists().where(
            _people.c.conversation_id == _PERSON["conversation_id"],
            _people.c.customer_id.is_not_distinct_from(_PERSON["customer_id"]),
            _people.c.order_id.is_not_distinct_from(_PERSON["order_id"]),
        )
    ),
)
_CUSTOMERS = select(Customer).where(Customer.id.in_(bindparam("ids", expanding=True)))
_KNOWN = (
    select(
        Customer.id, Customer.country, Customer.email, Customer.phone,
        Address.postcode, Address.country, Address.phone,
    )
    .outerjoin(Address, Address.customer_id == Customer.id)
    .where(Customer.id.in_(bindparam("ids", expanding=True)))
    .order_by(Customer.id, Address.id)
)  # fmt: skip


def find_conversation(session: ReadSession, conversation_id: str) -> Conversation | None:
    """The conversation, or None when the CRM never heard of it."""
    return session.get(Conversation, conversation_id)


def conversation_for_update(session: WriteSession, conversation_id: str, now: datetime) -> Conversation:
    """The conversation, made when it is new, and held against other writers until the transaction ends."""
    held = session.scalars(_HELD, {"conversation": conversation_id}).one_or_none()
    if held is not None:
        return held
    insert_unless_there(session, Conversation, conversation_id=conversation_id, level="none", created_at=now)
    return session.scalars(_HELD, {"conversation": conversation_id}).one()


def change(session: WriteSession, conversation: Conversation, **values: Any) -> None:
    """Write these attributes of a conversation that is held, at once: without the unit of work it takes a tenth."""
    session.execute(_change_of(tuple(values)), {"held": conversation.conversation_id, **values})
    for name, value in values.items():
        set_committed_value(conversation, name, value)


@cache
def _change_of(names: tuple[str, ...]) -> Update:
    columns = _conversations.c
    values = {columns[name]: bindparam(name, type_=columns[name].type) for name in names}
    return update(_conversations).where(columns.conversation_id == bindparam("held")).values(values)


def remember_person(session: WriteSession, conversation: Conversation, now: datetime) -> None:
    """Note whose the conversation is now, once for each: exports and erasures find by this what somebody wrote."""
    session.flush()
    person = {
        "conversation_id": conversation.conversation_id,
        "customer_id": conversation.customer_id,
        "order_id": conversation.order_id,
    }
    session.execute(_NEW_PERSON, {**person, "since": now})


@dataclass(frozen=True)
class VerifiedConversation:
    """A conversation with the words its verification is told in."""

    conversation: Conversation
    order_number: str | None
    given_name: str | None


def find_verified(session: ReadSession, conversation_id: str) -> VerifiedConversation | None:
    """The conversation with its order's number and its customer's first name."""
    row = session.execute(
        select(Conversation, Order.number, Customer.given_name)
        .outerjoin(Order, Order.id == Conversation.order_id)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .where(Conversation.conversation_id == conversation_id)
    ).first()
    return VerifiedConversation(row[0], row[1], row[2]) if row else None


# --- Failed attempts --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NthFailure:
    """The `n`-th newest failure under a scope and key after `since` (n from 1)."""

    scope: str
    key: str
    since: datetime
    n: int


def times_of(session: ReadSession, wanted: Sequence[NthFailure]) -> Sequence[datetime | None]:
    """When each of these failures was, None where there are fewer. One statement for all."""
    if not wanted:
        return []
    values: dict[str, Any] = {}
    for place, one in enumerate(wanted):
        values |= {f"scope_{place}": one.scope, f"key_{place}": one.key}
        values |= {f"since_{place}": one.since, f"skipped_{place}": one.n - 1}
    return tuple(session.execute(_times(len(wanted)), values).one())


@cache
def _times(count: int) -> Select[Any]:
    attempts = cast(Table, VerificationAttempt.__table__).c
    return select(
        *(
            select(attempts.at)
            .where(
                attempts.scope == bindparam(f"scope_{place}"),
                attempts.scope_key == bindparam(f"key_{place}"),
                attempts.at > bindparam(f"since_{place}"),
            )
            .order_by(attempts.at.desc())
            .offset(bindparam(f"skipped_{place}", type_=Integer))
            .limit(1)
            .scalar_subquery()
            .label(f"at_{place}")
            for place in range(count)
        )
    )


def add_failures(session: WriteSession, scopes: Sequence[tuple[str, str]], at: datetime) -> None:
    """Count one failure under each (scope, key)."""
    session.add_all(VerificationAttempt(scope=scope, scope_key=key, at=at) for scope, key in scopes)


def forget_failures(session: WriteSession, before: datetime, scopes: Collection[str]) -> None:
    """Remove those of these scopes that no limit looks at any more, leaving what another transaction is removing."""
    old = (
        select(VerificationAttempt.id)
        .where(VerificationAttempt.at < before, VerificationAttempt.scope.in_(scopes))
        .limit(CLEARED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(VerificationAttempt).where(VerificationAttempt.id.in_(old)))


# --- Proofs -----------------------------------------------------------------------------------------------------


def candidate_orders(session: ReadSession, key: str, *, by_number: bool, by_tracking_number: bool) -> Sequence[Order]:
    """The sales whose number, or a parcel's tracking number, has this key; newest first.

    Several, when two of the shop's systems gave out the same number.
    """
    return session.scalars(_candidates(by_number, by_tracking_number), {"key": key}).all()


@cache
def _candidates(by_number: bool, by_tracking_number: bool) -> Select[Any]:
    key: BindParameter[str] = bindparam("key")
    numbered = select(Order.id).where(Order.number_key == key if by_number else false())
    tracked = select(Shipment.order_id).where(Shipment.tracking_key == key if by_tracking_number else false())
    return (
        select(Order)
        .where(Order.id.in_(union(numbered, tracked)), Order.kind == "sale")
        .order_by(Order.placed_at.desc(), Order.id.desc())
    )


def customers(session: ReadSession, ids: Collection[int]) -> dict[int, Customer]:
    """Customers by id. Always one query."""
    found = session.scalars(_CUSTOMERS, {"ids": list(ids) or [NOBODY]})
    return {customer.id: customer for customer in found}


@dataclass
class Known:
    """What a customer's record holds that can prove who somebody is."""

    country: str | None
    email: str | None
    phone: str | None
    postcodes: list[tuple[str | None, str | None]] = field(default_factory=list)
    """Those of the address book, each with its country."""
    phones: list[str | None] = field(default_factory=list)
    """Those of the address book."""


def known_of(session: ReadSession, customer_ids: Collection[int]) -> Mapping[int, Known]:
    """The same of customers by their ids. Always one query."""
    found: dict[int, Known] = {}
    for number, home, email, own_phone, postcode, country, phone in session.execute(
        _KNOWN, {"ids": list(customer_ids) or [NOBODY]}
    ):
        known = found.setdefault(number, Known(home, email, own_phone))
        known.postcodes.append((postcode, country))
        known.phones.append(phone)
    return found


# --- Identity tokens --------------------------------------------------------------------------------------------


def customers_of_external_id(session: ReadSession, external_id: str, source: str | None) -> Sequence[Customer]:
    """The customers of this external id: two at most, as two are already one too many."""
    query = select(Customer).where(Customer.external_id == external_id)
    if source is not None:
        query = query.where(Customer.source == source)
    return session.scalars(query.limit(2)).all()


def bind_token(session: WriteSession, jti: str, conversation_id: str, expires_at: datetime) -> str:
    """Bind the token to the conversation unless another was first; the conversation it is bound to."""
    insert_unless_there(session, UsedIdentityToken, jti=jti, conversation_id=conversation_id, expires_at=expires_at)
    return session.scalars(select(UsedIdentityToken.conversation_id).where(UsedIdentityToken.jti == jti)).one()


def forget_tokens(session: WriteSession, before: datetime) -> None:
    """Remove tokens that would be refused for their age anyway, leaving those that somebody else is removing."""
    old = (
        select(UsedIdentityToken.jti)
        .where(UsedIdentityToken.expires_at < before)
        .limit(CLEARED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(UsedIdentityToken).where(UsedIdentityToken.jti.in_(old)))
