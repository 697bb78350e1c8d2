"""Mina's paid order SD-1, part of it refunded, and Otto who has nothing to do with it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

SHOP = {
    "name": {"en": "Test Shop", "zh": "测试小店"},
    "languages": ["en", "zh"],
    "default_language": "en",
    "country": "CN",
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
    "support": {"email": "help@example.org"},
}


def text_of(pdf: bytes) -> str:
    """The words of a PDF, as a reader that copies them gets them; white space made single."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def fill(crm: Crm) -> None:
    with crm.records() as session:
        mina = records.customer(session, external_id="mina", name="Łucja Ďurišová", given_name="Łucja", country="CN")
        records.customer(session, external_id="otto")
        kettle = records.product(session, "Kettle", translations={"zh": {"name": "电热水壶"}})
        variant = records.variant(session, kettle, "KET-1", options={"colour": "red"})
        order = records.order(
            session, "SD-1", mina, source="web", state="delivered", currency="CNY", timezone="Asia/Shanghai",
            subtotal_minor=30000, shipping_minor=1000, discount_minor=2000, tax_minor=3336, total_minor=29000,
            contact_name="林晓梅", postcode="200040", contact_email="mina@example.org",
        )  # fmt: skip
        records.line(
            session, order, 1, sku="KET-1", variant_id=variant.id, title="Kettle", options={"colour": "red"},
            quantity=2, returned_quantity=1, unit_price_minor=10000, total_minor=20000,
        )  # fmt: skip
        records.line(session, order, 2, sku="CUP", title="Cup & <saucer>", unit_price_minor=10000, total_minor=10000)
        records.payment(
            session, order, 25000, currency="CNY", brand="UnionPay", last4="4242", instalments=3,
            paid_at=records.instant("2026-03-02T10:00:00+00:00"),
        )  # fmt: skip
        records.payment(session, order, 4000, currency="CNY", method="gift_card")
        records.refund(
            session, order, 9000, currency="CNY", target="original",
            paid_at=records.instant("2026-03-04T02:00:00+00:00"),
        )  # fmt: skip
    assert crm.identify("c1", crm.sign("mina")).status_code == 200
    assert crm.identify("c2", crm.sign("otto")).status_code == 200


def run_shop(run_crm: CrmRunner, **sections: Any) -> Crm:
    crm = run_crm(policies=policies_with(sections={"shop": SHOP, **sections}))
    fill(crm)
    return crm


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """On each store."""
    return run_shop(run_crm)
