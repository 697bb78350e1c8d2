"""Mina, signed in to c1, with an account; Otto, signed in to c2, with none of hers."""

from __future__ import annotations

import pytest

from crm_backend.account.models import Consent, LoyaltyEntry, Preference, Voucher
from crm_backend.payments.models import PaymentMethod
from tests.crm import records
from tests.crm.conftest import Crm


def fill(crm: Crm) -> None:
    with crm.records() as session:
        mina = records.customer(
            session, external_id="mina", name="Mina Park", given_name="Mina", email="mina@example.org",
            phone="+442079460001",
        )  # fmt: skip
        records.customer(session, external_id="otto")
        records.order(session, "SD-1", mina)
        records.address(
            session, mina, external_id="home", line1="1 Old Street", city="London", postcode="EC1V 9AA", country="GB",
            is_default=True,
        )  # fmt: skip
        session.add(PaymentMethod(customer_id=mina.id, external_id="pm-1", kind="card", brand="Visa", last4="4242"))
        for number, (kind, points, at) in enumerate(
            [
                ("earned", 400, "2024-01-01T00:00+00:00"),
                ("earned", 250, "2026-01-01T00:00+00:00"),
                ("redeemed", -100, "2026-02-01T00:00+00:00"),
            ]
        ):
            session.add(
                LoyaltyEntry(
                    customer_id=mina.id, external_id=str(number), kind=kind, points=points, at=records.instant(at)
                )
            )
        for code, fields in {
            "OLD": {"valid_until": records.instant("2026-01-01T00:00+00:00")},
            "USED": {"state": "used"},
            "TEN": {"valid_until": records.instant("2026-12-31T00:00+00:00"), "categories": "Kitchen | Home"},
        }.items():
            session.add(
                Voucher(customer_id=mina.id, external_id=code, code=code, kind="percent", percent=10, **fields)  # type: ignore[arg-type]
            )
        session.add(
            Preference(
                customer_id=mina.id, external_id="p", topic="interest", words="pottery",
                at=records.instant("2026-01-01T00:00+00:00"),
            )
        )  # fmt: skip
        for number, granted in enumerate((True, False)):
            session.add(
                Consent(
                    customer_id=mina.id, external_id=str(number), purpose="marketing", channel="email",
                    granted=granted, at=records.instant(f"2026-01-0{number + 1}T00:00+00:00"),
                )
            )  # fmt: skip
    assert crm.identify("c1", crm.sign("mina")).status_code == 200
    assert crm.identify("c2", crm.sign("otto")).status_code == 200


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """On each store."""
    fill(crm)
    return crm
