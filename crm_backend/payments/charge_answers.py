"""A payment's state follows the effect that takes its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.charging import CHARGE, put_back, spend_again
from crm_backend.payments.models import Payment

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


class ChargeAnswers(EffectKind):
    """The order's ledger counts a payment once it is captured: offers made before rest on another one."""

    name = CHARGE

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """The money came."""
        payment, order = _payment(unit, effect)
        if payment.state == "failed":
            spend_again(unit.session, order, payment)
        payment.state, payment.paid_at = "captured", unit.now
        unit.touch(order)

    def on_failed(self, unit: Unit, effect: Effect) -> None:
        """It did not: a gift card has its balance again, and a person sees to the rest."""
        payment, order = _payment(unit, effect)
        payment.state = "failed"
        if payment.payment_method_external_id is not None:
            put_back(unit.session, order, payment.payment_method_external_id, payment.amount_minor)
        unit.touch(order)

    def on_retry(self, unit: Unit, effect: Effect) -> None:
        """Tried once more."""
        payment, order = _payment(unit, effect)
        spend_again(unit.session, order, payment)
        payment.state = "authorised"
        unit.touch(order)


def _payment(unit: Unit, effect: Effect) -> tuple[Payment, Order]:
    payment = unit.session.scalars(select(Payment).where(Payment.effect_id == effect.id).with_for_update()).one()
    return payment, unit.session.get_one(Order, payment.order_id)
