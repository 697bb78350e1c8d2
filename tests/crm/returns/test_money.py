"""Whatever shoppers, agents and other systems do, in whatever order: money is conserved and goods are counted once."""

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

from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.effects.models import Effect
from crm_backend.effects.service import answer
from crm_backend.identity.access import EVERYTHING
from crm_backend.orders.models import Order, OrderLine
from crm_backend.orders.remaining import lines_of
from crm_backend.payments.models import Payment, PaymentMethod, Refund
from crm_backend.payments.repository import money_of
from crm_backend.returns.models import OPEN_STATES, Return, ReturnLine
from crm_backend.stores.models import Stock
from shopdesk_schemas.effects import EffectAnswer
from tests.crm.changes.conftest import sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.returns.conftest import RULES, fill
from tests.support.databases import CrmDatabases

LINES = st.integers(1, 3)
QUANTITIES = st.integers(1, 2)


def money_machine(folder: Path, databases: CrmDatabases) -> type[RuleBasedStateMachine]:
    """A machine whose every run starts with the order of the returns' tests, delivered, in a database of its own."""

    class Money(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            home = Path(tempfile.mkdtemp(dir=folder))
            self.stack.callback(shutil.rmtree, home)
            url = databases.sqlite(home)
            database = self.stack.enter_context(databases.opened(url))
            self.run = CrmRunner(self.stack, database, url, home)

        @initialize(
            discount=st.integers(0, 1999),
            fee=st.sampled_from([0, 75, 150]),
            when=st.sampled_from(["approved", "received", "inspected"]),
        )
        def begin(self, discount: int, fee: int, when: str) -> None:
            terms = {**RULES["terms"], "restocking_per_mille": fee}
            sections = {
                "returns": {**RULES, "terms": terms, "refund_when": when},
                "fulfilment": {"stores": ["WH"]},
                "claims": {"damaged": {"resolutions": ["refund"], "by_person": False}},
            }
            self.crm: Crm = self.run(policies=policies_with(sections=sections))
            fill(self.crm, discount_minor=discount, total_minor=8500 - discount)
            with self.crm.records() as session:
                session.scalars(select(Payment)).one().amount_minor = 8500 - discount
            sign_in(self.crm)

        def teardown(self) -> None:
            self.stack.close()

        def change(self, kind: str, **details: Any) -> bool:
            """Propose and, where that is not refused, confirm."""
            offer = self.crm.propose("c1", kind, **details)
            assert offer.status_code in {201, 409}, offer.text
            if offer.status_code == 409:
                return False
            if offer.json()["state"] == "confirmed":
                return True
            done = self.crm.confirm("c1", offer.json()["id"])
            assert done.status_code == 200, done.text
            return True

        def some_return(self, index: int) -> str | None:
            with self.crm.database.read() as session:
                numbers = session.scalars(select(Return.number).order_by(Return.id)).all()
            return numbers[index % len(numbers)] if numbers else None

        @rule(line=LINES, quantity=QUANTITIES, reason=st.sampled_from(["faulty", "changed_mind"]),
              goes_to=st.sampled_from(["original", "gift_card"]))  # fmt: skip
        def give_back(self, line: int, quantity: int, reason: str, goes_to: str) -> None:
            lines = [{"line_number": line, "quantity": quantity}]
            self.change("return.create", order="SD-1", lines=lines, reason=reason, refund_target=goes_to)

        @rule(reason=st.sampled_from(["faulty", "changed_mind"]))
        def give_all_back(self, reason: str) -> None:
            self.change("return.create", order="SD-1", reason=reason)

        @rule(sku=st.sampled_from(["A-R", "A-S"]), quantity=QUANTITIES,
              method=st.sampled_from(["card-1", "gift-1", "gift-2"]))  # fmt: skip
        def exchange(self, sku: str, quantity: int, method: str) -> None:
            lines = [{"line_number": 1, "quantity": quantity, "sku": sku}]
            self.change("return.exchange", order="SD-1", lines=lines, reason="faulty", payment_method=method)

        @rule(line=LINES)
        def claim(self, line: int) -> None:
            self.change("shipment.claim", order="SD-1", problem="damaged", lines=[{"line_number": line, "quantity": 1}])

        @rule(index=st.integers(0, 9))
        def withdraw(self, index: int) -> None:
            number = self.some_return(index)
            if number:
                self.change("return.cancel", number=number)

        @rule(index=st.integers(0, 9))
        def receive(self, index: int) -> None:
            if number := self.some_return(index):
                self.crm.staff("POST", f"/returns/{number}/receive")

        @rule(index=st.integers(0, 9), short=st.integers(0, 2))
        def inspect(self, index: int, short: int) -> None:
            number = self.some_return(index)
            if number is None:
                return
            with self.crm.database.read() as session:
                first = session.scalars(
                    select(ReturnLine).join(Return).where(Return.number == number).order_by(ReturnLine.id)
                ).first()
            assert first is not None
            accepted = max(0, first.quantity - short)
            body = {"lines": [{"line_number": first.line_number, "accepted_quantity": accepted, "condition": "used"}]}
            answered = self.crm.staff("POST", f"/returns/{number}/inspect", json=body)
            assert answered.status_code in {200, 409}, answered.text

        @rule(said=st.sampled_from(["done", "failed"]), index=st.integers(0, 9))
        def answer(self, said: str, index: int) -> None:
            held = self.crm.app.state.resources
            with self.crm.database.write() as session:
                waiting = session.scalars(
                    select(Effect.public_id).where(Effect.state.in_(("pending", "accepted"))).order_by(Effect.id)
                ).all()
                if waiting:
                    unit = Unit(session, held.policies, held.clock, Actor("backoffice", "test"), EVERYTHING)
                    answer(unit, waiting[index % len(waiting)], EffectAnswer.model_validate({"answer": said}))

        @invariant()
        def holds(self) -> None:
            if not hasattr(self, "crm"):
                return
            with self.crm.database.read() as session:
                order = session.scalars(select(Order)).one()
                money = money_of(session, order, lines_of(session, order.id))
                assert money is not None
                back = sum(
                    refund.amount_minor
                    for refund in session.scalars(select(Refund))
                    if refund.state != "failed" or refund.effect_id
                )
                assert money.paid_minor - back >= 0, (money.paid_minor, back)
                open_returns = session.scalars(
                    select(Return).where(Return.state.in_(OPEN_STATES), Return.settled_at.is_(None))
                ).all()
                coming = session.scalars(
                    select(ReturnLine).where(ReturnLine.return_id.in_([one.id for one in open_returns]))
                ).all()
                nothing_left = True
                for ordered in session.scalars(select(OrderLine)):
                    gone = ordered.cancelled_quantity + ordered.returned_quantity
                    on_its_way = sum(line.quantity for line in coming if line.line_number == ordered.line_number)
                    assert gone + on_its_way <= ordered.quantity
                    nothing_left = nothing_left and gone == ordered.quantity
                # The postage goes back with the last goods of the order, whichever way they went, and not before.
                assert order.shipping_gone_minor == (500 if nothing_left else 0)
                # What is charged but has not come yet, or failed, is owed; what an open exchange carries over is not
                # counted as given back yet.
                owed = sum(
                    payment.amount_minor
                    for payment in session.scalars(select(Payment).where(Payment.effect_id.is_not(None)))
                    if payment.state != "captured"
                )
                exchanging = {one.id: one for one in open_returns if one.kind == "exchange"}
                carried = sum(line.share_minor for line in coming if line.return_id in exchanging)
                due = sum(one.refund_minor + one.freight_minor for one in exchanging.values())
                kept = money.paid_minor - back
                worth = money.worth_left - carried + money.withheld_minor + due
                # paid − refunded = kept. As long as a charge is owed, it is set off against what goes back.
                assert worth <= kept + owed <= worth + owed
                for stock in session.scalars(select(Stock)):
                    assert 0 <= stock.reserved <= stock.quantity
                for balance in session.scalars(select(PaymentMethod.balance_minor)):
                    assert balance is None or balance >= 0

    return Money


def test_money_is_conserved_and_goods_are_counted_once(tmp_path: Path, crm_databases: CrmDatabases) -> None:
    run_state_machine_as_test(
        money_machine(tmp_path, crm_databases),
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
