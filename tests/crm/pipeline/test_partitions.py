"""Partitions of customers: disjoint, complete, the same every time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.database.buckets import BUCKETS, bucket_of
from crm_backend.database.engine import Database
from crm_backend.orders.models import Order
from crm_backend.pipeline.partitions import Partition, customers_in, partitions
from tests.crm import records


@given(st.integers(1, BUCKETS))
def test_every_bucket_is_in_one_partition(count: int) -> None:
    parts = partitions(count)
    assert (parts[0].first, parts[-1].end) == (0, BUCKETS)
    assert all(before.end == after.first for before, after in pairwise(parts))
    sizes = [part.end - part.first for part in parts]
    assert min(sizes) >= 1
    assert max(sizes) - min(sizes) <= 1


@given(st.text(), st.text())
def test_a_bucket_is_stable_and_in_range(source: str, external_id: str) -> None:
    assert bucket_of(source, external_id) == bucket_of(source, external_id)
    assert 0 <= bucket_of(source, external_id) < BUCKETS


def test_a_bucket_is_the_same_on_every_machine() -> None:
    assert [bucket_of("shop", "1"), bucket_of("shop", "2"), bucket_of("web", "1")] == [1672, 3073, 3874]


@pytest.mark.parametrize("count", [1, 3, 8])
def test_streams_are_disjoint_and_complete(database: Database, count: int) -> None:
    with database.write() as session:
        for number in range(2100 if count == 1 else 300):
            someone = records.customer(session, external_id=str(number), source="web" if number % 2 else "till")
            if number % 10 == 0:
                records.order(session, str(number), someone)
    with database.read() as session:
        streams = [[customer.id for customer in customers_in(session, part)] for part in partitions(count)]
        everybody = set(session.scalars(select(Customer.id)))
        orders = [
            session.scalars(select(Order.id).join(Customer).where(part.condition())).all() for part in partitions(count)
        ]
    seen = [identifier for stream in streams for identifier in stream]
    assert len(seen) == len(set(seen))
    assert set(seen) == everybody
    assert all(streams)
    assert sum(map(len, orders)) == len(everybody) // 10


@pytest.mark.parametrize(("index", "count"), [(0, 0), (3, 3), (-1, 2), (0, BUCKETS + 1)])
def test_there_are_no_others(index: int, count: int) -> None:
    with pytest.raises(ValueError, match="partition"):
        Partition(index, count)
