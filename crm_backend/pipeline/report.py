"""What an import did: every row in exactly one of five ways, every record in one of four."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

RowOutcome = Literal["loaded", "unchanged", "merged", "held_back", "rejected"]
"""loaded: became, or became part of, a record that was written · unchanged: the same record was there already ·
merged: joined into a record that another row stands for · held_back: differs from an order of which a change still
waits for another system, so that the file may be older than the change · rejected: not used, for the reason given."""

RecordOutcome = Literal["inserted", "updated", "unchanged", "held_back"]

ROW_OUTCOMES: tuple[RowOutcome, ...] = ("loaded", "unchanged", "merged", "held_back", "rejected")
RECORD_OUTCOMES: tuple[RecordOutcome, ...] = ("inserted", "updated", "unchanged", "held_back")

RowRef = tuple[int, int]
"""A file's id and a row number in it."""


@dataclass(slots=True)
class FileCount:
    """The rows of one file."""

    name: str
    role: str
    read: int = 0
    outcomes: Counter[RowOutcome] = field(default_factory=Counter)

    def accounted(self) -> bool:
        """Whether every row read has an outcome."""
        return self.read == sum(self.outcomes.values())


@dataclass(slots=True)
class ImportReport:
    """The whole of an import. Amounts of rows and records; no personal data."""

    shape: str
    source: str
    assumed: dict[str, str] = field(default_factory=dict)
    """Time zone, currency and country that no option gave: the shape's defaults, or what --country implies."""
    given: dict[str, str] = field(default_factory=dict)
    files: dict[int, FileCount] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    records: dict[str, Counter[RecordOutcome]] = field(default_factory=dict)
    """By record type of the canonical format, those with children counted as a whole."""
    cleaned: Counter[str] = field(default_factory=Counter)
    """Values changed on the way, by rule. Counts overlap with everything else."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Rejected rows by reason."""
    held_back: list[str] = field(default_factory=list)
    """The numbers of orders that were left as they are because a change of theirs is not done yet."""
    rejected_file: str | None = None
    seconds: float = 0.0

    def count_rows(self, outcome: RowOutcome, rows: Iterable[RowRef]) -> None:
        """Note what became of rows."""
        for file, _number in rows:
            self.files[file].outcomes[outcome] += 1

    def count_record(self, kind: str, outcome: RecordOutcome) -> None:
        """Note what became of a record."""
        self.records.setdefault(kind, Counter())[outcome] += 1

    def rows(self, outcome: RowOutcome | None = None) -> int:
        """All rows read, or those with one outcome."""
        if outcome is None:
            return sum(file.read for file in self.files.values())
        return sum(file.outcomes[outcome] for file in self.files.values())

    def changed(self) -> bool:
        """Whether anything was written."""
        return any(counts["inserted"] or counts["updated"] for counts in self.records.values())

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON."""
        return {
            "shape": self.shape,
            "source": self.source,
            "options": {**self.given, **self.assumed},
            "assumed": sorted(self.assumed),
            "rows": {"read": self.rows(), **{outcome: self.rows(outcome) for outcome in ROW_OUTCOMES}},
            "files": [
                {
                    "name": file.name,
                    "role": file.role,
                    "read": file.read,
                    **{outcome: file.outcomes[outcome] for outcome in ROW_OUTCOMES},
                }
                for file in self.files.values()
            ],
            "ignored_files": self.ignored,
            "records": {
                kind: {outcome: counts[outcome] for outcome in RECORD_OUTCOMES} for kind, counts in self.records.items()
            },
            "cleaned": dict(sorted(self.cleaned.items())),
            "rejected_reasons": dict(self.reasons.most_common()),
            "held_back_orders": self.held_back,
            "rejected_file": self.rejected_file,
            "seconds": round(self.seconds, 2),
        }
