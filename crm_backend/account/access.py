"""Whose account a change is about: the one place that says so.

A shopper's conversation has the customer whom it is verified as and can name no other. An agent names them by one of
their orders.
"""

from __future__ import annotations

from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.changes.kind import VerificationNeeded
from crm_backend.changes.unit import Unit
from shopdesk_schemas.problems import FieldProblem, InvalidInput, NotFound


def customer_of(unit: Unit, order_number: str | None, *, lock: bool = False) -> Customer:
    """The customer, held against other writers when `lock` is set.

    Raises VerificationNeeded for a conversation that is nobody's, NotFound for an order that the caller cannot see or
    that a guest placed, and InvalidInput for an agent who names none.
    """
    customer_id = unit.access.customer_id
    if unit.access.all_records:
        if order_number is None:
            problem = FieldProblem(field="body.details.order", message="is missing: name one of the customer's orders")
            raise InvalidInput(errors=[problem])
        customer_id = unit.find_order(order_number).customer_id
        if customer_id is None:
            raise NotFound
    elif customer_id is None:
        raise VerificationNeeded("customer")
    elif order_number is not None and unit.find_order(order_number).customer_id != customer_id:
        raise NotFound
    query = select(Customer).where(Customer.id == customer_id)
    if lock:
        query = query.with_for_update()
    customer = unit.session.scalars(query).first()
    if customer is None:
        raise NotFound
    return customer
