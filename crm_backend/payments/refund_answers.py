"""A refund's state follows the effect that moves its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.charging import put_back
from crm_backend.payments.models import Refund
from crm_backend.payments.refunding import REFUND

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
        if refund.target is not None:
            # Where it is a saved gift card of the shop's own.
            order = unit.session.get_one(Order, refund.order_id)
            put_back(unit.session, order, refund.target, refund.amount_minor)

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """The money is still owed."""
        _refund(unit, effect).state = "failed"

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """Asked for again."""
        _refund(unit, effect).state = "requested"


def _refund(unit: Unit, effect: Effect) -> Refund:
    return unit.session.scalars(select(Refund).where(Refund.effect_id == effect.id).with_for_update()).one()
