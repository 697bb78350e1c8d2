"""Telling and erasing a person's data in the CRM.

Other stores (the gateway's conversations, the bot's trackers) are erased by `shopdesk erase-person`, which asks this
service first: what they still have to do is kept with the erasure, so that one that was cut off, or that an agent
asked for, can be finished later by anybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from crm_backend.audit.service import note
from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import new_id
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.identity.keys import LookupKeys
from crm_backend.normalise import email_key, phone_key
from crm_backend.policies.policy import Policies
from crm_backend.privacy import repository, tombstones
from crm_backend.privacy.inventory import BY_TABLE, HELD
from crm_backend.privacy.models import Erasure, Tombstone
from crm_backend.privacy.repository import Person
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.privacy import Counts, ErasureReceipt, PersonData
from shopdesk_schemas.problems import Conflict, FieldProblem, InvalidInput, NotFound

_DONE = {"delete": "deleted", "clear": "cleared", "keep": "kept"}
_NEVER_DESPITE = ("effects", "returns", "reservations")
"""Erasing would take from other systems, or from the shop's people, what they need to finish these."""


class OpenMatters(Conflict):
    """Something of the person's is not finished. The detail says what, and how many."""

    type = "/problems/open-matters"
    title = "Something is not finished yet"

    def __init__(self, matters: Mapping[str, int]) -> None:
        super().__init__("Not finished yet: " + ", ".join(f"{count} {kind}" for kind, count in matters.items()) + ".")
        self.matters = dict(matters)


@dataclass(frozen=True)
class Subject:
    """Who is meant: a customer by the shop's own id, or everybody with an e-mail address, guests included."""

    external_id: str | None = None
    source: str | None = None
    email: str | None = None
    whole_profile: bool = False


def export_person(session: WriteSession, subject: Subject, keys: LookupKeys, clock: Clock, actor: Actor) -> PersonData:
    """All that the CRM knows of a person. Noted in the audit log, by hash. Raises NotFound, InvalidInput."""
    person = _find(session, subject, keys)
    if person is None:
        raise NotFound
    tables = {
        held.table: rows
        for held in HELD
        if held.told and (rows := list(repository.told(session, held, person.rows[held.table])))
    }
    hashes = _subjects(person, subject, keys)
    now = clock.wall()
    details = {name: len(rows) for name, rows in tables.items()}
    note(session, actor, now, "person.exported", ("person", hashes[0][1]), details)
    return PersonData(
        subject=hashes[0][1],
        at=now,
        tables=tables,
        conversations=sorted(person.conversations - person.shared),
        shared_conversations=sorted(person.shared),
        same_profile=person.same_profile,
    )


def erase_person(
    session: WriteSession,
    subject: Subject,
    keys: LookupKeys,
    policies: Policies,
    clock: Clock,
    actor: Actor,
    *,
    dry_run: bool,
    despite_open: bool,
) -> ErasureReceipt:
    """Erase a person in the CRM, once: doing it again gives the same receipt and changes nothing.

    Raises NotFound, InvalidInput, and OpenMatters where something is not finished; `despite_open` passes over orders
    and cases alone.
    """
    tombstones.hold_off_imports(session)
    person = _find(session, subject, keys)
    if person is None:
        before = _erased_before(session, subject, keys)
        if before is None:
            raise NotFound
        return receipt_of(session, before)
    now = clock.wall()
    matters = repository.open_matters(session, person, clock.now() - timedelta(days=policies.privacy.open_order_days))
    if in_the_way := {kind: count for kind, count in matters.items() if kind in _NEVER_DESPITE or not despite_open}:
        raise OpenMatters(in_the_way)
    hashes = _subjects(person, subject, keys)
    counts: Counts = {
        "crm": {table: {_DONE[BY_TABLE[table].erasure]: len(rows)} for table, rows in person.rows.items() if rows}
    }
    if dry_run:
        return ErasureReceipt(
            id=None, at=now, by=_by(actor.kind, actor.id), dry_run=True, subjects=[one for _kind, one in hashes],
            counts=counts, same_profile=person.same_profile, conversations=sorted(person.conversations),
            completed_at=None, receipt_hash=None,
        )  # fmt: skip
    erasure = Erasure(
        public_id=new_id("erasure"),
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        counts=counts,
        conversations={"ids": sorted(person.conversations), "same_profile": person.same_profile},
    )
    session.add(erasure)
    session.flush()
    profiles = repository.profiles_of(session, person)
    for held in HELD:
        repository.apply(session, held, person.rows[held.table])
    repository.remove_lonely_profiles(session, profiles)
    for kind, key_hash in hashes:
        known = session.get(Tombstone, key_hash)
        if known is None:
            session.add(Tombstone(key_hash=key_hash, kind=kind, key_id=keys.key_id, erasure_id=erasure.id))
        else:
            # The same e-mail address, of a person who came back as another customer.
            known.erasure_id = erasure.id
    note(session, actor, now, "person.erased", ("person", erasure.public_id), {"counts": counts["crm"]})
    session.flush()
    session.expire_all()
    return receipt_of(session, erasure)


def complete(session: WriteSession, public_id: str, counts: Counts, clock: Clock, actor: Actor) -> ErasureReceipt:
    """Note that the other stores have erased their part; again changes nothing. Raises NotFound."""
    erasure = session.scalars(select(Erasure).where(Erasure.public_id == public_id).with_for_update()).first()
    if erasure is None:
        raise NotFound
    if erasure.completed_at is None:
        now = clock.wall()
        erasure.counts = {**erasure.counts, **counts}
        erasure.conversations = {**erasure.conversations, "ids": []}
        erasure.completed_at = now
        session.flush()
        erasure.receipt_hash = receipt_hash(receipt_of(session, erasure))
        details = {"receipt_hash": erasure.receipt_hash}
        note(session, actor, now, "person.erasure_completed", ("person", public_id), details)
        session.flush()
    return receipt_of(session, erasure)


def unfinished(session: ReadSession) -> Sequence[str]:
    """Erasures that other stores have not followed yet, by their ids, the oldest first."""
    return session.scalars(select(Erasure.public_id).where(Erasure.completed_at.is_(None)).order_by(Erasure.id)).all()


def find_receipt(session: ReadSession, public_id: str) -> ErasureReceipt:
    """The receipt of an erasure. Raises NotFound."""
    erasure = session.scalars(select(Erasure).where(Erasure.public_id == public_id)).first()
    if erasure is None:
        raise NotFound
    return receipt_of(session, erasure)


def receipt_of(session: ReadSession, erasure: Erasure) -> ErasureReceipt:
    """As it is told and hashed."""
    query = select(Tombstone.key_hash).where(Tombstone.erasure_id == erasure.id).order_by(Tombstone.key_hash)
    return ErasureReceipt(
        id=erasure.public_id,
        at=erasure.at,
        by=_by(erasure.actor_kind, erasure.actor_id),
        dry_run=False,
        subjects=list(session.scalars(query)),
        counts=erasure.counts,
        same_profile=erasure.conversations["same_profile"],
        conversations=erasure.conversations["ids"],
        completed_at=erasure.completed_at,
        receipt_hash=erasure.receipt_hash,
    )


def receipt_hash(receipt: ErasureReceipt) -> str:
    """SHA-256 (hex) of a receipt as canonical JSON, without the hash itself."""
    said = receipt.model_dump(mode="json", exclude={"receipt_hash"})
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _find(session: ReadSession, subject: Subject, keys: LookupKeys) -> Person | None:
    """The person with all rows; None where nothing is known of them."""
    emails: set[str] = set()
    if subject.external_id is not None:
        customers = list(repository.customers_named(session, subject.external_id, subject.source))
        if len(customers) > 1 or (customers and subject.source is None and _erased_before(session, subject, keys)):
            sources = ", ".join(sorted(one.source for one in customers))
            raise InvalidInput(
                "More than one customer has, or had, this id.",
                errors=[FieldProblem(field="source", message=f"is needed: one of {sources}")],
            )
    else:
        key = email_key(subject.email)
        if key is None:
            raise InvalidInput(errors=[FieldProblem(field="email", message="is empty")])
        emails.add(key)
        customers = list(repository.customers_of_email(session, key))
    ids = {one.id for one in customers}
    profile = repository.in_same_profiles(session, ids) if ids else []
    others = [one for one in profile if one.id not in ids]
    if subject.whole_profile:
        customers += others
        ids |= {one.id for one in others}
        others = []
    # A guest with the address of two customers is nobody's for sure, unless the address itself was asked for.
    emails |= {
        found
        for one in customers
        if (found := email_key(one.email)) and not repository.others_with_email(session, found, ids)
    }
    orders = repository.orders_of(session, ids, emails)
    if not customers and not orders:
        return None
    contacts = {
        text
        for one in customers
        for text in (one.email, email_key(one.email), one.phone, phone_key(one.phone, one.country))
        if text
    } | emails
    person = Person(
        customers={one.id: (one.source, one.external_id) for one in customers},
        orders=orders,
        emails=frozenset(emails),
        contacts=frozenset(contacts),
        same_profile=len(others),
    )
    repository.find_rows(session, person)
    return person


def _subjects(person: Person, subject: Subject, keys: LookupKeys) -> list[tuple[str, str]]:
    """Kind and hash of all that must not come back, who was asked for first."""
    asked = email_key(subject.email) if subject.email is not None else None
    customers = sorted(person.customers.values())
    found = [("customer", keys.erased("customer", *key)) for key in customers]
    # For who asks again without naming the system.
    found += [("customer", keys.erased("customer", "", external_id)) for _source, external_id in customers]
    if asked is not None:
        found.insert(0, ("email", keys.erased("email", "", asked)))
    found = list(dict.fromkeys(found))
    return [*found, *(("order", keys.erased("order", *key)) for key in sorted(person.orders.values()))]


def _erased_before(session: ReadSession, subject: Subject, keys: LookupKeys) -> Erasure | None:
    if subject.email is not None:
        hashes = [keys.erased("email", "", email_key(subject.email) or "")]
    elif subject.source is not None:
        hashes = [keys.erased("customer", subject.source, subject.external_id or "")]
    else:
        hashes = [keys.erased("customer", "", subject.external_id or "")]
    query = select(Erasure).join(Tombstone, Tombstone.erasure_id == Erasure.id).where(Tombstone.key_hash.in_(hashes))
    return session.scalars(query.order_by(Erasure.id.desc()).limit(1)).first()


def _by(kind: str, identifier: str) -> str:
    return f"{kind}:{identifier}"
