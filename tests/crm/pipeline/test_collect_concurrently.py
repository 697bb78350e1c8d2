"""The same records and events from several systems at one moment: each is there once, none is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from crm_backend.account.models import Customer
from crm_backend.collect.models import Event, RawRecord
from crm_backend.quality.models import Delivery
from crm_backend.shipments.models import ScanEvent
from tests.crm.pipeline.conftest import BackOffice
from tests.crm.pipeline.test_collect_events import open_order, scan

AT_ONCE = 8


def together(tasks: list[Any]) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(task) for task in tasks]]


def test_one_new_customer_sent_by_many_is_one(back_office: BackOffice) -> None:
    receipts = together(
        [lambda: back_office.records("customers", {"external_id": "C1", "name": "Ada Byron"})] * AT_ONCE
    )
    outcomes = sorted(receipt["items"][0]["outcome"] for receipt in receipts)
    assert outcomes == ["inserted"] + ["unchanged"] * (AT_ONCE - 1)
    with back_office.crm.records() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) == 1
        assert session.scalar(select(func.count()).select_from(RawRecord)) == 1
        assert session.scalars(select(Delivery.calls)).one() == AT_ONCE


def test_scans_of_one_parcel_that_come_together_are_all_kept(back_office: BackOffice) -> None:
    open_order(back_office)
    events = [scan(number, "in_transit", f"2026-03-02T0{number}:00:00Z") for number in range(AT_ONCE)]
    receipts = together([lambda event=event: back_office.events(event) for event in [*events, *events]])
    assert sum(receipt["inserted"] for receipt in receipts) == AT_ONCE
    assert sum(receipt["unchanged"] for receipt in receipts) == AT_ONCE
    with back_office.crm.records() as session:
        sequences = session.scalars(select(ScanEvent.sequence).order_by(ScanEvent.sequence)).all()
        assert sequences == list(range(1, AT_ONCE + 1))
        assert session.scalar(select(func.count()).select_from(Event)) == AT_ONCE
