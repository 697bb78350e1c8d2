"""Who is meant by a full name and a postcode, for shops that accept them without an order number.

Only one person may be meant: where several could be, nobody is, in the words of a wrong answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.database.engine import ReadSession
from crm_backend.identity import repository
from crm_backend.name_and_postcode import full_name_key, name_postcode_key
from crm_backend.normalise import NUMERIC_POSTCODE_LENGTHS, email_key, postcode_matches
from crm_backend.orders.models import Order

MOST_ORDERS = 200
"""Of one name and postcode that are looked at, the newest first."""


def only_persons_order(
    session: ReadSession, name: str, postcode: str, *, countries_without_postcode: Collection[str], default_country: str
) -> Order | None:
    """The newest order of the one person whose name and postcode these are; None where there is none, or several."""
    found = [
        order
        for order in _orders(session, name, postcode)
        if (order.country or default_country) not in countries_without_postcode
        and full_name_key(order.contact_name or order.recipient) == full_name_key(name)
        and postcode_matches(postcode, order.postcode, order.country)
    ]
    return found[0] if found and _of_one_person(session, found) else None


def is_their_name(session: ReadSession, customer_id: int, name: str) -> bool:
    """Whether the customer is called so: somebody else's name may be on an order of theirs, a present for instance."""
    known = session.scalar(select(Customer.name).where(Customer.id == customer_id))
    return full_name_key(known) == full_name_key(name)


def _orders(session: ReadSession, name: str, postcode: str) -> Sequence[Order]:
    # How a postcode is written out depends on its country, which the shopper does not say.
    keys = {name_postcode_key(name, postcode, country) for country in (None, *NUMERIC_POSTCODE_LENGTHS)} - {None}
    return session.scalars(
        select(Order)
        .where(Order.name_postcode_key.in_(sorted(key for key in keys if key)), Order.kind == "sale")
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_ORDERS)
    ).all()


def _of_one_person(session: ReadSession, orders: Sequence[Order]) -> bool:
    """Guests are one person by their e-mail address alone; a guest without one is nobody else."""
    ids = {order.customer_id for order in orders if order.customer_id is not None}
    guests = [order for order in orders if order.customer_id is None]
    addresses = {email_key(order.contact_email) for order in guests}
    if len(ids) > 1 or (None in addresses and len(orders) > 1):
        return False
    for customer in repository.customers(session, ids).values():
        addresses |= {email_key(customer.email)} if guests else set()
    return len(addresses) <= 1
