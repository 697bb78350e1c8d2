"""Notes what became of data that came in, and puts the notes together for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine

from crm_backend.database.engine import ReadSession, WriteSession
from crm_backend.pipeline.report import ImportReport
from crm_backend.quality import repository
from shopdesk_schemas.quality import DataQuality, DeliveryView, ReasonCount, RuleCount, StoredCount

REASONS_KEPT = 100
"""Of one delivery: a caller's nonsense must not make the report grow without end."""


class CallCounts(Protocol):
    """What a call's receipt counts."""

    inserted: int
    updated: int
    unchanged: int
    rejected: int
    cleaned: dict[str, int]


def note_call(
    session: WriteSession,
    source: str,
    kind: str,
    at: datetime,
    counts: CallCounts,
    reasons: Mapping[str, int],
) -> None:
    """Add a call to its day's delivery, at the machine's time `at`."""
    delivery = repository.delivery_of_the_day(session, source, kind, at)
    delivery.calls += 1
    delivery.last_at = max(delivery.last_at, at)
    for name in ("inserted", "updated", "unchanged", "rejected"):
        added = getattr(counts, name)
        setattr(delivery, name, getattr(delivery, name) + added)
        delivery.received += added
    delivery.cleaned = _sum(delivery.cleaned, counts.cleaned)
    delivery.reasons = _sum(delivery.reasons, reasons)


def note_import(engine: Engine, report: ImportReport, at: datetime) -> None:
    """Keep what an import of files did, at the machine's time `at`."""
    with WriteSession(engine) as session, session.begin():
        records = report.records.values()
        repository.add_import(
            session,
            report.source,
            report.shape,
            at,
            received=report.rows(),
            inserted=sum(counts["inserted"] for counts in records),
            updated=sum(counts["updated"] for counts in records),
            unchanged=sum(counts["unchanged"] for counts in records),
            rejected=report.rows("rejected"),
            cleaned=dict(report.cleaned),
            reasons=_sum({}, report.reasons),
        )


def report(session: ReadSession, now: datetime, days: int, limit: int) -> DataQuality:
    """What came in during the last `days`, with the newest `limit` deliveries one by one."""
    since = now.astimezone(UTC) - timedelta(days=days)
    rules: Counter[tuple[str, str]] = Counter()
    rejected: Counter[tuple[str, str]] = Counter()
    newest: list[DeliveryView] = []
    for delivery in repository.deliveries_since(session, since):
        for rule, count in delivery.cleaned.items():
            rules[delivery.source, rule] += count
        for reason, count in delivery.reasons.items():
            rejected[delivery.source, reason] += count
        if len(newest) < limit:
            newest.append(DeliveryView.model_validate(delivery, from_attributes=True))
    return DataQuality(
        since=since,
        rules=[RuleCount(source=key[0], rule=key[1], count=count) for key, count in sorted(rules.items())],
        rejected=[
            ReasonCount(source=source, reason=reason, count=count)
            for (source, reason), count in sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
        ],
        stored=[
            StoredCount.model_validate({"source": source, "what": what, "count": count})
            for source, what, count in repository.stored_counts(session)
        ],
        deliveries=newest,
    )


def _sum(before: Mapping[str, int], added: Mapping[str, int]) -> dict[str, int]:
    """Both together, the most frequent first; a new dict, so that the change of a stored document is seen."""
    # What a caller sent may stand in a reason, and PostgreSQL keeps a NUL in no document.
    total = Counter(before) + Counter({reason.replace("\0", "\ufffd"): count for reason, count in added.items()})
    kept = dict(total.most_common(REASONS_KEPT))
    rest = total.total() - sum(kept.values())
    if rest:
        kept["other"] = kept.get("other", 0) + rest
    return kept
