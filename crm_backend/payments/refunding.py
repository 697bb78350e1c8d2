"""Asking for money to go back: the moves of an offer, and the refunds and effects that carry them out.

For every topic that refunds (cancellations, returns, claims, price differences).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from crm_backend.database.engine import ReadSession
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.ledger import OrderMoney, split
from crm_backend.payments.models import Refund
from crm_backend.payments.repository import UNRECORDED, payments_of
from shopdesk_schemas.changes import MoneyMove

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit

REFUND = "payment.refund"
"""The kind of effect that moves money back."""

GIFT_CARD = "gift_card"
ORIGINAL = "original"


def refund_moves(
    session: ReadSession, order: Order, money: OrderMoney, amount_minor: int, target: Literal["original", "gift_card"]
) -> list[MoneyMove]:
    """Where `amount_minor` would go: a gift card, or the ways it was paid, in proportion. None for nothing."""
    if amount_minor <= 0:
        return []
    if target == GIFT_CARD:
        return [MoneyMove(direction="refund", amount_minor=amount_minor, currency=order.currency, target=GIFT_CARD)]
    known = {payment.external_id: payment for payment in payments_of(session, order.id)}
    moves = []
    for name, part in split(amount_minor, money.paid).items():
        payment = known.get(name)
        moves.append(
            MoneyMove(
                direction="refund",
                amount_minor=part,
                currency=order.currency,
                target=ORIGINAL,
                payment=None if name == UNRECORDED else name,
                method=payment.method if payment and payment.method != "unknown" else None,
                brand=payment.brand if payment else None,
                last4=payment.last4 if payment else None,
                instalments=payment.instalments if payment and (payment.instalments or 1) > 1 else None,
            )
        )
    return moves


def request_refunds(
    unit: Unit, order: Order, moves: Sequence[MoneyMove], reason: str | None, *, return_id: int | None = None
) -> list[Effect]:
    """A refund and an effect for each move, in the unit's transaction. The refund's state follows the effect's."""
    effects = []
    for move in moves:
        payload: dict[str, JsonValue] = {**move.model_dump(mode="json", exclude={"direction"}), "reason": reason}
        effects.append(unit.effect(REFUND, order_id=order.id, payload=payload))
    unit.session.flush()
    for move, effect in zip(moves, effects, strict=True):
        unit.session.add(
            Refund(
                order_id=order.id,
                external_id=effect.public_id,
                payment_external_id=move.payment,
                amount_minor=move.amount_minor,
                currency=move.currency,
                target=move.target,
                state="requested",
                reason=reason,
                requested_at=unit.now,
                paid_at=None,
                effect_id=effect.id,
                return_id=return_id,
            )
        )
    return effects
