"""Finding what is to be told, to whom who agreed to it: customers of linked accounts on messaging platforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from crm_backend.account.models import Consent
from crm_backend.changes.unit import new_id
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.goodwill import deciding as goodwill
from crm_backend.identity.models import ChatAccount, Conversation
from crm_backend.notices.models import ChatNotice
from crm_backend.orders.models import Order
from crm_backend.payments.models import Refund
from crm_backend.policies.policy import Policies
from crm_backend.shipments.models import Shipment
from crm_backend.shipments.service import is_late
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.notices import ChatNoticeView
from shopdesk_schemas.problems import NotFound

PURPOSE = "order_notices"
"""The consent's. It names no channel: it is said on the account that is told."""

FRESH = timedelta(days=3)
"""Older news is none: after an outage nobody is told what they have long known."""

AT_ONCE = 100
_ON_THE_WAY = ("handed_over", "in_transit", "out_for_delivery")


def make_due(session: WriteSession, policies: Policies, clock: Clock) -> int:
    """Note what is to be told now; how much. What was noted before is not noted again."""
    made = 0
    # A link that opens no record any more is told nothing of one either.
    oldest = clock.wall() - timedelta(days=policies.verification.chat_account_days)
    for account in session.scalars(select(ChatAccount).where(ChatAccount.linked_at > oldest)).all():
        agreed_at = _agreed_at(session, account.customer_id)
        conversation_id = session.scalars(
            select(Conversation.conversation_id)
            .where(Conversation.chat_account_key == account.account_key)
            .order_by(Conversation.created_at.desc(), Conversation.conversation_id)
            .limit(1)
        ).first()
        if agreed_at is None or conversation_id is None:
            continue
        since = max(agreed_at, clock.now() - FRESH)
        for kind, about, details in _news(session, account.customer_id, since, policies, clock.now()):
            known = select(ChatNotice.id).where(
                ChatNotice.kind == kind, ChatNotice.about == about, ChatNotice.customer_id == account.customer_id
            )
            if session.scalars(known.limit(1)).first() is not None:
                continue
            session.add(
                ChatNotice(
                    public_id=new_id("news"),
                    customer_id=account.customer_id,
                    conversation_id=conversation_id,
                    kind=kind,
                    about=about,
                    details=details,
                    created_at=clock.wall(),
                )
            )
            session.flush()
            made += 1
    return made


def waiting(session: ReadSession) -> list[ChatNoticeView]:
    """What the gateway has not taken yet, in order. An account that was forgotten meanwhile is told nothing.

    Goodwill is told where it was given: that is an answer, and needs nobody's consent.
    """
    query = (
        select(ChatNotice)
        .join(Conversation, Conversation.conversation_id == ChatNotice.conversation_id)
        .join(
            ChatAccount,
            and_(
                ChatAccount.account_key == Conversation.chat_account_key,
                ChatAccount.customer_id == ChatNotice.customer_id,
            ),
        )
        .where(ChatNotice.state == "waiting")
        .order_by(ChatNotice.id)
        .limit(AT_ONCE)
    )
    of_orders = [
        ChatNoticeView(id=each.public_id, conversation_id=each.conversation_id, kind=each.kind, details=each.details)
        for each in session.scalars(query)
    ]
    return [*of_orders, *goodwill.news(session, AT_ONCE)]


def told(session: WriteSession, public_id: str) -> None:
    """The gateway has it. Safe to repeat. Raises NotFound."""
    if public_id.startswith("goodwill_"):
        goodwill.told(session, public_id)
        return
    notice = session.scalars(select(ChatNotice).where(ChatNotice.public_id == public_id)).one_or_none()
    if notice is None:
        raise NotFound
    notice.state = "told"


def _agreed_at(session: ReadSession, customer_id: int) -> datetime | None:
    newest = session.scalars(
        select(Consent)
        .where(Consent.customer_id == customer_id, Consent.purpose == PURPOSE)
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    ).first()
    return newest.at if newest is not None and newest.granted else None


def _news(
    session: ReadSession, customer_id: int, since: datetime, policies: Policies, now: datetime
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    zone = ZoneInfo(policies.shop.timezone)
    orders: Sequence[Order] = session.scalars(
        select(Order).where(Order.customer_id == customer_id, Order.kind == "sale")
    ).all()
    number = {order.id: order.number for order in orders}
    for parcel in session.scalars(select(Shipment).where(Shipment.order_id.in_(number))):
        details = {"order": number[parcel.order_id]}
        if parcel.delivered_at is not None and parcel.delivered_at > since:
            yield "parcel_delivered", parcel.id, details
        elif (
            parcel.state in _ON_THE_WAY
            and parcel.promised_on is not None
            and parcel.promised_on >= (since.astimezone(zone) - timedelta(days=1)).date()
            and is_late(parcel.promised_on, delivered=False, delivered_at=None, zone=zone, now=now)
        ):
            yield "parcel_delayed", parcel.id, {**details, "promised_on": parcel.promised_on.isoformat()}
    paid = select(Refund).where(Refund.order_id.in_(number), Refund.state == "paid", Refund.paid_at > since)
    for refund in session.scalars(paid):
        amount = {"amount_minor": refund.amount_minor, "currency": refund.currency}
        yield "refund_paid", refund.id, {"order": number[refund.order_id], **amount}
