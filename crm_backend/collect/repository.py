"""Queries about what was received and about the records that it names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import delete, func, insert, select

from crm_backend.collect import months
from crm_backend.collect.models import Event, RawRecord
from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.normalise import sku_key
from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.stored import TABLES, chunks
from crm_backend.products.models import Product, Variant

EVENTS = "events"
"""The kind of raw records that are events."""


def newest_raw(session: ReadSession, source: str, kind: str, external_ids: Collection[str]) -> dict[str, RawRecord]:
    """The newest revision of each of these records that was received before."""
    found: dict[str, RawRecord] = {}
    for chunk in chunks(sorted(set(external_ids))):
        query = select(RawRecord).where(
            RawRecord.source == source, RawRecord.kind == kind, RawRecord.external_id.in_(chunk)
        )
        for row in session.scalars(query.order_by(RawRecord.revision)):
            found[row.external_id] = row
    return found


def raw_in_order(session: ReadSession, size: int) -> Iterator[Sequence[RawRecord]]:
    """All raw records as they were received, `size` at a time."""
    last = 0
    while True:
        rows = session.scalars(select(RawRecord).where(RawRecord.id > last).order_by(RawRecord.id).limit(size)).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows
        for row in rows:
            session.expunge(row)


def known(session: ReadSession, kind: RecordType, source: str, external_ids: Collection[str]) -> set[str]:
    """Those of these ids that records of a kind have."""
    table = TABLES[kind.name]
    found: set[str] = set()
    for chunk in chunks(sorted(set(external_ids))):
        query = select(table.c.external_id).where(table.c.source == source, table.c.external_id.in_(chunk))
        found.update(session.scalars(query))
    return found


def row_ids(session: ReadSession, kind: RecordType, source: str, external_ids: Collection[str]) -> dict[str, int]:
    """The row of each of these records that is there, locked against others who would change it."""
    table = TABLES[kind.name]
    found: dict[str, int] = {}
    for chunk in chunks(sorted(set(external_ids))):
        query = (
            select(table.c.external_id, table.c.id)
            .where(table.c.source == source, table.c.external_id.in_(chunk))
            .order_by(table.c.id)
            .with_for_update()
        )
        found.update((row.external_id, row.id) for row in session.execute(query))
    return found


def spellings(session: ReadSession, source: str, skus: Collection[str]) -> Mapping[str, str]:
    """How the catalogue writes these stock codes, by their keys; the oldest where it has several."""
    found: dict[str, str] = {}
    for chunk in chunks(sorted({sku_key(sku) for sku in skus})):
        query = (
            select(Variant.sku_key, Variant.sku)
            .join(Product, Product.id == Variant.product_id)
            .where(Product.source == source, Variant.sku_key.in_(chunk))
            .order_by(Variant.id.desc())
        )
        found.update((row.sku_key, row.sku) for row in session.execute(query))
    return found


def add_events(session: WriteSession, rows: Sequence[dict[str, object]]) -> None:
    """Insert events that are not there yet."""
    if rows:
        months.make_room(session, [row["at"] for row in rows])  # type: ignore[misc]
        session.execute(insert(Event), rows)


def forget_events(session: WriteSession) -> int:
    """Remove all events, to be read again from their raw records; how many."""
    count = session.scalar(select(func.count()).select_from(Event)) or 0
    session.execute(delete(Event))
    return count
