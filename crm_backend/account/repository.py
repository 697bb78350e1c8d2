"""Queries about one customer's account. Each takes a customer whom the caller's access opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from crm_backend.account.models import Address, Consent, Customer, LoyaltyEntry, Voucher
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.payments.models import PaymentMethod

HISTORY_LIMIT = 500


def own_customer(session: ReadSession, access: Access) -> Customer | None:
    """The customer whose whole record is open to the conversation; a proof of one order opens no account."""
    return None if access.customer_id is None else session.get(Customer, access.customer_id)


def addresses(session: ReadSession, customer_id: int) -> Sequence[Address]:
    """The address book, the default first."""
    return session.scalars(
        select(Address).where(Address.customer_id == customer_id).order_by(Address.is_default.desc(), Address.id)
    ).all()


def payment_methods(session: ReadSession, customer_id: int) -> Sequence[PaymentMethod]:
    """Saved ways to pay, the default first."""
    return session.scalars(
        select(PaymentMethod)
        .where(PaymentMethod.customer_id == customer_id)
        .order_by(PaymentMethod.is_default.desc(), PaymentMethod.id)
    ).all()


def consents(session: ReadSession, customer_id: int) -> Sequence[Consent]:
    """All that was said, newest first."""
    return session.scalars(
        select(Consent).where(Consent.customer_id == customer_id).order_by(Consent.at.desc(), Consent.id.desc())
    ).all()


def loyalty_entries(session: ReadSession, customer_id: int) -> Sequence[LoyaltyEntry]:
    """The newest bookings, newest first."""
    return session.scalars(
        select(LoyaltyEntry)
        .where(LoyaltyEntry.customer_id == customer_id)
        .order_by(LoyaltyEntry.at.desc(), LoyaltyEntry.id.desc())
        .limit(HISTORY_LIMIT)
    ).all()


def balance(session: ReadSession, customer_id: int, until: datetime) -> int:
    """The sum of all bookings up to an instant."""
    query = select(func.coalesce(func.sum(LoyaltyEntry.points), 0)).where(
        LoyaltyEntry.customer_id == customer_id, LoyaltyEntry.at <= until
    )
    return int(session.scalar(query) or 0)


def earned(session: ReadSession, customer_id: int, since: datetime, until: datetime) -> int:
    """Points earned in a time, without those that went back with the goods."""
    query = select(func.coalesce(func.sum(LoyaltyEntry.points), 0)).where(
        LoyaltyEntry.customer_id == customer_id,
        LoyaltyEntry.kind.in_(("earned", "adjusted")),
        LoyaltyEntry.at > since,
        LoyaltyEntry.at <= until,
    )
    return int(session.scalar(query) or 0)


def vouchers(session: ReadSession, customer_id: int) -> Sequence[Voucher]:
    """The customer's vouchers."""
    return session.scalars(select(Voucher).where(Voucher.customer_id == customer_id).order_by(Voucher.id)).all()
