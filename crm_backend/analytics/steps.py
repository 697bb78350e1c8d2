"""What a step of the analysis is. The package's docstring says how to add one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import pandas as pd

from crm_backend.analytics.frames import Frame, Frames
from crm_backend.database.base import Model
from crm_backend.policies.policy import Policies

type Table = type[Model]
type Rows = Mapping[Table, pd.DataFrame]
"""By table its rows: the table's columns without `run_id`, times aware and UTC, missing values as None or NA."""


def _silent(_words: str) -> None:
    return None


def _no_rows(table: Table) -> pd.DataFrame:
    raise LookupError(f"{table.__name__} cannot be read in a partition")


@dataclass
class Work:
    """What a step has to work with."""

    as_of: datetime
    """The instant to count from; nothing later is in the frames."""
    policies: Policies
    currency: str
    """ISO 4217: in which amounts are counted, the shop's main one."""
    frames: Frames
    rows: Callable[[Table], pd.DataFrame] = _no_rows
    """What an earlier step of this run wrote to a table: all of its columns but `run_id`."""
    published: Callable[[Table], pd.DataFrame] = _no_rows
    """The same of the run that is published now; empty before the first."""
    note: Callable[[str], None] = _silent
    """Says in the progress bar what is being done."""
    card: dict[str, Any] = field(default_factory=dict)
    """For people: what was fitted, on which data, how well. JSON."""

    def __getitem__(self, frame: Frame) -> pd.DataFrame:
        """A frame; do not change it in place."""
        return self.frames[frame]


class Step(ABC):
    """Something that is computed in one piece."""

    name: ClassVar[str]
    """Unique, in snake case."""
    version: ClassVar[int] = 1
    """Higher when the same input gives other rows."""
    reads: ClassVar[tuple[Frame, ...]] = ()
    after: ClassVar[tuple[str, ...]] = ()
    """Names of earlier steps whose rows it reads."""
    writes: ClassVar[tuple[Table, ...]]

    def rules(self, policies: Policies) -> Any:
        """What of the shop's rules its rows follow from, as JSON. By default section `analytics`, currency, zone."""
        return _rules(policies)

    @abstractmethod
    def compute(self, work: Work) -> Rows:
        """Its rows. The same work gives the same rows."""


class PartitionedStep(ABC):
    """Something that is computed for each customer, given what was fitted on all of them.

    A partition holds whole people. Each method may run in another process, so the step holds no state.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    reads: ClassVar[tuple[Frame, ...]] = ()
    after: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[Table, ...]]

    def rules(self, policies: Policies) -> Any:
        """As `Step.rules`."""
        return _rules(policies)

    @abstractmethod
    def summarise(self, work: Work) -> pd.DataFrame:
        """What `fit` must know of a partition, with a column `person_id`."""

    @abstractmethod
    def fit(self, work: Work, summary: pd.DataFrame) -> dict[str, Any]:
        """What `compute` must know of all people, as JSON; `summary` is that of all partitions, by `person_id`.

        Runs once, without frames. Kept with the run, so that one that was killed goes on with the same.
        """

    @abstractmethod
    def compute(self, work: Work, fitted: Mapping[str, Any]) -> Rows:
        """The rows of a partition."""


type AnyStep = Step | PartitionedStep


def _rules(policies: Policies) -> Any:
    return [policies.analytics.model_dump(mode="json"), policies.shop.currency, policies.shop.timezone]
