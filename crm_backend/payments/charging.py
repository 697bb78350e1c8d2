"""Taking money for a change: which saved method, whether it can, and the payment and effect that carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import JsonValue
from sqlalchemy import select, update

from crm_backend.changes.kind import ProposalVoid, Refusal, VerificationNeeded
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.effects.models import Effect
from crm_backend.orders.models import Order
from crm_backend.payments.models import Payment, PaymentMethod
from shopdesk_schemas.changes import Direction, MoneyMove, OfferLine
from shopdesk_schemas.problems import Conflict

if TYPE_CHECKING:
    from crm_backend.changes.unit import Unit

CHARGE = "payment.charge"
"""The kind of effect that takes money."""

AUTHORISATION = "payment.authorisation"
"""The kind of effect that says how much of a held amount is needed still, as `order.cancel` asks for it."""


def methods_of(session: ReadSession, order: Order) -> Sequence[PaymentMethod]:
    """The saved methods of the order's buyer, their default first."""
    if order.customer_id is None:
        return []
    return session.scalars(
        select(PaymentMethod)
        .where(PaymentMethod.customer_id == order.customer_id)
        .order_by(PaymentMethod.is_default.desc(), PaymentMethod.id)
        .execution_options(populate_existing=True)
    ).all()


def choose_method(
    unit: Unit, order: Order, chosen: str | None, amount_minor: int, direction: Direction
) -> PaymentMethod:
    """The saved method that the shopper chose, for a charge or a refund of `amount_minor` of the order's currency.

    Raises VerificationNeeded where only the order was proved (saved methods belong to the customer), and Refusal with
    the methods that would do.
    """
    if not unit.access.all_records and (order.customer_id is None or unit.access.customer_id != order.customer_id):
        raise VerificationNeeded("customer")
    saved = methods_of(unit.session, order)
    fit = [method for method in saved if _can(method, order, amount_minor, direction)]
    alternatives = [_as_choice(method) for method in fit]
    if chosen is None:
        if not alternatives:
            raise Refusal("no_saved_method", alternatives=[OfferLine(key="ask_a_person")])
        values: dict[str, JsonValue] = {"amount_minor": amount_minor, "currency": order.currency}
        raise Refusal("payment_method_needed", values=values, alternatives=alternatives)
    method = next((one for one in saved if one.external_id == chosen), None)
    if method is None:
        raise Refusal("payment_method_unknown", alternatives=alternatives)
    if method not in fit:
        raise Refusal(
            "gift_card_balance_too_low",
            values={
                "balance_minor": method.balance_minor or 0,
                "currency": method.currency or order.currency,
                "amount_minor": amount_minor,
            },
            alternatives=alternatives or [OfferLine(key="ask_a_person")],
        )
    return method


def _can(method: PaymentMethod, order: Order, amount_minor: int, direction: Direction) -> bool:
    if method.kind != "gift_card":
        return True
    if method.currency != order.currency:
        return False
    return direction != "charge" or (method.balance_minor or 0) >= amount_minor


def _as_choice(method: PaymentMethod) -> OfferLine:
    values: dict[str, JsonValue] = {
        "method": method.external_id,
        "kind": method.kind,
        "brand": method.brand,
        "last4": method.last4,
    }
    if method.kind == "gift_card":
        values |= {"balance_minor": method.balance_minor, "currency": method.currency}
    return OfferLine(key="use_saved_method", values=values)


def method_move(order: Order, method: PaymentMethod, amount_minor: int, direction: Direction) -> MoneyMove:
    """The move of an offer that charges a saved method, or refunds to it."""
    return MoneyMove.model_validate(
        {
            "direction": direction,
            "amount_minor": amount_minor,
            "currency": order.currency,
            "target": method.external_id,
            "method": method.kind,
            "brand": method.brand,
            "last4": method.last4,
        }
    )


def original_move(order: Order, payment: Payment, amount_minor: int) -> MoneyMove:
    """A refund to one payment of the order."""
    return MoneyMove(
        direction="refund",
        amount_minor=amount_minor,
        currency=order.currency,
        target="original",
        payment=payment.external_id,
        method=payment.method if payment.method != "unknown" else None,
        brand=payment.brand,
        last4=payment.last4,
        instalments=payment.instalments if (payment.instalments or 1) > 1 else None,
    )


def request_charge(unit: Unit, order: Order, move: MoneyMove, reason: str, *, instead: Sequence[str] = ()) -> Effect:
    """A payment that waits for its effect. A gift card's balance goes down now: it cannot be spent twice.

    `instead` names payments (external ids) that are given back once this one has come, and not before.

    Raises ProposalVoid when the card has less by now.
    """
    method = next((one for one in methods_of(unit.session, order) if one.external_id == move.target), None)
    if method is None:
        raise ProposalVoid
    if method.kind == "gift_card" and not _spend(unit.session, method.id, move.amount_minor):
        raise ProposalVoid
    payload: dict[str, JsonValue] = {**move.model_dump(mode="json", exclude={"direction"}), "reason": reason}
    if instead:
        payload["instead_of"] = list(instead)
    effect = unit.effect(CHARGE, order_id=order.id, payload=payload)
    unit.session.flush()
    unit.session.add(
        Payment(
            order_id=order.id,
            external_id=effect.public_id,
            method=method.kind,
            brand=method.brand,
            last4=method.last4,
            payment_method_external_id=method.external_id,
            amount_minor=move.amount_minor,
            currency=move.currency,
            instalments=None,
            state="authorised",
            paid_at=None,
            effect_id=effect.id,
        )
    )
    unit.session.flush()
    return effect


def put_back(session: WriteSession, order: Order, external_id: str, amount_minor: int) -> None:
    """Give a saved gift card its balance back; other methods have none."""
    session.execute(
        update(PaymentMethod)
        .where(
            PaymentMethod.customer_id == order.customer_id,
            PaymentMethod.external_id == external_id,
            PaymentMethod.kind == "gift_card",
        )
        .values(balance_minor=PaymentMethod.balance_minor + amount_minor)
        .execution_options(synchronize_session=False)
    )


def spend_again(session: WriteSession, order: Order, payment: Payment) -> None:
    """Take a charge that is tried once more from its gift card again. Raises Conflict when the card has less by now."""
    method = next(
        (one for one in methods_of(session, order) if one.external_id == payment.payment_method_external_id), None
    )
    if method is not None and method.kind == "gift_card" and not _spend(session, method.id, payment.amount_minor):
        raise Conflict("the gift card has less by now")


def _spend(session: WriteSession, method_id: int, amount_minor: int) -> bool:
    spent = session.execute(
        update(PaymentMethod)
        .where(PaymentMethod.id == method_id, PaymentMethod.balance_minor >= amount_minor)
        .values(balance_minor=PaymentMethod.balance_minor - amount_minor)
        .execution_options(synchronize_session=False)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]
