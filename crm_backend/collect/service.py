"""Records and events from the shop's systems into the CRM: kept as they came, then loaded as imports are.

Each call is one transaction. An item that cannot be used is answered with its problem and leaves nothing behind; the
others are written. Sending the same again changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import JsonValue, ValidationError
from sqlalchemy.exc import IntegrityError

from crm_backend.collect import progress, repository
from crm_backend.collect.models import RawRecord
from crm_backend.collect.reading import BadItem, ItemReader, ReadItem, join
from crm_backend.collect.repository import EVENTS
from crm_backend.collect.schemas import CollectedKind, EventIn, EventsIn, ItemOutcome, ItemResult, Receipt, RecordsIn
from crm_backend.database.engine import WriteSession
from crm_backend.database.locks import take_turns
from crm_backend.encryption.keyring import current
from crm_backend.identity.keys import LookupKeys
from crm_backend.normalise import sku_key
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.canonical.customers import CUSTOMERS
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.types import BY_NAME
from crm_backend.pipeline.cleaning import CLOCKS_MAY_DIFFER, OLDEST_YEAR, Surroundings
from crm_backend.pipeline.loader import Incoming, Loader
from crm_backend.pipeline.report import ImportReport
from crm_backend.pipeline.stored import chunks, load_stored
from crm_backend.privacy import tombstones
from crm_backend.quality import service as quality
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, Problem
from shopdesk_schemas.web import field_problems

"""Older events are mistakes; each month that has one has a partition."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call and the circumstances of its coming: what is worked out again when the raw records are read again."""

    kind: str
    source: str
    received_at: datetime
    timezone: str | None
    country: str | None
    """The shop's: assumed of numbers that name none."""
    keys: LookupKeys
    """Tell who was erased."""

    @property
    def around(self) -> Surroundings:
        """For cleaning."""
        return Surroundings(self.received_at, ZoneInfo(self.timezone) if self.timezone else None, self.country)


@dataclass(slots=True)
class _Items:
    """The items of a call, and what became of each. `name` is theirs in the body."""

    name: str
    bodies: Sequence[Mapping[str, Any]]
    ids: dict[int, str] = field(default_factory=dict)
    outcomes: dict[int, ItemOutcome] = field(default_factory=dict)
    problems: dict[int, Problem] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    unkept: set[int] = field(default_factory=set)
    """Of erased people: nothing of them is kept as it came."""

    def reject(self, index: int, path: str, reason: str) -> None:
        """An item that cannot be used, for the field at `path` within it."""
        where = f"body.{self.name}.{index}" + (f".{path}" if path else "")
        self.refuse(index, InvalidInput(errors=[FieldProblem(field=where, message=reason)]).problem())
        named = ".".join(part for part in path.split(".") if not part.isdigit())
        self.reasons[f"{named}: {reason}" if named else reason] += 1

    def refuse(self, index: int, problem: Problem) -> None:
        """An item that is not taken for another reason."""
        self.outcomes[index] = "rejected"
        self.problems[index] = problem

    def receipt(self, cleaned: Counter[str]) -> Receipt:
        """What to tell the caller."""
        counts = Counter(self.outcomes.values())
        return Receipt(
            inserted=counts["inserted"],
            updated=counts["updated"],
            unchanged=counts["unchanged"],
            rejected=counts["rejected"],
            cleaned=dict(sorted(cleaned.items())),
            items=[
                ItemResult(
                    index=index,
                    external_id=self.ids.get(index, _said_id(body)),
                    outcome=self.outcomes[index],
                    problem=self.problems.get(index),
                )
                for index, body in enumerate(self.bodies)
            ],
        )


def _said_id(body: Mapping[str, Any]) -> str | None:
    said = body.get("external_id", body.get("sku"))
    return str(said) if isinstance(said, str | int) and not isinstance(said, bool) else None


def collect_records(
    session: WriteSession, kind: CollectedKind, sent: RecordsIn, now: datetime, country: str | None, keys: LookupKeys
) -> Receipt:
    """Upsert records of one kind. `now` is the machine's time, `country` the shop's."""
    call = Call(kind, sent.source, now, sent.timezone, country, keys)
    return _answer(session, call, _Items("records", sent.records), _load_records, keep=True)


def collect_events(
    session: WriteSession, sent: EventsIn, now: datetime, country: str | None, keys: LookupKeys
) -> Receipt:
    """Note things that happened, and bring orders and parcels to what they say."""
    call = Call(EVENTS, sent.source, now, sent.timezone, country, keys)
    return _answer(session, call, _Items("events", sent.events), _load_events, keep=True)


def collect_again(session: WriteSession, call: Call, bodies: Sequence[Mapping[str, JsonValue]]) -> Receipt:
    """Load raw records of an earlier call again, without keeping them once more."""
    load = _load_events if call.kind == EVENTS else _load_records
    return _answer(session, call, _Items("records", bodies), load, keep=False)


_Load = Callable[[WriteSession, Call, _Items, bool], Counter[str]]


def _answer(session: WriteSession, call: Call, items: _Items, load: _Load, *, keep: bool) -> Receipt:
    # One call of a kind at a time: what is looked up here must still be so when it is written.
    take_turns(session, [f"collect:{_root_of(call.kind).name}"])
    cleaned = load(session, call, items, keep)
    receipt = items.receipt(cleaned)
    if keep:
        quality.note_call(session, call.source, call.kind, call.received_at, receipt, items.reasons)
    return receipt


def _root_of(kind: str) -> RecordType:
    if kind == EVENTS:
        return ORDERS
    found = BY_NAME[kind]
    return found if found.parent is None else BY_NAME[found.parent]


# --- Records ----------------------------------------------------------------------------------------------------


def _load_records(session: WriteSession, call: Call, items: _Items, keep: bool) -> Counter[str]:
    reader = ItemReader(BY_NAME[call.kind], call.source, call.around)
    read: dict[int, ReadItem] = {}
    first: dict[str, int] = {}
    for index, body in enumerate(items.bodies):
        try:
            item = reader.read(body)
        except BadItem as problem:
            items.reject(index, problem.field, problem.reason)
            continue
        items.ids[index] = item.external_id.rpartition("\n")[2]
        if item.external_id in first:
            items.reject(
                index, reader.root.key[0] if item.external_id == "" else _id_field(call.kind), "is given twice"
            )
        else:
            first[item.external_id] = index
            read[index] = item
    _check_references(session, call, items, read)
    reader.cleaned += _spell_as_the_catalogue(session, call, read.values())
    _load(session, call, items, read)
    if keep:
        _keep(session, call, items, {index: item.external_id for index, item in read.items()}, read)
    return reader.cleaned


def _id_field(kind: str) -> str:
    return BY_NAME[kind].key[-1]


def _check_references(session: WriteSession, call: Call, items: _Items, read: dict[int, ReadItem]) -> None:
    """Take out items that name a record that is not there."""
    kind = BY_NAME[call.kind]
    if kind is ORDERS:
        wanted, name, column = CUSTOMERS, "customer", "customer_external_id"
        named = {index: item.incoming.aggregate.record[column] for index, item in read.items()}
    elif kind.parent is not None:
        wanted, name, column = BY_NAME[kind.parent], kind.parent.removesuffix("s"), kind.parent_key or ""
        named = {index: item.incoming.aggregate.external_id for index, item in read.items()}
    else:
        return
    there = repository.known(session, wanted, call.source, [one for one in named.values() if one is not None])
    for index, external_id in named.items():
        if external_id is not None and external_id not in there:
            items.reject(index, column, f"is no {name} of {call.source}")
            del read[index]


def _spell_as_the_catalogue(session: WriteSession, call: Call, read: Any) -> Counter[str]:
    counted: Counter[str] = Counter()
    rows = [
        row for item in read for name in ("variants", "stock") for row in item.incoming.aggregate.children.get(name, ())
    ]
    if rows:
        known = repository.spellings(session, call.source, [row["sku"] for row in rows])
        for row in rows:
            spelling = known.get(sku_key(row["sku"]), row["sku"])
            if spelling != row["sku"]:
                row["sku"] = spelling
                counted["sku_case"] += 1
    return counted


def _load(session: WriteSession, call: Call, items: _Items, read: Mapping[int, ReadItem]) -> None:
    """Load items that were read; those that belong to one record are loaded with it, once."""
    together: defaultdict[str, list[int]] = defaultdict(list)
    for index, item in read.items():
        together[item.incoming.aggregate.external_id].append(index)
    groups: list[tuple[list[int], Incoming]] = []
    for indexes in together.values():
        incoming = read[indexes[0]].incoming
        for other in indexes[1:]:
            for name, rows in read[other].incoming.aggregate.children.items():
                incoming.aggregate.children.setdefault(name, []).extend(rows)
        groups.append((indexes, incoming))
    if not groups:
        return
    if BY_NAME[call.kind].parent is not None:
        parents = _stored(session, _root_of(call.kind), call.source, list(together))
        for _indexes, incoming in groups:
            join(incoming.aggregate, parents[incoming.aggregate.external_id])
            incoming.amends = True
    try:
        _load_groups(session, call, items, groups)
    except IntegrityError:
        # One of them does not fit what is there; it alone is refused.
        for group in groups:
            try:
                _load_groups(session, call, items, [group])
            except IntegrityError:
                for index in group[0]:
                    items.refuse(index, Conflict("The record does not fit what is stored of it.").problem())
                    items.reasons["does not fit what is stored"] += 1


def _load_groups(session: WriteSession, call: Call, items: _Items, groups: list[tuple[list[int], Incoming]]) -> None:
    with session.begin_nested():
        loader = Loader(
            session.connection(),
            ImportReport("canonical", call.source),
            now=call.received_at,
            keys=call.keys,
            keeps_held_back=False,
        )
        loader.load([incoming for _indexes, incoming in groups])
        loader.finish()
    for indexes, incoming in groups:
        for index in indexes:
            if incoming.erased:
                # Of an order what may stay was written; its words are not kept.
                items.unkept.add(index)
            if incoming.erased and incoming.aggregate.kind is CUSTOMERS:
                items.refuse(index, Conflict("This customer was erased.").problem())
                items.reasons["was erased"] += 1
            elif incoming.outcome == "held_back":
                items.refuse(
                    index, Conflict("A change of this order awaits an answer; send it again after that.").problem()
                )
                items.reasons["a change of the order is not done yet"] += 1
            elif incoming.outcome is not None:
                items.outcomes[index] = incoming.outcome


def _stored(session: WriteSession, kind: RecordType, source: str, external_ids: Sequence[str]) -> dict[str, Aggregate]:
    """Those of these records that are there, by their ids, locked against others who would change them."""
    ids = repository.row_ids(session, kind, source, external_ids)
    return {
        stored.aggregate.external_id: stored.aggregate
        for chunk in chunks(sorted(ids.values()))
        for stored in load_stored(session.connection(), kind, chunk)
    }


# --- Events -----------------------------------------------------------------------------------------------------


def _load_events(session: WriteSession, call: Call, items: _Items, keep: bool) -> Counter[str]:
    cleaned: Counter[str] = Counter()
    events: dict[int, EventIn] = {}
    first: dict[str, int] = {}
    for index, body in enumerate(items.bodies):
        event = _read_event(call, items, index, body, cleaned)
        if event is None:
            continue
        items.ids[index] = event.external_id
        if event.external_id in first:
            items.reject(index, "external_id", "is given twice")
        else:
            first[event.external_id] = index
            events[index] = event
    if keep:
        before = repository.newest_raw(session, call.source, EVENTS, list(first))
        for index, event in list(events.items()):
            known = before.get(event.external_id)
            if known is None:
                continue
            if known.body_hash == _hash(items.bodies[index], call.timezone):
                items.outcomes[index] = "unchanged"
            else:
                problem = Conflict("Another event was sent under this id.")
                items.refuse(index, problem.problem())
                items.reasons["another event has this id"] += 1
            del events[index]
    _leave_out_erased(session, call, items, events)
    _apply(session, call, items, events)
    repository.add_events(session, [_event_row(call, event) for event in events.values()])
    for index in events:
        items.outcomes[index] = "inserted"
    if keep:
        _keep(session, call, items, {index: event.external_id for index, event in events.items()}, {})
    return cleaned


def _leave_out_erased(session: WriteSession, call: Call, items: _Items, events: dict[int, EventIn]) -> None:
    """Take out events of customers and orders that were erased."""
    connection = session.connection()
    customers = {(call.source, event.customer_external_id or "") for event in events.values()}
    orders = {(call.source, event.order_external_id or "") for event in events.values()}
    gone_customers = tombstones.erased(connection, call.keys, "customer", customers)
    gone_orders = tombstones.erased(connection, call.keys, "order", orders)
    for index, event in list(events.items()):
        if (call.source, event.customer_external_id) in gone_customers or (
            call.source,
            event.order_external_id,
        ) in gone_orders:
            items.refuse(index, Conflict("This is of a person who was erased.").problem())
            items.reasons["was erased"] += 1
            del events[index]


def _read_event(
    call: Call, items: _Items, index: int, body: Mapping[str, Any], cleaned: Counter[str]
) -> EventIn | None:
    try:
        event = EventIn.model_validate(body)
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except ValidationError as error:
        problem = field_problems(error.errors())[0]
        path = "" if problem.field == "body" else problem.field
        field_name, _, reason = problem.message.partition(" ")
        if not path and field_name in EventIn.model_fields:
            path, message = field_name, reason
        else:
            message = problem.message
        items.reject(index, path, message)
        return None
    except ValueError:
        items.reject(index, "", "holds text or a number that cannot be kept")
        return None
    if "\\u0000" in json.dumps(body):
        items.reject(index, "", "holds a NUL character")
        return None
    if event.at.tzinfo is None:
        if call.timezone is None:
            items.reject(index, "at", "has no offset from UTC; add one (…Z) or give timezone")
            return None
        event.at = event.at.replace(tzinfo=ZoneInfo(call.timezone))
        cleaned["time_without_zone"] += 1
    try:
        late = event.at > call.received_at + CLOCKS_MAY_DIFFER
    except OverflowError:
        late = True
    if late:
        items.reject(index, "at", "is in the future")
        return None
    if event.at.year < OLDEST_YEAR:
        items.reject(index, "at", f"is before the year {OLDEST_YEAR}")
        return None
    return event


def _apply(session: WriteSession, call: Call, items: _Items, events: dict[int, EventIn]) -> None:
    """Bring orders to what the events say; takes out events of orders and parcels that are not there."""
    of_orders = {
        index: event.order_external_id for index, event in events.items() if event.order_external_id is not None
    }
    orders = _stored(session, ORDERS, call.source, list(of_orders.values()))
    for index, external_id in of_orders.items():
        if external_id not in orders:
            items.reject(index, "order_external_id", f"is no order of {call.source}")
            del events[index]
    before = {external_id: order.content_hash() for external_id, order in orders.items()}
    for index, event in sorted(events.items(), key=lambda pair: pair[1].at):
        if event.order_external_id is None:
            continue
        happening = progress.Happening(
            event.kind, event.at, event.shipment_external_id, event.code, event.place, event.description
        )
        try:
            progress.apply(orders[event.order_external_id], happening)
        except progress.UnknownParcel:
            items.reject(index, "shipment_external_id", "is no parcel of the order")
            del events[index]
    changed = [order for external_id, order in orders.items() if order.content_hash() != before[external_id]]
    if changed:
        loader = Loader(
            session.connection(), ImportReport("canonical", call.source), now=call.received_at, keys=call.keys
        )
        loader.load([Incoming(order, amends=True) for order in changed])


def _event_row(call: Call, event: EventIn) -> dict[str, object]:
    said = {"code": event.code, "place": event.place, "description": event.description}
    return {
        "source": call.source,
        "external_id": event.external_id,
        "at": event.at,
        "kind": event.kind,
        "customer_external_id": event.customer_external_id,
        "order_external_id": event.order_external_id,
        "shipment_external_id": event.shipment_external_id,
        "store_external_id": event.store_external_id,
        "details": {**event.details, **{name: value for name, value in said.items() if value is not None}},
    }


# --- Raw records ------------------------------------------------------------------------------------------------


def _keep(
    session: WriteSession,
    call: Call,
    items: _Items,
    external_ids: Mapping[int, str],
    read: Mapping[int, ReadItem],
) -> None:
    """Keep what was taken, word for word, where the newest that is kept says something else."""
    taken = {
        index: external_id
        for index, external_id in external_ids.items()
        if items.outcomes[index] != "rejected" and index not in items.unkept
    }
    newest = repository.newest_raw(session, call.source, call.kind, list(taken.values()))
    for index, external_id in taken.items():
        body_hash = _hash(items.bodies[index], call.timezone)
        before = newest.get(external_id)
        if before is not None and before.body_hash == body_hash:
            continue
        session.add(
            RawRecord(
                source=call.source,
                kind=call.kind,
                external_id=external_id,
                revision=before.revision + 1 if before is not None else 1,
                customer_external_id=_customer_of(call, items.bodies[index], read.get(index)),
                received_at=call.received_at,
                timezone=call.timezone,
                body=dict(items.bodies[index]),
                body_hash=body_hash,
            )
        )
    session.flush()


def _customer_of(call: Call, body: Mapping[str, Any], item: ReadItem | None) -> str | None:
    if item is not None:
        aggregate = item.incoming.aggregate
        if aggregate.kind is CUSTOMERS:
            return aggregate.external_id
        return cast("str | None", aggregate.record.get("customer_external_id"))
    said = body.get("customer_external_id")
    return said if isinstance(said, str) else None


def _hash(body: Mapping[str, Any], timezone: str | None) -> str:
    text = json.dumps([timezone, body], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return current().fingerprint(hashlib.sha256(text.encode()).hexdigest())
