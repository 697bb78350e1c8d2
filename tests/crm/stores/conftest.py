"""Three stores, two in one country."""

from __future__ import annotations

from typing import Any

import pytest

from crm_backend.stores.models import Stock, Store
from tests.crm import records
from tests.crm.conftest import Crm

ALL_DAY = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat")}


def put(session: Any, store: Store, sku: str, quantity: int) -> None:
    session.add(Stock(store_id=store.id, sku=sku, sku_key=sku.upper(), quantity=quantity))


def fill(crm: Crm) -> None:
    """Mugs in Edinburgh (3) and Berlin (1); none in London."""
    with crm.records() as session:
        mug = records.product(session, "Mug", external_id="mug", translations={"zh": {"name": "马克杯"}})
        records.variant(
            session, mug, "M1", options={"colour": "blue"}, price_minor=900, currency="GBP", availability="in_stock"
        )
        london = records.store(
            session, "London Marylebone", external_id="london", city="London", region="England", postcode="W1U 9ZZ",
            country="GB", latitude=51.5186, longitude=-0.1525, timezone="Europe/London", opening_hours=ALL_DAY,
            translations={"zh": {"name": "伦敦马里波恩店"}},
        )  # fmt: skip
        edinburgh = records.store(
            session, "Edinburgh", external_id="edinburgh", city="Edinburgh", region="Scotland", postcode="EH3 9ZZ",
            country="GB", latitude=55.9583, longitude=-3.2096, timezone="Europe/London",
            opening_hours={"thu": [["22:00", "02:00"]]},
        )  # fmt: skip
        berlin = records.store(
            session, "Berlin Mitte", external_id="berlin", city="Berlin", region="Berlin", postcode="10119",
            country="DE", latitude=52.5290, longitude=13.4013, timezone="Europe/Berlin", opening_hours={},
        )  # fmt: skip
        put(session, london, "M1", 0)
        put(session, edinburgh, "M1", 3)
        put(session, berlin, "m1", 1)


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """On each store."""
    fill(crm)
    return crm


@pytest.fixture
def sqlite_shop(sqlite_crm: Crm) -> Crm:
    """On SQLite, for what does not depend on the store."""
    fill(sqlite_crm)
    return sqlite_crm
