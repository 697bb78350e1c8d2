"""Sealing what is stored: rows of a database that is older than encryption, and rows under a key that goes.

Rows are gone through in the order of their ids, in short transactions that lock what they write, so that the CRM can
go on meanwhile. Whoever is stopped takes up where it was: what is left to do is what the rows themselves say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    String,
    Table,
    and_,
    bindparam,
    column,
    delete,
    false,
    func,
    insert,
    inspect,
    literal,
    or_,
    select,
    table,
    tuple_,
    type_coerce,
    update,
)

from crm_backend.encryption.columns import IDENTITY, BlindIndex, identity_of, sealed_columns
from crm_backend.encryption.keyring import PREFIX, EncryptionError, KeyRing, current, key_id_of
from crm_backend.encryption.models import EncryptionKey, TableToSeal
from crm_backend.models import Model
from crm_backend.name_and_postcode import full_name_key, name_postcode_key
from crm_backend.normalise import email_key, phone_key, postcode_key

BATCH = 500
"""Rows that one transaction writes."""

_KEYS = Model.metadata.tables[EncryptionKey.__tablename__]
_TO_SEAL = Model.metadata.tables[TableToSeal.__tablename__]

_INDEXES: Mapping[str, Mapping[str, Callable[[Mapping[str, Any]], str | None]]] = {
    "customers": {
        "name_key": lambda row: full_name_key(row["name"]),
        "email_key": lambda row: email_key(row["email"]),
        "phone_key": lambda row: phone_key(row["phone"], row["country"]),
    },
    "addresses": {"postcode_key": lambda row: postcode_key(row["postcode"], row["country"])},
    "orders": {
        "contact_email_key": lambda row: email_key(row["contact_email"]),
        "name_postcode_key": lambda row: name_postcode_key(
            row["contact_name"] or row["recipient"], row["postcode"], row["country"]
        ),
        "name_key": lambda row: full_name_key(row["contact_name"] or row["recipient"]),
    },
    "outgoing_messages": {"recipient_key": lambda row: row["recipient"]},
}
"""By table, look-up columns and what of the opened row they are the hashes of."""

_READ_WITH: Mapping[str, tuple[str, ...]] = dict.fromkeys(("customers", "addresses", "orders"), ("country",))


@dataclass(frozen=True, slots=True)
class TableStatus:
    """How many values of a table are sealed with which key."""

    table: str
    by_key: Mapping[str, int]
    """By the key's id; `plain` are those that are not sealed."""


def sealed_tables() -> list[Table]:
    """Tables with sealed columns."""
    return [one for one in Model.metadata.sorted_tables if sealed_columns(one)]


def check_keys(connection: Connection, ring: KeyRing) -> None:
    """Raises EncryptionError when the ring lacks a key that the database's rows were sealed with, or has another one
    under its id. A database without rows of keys, or from before there were any, passes.
    """
    if not inspect(connection).has_table(_KEYS.name):
        return
    for key_id, proof in connection.execute(select(_KEYS.c.key_id, _KEYS.c.proof)):
        held = ring.proof(key_id)
        if held is None:
            raise EncryptionError(
                f"SHOPDESK_ENCRYPTION_KEYS lacks the key {key_id}, with which personal data in the CRM's database is "
                "sealed. Put it back behind the first one; `shopdesk encryption rotate` makes it unnecessary."
            )
        if held != proof:
            raise EncryptionError(
                f"the key {key_id} in SHOPDESK_ENCRYPTION_KEYS is not the one with which personal data in the CRM's "
                "database was sealed. Give back the one that was there, or a new key another id."
            )


def prepare(engine: Engine) -> None:
    """Check the keys, seal what an older version left in plain words, and note the writing key.

    Only a database that has no key noted is looked at for plain words, and tables whose columns a migration has just
    given over to sealing: later they would be somebody's forgery.
    """
    ring = current()
    with engine.connect() as connection:
        proofs = {row.key_id: row.proof for row in connection.execute(select(_KEYS.c.key_id, _KEYS.c.proof))}
    if any(ring.proof(key_id) != proof for key_id, proof in proofs.items()):
        with engine.begin() as connection:
            _forget_unused(connection, ring)
    with engine.connect() as connection:
        check_keys(connection, ring)
        known = set(connection.execute(select(_KEYS.c.key_id)).scalars())
        to_seal = set(connection.execute(select(_TO_SEAL.c.name)).scalars())
    if known:
        for one in sealed_tables():
            if one.name not in to_seal:
                for _count in _rewrite(engine, one, ring, plain=False, unindexed=True):
                    pass
    plain = [one for one in sealed_tables() if not known or one.name in to_seal]
    if sum(count for one in plain for count in _rewrite(engine, one, ring, plain=True)):
        _leave_nothing_behind(engine)
    if done := [one.name for one in plain if one.name in to_seal]:
        with engine.begin() as connection:
            connection.execute(delete(_TO_SEAL).where(_TO_SEAL.c.name.in_(done)))
    if ring.writing_key_id in known:
        return
    with engine.begin() as connection:
        there = connection.execute(select(_KEYS.c.key_id).where(_KEYS.c.key_id == ring.writing_key_id)).first()
        if there is None:
            connection.execute(insert(_KEYS).values(key_id=ring.writing_key_id, proof=ring.proof(ring.writing_key_id)))


def _forget_unused(connection: Connection, ring: KeyRing) -> None:
    """Keys that the ring lacks and nothing is sealed with, as of a database that was made and never filled."""
    for key_id, proof in connection.execute(select(_KEYS.c.key_id, _KEYS.c.proof)).all():
        if ring.proof(key_id) != proof and not any(_is_used(connection, one, key_id) for one in sealed_tables()):
            connection.execute(delete(_KEYS).where(_KEYS.c.key_id == key_id))


def _is_used(connection: Connection, of: Table, key_id: str) -> bool:
    raw = _raw(of)
    used = or_(*(_under(raw.c[name], key_id) for name in sealed_columns(of)))
    return connection.execute(select(literal(1)).select_from(raw).where(used).limit(1)).first() is not None


def seal_plain(engine: Engine) -> None:
    """Seal what is in plain words, whether or not keys are noted: for whoever fills tables past the CRM."""
    for one in sealed_tables():
        for _count in _rewrite(engine, one, current(), plain=True):
            pass


def waiting(engine: Engine) -> int:
    """How many rows hold something that is not sealed with the writing key."""
    total = 0
    with engine.connect() as connection:
        for one in sealed_tables():
            raw = _raw(one)
            query = select(func.count()).select_from(raw).where(_not_under(raw, one, current().writing_key_id))
            total += connection.execute(query).scalar() or 0
    return total


def rotate(engine: Engine, on_rows: Callable[[int], None] = lambda _count: None) -> int:
    """Seal everything anew that is not sealed with the writing key; afterwards no other key is needed.

    `on_rows` hears how many rows were done. Returns how many in all. Raises EncryptionError for a row that cannot be
    opened: it stays as it is.
    """
    ring = current()
    prepare(engine)
    total = 0
    for one in sealed_tables():
        for count in _rewrite(engine, one, ring, plain=False):
            total += count
            on_rows(count)
    if waiting(engine) == 0:
        with engine.begin() as connection:
            connection.execute(delete(_KEYS).where(_KEYS.c.key_id != ring.writing_key_id))
    if total:
        _leave_nothing_behind(engine)
    return total


def _leave_nothing_behind(engine: Engine) -> None:
    """Have a SQLite file written anew: what stood there before is still in its free pages and in its log.

    PostgreSQL is left to its operator (docs/operating.md): writing its tables anew shuts everybody out meanwhile.
    """
    if engine.dialect.name != "sqlite":
        return
    # The driver itself, for a transaction of SQLAlchemy's would be open already.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("PRAGMA query_only=OFF", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
        cursor.close()
    finally:
        connection.close()


def status(engine: Engine) -> list[TableStatus]:
    """What is sealed with what, by table."""
    found = []
    with engine.connect() as connection:
        for one in sealed_tables():
            counts: Counter[str] = Counter()
            raw = _raw(one)
            for name in sealed_columns(one):
                of = raw.c[name]
                for key_id in current().key_ids:
                    query = select(func.count()).select_from(raw)
                    counts[key_id] += connection.execute(query.where(_under(of, key_id))).scalar() or 0
                others = and_(of.is_not(None), *(~_under(of, key_id) for key_id in current().key_ids))
                plain = ~of.startswith(PREFIX, autoescape=True)
                left = select(func.count().filter(plain), func.count()).select_from(raw).where(others)
                unsealed, rest = connection.execute(left).one()
                counts["plain"] += unsealed
                counts["unknown"] += rest - unsealed
            found.append(TableStatus(one.name, {key_id: count for key_id, count in counts.items() if count}))
    return found


def _raw(of: Table) -> Any:
    """The table without our types, so that envelopes are read and written as they are."""
    return table(of.name, *(column(one.name, String if _ours(one.type) else one.type) for one in of.c))


def _ours(kind: Any) -> bool:
    return isinstance(kind, BlindIndex) or type(kind).__module__ == BlindIndex.__module__


def _under(of: ColumnElement[Any], key_id: str) -> ColumnElement[bool]:
    return type_coerce(of, String).startswith(f"{PREFIX}{key_id}.", autoescape=True)


def _not_under(raw: Any, of: Table, key_id: str) -> ColumnElement[bool]:
    return or_(*(and_(raw.c[name].is_not(None), ~_under(raw.c[name], key_id)) for name in sealed_columns(of)))


def _rewrite(engine: Engine, of: Table, ring: KeyRing, *, plain: bool, unindexed: bool = False) -> Iterator[int]:
    """Batch by batch: seal what is in plain words, or seal anew what is under another key. Yields rows written.

    With `unindexed` those rows, instead, whose look-up columns a migration left empty, which is not null.
    """
    raw = _raw(of)
    names = sealed_columns(of)
    indexes = _INDEXES.get(of.name, {})
    key = [raw.c[one.name] for one in of.primary_key]
    wanted = dict.fromkeys((*(one.name for one in key), *IDENTITY[of.name], *names, *_READ_WITH.get(of.name, ())))
    hashed = "content_hash" if plain and "content_hash" in of.c and of.name in _INDEXES else None
    change = (
        update(raw)
        .where(*(one == bindparam(f"row_{one.name}") for one in key))
        .values({name: bindparam(f"new_{name}") for name in (*names, *indexes, *([hashed] if hashed else ()))})
    )
    last: tuple[Any, ...] | None = None
    while True:
        with engine.begin() as connection:
            query = select(*(raw.c[name] for name in wanted))
            if last is not None:
                query = query.where(tuple_(*key) > last)
            if unindexed:
                query = query.where(or_(false(), *(raw.c[name] == "" for name in indexes)))
            elif not plain or not indexes:
                query = query.where(_not_under(raw, of, ring.writing_key_id))
            rows = connection.execute(query.order_by(*key).limit(BATCH).with_for_update()).all()
            if not rows:
                return
            last = tuple(rows[-1]._mapping[one.name] for one in key)
            changes = [_sealed_anew(of, row, ring, plain=plain) for row in rows]
            if hashed:
                # It was a plain hash of personal data; the next import compares the records themselves.
                changes = [{**one, f"new_{hashed}": ""} for one in changes]
            connection.execute(change, changes)
        yield len(rows)


def _sealed_anew(of: Table, row: Row[Any], ring: KeyRing, *, plain: bool) -> dict[str, Any]:
    found = dict(row._mapping)
    identity = identity_of(of.name, found)
    said: dict[str, Any] = {f"row_{one.name}": found[one.name] for one in of.primary_key}
    for name in sealed_columns(of):
        stored = found[name]
        if stored is None:
            said[f"new_{name}"] = None
            continue
        bound_to = f"{of.name}.{name} {identity}"
        text = str(stored) if plain and key_id_of(str(stored)) is None else ring.open(stored, bound_to)
        found[name] = text
        said[f"new_{name}"] = ring.seal(text, bound_to)
    for name, key in _INDEXES.get(of.name, {}).items():
        value = key(found)
        said[f"new_{name}"] = None if value is None else ring.index(f"{of.name}.{name}", value)
    return said
