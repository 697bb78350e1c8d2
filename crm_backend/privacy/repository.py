"""Finding, telling, clearing and removing a person's rows, table by table as the inventory has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, func, or_, select, update

from crm_backend.account.models import Customer
from crm_backend.audit.models import AuditEntry
from crm_backend.cases.models import Case, CaseLink
from crm_backend.changes.models import Proposal
from crm_backend.collect.models import Event, RawRecord
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.effects.models import OPEN_STATES as OPEN_EFFECTS
from crm_backend.effects.models import Effect
from crm_backend.encryption.columns import IDENTITY, bound, identity_of, sealed_columns
from crm_backend.identity.machine_models import IdempotencyKey
from crm_backend.identity.models import Conversation, ConversationPerson
from crm_backend.models import Model
from crm_backend.orders.models import Order
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.types import children_of
from crm_backend.privacy.inventory import HELD, Held
from crm_backend.returns.models import OPEN_STATES as OPEN_RETURNS
from crm_backend.returns.models import Return
from crm_backend.stores.models import HELD as HELD_RESERVATIONS
from crm_backend.stores.models import Reservation
from crm_backend.unify.models import Profile, ProfileMember

_CHUNK = 500
NOT_TOLD = (
    *("id", "content_hash", "bucket", "version", "body_hash"),
    *("email_key", "phone_key", "name_key", "postcode_key", "contact_email_key", "name_postcode_key", "recipient_key"),
)
"""Columns that an export leaves out: what only the database knows, and hashes of what is there in plain words."""
_OF_ORDERS = (ORDERS.name, *(kind.name for kind in children_of(ORDERS)))
_OPENED: tuple[type[Conversation] | type[ConversationPerson], ...] = (Conversation, ConversationPerson)
FINISHED = ("delivered", "cancelled", "unavailable")
"""States of orders that nothing more has to be sent for."""

RowKey = dict[str, Any]
"""A row by the columns of its table's primary key."""


@dataclass
class Person:
    """Whose rows they are."""

    customers: dict[int, tuple[str, str]]
    """Source and external id by row."""
    orders: dict[int, tuple[str, str]]
    emails: frozenset[str]
    """As look-ups compare them."""
    contacts: frozenset[str]
    """E-mail addresses and phone numbers, as given and as look-ups compare them."""
    same_profile: int = 0
    """Other customers in the profiles of these."""
    conversations: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    """Of the conversations, those that are, or were, open to somebody else."""
    rows: dict[str, list[RowKey]] = field(default_factory=dict)


def customers_named(session: ReadSession, external_id: str, source: str | None) -> Sequence[Customer]:
    """Customers of this external id."""
    query = select(Customer).where(Customer.external_id == external_id)
    return session.scalars(query if source is None else query.where(Customer.source == source)).all()


def customers_of_email(session: ReadSession, key: str) -> Sequence[Customer]:
    """Customers with this e-mail address."""
    return session.scalars(select(Customer).where(Customer.email_key == key)).all()


def in_same_profiles(session: ReadSession, ids: Collection[int]) -> Sequence[Customer]:
    """Customers in the profiles of these, these included where they are in any."""
    profiles = select(ProfileMember.profile_id).where(ProfileMember.customer_id.in_(ids))
    return session.scalars(
        select(Customer)
        .join(ProfileMember, ProfileMember.customer_id == Customer.id)
        .where(ProfileMember.profile_id.in_(profiles))
    ).all()


def others_with_email(session: ReadSession, key: str, ids: Collection[int]) -> bool:
    """Whether another customer has this e-mail address."""
    query = select(Customer.id).where(Customer.email_key == key, Customer.id.not_in(ids))
    return session.execute(query.limit(1)).first() is not None


def orders_of(
    session: ReadSession, customer_ids: Collection[int], emails: Collection[str]
) -> dict[int, tuple[str, str]]:
    """These customers' orders, and guests' with one of these e-mail addresses."""
    found = {}
    mine = select(Order.id, Order.source, Order.external_id).where(Order.customer_id.in_(customer_ids))
    for row in session.execute(mine):
        found[row.id] = (row.source, row.external_id)
    if emails:
        guests = select(Order.id, Order.source, Order.external_id).where(
            Order.customer_id.is_(None), Order.contact_email_key.in_(emails)
        )
        for guest in session.execute(guests):
            found[guest.id] = (guest.source, guest.external_id)
    return found


def find_rows(session: ReadSession, person: Person) -> None:
    """Fill the person's rows and conversations."""
    sets: dict[str, Iterable[Any]] = {
        "customers": person.customers,
        "orders": person.orders,
        "contacts": person.contacts,
    }
    for held in HELD:
        table = Model.metadata.tables[held.table]
        if held.table in ("events", "raw_records"):
            found = _received(session, table, person)
        else:
            if held.table == "outgoing_messages":
                person.conversations = _conversations(session, person)
                sets["conversations"] = person.conversations
                sets["callers"] = [f"shopper:{one}" for one in person.conversations]
            conditions = [table.c[column].in_(chunk) for column, name in held.links for chunk in _chunks(sets[name])]
            found = _keys(session, table, conditions)
            if held.table == "idempotency_keys":
                found = _unique([*found, *_answers(session, person)])
        person.rows[held.table] = found
        if "id" in table.c:
            sets[held.table] = [row["id"] for row in found]
    there = [row["conversation_id"] for row in person.rows["conversations"]]
    person.conversations.update(there)
    person.shared = _shared(session, person)


def told(session: ReadSession, held: Held, rows: Sequence[RowKey]) -> Iterator[dict[str, Any]]:
    """Rows as an export has them: without the numbers that only the database knows, and without what is empty."""
    table = Model.metadata.tables[held.table]
    shown = [column for column in table.c if column.name not in NOT_TOLD and not column.foreign_keys]
    for row in rows:
        found = session.execute(select(*shown).where(_is(table, row))).mappings().first()
        if found is not None:
            yield {name: value for name, value in found.items() if value is not None}


def apply(session: WriteSession, held: Held, rows: Sequence[RowKey]) -> None:
    """Do what the inventory says with these rows."""
    if not rows or held.erasure == "keep":
        return
    table = Model.metadata.tables[held.table]
    named = [{f"key_{name}": value for name, value in row.items()} for row in rows]
    condition = and_(*(table.c[name] == bindparam(f"key_{name}") for name in rows[0]))
    connection = session.connection()
    if held.erasure == "delete":
        connection.execute(delete(table).where(condition), named)
        return
    values: dict[str, Any] = dict(held.cleared)
    if "version" in table.c:
        values["version"] = table.c.version + 1
    sealed = [name for name in sealed_columns(table) if values.get(name) is not None]
    if sealed:
        told_apart = [table.c[name] for name in IDENTITY[table.name]]
        for key, row in zip(named, rows, strict=True):
            found = session.execute(select(*told_apart).where(_is(table, row))).one()
            identity = identity_of(table.name, dict(zip(IDENTITY[table.name], found, strict=True)))
            key.update({f"new_{name}": bound(values[name], identity) for name in sealed})
        values.update({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in sealed})
    connection.execute(update(table).where(condition).values(values), named)


def profiles_of(session: ReadSession, person: Person) -> Sequence[int]:
    """The profiles that the person's customers are in."""
    return session.scalars(
        select(ProfileMember.profile_id).where(ProfileMember.customer_id.in_(person.customers)).distinct()
    ).all()


def remove_lonely_profiles(session: WriteSession, ids: Collection[int]) -> None:
    """Of these profiles: each is of two customers or more."""
    members = select(func.count()).where(ProfileMember.profile_id == Profile.id).scalar_subquery()
    session.execute(
        delete(Profile).where(Profile.id.in_(ids), members < 2).execution_options(synchronize_session=False)
    )


def open_matters(session: ReadSession, person: Person, placed_after: Any) -> dict[str, int]:
    """What is not finished, by kind: how many."""
    orders = list(person.orders)
    questions = {
        "effects": select(func.count()).select_from(Effect).where(
            _any_of(Effect.order_id, orders), Effect.state.in_(OPEN_EFFECTS)
        ),
        "returns": select(func.count()).select_from(Return).where(
            _any_of(Return.order_id, orders), Return.state.in_(OPEN_RETURNS)
        ),
        "reservations": select(func.count()).select_from(Reservation).where(
            _any_of(Reservation.customer_id, list(person.customers)), Reservation.state.in_(HELD_RESERVATIONS)
        ),
        "orders": select(func.count()).select_from(Order).where(
            _any_of(Order.id, orders), Order.kind == "sale", Order.state.not_in(FINISHED),
            Order.placed_at > placed_after,
        ),
        "cases": select(func.count()).select_from(Case).where(
            or_(_any_of(Case.order_id, orders), _any_of(Case.customer_id, list(person.customers))),
            Case.state != "closed",
        ),
    }  # fmt: skip
    return {kind: count for kind, query in questions.items() if (count := session.scalar(query) or 0)}


def _any_of(column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    return or_(*(column.in_(chunk) for chunk in _chunks(values)), column.in_(()))


def _received(session: ReadSession, table: Table, person: Person) -> list[RowKey]:
    """Events and raw records: by the ids that other systems have for the customer and the orders."""
    conditions: list[ColumnElement[bool]] = []
    for source, external_id in person.customers.values():
        conditions.append(and_(table.c.source == source, table.c.customer_external_id == external_id))
    for source, external_id in person.orders.values():
        if table.name == "events":
            conditions.append(and_(Event.source == source, Event.order_external_id == external_id))
        else:
            mine = and_(RawRecord.source == source, RawRecord.kind.in_(_OF_ORDERS))
            own = RawRecord.external_id == external_id
            belongs = RawRecord.external_id.startswith(f"{external_id}\n", autoescape=True)
            conditions += [and_(mine, own), and_(mine, belongs)]
    found = _keys(session, table, conditions)
    if table.name == "raw_records":
        # The words of events have the events' ids.
        events = person.rows["events"]
        of_events = [
            and_(
                RawRecord.kind == "events",
                RawRecord.source == row["source"],
                RawRecord.external_id == row["external_id"],
            )
            for row in events
        ]
        found = _unique([*found, *_keys(session, table, of_events)])
    return found


def _conversations(session: ReadSession, person: Person) -> set[str]:
    """Every conversation that something of the person's was opened to or asked for through."""
    found: set[str] = set()
    for of in _OPENED:
        for column, values in ((of.customer_id, list(person.customers)), (of.order_id, list(person.orders))):
            for chunk in _chunks(values):
                found.update(session.scalars(select(of.conversation_id).where(column.in_(chunk))))
    proposals = [row["id"] for row in person.rows["proposals"]]
    for chunk in _chunks(proposals):
        for caller in session.scalars(select(Proposal.caller).where(Proposal.id.in_(chunk))):
            kind, _, conversation = caller.partition(":")
            if kind == "shopper":
                found.add(conversation)
    cases = [row["id"] for row in person.rows["cases"]]
    for chunk in _chunks(cases):
        query = select(CaseLink.reference).where(CaseLink.case_id.in_(chunk), CaseLink.kind == "conversation")
        found.update(session.scalars(query))
    for model, name in ((Proposal, "proposal"), (Case, "case"), (Effect, "effect")):
        ids = [row["id"] for row in person.rows[model.__tablename__]]
        for chunk in _chunks(ids):
            subjects = select(model.public_id).where(model.id.in_(chunk))
            through = select(AuditEntry.conversation_id).where(
                AuditEntry.subject_type == name,
                AuditEntry.subject_id.in_(subjects),
                AuditEntry.conversation_id.is_not(None),
            )
            found.update(one for one in session.scalars(through) if one is not None)
    return found


def _shared(session: ReadSession, person: Person) -> set[str]:
    shared: set[str] = set()
    for chunk in _chunks(person.conversations):
        for of in _OPENED:
            opened_to = select(of.conversation_id, of.customer_id, of.order_id).where(of.conversation_id.in_(chunk))
            for row in session.execute(opened_to):
                customer_is_other = row.customer_id is not None and row.customer_id not in person.customers
                order_is_other = row.order_id is not None and row.order_id not in person.orders
                if customer_is_other or order_is_other:
                    shared.add(row.conversation_id)
    return shared


def _answers(session: ReadSession, person: Person) -> list[RowKey]:
    """Answers that are kept for agents and systems, where they name something of the person's."""
    named: set[str] = {external_id for _source, external_id in (*person.customers.values(), *person.orders.values())}
    named |= person.contacts
    for chunk in _chunks(person.orders):
        named.update(session.scalars(select(Order.number).where(Order.id.in_(chunk))))
    for model in (Proposal, Case, Effect):
        for chunk in _chunks([row["id"] for row in person.rows[model.__tablename__]]):
            named.update(session.scalars(select(model.public_id).where(model.id.in_(chunk))))
    quoted = [f'"{one}"' for one in named]
    query = select(IdempotencyKey.caller, IdempotencyKey.key, IdempotencyKey.body).where(
        IdempotencyKey.body.is_not(None)
    )
    return [
        {"caller": row.caller, "key": row.key}
        for row in session.execute(query.execution_options(yield_per=1000))
        if any(one in row.body for one in quoted)
    ]


def _keys(session: ReadSession, table: Table, conditions: Iterable[ColumnElement[bool]]) -> list[RowKey]:
    columns = list(table.primary_key.columns)
    return _unique(
        dict(row) for condition in conditions for row in session.execute(select(*columns).where(condition)).mappings()
    )


def _unique(rows: Iterable[Mapping[str, Any]]) -> list[RowKey]:
    return [dict(zip(row, row.values(), strict=True)) for row in {tuple(row.values()): row for row in rows}.values()]


def _is(table: Table, row: RowKey) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in row.items()))


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]
