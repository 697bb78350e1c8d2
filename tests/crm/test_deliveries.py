"""How deliveries went lately, as anybody may know it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_backend.shipments.experience import FEWEST
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner

NOW = records.instant("2026-03-05T12:00:00+00:00")


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """Eight parcels to GB lately, one to PT, and old ones."""
    crm = run_crm()
    with crm.records() as session:
        for number, days in enumerate((2, 2, 3, 3, 3, 4, 5, 9)):
            placed = NOW - timedelta(days=20 + number)
            order = records.order(session, f"GB-{number}", placed_at=placed, country="GB", state="delivered")
            records.shipment(
                session, order, state="delivered", carrier="Royal Post" if number else "Wheels",
                handed_over_at=placed + timedelta(days=1), delivered_at=placed + timedelta(days=days),
            )  # fmt: skip
        alone = records.order(session, "PT-1", placed_at=NOW - timedelta(days=9), country="PT")
        records.shipment(session, alone, carrier="Correios", handed_over_at=NOW - timedelta(days=8))
        for number in range(FEWEST):
            old = records.order(session, f"OLD-{number}", placed_at=NOW - timedelta(days=400), country="DE")
            records.shipment(session, old, carrier="Paket", handed_over_at=NOW - timedelta(days=399))
    return crm


def test_carriers_and_usual_days(shop: Crm) -> None:
    told = shop.call.get("/deliveries", params={"country": "GB"}).json()
    assert (told["carriers"], told["days"], told["parcels"]) == (["Royal Post", "Wheels"], [2, 9], 8)


@pytest.mark.parametrize("country", ["PT", "DE", "FR"])
def test_few_or_old_parcels_tell_nothing(shop: Crm, country: str) -> None:
    told = shop.call.get("/deliveries", params={"country": country}).json()
    assert (told["carriers"], told["days"]) == ([], None)
