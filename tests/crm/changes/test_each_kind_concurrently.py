"""Every kind of change, asked for and confirmed by eight requests at once: carried out once, and all hear the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpx
from sqlalchemy import func, select

from crm_backend.account.models import Customer, LoyaltyEntry, Voucher
from crm_backend.audit import service as audit
from crm_backend.audit.models import AuditEntry
from crm_backend.changes.kinds import BY_NAME
from crm_backend.database.engine import WriteSession
from crm_backend.effects.models import Effect
from crm_backend.payments.models import PaymentMethod, Refund
from crm_backend.products.models import Variant
from crm_backend.stores.models import Stock
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.changes.test_effects import System
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.documents.conftest import SHOP
from tests.crm.documents.test_invoices import COMPANY
from tests.crm.returns.conftest import DELIVERED, RULES

AT_ONCE = 8
MUG = [{"line_number": 1, "quantity": 1}]
RED = [{"line_number": 1, "quantity": 1, "sku": "A-R"}]


def _order(session: WriteSession, owner: Customer, mug: Variant, number: str, state: str) -> None:
    placed = records.order(
        session, number, owner, state=state, source="web", approved_at=records.PLACED, subtotal_minor=4000,
        shipping_minor=500, total_minor=4500, postcode="SW1A 1AA", line1="1 Old Street", city="London", country="GB",
        promised_on=records.day("2026-03-03"), contact_email="mina@example.org",
    )  # fmt: skip
    records.line(
        session, placed, 1, sku="A", variant_id=mug.id, title="Mug", quantity=2, unit_price_minor=2000,
        total_minor=4000,
    )  # fmt: skip
    records.payment(session, placed, 4500, external_id=f"pay-{number}", brand="Visa", last4="4242")
    if state != "approved":
        arrived = {"state": "delivered", "delivered_at": DELIVERED} if state == "delivered" else {"state": "in_transit"}
        parcel = records.shipment(session, placed, f"T{number}", handed_over_at=records.PLACED, **arrived)
        records.packed(session, parcel, 1, 2)


def _fill(crm: Crm) -> None:
    """An order for each change of one, a store with stock, a voucher, points, methods: all Mina's."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", given_name="Mina", email="mina@example.org")
        records.customer(session, external_id="otto-1")
        for method in (
            {"external_id": "card-1", "kind": "card", "brand": "Visa", "last4": "1111", "is_default": True},
            {"external_id": "gift-2", "kind": "gift_card", "balance_minor": 90000, "currency": "GBP"},
        ):
            session.add(PaymentMethod(customer_id=mina.id, **method))
        goods = records.product(session, "Mug", category="Kitchen")
        mug = records.variant(session, goods, "A", price_minor=1500, currency="GBP", availability="in_stock")
        records.variant(session, goods, "A-R", price_minor=2500, currency="GBP", availability="in_stock")
        records.variant(session, goods, "A-G", price_minor=2000, currency="GBP", availability="out_of_stock")
        for store in ("WH", "shop"):
            place = records.store(session, store, external_id=store)
            session.add_all(
                Stock(store_id=place.id, sku=sku, sku_key=sku, quantity=50) for sku in ("A", "A-R")
            )  # fmt: skip
        records.address(session, mina, external_id="home", line1="1 Old Street", city="London", country="GB")
        records.address(session, mina, external_id="work", line1="9 New Street", city="London", country="GB")
        session.add(
            Voucher(
                customer_id=mina.id, external_id="v", code="SAVE", kind="amount", amount_minor=500, currency="GBP",
                state="active",
            )
        )  # fmt: skip
        session.add(
            LoyaltyEntry(
                customer_id=mina.id, external_id="p", kind="redeemed", points=-400, at=records.PLACED,
                order_number="W6",
            )
        )  # fmt: skip
        for number in range(1, 7):
            _order(session, mina, mug, f"W{number}", "approved")
        for number in range(1, 10):
            _order(session, mina, mug, f"D{number}", "delivered")
        for number in range(1, 4):
            _order(session, mina, mug, f"S{number}", "shipped")


def _returned(crm: Crm, order: str) -> str:
    done = crm.change("c1", "return.create", order=order, lines=MUG, reason="faulty")
    number: str = done["outcome"]["values"]["return"]
    return number


def _reserved(crm: Crm) -> str:
    reserved = crm.change("c1", "store.reserve", store="shop", sku="A-R", quantity=1)
    identifier: str = reserved["outcome"]["values"]["reservation"]
    return identifier


def _invoiced(crm: Crm) -> str:
    crm.change("c1", "invoice.request", order="D7", **COMPANY)
    system = System(crm)
    assert system.answer(system.ids()["invoice.issue"], "done", reference="24312000000012345678").status_code == 200
    assert system.answer(system.ids()["invoice.send"], "done").status_code == 200
    return "D7"


def _with_points_due(crm: Crm) -> str:
    crm.change("c1", "order.cancel", order="W6", lines=MUG)
    return "W6"


CASES: dict[str, Callable[[Crm], dict[str, Any]]] = {
    "order.cancel": lambda _: {"order": "W1"},
    "order.address": lambda _: {"order": "W2", "line1": "2 New Street"},
    "order.modify": lambda _: {"order": "W3", "lines": [{"line_number": 1, "sku": "A-R"}], "payment_method": "card-1"},
    "order.payment": lambda _: {"order": "W4", "payment_method": "gift-2"},
    "order.reorder": lambda _: {"order": "D1", "payment_method": "card-1"},
    "store.reserve": lambda _: {"store": "shop", "sku": "A", "quantity": 2},
    "store.cancel_reservation": lambda crm: {"reservation": _reserved(crm)},
    "account.address.add": lambda _: {"line1": "7 New Road", "city": "Leeds", "postcode": "LS1 1AA"},
    "account.address.change": lambda _: {"address": "home", "recipient": "Mina Park"},
    "account.address.remove": lambda _: {"address": "work"},
    "account.profile": lambda _: {"name": "Mina Berg"},
    "consent.set": lambda _: {"purpose": "marketing", "channel": "email", "granted": True},
    "product.notify": lambda _: {"sku": "A-G"},
    "return.create": lambda _: {"order": "D2", "lines": MUG, "reason": "faulty"},
    "return.exchange": lambda _: {"order": "D3", "lines": RED, "reason": "wrong_item", "payment_method": "card-1"},
    "return.add_tracking": lambda crm: {"number": _returned(crm, "D4"), "tracking_number": "BACK1", "carrier": "Evri"},
    "return.cancel": lambda crm: {"number": _returned(crm, "D5")},
    "shipment.claim": lambda _: {"order": "D6", "problem": "damaged", "lines": MUG, "description": "Torn"},
    "shipment.chase": lambda _: {"order": "S1"},
    "shipment.instruct": lambda _: {"order": "S2", "wish": "day", "on": "2026-12-24", "description": "On the 24th"},
    "payment.price_protection": lambda _: {"order": "D8", "lines": [1]},
    "payment.query": lambda _: {"order": "D9", "amount_minor": 1234},
    "payment.voucher": lambda _: {"order": "W5", "code": "SAVE", "problem": "not_applied"},
    "payment.points": lambda crm: {"order": _with_points_due(crm)},
    "invoice.request": lambda _: {"order": "D1", **COMPANY},
    "order.place": lambda _: {"lines": [{"sku": "A", "quantity": 2}], "address": "home", "payment_method": "card-1"},
    "account.contact": lambda _: {"email": "mina@new.example"},
    "account.payment_method.default": lambda _: {"payment_method": "gift-2"},
    "account.payment_method.remove": lambda _: {"payment_method": "card-1"},
    "account.preference": lambda _: {"topic": "size", "words": "shoes 38"},
    "account.export": lambda _: {},
    "account.erasure": lambda _: {},
    "product.review": lambda _: {"sku": "A", "rating": 4, "words": "Holds tea"},
    "service.report": lambda _: {"matter": "complaint", "about": "delivery"},
    "goodwill.give": lambda _: {"order": "D3", "form": "refund", "amount_minor": 300, "reason": "late"},
    "invoice.correct": lambda crm: {"order": _invoiced(crm), "title": "上海杜松科技有限公司"},
}


def test_each_kind_of_change_is_carried_out_once_however_many_ask_at_once(run_crm: CrmRunner) -> None:
    assert CASES.keys() == BY_NAME.keys(), "a kind of change without a case"
    sections = {
        "returns": RULES,
        "fulfilment": {"stores": ["WH"]},
        "payments": {
            "price_protection": {"enabled": True, "window_days": 30},
            "vouchers": {"apply_within_days": 365},
        },
        "shop": SHOP,
        "ordering": {"mode": "saved_method"},
        "goodwill": {"most": {"GBP": 1000}, "limits": {"agent": {"GBP": 500}}},
    }
    crm = run_crm(policies=policies_with(sections=sections))
    _fill(crm)
    sign_in(crm)
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def all_at_once(ask: Callable[[], Any]) -> Any:
            answers = list(threads.map(lambda _: ask(), range(AT_ONCE)))
            # PostgreSQL keeps the keys of stored documents in an order of its own.
            assert len({(answer.status_code, json.dumps(answer.json(), sort_keys=True)) for answer in answers}) == 1, [
                answer.text for answer in answers
            ]
            return answers[0]

        for kind, details_of in CASES.items():
            details = details_of(crm)
            before = _counts(crm)
            staff = BY_NAME[kind].staff_only
            ask = partial(_propose_as_staff, crm) if staff else partial(crm.propose, "c1")
            offered = all_at_once(partial(ask, kind, f"k:{kind}", **details))
            assert offered.status_code == 201, (kind, offered.text)
            proposal = offered.json()
            confirm = partial(_confirm_as_staff, crm) if staff else partial(crm.confirm, "c1")
            done = all_at_once(partial(confirm, proposal["id"])).json()
            assert done["state"] == "confirmed", kind
            asked_for = len(done["outcome"]["effects"])
            refunded = sum(effect["kind"] == "payment.refund" for effect in done["outcome"]["effects"])
            assert _counts(crm) == (before[0] + 1, before[1] + asked_for, before[2] + refunded), kind
    with crm.database.read() as session:
        assert audit.verify(session).broken_at is None
        assert session.scalars(select(Stock.quantity).where(Stock.quantity < 0)).all() == []


def _propose_as_staff(crm: Crm, kind: str, key: str, **details: Any) -> httpx.Response:
    headers = {"X-Shopdesk-Staff": "mia;agent", "Idempotency-Key": key}
    return crm.call.post("/staff/proposals", json={"kind": kind, "details": details}, headers=headers)


def _confirm_as_staff(crm: Crm, proposal: str) -> httpx.Response:
    return crm.staff("POST", f"/proposals/{proposal}/confirm")


def _counts(crm: Crm) -> tuple[int, int, int]:
    """Changes that were carried out, effects, refunds."""
    with crm.database.read() as session:
        confirmed = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "change.confirmed")
        return (
            session.scalar(confirmed) or 0,
            session.scalar(select(func.count()).select_from(Effect)) or 0,
            session.scalar(select(func.count()).select_from(Refund)) or 0,
        )
