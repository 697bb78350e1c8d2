"""Short-lived links: an opaque id for one document, good for whoever has it until it expires.

A chat token never stands in an address, because addresses end up in histories and logs. So a link carries an id of its
own that opens nothing else; the database keeps its hash alone, and the document is drawn anew when it is fetched, from
the order as it stands then.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crm_backend.changes.unit import Unit
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.documents.models import DocumentLink
from crm_backend.identity.access import Access
from crm_backend.orders.models import Order
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

CLEARED_AT_ONCE = 500


def make(unit: Unit, kind: str, number: str, language: Language) -> tuple[str, datetime]:
    """A link to a document of an order that the caller may see: its id, and until when. Raises NotFound."""
    order = unit.find_order(number)
    now = unit.clock.wall()
    identifier = f"doc_{secrets.token_urlsafe(32)}"
    expires_at = now + timedelta(minutes=unit.policies.documents.link_minutes)
    unit.session.add(
        DocumentLink(
            id_hash=_hash(identifier),
            kind=kind,
            order_id=order.id,
            language=language,
            full=unit.access.level == "customer",
            created_at=now,
            expires_at=expires_at,
        )
    )
    unit.audit("document.linked", "order", str(order.id), {"kind": kind})
    return identifier, expires_at


def opened(session: ReadSession, identifier: str, now: datetime) -> tuple[DocumentLink, Order, Access]:
    """What a link opens at the machine's time `now`. Raises NotFound for one that is unknown or has expired."""
    row = session.execute(
        select(DocumentLink, Order)
        .join(Order, Order.id == DocumentLink.order_id)
        .where(DocumentLink.id_hash == _hash(identifier), DocumentLink.expires_at > now)
    ).first()
    if row is None:
        raise NotFound
    link, order = row
    whose = order.customer_id if link.full else None
    return link, order, Access(customer_id=whose, order_id=order.id)


def forget(session: WriteSession, now: datetime) -> None:
    """Remove expired links, a bounded number at once."""
    old = select(DocumentLink.id).where(DocumentLink.expires_at <= now).limit(CLEARED_AT_ONCE)
    session.execute(delete(DocumentLink).where(DocumentLink.id.in_(old.with_for_update(skip_locked=True))))


def _hash(identifier: str) -> str:
    # 256 random bits need no key and no slow hash.
    return hashlib.sha256(identifier.encode()).hexdigest()
