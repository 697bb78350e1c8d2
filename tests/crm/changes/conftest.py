"""An order that can be changed, and its owner signed in to conversation c1; c2 is another customer's, c3 nobody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.crm import records
from tests.crm.conftest import Crm

Fill = Callable[[Any, Any], None]


def sign_in(crm: Crm) -> None:
    """c1 as the owner, c2 as somebody else."""
    assert crm.identify("c1", crm.sign("mina-1")).status_code == 200
    assert crm.identify("c2", crm.sign("otto-1")).status_code == 200


def fill_shop(crm: Crm, **order: Any) -> None:
    """Order SD-1 of two lines (2 × 20.00, 1 × 30.00) with 5.00 shipping, paid by card, not sent yet."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", email="mina@example.org")
        records.customer(session, external_id="otto-1")
        placed = records.order(
            session,
            "SD-1",
            mina,
            **{
                "state": "approved",
                "approved_at": records.PLACED,
                "subtotal_minor": 7000,
                "shipping_minor": 500,
                "total_minor": 7500,
                "postcode": "SW1A 1AA",
                "line1": "1 Old Street",
                "city": "London",
                "country": "GB",
                **order,
            },
        )
        records.line(session, placed, 1, sku="A", title="Mug", quantity=2, unit_price_minor=2000, total_minor=4000)
        records.line(session, placed, 2, sku="B", title="Scarf", quantity=1, unit_price_minor=3000, total_minor=3000)
        records.payment(session, placed, 7500, external_id="pay-1", brand="Visa", last4="4242")


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """A CRM with that order, on each store."""
    fill_shop(crm)
    sign_in(crm)
    return crm
