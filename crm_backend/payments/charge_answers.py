"""A payment's state follows the effect that takes its money."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from crm_backend.effects.kind import EffectKind
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.charging import AUTHORISATION, CHARGE, original_move, put_back, spend_again
from crm_backend.payments.models import Payment
from crm_backend.payments.refunding import request_refunds
from crm_backend.payments.repository import overpaid, paid_by, payments_of

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit


DESK = "desk-"
"""How the external ids of what the desk itself wrote begin."""

TOO_LATE = "charge_not_needed_any_more"
"""Why a refund is asked for: its payment came for goods that were given back meanwhile."""


class ChargeAnswers(EffectKind):
    """The order's ledger counts a payment once it is captured: offers made before rest on another one."""

    name = CHARGE

    def on_done(self, unit: Unit, effect: Effect) -> None:
        """The money came."""
        payment, order = _payment(unit, effect)
        if payment.state == "failed":
            spend_again(unit.session, order, payment)
        payment.state, payment.paid_at = "captured", unit.now
        unit.session.flush()
        if order.state == "created" and order.external_id.startswith(DESK):
            # Placed in the chat: no other system says that it is paid for.
            order.state, order.approved_at = "approved", unit.now
        if replaced := effect.payload.get("instead_of"):
            give_back(unit, order, replaced)
        # What it was for may have been given back meanwhile, without this money, which was not there yet.
        too_much = min(overpaid(unit.session, order), payment.amount_minor)
        if too_much > 0:
            request_refunds(unit, order, [original_move(order, payment, too_much)], TOO_LATE)
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


def give_back(unit: Unit, order: Order, replaced: Collection[str]) -> None:
    """Another payment has come instead of these: refund what came by them, and release what is only held."""
    old = [payment for payment in payments_of(unit.session, order.id) if payment.external_id in replaced]
    for payment in old:
        if payment.state == "authorised" and payment.effect_id is None:
            payment.state = "cancelled"
            unit.effect(
                AUTHORISATION,
                order_id=order.id,
                payload={"payment": payment.external_id, "amount_minor": 0, "currency": payment.currency},
            )
    left = {one.payment: one.left_minor for one in paid_by(unit.session, order, order.total_minor or 0)}
    moves = [
        original_move(order, payment, left[payment.external_id])
        for payment in old
        if left.get(payment.external_id, 0) > 0
    ]
    request_refunds(unit, order, moves, "payment_changed")


def _payment(unit: Unit, effect: Effect) -> tuple[Payment, Order]:
    payment = unit.session.scalars(select(Payment).where(Payment.effect_id == effect.id).with_for_update()).one()
    return payment, unit.session.get_one(Order, payment.order_id)
