"""Typed frames: the unified data as pandas sees it, loaded in chunks, each once.

A person is all customers of one profile; `person_id` is the smallest of their customers' ids, and the person's bucket
is that customer's, so that a partition holds whole people. Guests are orders without a person. Amounts are minor units
of the currency beside them, times are UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, FromClause, Select, String, and_, cast, func, select, type_coerce
from sqlalchemy.orm import aliased

from crm_backend.account.models import Customer
from crm_backend.cases.models import Case
from crm_backend.collect.models import Event
from crm_backend.database.engine import Database, ReadSession
from crm_backend.identity.models import Conversation
from crm_backend.orders.models import Order, OrderLine
from crm_backend.pipeline.partitions import Partition
from crm_backend.products.models import Product, Variant
from crm_backend.returns.models import Return, ReturnLine
from crm_backend.shipments.models import Shipment
from crm_backend.unify.models import ProfileMember

CHUNK_ROWS = 50_000

Kind = Literal["int", "int?", "label", "text", "json", "time", "date"]
"""int: int64 · int?: Int64 with missing values · label: category · text: str · json: the document's text, a category ·
time: datetime64[us, UTC] · date: datetime64[us], midnight. Texts, labels and times may be missing."""


class Scope:
    """What a frame's query may choose from: all people, or those of one partition, up to an instant."""

    def __init__(self, partition: Partition | None, until: datetime) -> None:
        self.partition = partition
        self.until = until

    @cached_property
    def people(self) -> FromClause:
        """`customer_id`, `person_id`, `bucket` of every customer in scope."""
        first = (
            select(ProfileMember.profile_id, func.min(ProfileMember.customer_id).label("person_id"))
            .group_by(ProfileMember.profile_id)
            .subquery()
        )
        head = aliased(Customer)
        person_id = func.coalesce(first.c.person_id, Customer.id)
        query = (
            select(Customer.id.label("customer_id"), person_id.label("person_id"), head.bucket.label("bucket"))
            .outerjoin(ProfileMember, ProfileMember.customer_id == Customer.id)
            .outerjoin(first, first.c.profile_id == ProfileMember.profile_id)
            .join(head, head.id == person_id)
        )
        if self.partition is not None:
            query = query.where(head.bucket >= self.partition.first, head.bucket < self.partition.end)
        return query.subquery("people")

    def of_people(self, customer_id: ColumnElement[Any]) -> tuple[FromClause, ColumnElement[bool], bool]:
        """What to join by: `select(…).join(people, on, isouter=…)`. Guests are in no partition, but in the whole."""
        return self.people, self.people.c.customer_id == customer_id, self.partition is None


@dataclass(frozen=True)
class Frame:
    """One frame: a query whose columns are named and ordered as in `columns`."""

    name: str
    columns: Mapping[str, Kind]
    query: Callable[[Scope], Select[*tuple[Any, ...]]]
    taken: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    """By column, what is taken of a sealed value, which the database cannot look into."""

    def __hash__(self) -> int:
        return hash(self.name)

    def load(self, session: ReadSession, scope: Scope) -> pd.DataFrame:
        """Read it. Rows are in the order of the query."""
        query = self.query(scope)
        if [column.key for column in query.selected_columns] != list(self.columns):
            raise ValueError(f"the query of frame {self.name} gives other columns than it says")
        connection = session.connection()
        plain = query.with_only_columns(
            *(
                _plain(column, kind, connection.dialect.name).label(name)
                for (name, kind), column in zip(self.columns.items(), query.selected_columns, strict=True)
            ),
            maintain_column_froms=True,
        )
        columns: dict[str, list[Any]] = {name: [] for name in self.columns}
        result = connection.execution_options(stream_results=True).execute(plain)
        for chunk in result.partitions(CHUNK_ROWS):
            for name, found in zip(columns, zip(*chunk, strict=True), strict=True):
                values = tuple(map(self.taken[name], found)) if name in self.taken else found
                columns[name].append(_typed(values, "text" if self.columns[name] in _LABELS else self.columns[name]))
        return pd.DataFrame({name: _joined(pieces, self.columns[name]) for name, pieces in columns.items()})


_LABELS = ("label", "json")


def _plain(column: ColumnElement[Any], kind: Kind, dialect: str) -> ColumnElement[Any]:
    """The column in the form that is quickest to read: no decoding row by row where pandas can do it at once."""
    if kind == "json":
        return cast(column, String)
    if kind in {"time", "date"} and dialect == "sqlite":
        return type_coerce(column, String)
    return column


def _typed(values: tuple[Any, ...], kind: Kind) -> Any:
    if kind == "int":
        return np.fromiter(values, dtype=np.int64, count=len(values))
    if kind == "int?":
        return pd.array(values, dtype="Int64")
    if kind == "time":
        return pd.to_datetime(pd.Series(values, dtype=object), utc=True, format="ISO8601").dt.as_unit("us")
    if kind == "date":
        return pd.to_datetime(pd.Series(values, dtype=object), format="ISO8601").dt.as_unit("us")
    return pd.Series(values, dtype="str")


def _joined(pieces: list[Any], kind: Kind) -> pd.Series[Any]:
    base: Kind = "text" if kind in _LABELS else kind
    series = pd.concat([pd.Series(piece) for piece in pieces or [_typed((), base)]], ignore_index=True)
    if kind not in _LABELS:
        return series
    labels = series.astype("category")
    # Sorted categories: the same values have the same codes, and so the same hash, whatever order rows came in.
    return labels.cat.set_categories(sorted(labels.cat.categories))


def digest(frame: pd.DataFrame) -> str:
    """SHA-256 (hex) of a frame's names, types and values, in order."""
    found = hashlib.sha256()
    for name in frame.columns:
        found.update(f"{name}:{frame[name].dtype.name}\0".encode())
        found.update(pd.util.hash_pandas_object(frame[name], index=False).to_numpy().tobytes())
    return found.hexdigest()


class Frames:
    """The frames of one scope, read from one snapshot of the database, each when it is first asked for.

    A context manager: leaving it ends the snapshot.
    """

    def __init__(self, database: Database, scope: Scope) -> None:
        self._database = database
        self._scope = scope
        self._held: dict[str, pd.DataFrame] = {}
        self._digests: dict[str, str] = {}
        self._stack = ExitStack()
        self._session: ReadSession | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._held.clear()

    def __getitem__(self, frame: Frame) -> pd.DataFrame:
        """The frame. It is shared: a step that changes it works on a copy."""
        if frame.name not in self._held:
            if self._session is None:
                self._session = self._stack.enter_context(self._database.read())
            self._held[frame.name] = frame.load(self._session, self._scope)
        return self._held[frame.name]

    def digest(self, frame: Frame) -> str:
        """SHA-256 of the frame's content."""
        if frame.name not in self._digests:
            self._digests[frame.name] = digest(self[frame])
        return self._digests[frame.name]


# --- The frames -------------------------------------------------------------------------------------------------


def _customers(scope: Scope) -> Select[*tuple[Any, ...]]:
    people = scope.people
    return (
        select(
            people.c.customer_id,
            people.c.person_id,
            people.c.bucket,
            Customer.source,
            Customer.external_id,
            Customer.country,
            Customer.language,
            Customer.registered_at,
        )
        .join(people, people.c.customer_id == Customer.id)
        .order_by(people.c.person_id, Customer.id)
    )


CUSTOMERS = Frame(
    "customers",
    {
        "customer_id": "int",
        "person_id": "int",
        "bucket": "int",
        "source": "label",
        "external_id": "text",
        "country": "label",
        "language": "label",
        "registered_at": "time",
    },
    _customers,
)


def _orders(scope: Scope) -> Select[*tuple[Any, ...]]:
    people, on, outer = scope.of_people(Order.customer_id.expression)
    return (
        select(
            Order.id.label("order_id"),
            people.c.person_id,
            Order.customer_id,
            Order.kind,
            Order.state,
            Order.sales_channel,
            Order.placed_at,
            Order.currency,
            Order.subtotal_minor,
            Order.shipping_minor,
            Order.discount_minor,
            Order.total_minor,
            Order.country,
        )
        .join(people, on, isouter=outer)
        .where(Order.placed_at <= scope.until)
        .order_by(Order.id)
    )


ORDERS = Frame(
    "orders",
    {
        "order_id": "int",
        "person_id": "int?",
        "customer_id": "int?",
        "kind": "label",
        "state": "label",
        "sales_channel": "label",
        "placed_at": "time",
        "currency": "label",
        "subtotal_minor": "int?",
        "shipping_minor": "int?",
        "discount_minor": "int?",
        "total_minor": "int?",
        "country": "label",
    },
    _orders,
)
"""Sales and credit notes up to the run's instant, guests' with no `person_id` (in the whole only)."""


def _lines(scope: Scope) -> Select[*tuple[Any, ...]]:
    people, on, outer = scope.of_people(Order.customer_id.expression)
    query = select(
        OrderLine.id.label("line_id"),
        OrderLine.order_id,
        OrderLine.line_number,
        OrderLine.kind,
        OrderLine.sku,
        OrderLine.variant_id,
        OrderLine.quantity,
        OrderLine.cancelled_quantity,
        OrderLine.returned_quantity,
        OrderLine.unit_price_minor,
        OrderLine.total_minor,
        OrderLine.options,
    ).join(Order, Order.id == OrderLine.order_id)
    if not outer:
        query = query.join(people, on)
    return query.where(Order.placed_at <= scope.until).order_by(OrderLine.id)


LINES = Frame(
    "lines",
    {
        "line_id": "int",
        "order_id": "int",
        "line_number": "int",
        "kind": "label",
        "sku": "label",
        "variant_id": "int?",
        "quantity": "int",
        "cancelled_quantity": "int",
        "returned_quantity": "int",
        "unit_price_minor": "int?",
        "total_minor": "int?",
        "options": "json",
    },
    _lines,
)
"""Lines of ORDERS. `netting.purchases` makes of both what people kept."""


def _returns(scope: Scope) -> Select[*tuple[Any, ...]]:
    people, on, outer = scope.of_people(Order.customer_id.expression)
    return (
        select(
            Return.id.label("return_id"),
            Return.order_id,
            people.c.person_id,
            Return.kind,
            Return.state,
            Return.reason,
            Return.requested_at,
            Return.settled_at,
            ReturnLine.line_number,
            ReturnLine.quantity,
            ReturnLine.accepted_quantity,
            ReturnLine.worth_minor,
        )
        .join(ReturnLine, ReturnLine.return_id == Return.id)
        .join(Order, Order.id == Return.order_id)
        .join(people, on, isouter=outer)
        .where(Return.requested_at <= scope.until)
        .order_by(Return.id, ReturnLine.id)
    )


RETURNS = Frame(
    "returns",
    {
        "return_id": "int",
        "order_id": "int",
        "person_id": "int?",
        "kind": "label",
        "state": "label",
        "reason": "label",
        "requested_at": "time",
        "settled_at": "time",
        "line_number": "int",
        "quantity": "int",
        "accepted_quantity": "int?",
        "worth_minor": "int",
    },
    _returns,
)
"""One row for each line of a return."""


def _visits(scope: Scope) -> Select[*tuple[Any, ...]]:
    people = scope.people
    return (
        select(people.c.person_id, Event.kind, Event.at, Event.store_external_id.label("store"))
        .join(Customer, and_(Customer.source == Event.source, Customer.external_id == Event.customer_external_id))
        .join(people, people.c.customer_id == Customer.id)
        .where(Event.kind.in_(("page_visit", "store_visit")), Event.at <= scope.until)
        .order_by(Event.at, Event.source, Event.external_id)
    )


VISITS = Frame("visits", {"person_id": "int", "kind": "label", "at": "time", "store": "label"}, _visits)
"""Visits of pages and stores by known people."""


def _cases(scope: Scope) -> Select[*tuple[Any, ...]]:
    people = scope.people
    return (
        select(
            people.c.person_id,
            Case.kind,
            Case.state,
            Case.created_at,
            Case.closed_at,
            Case.details.label("csat"),
        )
        .outerjoin(Order, Order.id == Case.order_id)
        .join(people, people.c.customer_id == func.coalesce(Case.customer_id, Order.customer_id))
        .where(Case.created_at <= scope.until)
        .order_by(Case.id)
    )


CASES = Frame(
    "cases",
    {
        "person_id": "int",
        "kind": "label",
        "state": "label",
        "created_at": "time",
        "closed_at": "time",
        "csat": "text",
    },
    _cases,
    {"csat": lambda details: details.get("csat")},
)
"""Cases of people, with how satisfied they said they were where the case's details have `csat` (1 to 5)."""


def _contacts(scope: Scope) -> Select[*tuple[Any, ...]]:
    people = scope.people
    return (
        select(people.c.person_id, Conversation.created_at)
        .outerjoin(Order, Order.id == Conversation.order_id)
        .join(people, people.c.customer_id == func.coalesce(Conversation.customer_id, Order.customer_id))
        .where(Conversation.created_at <= scope.until)
        .order_by(Conversation.created_at, Conversation.conversation_id)
    )


CONTACTS = Frame("contacts", {"person_id": "int", "created_at": "time"}, _contacts)
"""Conversations that were verified as a known person's."""


def _variants(_scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Variant.id.label("variant_id"),
            Variant.product_id,
            Variant.sku,
            Variant.price_minor,
            Variant.currency,
            Variant.options,
            Variant.availability,
            Product.category,
            Product.brand,
            Product.name,
            Product.source,
            Product.external_id,
        )
        .join(Product, Product.id == Variant.product_id)
        .order_by(Variant.id)
    )


VARIANTS = Frame(
    "variants",
    {
        "variant_id": "int",
        "product_id": "int",
        "sku": "text",
        "price_minor": "int?",
        "currency": "label",
        "options": "json",
        "availability": "label",
        "category": "label",
        "brand": "label",
        "name": "text",
        "source": "label",
        "external_id": "text",
    },
    _variants,
)
"""All variants with their product; the same in every partition."""


def _shipments(scope: Scope) -> Select[*tuple[Any, ...]]:
    people, on, outer = scope.of_people(Order.customer_id.expression)
    return (
        select(
            Shipment.id.label("shipment_id"),
            Shipment.order_id,
            people.c.person_id,
            Shipment.carrier,
            Shipment.state,
            Shipment.handed_over_at,
            Shipment.delivered_at,
            Shipment.promised_on,
        )
        .join(Order, Order.id == Shipment.order_id)
        .join(people, on, isouter=outer)
        .where(Order.placed_at <= scope.until)
        .order_by(Shipment.id)
    )


SHIPMENTS = Frame(
    "shipments",
    {
        "shipment_id": "int",
        "order_id": "int",
        "person_id": "int?",
        "carrier": "label",
        "state": "label",
        "handed_over_at": "time",
        "delivered_at": "time",
        "promised_on": "date",
    },
    _shipments,
)
"""Parcels of ORDERS."""
