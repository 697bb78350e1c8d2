"""A refund's state follows the effect that moves its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.goodwill import following as goodwill
from crm_backend.orders.models import Order
from crm_backend.payments.charging import put_back
from crm_backend.payments.models import Payment, Refund
from crm_backend.payments.refunding import ORIGINAL, REFUND

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class RefundAnswers(EffectKind):
    """Amounts stay, so offers for the order stay good: no version is touched."""

    name = REFUND

    def on_accepted(self, unit: Unit, effect: Effect) -> None:
        """The provider has it."""
        _refund(unit, effect).state = "pending"

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """The money went."""
        refund = _refund(unit, effect)
        refund.state, refund.paid_at = "paid", unit.now
        saved = _saved_method(unit, refund)
        if saved is not None:
            put_back(unit.session, unit.session.get_one(Order, refund.order_id), saved, refund.amount_minor)
        goodwill.follow(unit, effect)

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """The money is still owed."""
        _refund(unit, effect).state = "failed"
        goodwill.follow(unit, effect)

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """Asked for again."""
        _refund(unit, effect).state = "requested"
        goodwill.again(unit, effect)


def _refund(unit: Unit, effect: Effect) -> Refund:
    return unit.session.scalars(select(Refund).where(Refund.effect_id == effect.id).with_for_update()).one()


def _saved_method(unit: Unit, refund: Refund) -> str | None:
    """The saved method that the money goes to, by its external id: the target itself, or the one that had paid."""
    if refund.target != ORIGINAL:
        return refund.target
    return unit.session.scalars(
        select(Payment.payment_method_external_id).where(
            Payment.order_id == refund.order_id, Payment.external_id == refund.payment_external_id
        )
    ).first()
