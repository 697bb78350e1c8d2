"""All that was made of raw records, made again.

The raw records are read in the order in which they came, each call as it was, under today's rules of cleaning. Events
are read anew altogether; records are loaded as if they were sent again, so those that did not come this way (imports
of files, changes made in the CRM) stay. It is one transaction: nobody sees a state between.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from crm_backend.collect import repository
from crm_backend.collect.models import RawRecord
from crm_backend.collect.service import Call, collect_again
from crm_backend.database.engine import Database, WriteSession
from crm_backend.identity.keys import LookupKeys

READ_AT_ONCE = 1000


@dataclass(slots=True)
class RebuildReport:
    """What was read again. `rejected` were taken once and are refused by today's rules."""

    records: Counter[str] = field(default_factory=Counter)
    events_before: int = 0
    rejected: Counter[str] = field(default_factory=Counter)


def rebuild(database: Database, country: str | None, keys: LookupKeys) -> RebuildReport:
    """Make everything again from the raw records. `country` is the shop's. Doing it again changes nothing."""
    report = RebuildReport()
    with database.write() as session:
        report.events_before = repository.forget_events(session)
        for call, rows in _calls(session, country, keys):
            receipt = collect_again(session, call, [row.body for row in rows])
            report.records[call.kind] += len(rows)
            if receipt.rejected:
                report.rejected[call.kind] += receipt.rejected
    return report


def _calls(session: WriteSession, country: str | None, keys: LookupKeys) -> Iterator[tuple[Call, Sequence[RawRecord]]]:
    for rows in repository.raw_in_order(session, READ_AT_ONCE):
        for call, group in groupby(
            rows, key=lambda row: Call(row.kind, row.source, row.received_at, row.timezone, country, keys)
        ):
            yield from ((call, part) for part in _without_repeats(list(group)))


def _without_repeats(rows: Sequence[RawRecord]) -> Iterator[Sequence[RawRecord]]:
    """Parts in which nothing is named twice: two calls within one tick of the clock are still two."""
    part: list[RawRecord] = []
    seen: set[str] = set()
    for row in rows:
        if row.external_id in seen:
            yield part
            part, seen = [], set()
        part.append(row)
        seen.add(row.external_id)
    if part:
        yield part
