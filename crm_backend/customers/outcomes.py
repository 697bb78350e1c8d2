"""Whether what a conversation was about is solved: for the desk's figures, which count only what is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import and_, or_, select

from crm_backend.analytics.segments.service import uses_of
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.models import Proposal
from crm_backend.customers import repository
from crm_backend.database.engine import ReadSession
from crm_backend.effects.models import Effect
from crm_backend.identity.models import Conversation, ConversationPerson
from crm_backend.identity.repository import find_conversation
from crm_backend.orders.models import Order
from crm_backend.policies.analytics import AnalyticsRules
from crm_backend.shipments.models import Shipment
from shopdesk_schemas.customers import ConversationOutcome
from shopdesk_schemas.problems import NotFound

OTHERS = 100

RECENT = timedelta(days=60)
"""How old an order may be whose parcel still counts as trouble."""


def outcome(session: ReadSession, conversation_id: str, today: date, rules: AnalyticsRules) -> ConversationOutcome:
    """What became of it, in a fixed number of queries. Raises NotFound for a conversation that is not known."""
    if find_conversation(session, conversation_id) is None:
        raise NotFound
    customers, orders = _people(session, conversation_id)
    uses = uses_of(session, customers, rules)
    return ConversationOutcome(
        unsolved=_unsolved(session, conversation_id),
        others=_others(session, conversation_id, customers, orders),
        delivery_trouble=_delivery_trouble(session, customers, orders, today),
        segments=sorted(key for key, _use in uses),
        head_starts={key: use.queue_priority for key, use in uses if use.queue_priority},
    )


def _unsolved(session: ReadSession, conversation_id: str) -> Literal["case_open", "change_failed"] | None:
    case = (
        select(Case.id)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(CaseLink.kind == "conversation", CaseLink.reference == conversation_id, Case.state != "closed")
    )
    if session.execute(case.limit(1)).first() is not None:
        return "case_open"
    failed = (
        select(Effect.id)
        .join(Proposal, Proposal.id == Effect.proposal_id)
        .where(Proposal.caller == f"shopper:{conversation_id}", Effect.state == "failed")
    )
    return "change_failed" if session.execute(failed.limit(1)).first() is not None else None


def _delivery_trouble(session: ReadSession, customers: list[int], orders: list[int], today: date) -> bool:
    """Of the orders of the last weeks: older ones are settled, or have a case."""
    if not customers and not orders:
        return False
    query = (
        select(Shipment.id)
        .join(Order, Order.id == Shipment.order_id)
        .where(
            or_(Order.customer_id.in_(customers), Order.id.in_(orders)),
            Order.placed_at > datetime.combine(today, time(), UTC) - RECENT,
            or_(
                Shipment.state.in_(("exception", "returned")),
                and_(Shipment.state != "delivered", Shipment.promised_on < today),
            ),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def _people(session: ReadSession, conversation_id: str) -> tuple[list[int], list[int]]:
    """Customers and orders that the conversation was ever opened to, with the rest of each customer's profile."""
    opened = select(ConversationPerson.customer_id, ConversationPerson.order_id).where(
        ConversationPerson.conversation_id == conversation_id
    )
    rows = session.execute(opened).all()
    orders = [row.order_id for row in rows if row.order_id is not None]
    customers = {row.customer_id for row in rows if row.customer_id is not None}
    if orders:
        owners = session.scalars(select(Order.customer_id).where(Order.id.in_(orders), Order.customer_id.is_not(None)))
        customers |= set(owners)
    for customer in sorted(customers):
        customers |= {row[0].id for row in repository.members(session, customer)}
    return sorted(customers), orders


def _others(session: ReadSession, conversation_id: str, customers: list[int], orders: list[int]) -> list[str]:
    if not customers and not orders:
        return []
    theirs = select(Order.id).where(Order.customer_id.in_(customers))
    query = (
        select(Conversation.conversation_id)
        .join(ConversationPerson, ConversationPerson.conversation_id == Conversation.conversation_id)
        .where(
            Conversation.conversation_id != conversation_id,
            or_(
                ConversationPerson.customer_id.in_(customers),
                ConversationPerson.order_id.in_(orders),
                ConversationPerson.order_id.in_(theirs),
            ),
        )
        .distinct()
        .order_by(Conversation.created_at.desc())
        .add_columns(Conversation.created_at)
        .limit(OTHERS)
    )
    return [row[0] for row in session.execute(query)]
