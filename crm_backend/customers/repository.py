"""Queries for the customer view. Each is one statement, and none depends on how much there is.

Of what there may be hundreds of only the columns that are shown are read, as plain rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, RowMapping, and_, func, or_, select
from sqlalchemy.orm import aliased

from crm_backend.account.models import Address, Consent, Customer, LoyaltyEntry
from crm_backend.cases.models import Case
from crm_backend.collect.models import Event
from crm_backend.database.base import Model
from crm_backend.database.engine import ReadSession
from crm_backend.identity.models import Conversation
from crm_backend.orders.models import Order
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from crm_backend.returns.models import Return
from crm_backend.shipments.models import Shipment
from crm_backend.unify.models import Profile, ProfileMember

VISITS = ("page_visit", "store_visit")

Rows = Sequence[RowMapping]


def _shown(model: type[Model], names: str) -> tuple[Any, ...]:
    return tuple(getattr(model, name) for name in names.split())


_ORDER = _shown(Order, "id source number kind sales_channel state placed_at currency total_minor")
_SHIPMENT = _shown(Shipment, "order_id carrier tracking_number state handed_over_at delivered_at promised_on")
_RETURN = _shown(Return, "order_id number kind state reason refund_minor currency requested_at")
_PAYMENT = _shown(Payment, "order_id method brand last4 amount_minor currency state paid_at")
_REFUND = _shown(Refund, "order_id amount_minor currency target state requested_at paid_at")
_VISIT = _shown(Event, "source kind at store_external_id details")
_CONVERSATION = _shown(Conversation, "conversation_id language level created_at")
_CASE = (Case.public_id.label("id"), *_shown(Case, "kind state due_at created_at closed_at"))


def members(session: ReadSession, customer_id: int) -> Sequence[Row[Customer, str]]:
    """The customers of the customer's profile with its id, the customer among them; none without a profile."""
    own = aliased(ProfileMember)
    return session.execute(
        select(Customer, Profile.public_id)
        .join(ProfileMember, ProfileMember.customer_id == Customer.id)
        .join(Profile, Profile.id == ProfileMember.profile_id)
        .join(own, own.profile_id == Profile.id)
        .where(own.customer_id == customer_id)
        .order_by(Customer.source, Customer.external_id)
    ).all()


def addresses(session: ReadSession, ids: Collection[int]) -> Sequence[Address]:
    """Their address books."""
    return session.scalars(
        select(Address).where(Address.customer_id.in_(ids)).order_by(Address.is_default.desc(), Address.id)
    ).all()


def consents(session: ReadSession, ids: Collection[int]) -> Sequence[Consent]:
    """The newest consent of each customer, purpose and channel."""
    place = (
        func.row_number()
        .over(
            partition_by=(Consent.customer_id, Consent.purpose, Consent.channel),
            order_by=(Consent.at.desc(), Consent.id.desc()),
        )
        .label("place")
    )
    newest = select(Consent.id, place).where(Consent.customer_id.in_(ids)).subquery()
    return session.scalars(
        select(Consent)
        .join(newest, newest.c.id == Consent.id)
        .where(newest.c.place == 1)
        .order_by(Consent.purpose, Consent.channel, Consent.id)
    ).all()


def payment_methods(session: ReadSession, ids: Collection[int]) -> Sequence[PaymentMethod]:
    """Ways to pay that they saved."""
    return session.scalars(
        select(PaymentMethod)
        .where(PaymentMethod.customer_id.in_(ids))
        .order_by(PaymentMethod.is_default.desc(), PaymentMethod.id)
    ).all()


def loyalty_points(session: ReadSession, ids: Collection[int]) -> int:
    """The sum of all bookings."""
    return int(session.scalar(select(func.sum(LoyaltyEntry.points)).where(LoyaltyEntry.customer_id.in_(ids))) or 0)


def orders(session: ReadSession, ids: Collection[int], limit: int) -> Rows:
    """The newest orders and credit notes."""
    return (
        session.execute(
            select(*_ORDER)
            .where(Order.customer_id.in_(ids))
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .limit(limit)
        )
        .mappings()
        .all()
    )


def shipments(session: ReadSession, order_ids: Collection[int]) -> Rows:
    """Parcels of these orders."""
    return (
        session.execute(
            select(*_SHIPMENT).where(Shipment.order_id.in_(order_ids)).order_by(Shipment.order_id.desc(), Shipment.id)
        )
        .mappings()
        .all()
    )


def returns(session: ReadSession, order_ids: Collection[int]) -> Rows:
    """Returns of these orders."""
    return (
        session.execute(
            select(*_RETURN).where(Return.order_id.in_(order_ids)).order_by(Return.requested_at.desc(), Return.id)
        )
        .mappings()
        .all()
    )


def payments(session: ReadSession, order_ids: Collection[int]) -> Rows:
    """Payments for these orders."""
    return (
        session.execute(
            select(*_PAYMENT).where(Payment.order_id.in_(order_ids)).order_by(Payment.order_id.desc(), Payment.id)
        )
        .mappings()
        .all()
    )


def refunds(session: ReadSession, order_ids: Collection[int]) -> Rows:
    """Refunds of these orders."""
    return (
        session.execute(
            select(*_REFUND).where(Refund.order_id.in_(order_ids)).order_by(Refund.order_id.desc(), Refund.id)
        )
        .mappings()
        .all()
    )


def visits(session: ReadSession, of: Collection[Customer], limit: int) -> Rows:
    """Their newest visits of pages and stores."""
    return (
        session.execute(
            select(*_VISIT)
            .where(
                Event.kind.in_(VISITS),
                or_(*(and_(Event.source == one.source, Event.customer_external_id == one.external_id) for one in of)),
            )
            .order_by(Event.at.desc(), Event.source, Event.external_id)
            .limit(limit)
        )
        .mappings()
        .all()
    )


def conversations(session: ReadSession, ids: Collection[int], limit: int) -> Rows:
    """Conversations that were verified as theirs, the newest first."""
    return (
        session.execute(
            select(*_CONVERSATION)
            .where(Conversation.customer_id.in_(ids))
            .order_by(Conversation.created_at.desc(), Conversation.conversation_id)
            .limit(limit)
        )
        .mappings()
        .all()
    )


def cases(session: ReadSession, ids: Collection[int], limit: int) -> Rows:
    """Their cases, the newest first."""
    return (
        session.execute(
            select(*_CASE)
            .where(Case.customer_id.in_(ids))
            .order_by(Case.created_at.desc(), Case.id.desc())
            .limit(limit)
        )
        .mappings()
        .all()
    )
