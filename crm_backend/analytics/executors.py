"""Where the work on partitions is done: in this process, or on Dask's workers.

What is sent is the step's name and a partition; a worker reads its people from the database itself and sends rows
back. This process alone writes, so that a partition is stored exactly once whatever a worker does twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from crm_backend.analytics.frames import Frames, Scope
from crm_backend.analytics.steps import PartitionedStep, Rows, Work
from crm_backend.database.engine import Database, make_engine
from crm_backend.pipeline.partitions import Partition
from crm_backend.policies.policy import Policies


@dataclass(frozen=True)
class Surveyed:
    """What is known of a partition before anything is computed."""

    digests: dict[str, str]
    """By frame."""
    summary: pd.DataFrame


@dataclass(frozen=True)
class Setting:
    """What every partition's work has in common. Small: it is sent with each."""

    as_of: datetime
    policies: Policies
    currency: str


def survey(step: PartitionedStep, frames: Frames, setting: Setting) -> Surveyed:
    """Read a partition, and summarise it for the fit."""
    work = Work(setting.as_of, setting.policies, setting.currency, frames)
    return Surveyed({frame.name: frames.digest(frame) for frame in step.reads}, step.summarise(work))


def compute(step: PartitionedStep, frames: Frames, setting: Setting, fitted: Mapping[str, Any]) -> Rows:
    """A partition's rows."""
    return step.compute(Work(setting.as_of, setting.policies, setting.currency, frames), fitted)


class Executor(ABC):
    """Does a step's work on many partitions. Results come as they are ready, each with its partition."""

    @abstractmethod
    def survey(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting
    ) -> Iterator[tuple[Partition, Surveyed]]:
        """`survey` of each partition."""

    @abstractmethod
    def compute(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting, fitted: Mapping[str, Any]
    ) -> Iterator[tuple[Partition, Rows]]:
        """`compute` of each partition."""


class InProcess(Executor):
    """One partition after another, here. With one partition its frames are those of the whole, loaded already."""

    def __init__(self, database: Database, whole: Frames) -> None:
        self._database = database
        self._whole = whole

    @contextmanager
    def _frames(self, part: Partition, setting: Setting) -> Iterator[Frames]:
        if part.count == 1:
            yield self._whole
            return
        with Frames(self._database, Scope(part, setting.as_of)) as frames:
            yield frames

    def survey(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting
    ) -> Iterator[tuple[Partition, Surveyed]]:
        """See `Executor`."""
        for part in parts:
            with self._frames(part, setting) as frames:
                yield part, survey(step, frames, setting)

    def compute(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting, fitted: Mapping[str, Any]
    ) -> Iterator[tuple[Partition, Rows]]:
        """See `Executor`."""
        for part in parts:
            with self._frames(part, setting) as frames:
                yield part, compute(step, frames, setting, fitted)


class OnDask(Executor):
    """On the workers of a Dask cluster. They need this program and a way to the database.

    `client` is a `distributed.Client`; that package is in the dependency group `scale`.
    """

    def __init__(self, client: Any, database_url: str) -> None:
        self._client = client
        self._url = database_url

    def survey(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting
    ) -> Iterator[tuple[Partition, Surveyed]]:
        """See `Executor`."""
        return self._each(_survey_on_worker, parts, (self._url, step, setting))

    def compute(
        self, step: PartitionedStep, parts: Sequence[Partition], setting: Setting, fitted: Mapping[str, Any]
    ) -> Iterator[tuple[Partition, Rows]]:
        """See `Executor`."""
        return self._each(_compute_on_worker, parts, (self._url, step, setting, fitted))

    def _each(
        self, function: Callable[..., Any], parts: Sequence[Partition], common: tuple[Any, ...]
    ) -> Iterator[tuple[Partition, Any]]:
        from distributed import as_completed

        ready: Any = as_completed
        # The database changes between calls: an equal call is not an equal answer.
        futures = {self._client.submit(function, part, *common, pure=False): part for part in parts}
        for future, result in ready(futures, with_results=True):
            yield futures[future], result
            future.release()


def _survey_on_worker(part: Partition, url: str, step: PartitionedStep, setting: Setting) -> Surveyed:
    with _own_frames(part, url, setting) as frames:
        return survey(step, frames, setting)


def _compute_on_worker(
    part: Partition, url: str, step: PartitionedStep, setting: Setting, fitted: Mapping[str, Any]
) -> Rows:
    with _own_frames(part, url, setting) as frames:
        return dict(compute(step, frames, setting, fitted))


@contextmanager
def _own_frames(part: Partition, url: str, setting: Setting) -> Iterator[Frames]:
    # Imported for its side effect: in a fresh process every table must be known before any is queried.
    import crm_backend.models  # noqa: F401

    database = Database(make_engine(url, pool_size=1))
    try:
        with Frames(database, Scope(part, setting.as_of)) as frames:
            yield frames
    finally:
        database.dispose()
