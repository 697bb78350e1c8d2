"""An order that arrived, its owner signed in to c1, another customer to c2, and ways to play the shop's systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.effects.models import Effect
from crm_backend.effects.service import answer
from crm_backend.identity.access import EVERYTHING
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from shopdesk_schemas.effects import EffectAnswer
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with

DELIVERED = records.instant("2026-03-03T10:00:00+00:00")
"""Two days before the tests' wall clock."""

RULES: dict[str, Any] = {
    "terms": {"window_days": 14, "freight": "shopper", "freight_minor": {"GBP": 300}, "restocking_per_mille": 0},
    "rules": [
        {"reasons": ["faulty", "wrong_item"], "terms": {"freight": "shop", "condition": "any", "window_days": 60}},
        {"categories": ["nightwear"], "reasons": ["changed_mind"], "terms": {"returnable": False}},
        {"markets": ["CN"], "reasons": ["changed_mind"], "terms": {"window_days": 7, "law": "seven_days_no_reason"}},
    ],
    "refund_days_by_method": {"card": 3},
}


def fill(crm: Crm, **order: Any) -> None:
    """SD-1, delivered: 2 mugs at 20.00, a scarf at 30.00, pyjamas at 10.00, 8.00 off, 5.00 shipping: 77.00 by card.

    The mug comes in blue (A, ordered), red (A-R, 25.00, two in the warehouse), small (A-S, 15.00) and gold (none).
    """
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1")
        records.customer(session, external_id="otto-1")
        for method in (
            {"external_id": "card-1", "kind": "card", "brand": "Visa", "last4": "1111", "is_default": True},
            {"external_id": "gift-1", "kind": "gift_card", "balance_minor": 400, "currency": "GBP"},
            {"external_id": "gift-2", "kind": "gift_card", "balance_minor": 9000, "currency": "GBP"},
        ):
            session.add(PaymentMethod(customer_id=mina.id, **method))
        mug = records.product(session, "Mug", category="Kitchen", translations={"zh": {"name": "马克杯"}})
        blue = records.variant(session, mug, "A", options={"Colour": "Blue"}, price_minor=2000, currency="GBP")
        for sku, price, availability in (
            ("A-R", 2500, "in_stock"), ("A-S", 1500, "in_stock"), ("A-G", 2000, "out_of_stock"),
        ):  # fmt: skip
            records.variant(
                session, mug, sku, options={"Colour": sku}, price_minor=price, currency="GBP", availability=availability
            )
        warehouse = records.store(session, "Warehouse", external_id="WH")
        session.add(_stock(warehouse.id, "A-R", 2))
        pyjamas = records.product(session, "Pyjamas", category="Nightwear")
        night = records.variant(session, pyjamas, "P", price_minor=1000, currency="GBP")
        placed = records.order(
            session,
            "SD-1",
            mina,
            **{
                "state": "delivered",
                "approved_at": records.PLACED,
                "subtotal_minor": 8000,
                "discount_minor": 800,
                "shipping_minor": 500,
                "total_minor": 7700,
                "postcode": "SW1A 1AA",
                "country": "GB",
                **order,
            },
        )
        records.line(
            session, placed, 1, sku="A", variant_id=blue.id, title="Mug", quantity=2, unit_price_minor=2000,
            total_minor=4000,
        )  # fmt: skip
        records.line(session, placed, 2, sku="B", title="Scarf", quantity=1, unit_price_minor=3000, total_minor=3000)
        records.line(
            session, placed, 3, sku="P", variant_id=night.id, title="Pyjamas", quantity=1, unit_price_minor=1000,
            total_minor=1000,
        )  # fmt: skip
        records.payment(session, placed, 7700, external_id="pay-1", brand="Visa", last4="4242")
        parcel = records.shipment(session, placed, "TRACK1", state="delivered", delivered_at=DELIVERED)
        for number, quantity in ((1, 2), (2, 1), (3, 1)):
            records.packed(session, parcel, number, quantity)


def _stock(store_id: int, sku: str, quantity: int) -> Any:
    from crm_backend.stores.models import Stock

    return Stock(store_id=store_id, sku=sku, sku_key=sku.upper(), quantity=quantity)


def running(run_crm: CrmRunner, *, fulfilment: bool = True, **returns: Any) -> Crm:
    """A CRM with that order and these rules for returns."""
    sections: dict[str, Any] = {"returns": {**RULES, **returns}}
    if fulfilment:
        sections["fulfilment"] = {"stores": ["WH"]}
    crm = run_crm(policies=policies_with(sections=sections))
    fill(crm)
    sign_in(crm)
    return crm


@pytest.fixture
def shop(run_crm: CrmRunner) -> Crm:
    """That CRM, on each store."""
    return running(run_crm)


def answer_effects(crm: Crm, kind: str, said: str = "done") -> int:
    """As the shop's system: answer all effects of a kind that wait; how many these were."""
    held = crm.app.state.resources
    with crm.database.write() as session:
        waiting = session.scalars(
            select(Effect.public_id).where(Effect.kind == kind, Effect.state.in_(("pending", "delivered", "accepted")))
        ).all()
        unit = Unit(session, held.policies, held.clock, Actor("backoffice", "test"), EVERYTHING)
        for identifier in waiting:
            answer(unit, identifier, EffectAnswer.model_validate({"answer": said}))
        return len(waiting)


def refunds(crm: Crm) -> list[tuple[int, str | None, str]]:
    with crm.database.read() as session:
        return [
            (refund.amount_minor, refund.target, refund.state)
            for refund in session.scalars(select(Refund).order_by(Refund.id))
        ]


def payments(crm: Crm) -> list[tuple[int, str, str]]:
    with crm.database.read() as session:
        return [
            (payment.amount_minor, payment.method, payment.state)
            for payment in session.scalars(select(Payment).order_by(Payment.id))
        ]


def effects(crm: Crm) -> list[str]:
    with crm.database.read() as session:
        return list(session.scalars(select(Effect.kind).order_by(Effect.id)))


def start_return(crm: Crm, conversation: str = "c1", **details: Any) -> str:
    done = crm.change(conversation, "return.create", order="SD-1", **details)
    number: str = done["outcome"]["values"]["return"]
    return number


def days(count: float) -> timedelta:
    return timedelta(days=count)
