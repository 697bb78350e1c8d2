"""`order.payment`: an order that is not sent yet is paid another way."""

from __future__ import annotations

from pydantic import Field, JsonValue

from crm_backend.changes.kind import ChangeKind, Details, Offer, Outcome, Refusal
from crm_backend.changes.unit import Unit
from crm_backend.orders.models import Order
from crm_backend.orders.remaining import lines_of, remaining
from crm_backend.orders.untouched import check_untouched
from crm_backend.payments.charging import choose_method, method_move, request_charge
from crm_backend.payments.repository import money_of, payments_of
from crm_backend.policies.changes import ChangeTerms
from shopdesk_schemas.changes import OfferLine

_COUNTS = frozenset({"captured", "authorised", "unknown"})


class PaymentDetails(Details):
    """Which saved method pays."""

    order: str = Field(min_length=1, max_length=100, description="The order's number, as typed.")
    payment_method: str | None = Field(
        default=None, max_length=200, description="A saved method's external id; a refusal names those that would do."
    )


class ChangePayment(ChangeKind[PaymentDetails]):
    """The kind. The old payments are given back once the new one has come: a charge that fails changes nothing."""

    name = "order.payment"
    details = PaymentDetails
    terms = ChangeTerms(level="customer")

    def offer(self, unit: Unit, details: PaymentDetails) -> Offer:
        """What is charged to the new method, and what goes back to the old ones."""
        order = unit.find_order(details.order)
        lines = lines_of(unit.session, order.id)
        left = remaining(unit.session, order, lines)
        if order.state == "cancelled" or (left and not any(part.left for part in left.values())):
            raise Refusal("already_cancelled")
        check_untouched(unit, order)
        if order.state in {"shipped", "delivered"} or any(part.sent for part in left.values()):
            raise Refusal("already_dispatched", alternatives=[OfferLine(key="ask_a_person")])
        if order.state not in unit.policies.modification.payment_states:
            raise Refusal("state_not_changeable", values={"state": order.state})
        money = money_of(unit.session, order, lines)
        if money is None:
            raise Refusal("order_without_prices", alternatives=[OfferLine(key="ask_a_person")])
        present = [payment for payment in payments_of(unit.session, order.id) if payment.state in _COUNTS]
        if any(payment.state == "authorised" and payment.effect_id is not None for payment in present):
            raise Refusal("payment_in_progress")
        due = money.worth_left
        if due <= 0:
            raise Refusal("nothing_to_pay")
        method = choose_method(unit, order, details.payment_method, due, "charge")
        if present and all(payment.payment_method_external_id == method.external_id for payment in present):
            raise Refusal("same_payment_method")
        back = {paid.payment: paid.left_minor for paid in money.paid}
        told = [
            OfferLine(
                key="payment_given_back" if payment.state == "captured" else "payment_released",
                values={
                    "payment": payment.external_id,
                    "method": payment.method,
                    "brand": payment.brand,
                    "last4": payment.last4,
                    "amount_minor": back.get(payment.external_id, payment.amount_minor),
                    "currency": payment.currency,
                },
            )
            for payment in present
        ]
        chosen: dict[str, JsonValue] = {
            "method": method.external_id,
            "kind": method.kind,
            "brand": method.brand,
            "last4": method.last4,
            "amount_minor": due,
            "currency": order.currency,
        }
        instead: list[JsonValue] = [payment.external_id for payment in present]
        return Offer(
            order_id=order.id,
            lines=[OfferLine(key="payment_changed", values=chosen), *told],
            moves=[method_move(order, method, due, "charge")],
            notes=[OfferLine(key="old_payment_back_once_new_one_came")] if told else [],
            values={"order": order.number},
            plan={"instead_of": instead},
        ).rests_on(order)

    def carry_out(self, unit: Unit, details: PaymentDetails, offer: Offer) -> Outcome:
        """Ask for the new payment."""
        order = unit.session.get_one(Order, offer.order_id)
        instead = offer.plan["instead_of"]
        assert isinstance(instead, list)  # noqa: S101 - as `offer` made it
        request_charge(unit, order, offer.moves[0], self.name, instead=[str(payment) for payment in instead])
        unit.touch(order)
        unit.audit("order.payment_changed", "order", str(order.id), {"amount_minor": offer.amount_minor})
        return Outcome(values={"order": order.number})
