"""Customers in partitions, so that batch work per customer can be divided and never shuffled.

A customer's bucket is a hash of their name in the shop's systems and is kept beside them. A partition is a range of
buckets: the partitions of one count are disjoint and complete whatever customers there are, the same customer is in
the same one in every run and on every machine, and reading one reads one range of an index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from crm_backend.account.models import Customer
from crm_backend.database.buckets import BUCKETS
from crm_backend.database.engine import ReadSession

STREAM_ROWS = 1000
"""How many customers are fetched at a time."""


@dataclass(frozen=True, slots=True)
class Partition:
    """One of `count` parts of all customers; `index` is 0 to count - 1. Raises ValueError for others."""

    index: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= BUCKETS:
            raise ValueError(f"there can be 1 to {BUCKETS} partitions, not {self.count}")
        if not 0 <= self.index < self.count:
            raise ValueError(f"partition {self.index} is none of 0 to {self.count - 1}")

    @property
    def first(self) -> int:
        """Its first bucket."""
        return self.index * BUCKETS // self.count

    @property
    def end(self) -> int:
        """The bucket behind its last."""
        return (self.index + 1) * BUCKETS // self.count

    def condition(self) -> ColumnElement[bool]:
        """On `Customer`, for any query that joins it."""
        return and_(Customer.bucket >= self.first, Customer.bucket < self.end)


def partitions(count: int) -> list[Partition]:
    """All partitions of one count."""
    return [Partition(index, count) for index in range(count)]


def customers_in(session: ReadSession, partition: Partition) -> Iterator[Customer]:
    """The partition's customers by their ids, a thousand at a time; each is let go of when the next are fetched."""
    last = 0
    while True:
        query = select(Customer).where(partition.condition(), Customer.id > last).order_by(Customer.id)
        found = session.scalars(query.limit(STREAM_ROWS)).all()
        if not found:
            return
        yield from found
        last = found[-1].id
        for customer in found:
            session.expunge(customer)
