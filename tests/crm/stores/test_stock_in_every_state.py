"""Goods of one warehouse that is a shop too, promised in every way there is, in any order of events.

What is kept is what orders, exchanges and reservations hold, and never less than none; what is there is what was
counted last, less what was fetched since. No more is promised than there is, unless the shop counts fewer afterwards.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from crm_backend.account.models import Customer
from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.effects.models import Effect
from crm_backend.effects.service import answer
from crm_backend.identity.access import EVERYTHING
from crm_backend.products.models import Variant
from crm_backend.returns.models import Return, StockHold
from crm_backend.stores.models import HELD, Reservation, Stock, Store
from shopdesk_schemas.effects import EffectAnswer
from tests.crm import records
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import CrmRunner, policies_with
from tests.crm.returns.conftest import RULES, fill
from tests.crm.stores.conftest import ALL_DAY
from tests.support.databases import CrmDatabases

SKUS = st.sampled_from(["A-R", "A-S"])
QUANTITIES = st.integers(1, 2)
INDEX = st.integers(0, 9)
SECTIONS: dict[str, Any] = {
    "modification": {"items_once_only": False},
    "returns": RULES,
    "fulfilment": {"stores": ["WH"]},
}


def stock_machine(folder: Path, databases: CrmDatabases) -> type[RuleBasedStateMachine]:
    """A machine whose every run has a database of its own: SD-1 delivered, SD-2 not sent yet."""

    class Shelf(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            home = Path(tempfile.mkdtemp(dir=folder))
            self.stack.callback(shutil.rmtree, home)
            url = databases.sqlite(home)
            database = self.stack.enter_context(databases.opened(url))
            self.crm = CrmRunner(self.stack, database, url, home)(policies=policies_with(sections=SECTIONS))
            self.there: dict[str, int] = {}
            self.recounted = False

        def teardown(self) -> None:
            self.stack.close()

        @initialize(spelled=st.sampled_from(["A-S", "a-s"]), twice=st.booleans())
        def begin(self, spelled: str, twice: bool) -> None:
            fill(self.crm)
            with self.crm.records() as session:
                store = session.scalars(select(Store).where(Store.external_id == "WH")).one()
                store.opening_hours, store.timezone = ALL_DAY, "Europe/London"
                shelves = [(spelled, 3), ("A-s", 2)] if twice else [(spelled, 3)]
                for sku, quantity in shelves:
                    session.add(Stock(store_id=store.id, sku=sku, sku_key=sku.upper(), quantity=quantity))
                self.there = {"A-R": 2, "A-S": sum(quantity for _sku, quantity in shelves)}
                owner = session.scalars(select(Customer).where(Customer.external_id == "mina-1")).one()
                blue = session.scalars(select(Variant).where(Variant.sku == "A")).one()
                placed = records.order(
                    session, "SD-2", owner, state="approved", approved_at=records.PLACED, subtotal_minor=6000,
                    total_minor=6000, postcode="SW1A 1AA", country="GB",
                )  # fmt: skip
                records.line(session, placed, 1, sku="A", variant_id=blue.id, title="Mug", quantity=3,
                             unit_price_minor=2000, total_minor=6000)  # fmt: skip
                records.payment(session, placed, 6000, external_id="pay-2")
            sign_in(self.crm)

        def change(self, kind: str, **details: Any) -> None:
            offer = self.crm.propose("c1", kind, **details)
            assert offer.status_code in {201, 404, 409, 422}, offer.text
            if offer.status_code == 201 and offer.json()["state"] == "open":
                done = self.crm.confirm("c1", offer.json()["id"])
                assert done.status_code in {200, 409}, done.text

        @rule(sku=SKUS, quantity=QUANTITIES)
        def other_variant(self, sku: str, quantity: int) -> None:
            self.change("order.modify", order="SD-2", lines=[{"line_number": 1, "sku": sku, "quantity": quantity}])

        @rule(line=st.integers(1, 3), quantity=QUANTITIES)
        def cancel(self, line: int, quantity: int) -> None:
            self.change("order.cancel", order="SD-2", lines=[{"line_number": line, "quantity": quantity}])

        @rule(sku=SKUS, quantity=QUANTITIES)
        def exchange(self, sku: str, quantity: int) -> None:
            lines = [{"line_number": 1, "quantity": quantity, "sku": sku}]
            self.change("return.exchange", order="SD-1", lines=lines, reason="faulty", payment_method="gift-2")

        @rule(index=INDEX, step=st.sampled_from(["withdraw", "receive", "inspect"]), short=st.integers(0, 2))
        def follow_a_return(self, index: int, step: str, short: int) -> None:
            with self.crm.database.read() as session:
                found = session.scalars(select(Return).order_by(Return.id)).all()
                if not found:
                    return
                number = found[index % len(found)].number
            if step == "withdraw":
                self.change("return.cancel", number=number)
            elif step == "receive":
                assert self.crm.staff("POST", f"/returns/{number}/receive").status_code in {200, 409}
            else:
                lines = [{"line_number": 1, "accepted_quantity": max(0, 2 - short), "condition": "used"}]
                body = {"lines": lines}
                assert self.crm.staff("POST", f"/returns/{number}/inspect", json=body).status_code in {200, 409, 422}

        @rule(sku=SKUS, quantity=QUANTITIES)
        def reserve(self, sku: str, quantity: int) -> None:
            self.change("store.reserve", store="WH", sku=sku, quantity=quantity)

        @rule(index=INDEX, step=st.sampled_from(["ready", "collected", "given up"]))
        def follow_a_reservation(self, index: int, step: str) -> None:
            with self.crm.database.read() as session:
                found = session.scalars(select(Reservation).order_by(Reservation.id)).all()
                if not found:
                    return
                one = found[index % len(found)]
            if step == "given up":
                self.change("store.cancel_reservation", reservation=one.public_id)
                return
            answered = self.crm.staff("POST", f"/reservations/{one.public_id}/{step}")
            assert answered.status_code in {200, 409}, answered.text
            if step == "collected" and answered.status_code == 200 and one.state in HELD:
                self.there[one.sku.upper()] = max(0, self.there[one.sku.upper()] - one.quantity)

        @rule(said=st.sampled_from(["done", "failed"]), index=INDEX)
        def other_systems_answer(self, said: str, index: int) -> None:
            held = self.crm.app.state.resources
            with self.crm.database.write() as session:
                waiting = session.scalars(
                    select(Effect.public_id).where(Effect.state.in_(("pending", "accepted"))).order_by(Effect.id)
                ).all()
                if waiting:
                    unit = Unit(session, held.policies, held.clock, Actor("backoffice", "test"), EVERYTHING)
                    answer(unit, waiting[index % len(waiting)], EffectAnswer.model_validate({"answer": said}))

        @rule()
        def days_pass(self) -> None:
            self.crm.wall.advance(days=3)
            sign_in(self.crm)

        @rule(count=st.integers(0, 4))
        def the_shop_counts(self, count: int) -> None:
            """An import writes what is there, whatever was promised."""
            with self.crm.records() as session:
                session.scalars(select(Stock).where(Stock.sku == "A-R")).one().quantity = count
            self.there["A-R"] = count
            self.recounted = True

        @invariant()
        def what_is_kept_is_what_is_held(self) -> None:
            if not self.there:
                return
            kept = dict.fromkeys(self.there, 0)
            shelf, reserved = dict(kept), dict(kept)
            with self.crm.database.read() as session:
                for held in session.scalars(select(StockHold).where(StockHold.state == "held")):
                    kept[held.sku.upper()] += held.quantity
                for one in session.scalars(select(Reservation).where(Reservation.state.in_(HELD))):
                    kept[one.sku.upper()] += one.quantity
                for stock in session.scalars(select(Stock)):
                    assert stock.quantity >= 0
                    assert stock.reserved >= 0
                    assert stock.reserved <= stock.quantity or (self.recounted and stock.sku == "A-R")
                    shelf[stock.sku_key] += stock.quantity
                    reserved[stock.sku_key] += stock.reserved
            assert reserved == kept
            assert shelf == self.there

    return Shelf


def test_stock_is_never_negative_and_kept_goods_are_what_is_held(tmp_path: Path, crm_databases: CrmDatabases) -> None:
    run_state_machine_as_test(
        stock_machine(tmp_path, crm_databases),
        settings=settings(
            max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
