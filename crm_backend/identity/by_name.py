"""Who is meant by a full name with a postcode or an e-mail address, for shops that accept it without an order number.

Only one person may be meant: where several could be, nobody is, in the words of a wrong answer and after the same
statements.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, and_, or_, select, union

from crm_backend.account.models import Address, Customer
from crm_backend.database.engine import ReadSession
from crm_backend.identity import repository
from crm_backend.identity.repository import NOBODY, Known
from crm_backend.name_and_postcode import full_name_key, name_postcode_key
from crm_backend.normalise import NUMERIC_POSTCODE_LENGTHS, email_key, postcode_key, postcode_matches
from crm_backend.orders.models import Order
from crm_backend.unify.models import ProfileMember

MOST_ORDERS = 200
"""Of one name and postcode or e-mail address that are looked at, the newest first."""

_NOTHING = ""
"""Asked for where a key is wanting: no row's key is that of an empty text, while `= None` would find rows without."""


def order_by_postcode(
    session: ReadSession, name: str, postcode: str, *, countries_without_postcode: Collection[str], default_country: str
) -> Order | None:
    """The newest order of the one person whose name and postcode these are; None where there is none, or several.

    The postcode is that of orders in this name, and of address books of customers who are called so: of these it is the
    newest order whosever name is on it.
    """

    def proves(kept: str | None, country: str | None) -> bool:
        return country not in countries_without_postcode and postcode_matches(postcode, kept, country)

    orders = [
        order
        for order in _orders(session, name, postcode)
        if full_name_key(order.contact_name or order.recipient) == full_name_key(name)
        and (order.country or default_country) not in countries_without_postcode
        and postcode_matches(postcode, order.postcode, order.country)
    ]
    called_so = set(_customers_called(session, name, postcode))
    ids = {order.customer_id for order in orders if order.customer_id is not None}
    known = repository.known_of(session, called_so | ids)
    at_home = {
        one
        for one in called_so & set(known)
        if any(proves(kept, country or known[one].country or default_country) for kept, country in known[one].postcodes)
    }
    one_customer = _is_one(session, at_home | ids)
    orders_of_theirs = session.scalars(_newest_sale(at_home)).all()
    if not one_customer or not _are_theirs(
        [order for order in orders if order.customer_id is None], {one: known[one] for one in at_home | ids}
    ):
        return None
    return max([*orders, *orders_of_theirs], key=lambda order: (order.placed_at, order.id), default=None)


def order_by_email(session: ReadSession, name: str, email: str) -> Order | None:
    """The same by an e-mail address, the order's or the customer's. The name is the buyer's: the order's contact, the
    customer, or, where neither has one, the recipient.
    """
    who, address = full_name_key(name) or _NOTHING, email_key(email) or _NOTHING
    reached = union(
        select(Order.id).where(Order.contact_email_key == address),
        select(Order.id).join(Customer, Customer.id == Order.customer_id).where(Customer.email_key == address),
    )
    found = session.execute(
        select(Order.id, Order.customer_id)
        .outerjoin(Customer, Customer.id == Order.customer_id)
        .where(
            Order.id.in_(reached),
            Order.kind == "sale",
            or_(
                Customer.name_key == who,
                and_(Order.name_key == who, or_(Order.contact_name.is_not(None), Customer.name.is_(None))),
            ),
        )
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_ORDERS)
    ).all()
    one_customer = _is_one(session, {row.customer_id for row in found if row.customer_id is not None})
    return session.get(Order, found[0].id) if found and one_customer else None


def is_their_name(session: ReadSession, customer_id: int, name: str) -> bool:
    """Whether the customer is called so: somebody else's name may be on an order of theirs, a present for instance."""
    known = session.scalar(select(Customer.name).where(Customer.id == customer_id))
    return full_name_key(known) == full_name_key(name)


def _countries() -> tuple[str | None, ...]:
    # How a postcode is written out depends on its country, which the shopper does not say.
    return (None, *NUMERIC_POSTCODE_LENGTHS)


def _orders(session: ReadSession, name: str, postcode: str) -> Sequence[Order]:
    keys = {name_postcode_key(name, postcode, country) or _NOTHING for country in _countries()}
    return session.scalars(
        select(Order)
        .where(Order.name_postcode_key.in_(sorted(keys)), Order.kind == "sale")
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_ORDERS)
    ).all()


def _customers_called(session: ReadSession, name: str, postcode: str) -> Sequence[int]:
    """Customers of this name in whose address book the postcode may be."""
    keys = {postcode_key(postcode, country) or _NOTHING for country in _countries()}
    in_their_book = select(Address.id).where(Address.customer_id == Customer.id, Address.postcode_key.in_(sorted(keys)))
    return session.scalars(
        select(Customer.id).where(Customer.name_key == (full_name_key(name) or _NOTHING), in_their_book.exists())
    ).all()


def _newest_sale(customer_ids: Collection[int]) -> Select[Order]:
    return (
        select(Order)
        .where(Order.customer_id.in_(sorted(customer_ids) or [NOBODY]), Order.kind == "sale")
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(1)
    )


def _is_one(session: ReadSession, customer_ids: Collection[int]) -> bool:
    """Whether these customers are at most one person: several are by the profile that they are in."""
    members = select(ProfileMember.customer_id, ProfileMember.profile_id).where(
        ProfileMember.customer_id.in_(sorted(customer_ids) or [NOBODY])
    )
    profiles = {row.customer_id: row.profile_id for row in session.execute(members)}
    return len(customer_ids) <= 1 or (len(profiles) == len(customer_ids) and len(set(profiles.values())) == 1)


def _are_theirs(guests: Sequence[Order], customers: Mapping[int, Known]) -> bool:
    """Whether orders of guests are one person's, and that customer's where there is one.

    Guests are one person by their e-mail address alone; a guest without one is nobody else.
    """
    addresses = {email_key(order.contact_email) for order in guests}
    if None in addresses:
        return len(guests) == 1 and not customers
    own = {email_key(customer.email) for customer in customers.values()}
    return len(addresses) <= 1 and (not customers or addresses <= own)
