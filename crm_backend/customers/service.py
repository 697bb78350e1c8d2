"""Everything of one person, over all channels that are known to be theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from crm_backend.account.models import Customer
from crm_backend.analytics.segments.service import insight
from crm_backend.audit.service import note
from crm_backend.changes.kind import Actor
from crm_backend.customers import repository
from crm_backend.customers.repository import Rows
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity import chat_accounts
from crm_backend.identity.access import is_verified
from crm_backend.identity.repository import customers_of_external_id, find_conversation
from crm_backend.orders.models import Order
from shopdesk_schemas.customers import ContactView, ConversationCustomer, CustomerView
from shopdesk_schemas.problems import Conflict, NotFound

ORDERS_SHOWN = 200
OTHERS_SHOWN = 50
"""Visits, conversations and cases."""


def view(session: ReadSession, external_id: str, source: str | None, language: str = "en") -> CustomerView:
    """The person, in a fixed number of queries.

    Raises NotFound, and Conflict when several systems have a customer of this id and none is named.
    """
    found = customers_of_external_id(session, external_id, source)
    if not found:
        raise NotFound
    if len(found) > 1:
        raise Conflict("Several systems have a customer of this id; name the source.")
    customer = found[0]
    rows = repository.members(session, customer.id)
    members: list[Customer] = [customer, *(row[0] for row in rows if row[0].id != customer.id)]
    ids = [member.id for member in members]
    source_of = {member.id: member.source for member in members}
    orders = repository.orders(session, ids, ORDERS_SHOWN + 1)
    shown = orders[:ORDERS_SHOWN]
    number_of = {order["id"]: order["number"] for order in shown}
    order_ids = list(number_of)

    def of_customers(found: Iterable[Any]) -> list[dict[str, Any]]:
        return [{**_columns(row), "source": source_of[row.customer_id]} for row in found]

    def of_orders(found: Rows) -> list[dict[str, Any]]:
        return [{**row, "order_number": number_of[row["order_id"]]} for row in found]

    return CustomerView.model_validate(
        {
            **{
                name: next((value for one in members if (value := getattr(one, name)) is not None), None)
                for name in ("name", "given_name", "gender", "birth_date", "language", "country")
            },
            "source": customer.source,
            "external_id": customer.external_id,
            "profile_id": rows[0][1] if rows else None,
            "members": [_columns(member) for member in members],
            "emails": _contacts(members, "email", "email_key"),
            "phones": _contacts(members, "phone", "phone_key"),
            "addresses": of_customers(repository.addresses(session, ids)),
            "consents": of_customers(repository.consents(session, ids)),
            "payment_methods": of_customers(repository.payment_methods(session, ids)),
            "loyalty_points": repository.loyalty_points(session, ids),
            "orders": [dict(order) for order in shown],
            "more_orders": len(orders) > len(shown),
            "shipments": of_orders(repository.shipments(session, order_ids)),
            "returns": of_orders(repository.returns(session, order_ids)),
            "payments": of_orders(repository.payments(session, order_ids)),
            "refunds": of_orders(repository.refunds(session, order_ids)),
            "visits": [dict(one) for one in repository.visits(session, members, OTHERS_SHOWN)],
            "conversations": [dict(one) for one in repository.conversations(session, ids, OTHERS_SHOWN)],
            "cases": [dict(one) for one in repository.cases(session, ids, OTHERS_SHOWN)],
            "insight": insight(session, ids, language),
        }
    )


def of_conversation(session: ReadSession, conversation_id: str, now: datetime) -> ConversationCustomer:
    """Who a conversation is verified as at the machine's time `now`. Raises NotFound for one that is not known."""
    conversation = find_conversation(session, conversation_id)
    if conversation is None:
        raise NotFound
    order = session.get(Order, conversation.order_id) if conversation.order_id is not None else None
    customer_id = conversation.customer_id or (order.customer_id if order is not None else None)
    customer = session.get(Customer, customer_id) if customer_id is not None else None
    linked = chat_accounts.of(session, conversation)
    return ConversationCustomer.model_validate(
        {
            "level": conversation.level,
            "method": conversation.method,
            "verified_at": conversation.verified_at,
            "expires_at": conversation.expires_at,
            "valid": is_verified(conversation, now),
            "account_linked_at": linked.linked_at if linked is not None else None,
            "order_number": order.number if order is not None else None,
            "source": customer.source if customer is not None else None,
            "external_id": customer.external_id if customer is not None else None,
        }
    )


def unlink(session: WriteSession, conversation_id: str, actor: Actor, now: datetime) -> None:
    """Forget whose the account is that a conversation is held on. Raises NotFound for one that is not known."""
    conversation = find_conversation(session, conversation_id)
    if conversation is None:
        raise NotFound
    chat_accounts.close(conversation)
    chat_accounts.unlink(session, conversation)
    by = replace(actor, conversation_id=conversation_id)
    note(session, by, now, "conversation.forget_account", ("conversation", conversation_id))


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__mapper__.column_attrs}


def _contacts(members: Iterable[Customer], name: str, key: str) -> list[ContactView]:
    """Each address or number once, as the first channel that knows it writes it."""
    found: dict[str, ContactView] = {}
    for member in members:
        value = getattr(member, name)
        if value is not None:
            contact = found.setdefault(getattr(member, key) or value, ContactView(value=value, sources=[]))
            if member.source not in contact.sources:
                contact.sources.append(member.source)
    return list(found.values())
