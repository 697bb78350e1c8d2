"""What every shape's reader is given and gives."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crm_backend.pipeline.canonical.columns import RecordType
from crm_backend.pipeline.canonical_own import OwnRow
from crm_backend.pipeline.loader import Incoming
from crm_backend.pipeline.local_time import DayOrder, day_order_of, needs_day_order, parse_local
from crm_backend.pipeline.money import currency_exponent, to_minor
from crm_backend.pipeline.reading import InputFile, read_rows
from crm_backend.pipeline.report import ImportReport
from crm_backend.pipeline.shapes import Classified
from crm_backend.pipeline.staging import Staging
from shopdesk_schemas.clock import wall_now


@dataclass(frozen=True, slots=True)
class Facts:
    """What the files do not say and the options or the shape's defaults do."""

    source: str
    zone: ZoneInfo | None
    currency: str | None
    country: str | None
    now: datetime = field(default_factory=wall_now)
    """When the files are read: what lies far ahead of it cannot have happened."""


class Adapter(ABC):
    """Reads files of one shape into the staging database, and gives them back as aggregates in loading order."""

    def __init__(self, classified: Classified, facts: Facts, staging: Staging) -> None:
        self.classified = classified
        self.facts = facts
        self.staging = staging

    @property
    def report(self) -> ImportReport:
        """The import's report."""
        return self.staging.report

    @abstractmethod
    def stage(self, on_bytes: Callable[[int], None]) -> None:
        """Read every file once."""

    @abstractmethod
    def unsaid(self) -> frozenset[str]:
        """Kinds of children about which these files say nothing."""

    @abstractmethod
    def aggregates(self) -> Iterator[Iterator[Incoming]]:
        """One stream per kind of aggregate, parents before those that point at them."""

    def own(self) -> Iterator[tuple[RecordType, Iterator[OwnRow]]]:
        """What the CRM keeps itself, kind by kind: only its own files have such records."""
        return iter(())

    def cleaned(self, rule: str, count: int = 1) -> None:
        """Count a value that a named rule changed."""
        self.report.cleaned[rule] += count


class ForeignAdapter(Adapter):
    """What the shapes that are not our own share: local times, amounts, cells by column."""

    def __init__(self, classified: Classified, facts: Facts, staging: Staging) -> None:
        super().__init__(classified, facts, staging)
        if facts.zone is None or facts.currency is None:
            raise ValueError("a foreign shape needs a time zone and a currency")
        self.zone: ZoneInfo = facts.zone
        self.currency: str = facts.currency
        self._exponent = currency_exponent(facts.currency)

    def minor(self, amount: Decimal) -> int:
        """Minor units of the import's currency; counts amounts finer than those."""
        minor = to_minor(amount, self._exponent)
        if Decimal(minor).scaleb(-self._exponent) != amount:
            self.cleaned("amount_rounded")
        return minor

    def instant(self, text: str, day_order: DayOrder) -> datetime:
        """The instant of a local time in the import's zone; counts those near a change of the clocks."""
        found = parse_local(text, day_order, self.zone)
        if found.rule is not None:
            self.cleaned(f"time_in_clock_change_{found.rule}")
        return found.instant

    def day_order(self, file: InputFile, positions: Sequence[int]) -> DayOrder:
        """Which of day and month comes first in the file's dates. Reads the file through only when it is not plain."""
        cells = (row.cells[position] for row in read_rows(file) if row.problem is None for position in positions)
        if not any(needs_day_order(cell) for cell in islice(cells, 50)):
            return "month_first"
        return day_order_of(
            row.cells[position] for row in read_rows(file) if row.problem is None for position in positions
        )


def cell(cells: Sequence[Any], position: int | None) -> str:
    """A cell by its position, trimmed; empty when the file has no such column."""
    return "" if position is None else str(cells[position]).strip()
