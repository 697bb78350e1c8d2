"""Orders, cancellations and refunds in every order of events: money is conserved, quantities never go below zero."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.ledger import LineMoney, OrderMoney, Paid, ShippingRule, split
from crm_backend.payments.models import Payment, Refund
from crm_backend.payments.repository import money_of
from tests.crm import records
from tests.crm.changes.test_effects import System
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.support.databases import CrmDatabases
from tests.support.postgres import PostgresServer

# --- The arithmetic ---------------------------------------------------------------------------------------------

SHIPPING_RULES: tuple[ShippingRule, ...] = ("never", "whole_order", "always")

lines = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 100_000)), min_size=1, max_size=6
).map(
    lambda drawn: [LineMoney(number, quantity, 0, total) for number, (quantity, total) in enumerate(drawn, 1)]
)  # fmt: skip


@st.composite
def paid_orders(draw: st.DrawFn) -> OrderMoney:
    """Orders paid in full, with discounts, in one or several payments."""
    goods = draw(lines)
    shipping = draw(st.integers(0, 2000))
    total = draw(st.integers(0, sum(line.total_minor for line in goods))) + shipping
    first = draw(st.integers(0, total))
    paid = [Paid(name, amount) for name, amount in (("a", first), ("b", total - first)) if amount]
    return OrderMoney(total, shipping, goods, paid, 0)


def _goes(money: OrderMoney, quantities: dict[int, int], shipping: ShippingRule) -> tuple[OrderMoney, int]:
    """The order after so many of each line went and the money with them."""
    amount = money.refund_for(quantities, shipping)
    after = money.take(quantities, shipping).after
    parts = split(amount, money.paid)
    paid = [Paid(one.payment, one.amount_minor, one.refunded_minor + parts.get(one.payment, 0)) for one in after.paid]
    return replace(after, paid=paid, refunded_minor=after.refunded_minor + amount), amount


@given(paid_orders(), st.sampled_from(SHIPPING_RULES), st.data())
def test_what_was_paid_and_is_not_back_is_the_worth_of_what_is_left(
    money: OrderMoney, shipping: ShippingRule, data: st.DataObject
) -> None:
    while not money.nothing_left:
        line = data.draw(st.sampled_from([line for line in money.lines if line.gone < line.quantity]))
        quantity = data.draw(st.integers(1, line.quantity - line.gone))
        money, amount = _goes(money, {line.number: quantity}, shipping)
        assert amount >= 0
        assert money.paid_minor - money.refunded_minor == money.worth_left
        assert all(payment.refunded_minor <= payment.amount_minor for payment in money.paid)
    assert money.refunded_minor == money.total_minor - (money.shipping_minor if shipping == "never" else 0)


@given(paid_orders(), st.sampled_from(SHIPPING_RULES), st.integers(0, 100_000))
def test_who_paid_a_part_gets_back_no_more_than_that(money: OrderMoney, shipping: ShippingRule, part: int) -> None:
    part = min(part, money.total_minor)
    money = OrderMoney(money.total_minor, money.shipping_minor, money.lines, [Paid("a", part)] if part else [], 0)
    for line in money.lines:
        money, _ = _goes(money, {line.number: line.quantity}, shipping)
        assert 0 <= money.refunded_minor <= part
        # What is kept is never more than what is left is worth, once that was paid.
        assert money.paid_minor - money.refunded_minor <= max(part, money.worth_left)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), max_size=6), st.data())
def test_a_refund_is_split_exactly_and_by_what_each_payment_has_left(
    drawn: list[tuple[int, int]], data: st.DataObject
) -> None:
    paid = [Paid(str(number), amount + back, back) for number, (amount, back) in enumerate(drawn)]
    left = sum(payment.left_minor for payment in paid)
    amount = data.draw(st.integers(0, left))
    parts = split(amount, paid)
    assert sum(parts.values()) == amount
    for payment in paid:
        part = parts.get(payment.payment, 0)
        assert 0 <= part <= payment.left_minor
        assert left == 0 or abs(part - amount * payment.left_minor / left) <= 1
    with pytest.raises(ValueError, match="more than was paid"):
        split(left + 1, paid)


# --- The whole CRM ----------------------------------------------------------------------------------------------


class OrderMachine(RuleBasedStateMachine):
    """One order, its shopper, an agent and the shop's payment system, doing whatever they may in any order."""

    open_crm: Any
    """Gives a CRM on an empty database; set by the test that runs the machine."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.crm: Crm = self.stack.enter_context(self.open_crm())
        self.offers: list[str] = []
        self.paid = 0

    def teardown(self) -> None:
        self.stack.close()

    @initialize(
        goods=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9999)), min_size=1, max_size=3),
        shipping=st.sampled_from([0, 395]),
        discount=st.integers(0, 300),
        shares=st.integers(0, 100),
    )
    def order(self, goods: list[tuple[int, int]], shipping: int, discount: int, shares: int) -> None:
        subtotal = sum(quantity * price for quantity, price in goods)
        total = max(0, subtotal - discount) + shipping
        with self.crm.records() as session:
            owner = records.customer(session, external_id="mina-1")
            order = records.order(
                session, "SD-1", owner, state="approved", approved_at=records.PLACED,
                subtotal_minor=subtotal, shipping_minor=shipping, total_minor=total,
            )  # fmt: skip
            for number, (quantity, price) in enumerate(goods, 1):
                records.line(session, order, number, quantity=quantity, total_minor=quantity * price)
            by_card = total * shares // 100
            for name, amount in (("card", by_card), ("gift", total - by_card)):
                if amount:
                    records.payment(session, order, amount, external_id=name)
        self.paid = total
        assert self.crm.identify("c1", self.crm.sign("mina-1", minutes=10)).status_code == 200
        self.system = System(self.crm)

    @rule(line=st.integers(1, 3), quantity=st.integers(1, 4), refund_to=st.sampled_from(("original", "gift_card")))
    def ask_to_cancel_some(self, line: int, quantity: int, refund_to: str) -> None:
        asked = [{"line_number": line, "quantity": quantity}]
        self._ask(order="SD-1", lines=asked, refund_target=refund_to)

    @rule()
    def ask_to_cancel_all(self) -> None:
        self._ask(order="SD-1")

    def _ask(self, **details: Any) -> None:
        answer = self.crm.propose("c1", "order.cancel", **details)
        assert answer.status_code in {201, 409}, answer.text
        if answer.status_code == 201:
            self.offers.append(answer.json()["id"])

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def confirm_an_offer_old_or_new(self, data: st.DataObject) -> None:
        offer = data.draw(st.sampled_from(self.offers))
        before = self._refunded()
        told = self.crm.call.get(f"/shopper/c1/proposals/{offer}").json()
        answer = self.crm.confirm("c1", offer)
        assert answer.status_code in {200, 409}, answer.text
        carried_out = answer.status_code == 200 and told["state"] == "open"
        assert self._refunded() - before == ((told["amount_minor"] or 0) if carried_out else 0)

    @precondition(lambda self: self.offers)
    @rule(data=st.data())
    def decline_an_offer(self, data: st.DataObject) -> None:
        offer = data.draw(st.sampled_from(self.offers))
        assert self.crm.decline("c1", offer).status_code in {200, 409}

    @rule(data=st.data(), said=st.sampled_from(["accepted", "done", "failed"]))
    def the_payment_system_answers(self, data: st.DataObject, said: str) -> None:
        effects = self.system.list(state=["pending", "accepted", "done", "failed"]).json()["effects"]
        if effects:
            effect = data.draw(st.sampled_from(effects))
            assert self.system.answer(effect["id"], said).status_code in {200, 409}

    @rule(data=st.data())
    def an_agent_has_a_failed_effect_tried_again(self, data: st.DataObject) -> None:
        failed = self.system.list(state="failed").json()["effects"]
        if failed:
            effect = data.draw(st.sampled_from(failed))
            assert self.crm.staff("POST", f"/effects/{effect['id']}/retry").status_code == 200

    def _refunded(self) -> int:
        with self.crm.database.read() as session:
            return sum(session.scalars(select(Refund.amount_minor)))

    @invariant()
    def money_is_conserved(self) -> None:
        with self.crm.database.read() as session:
            order = session.scalars(select(Order)).first()
            if order is None:
                return
            ordered = session.scalars(select(OrderLine)).all()
            money = money_of(session, order, ordered)
            assert money is not None
            refunds = session.scalars(select(Refund)).all()
            back = sum(refund.amount_minor for refund in refunds)
            assert self.paid == sum(session.scalars(select(Payment.amount_minor)))
            # paid − refunded = kept
            assert self.paid - back == money.worth_left
            for line in ordered:
                assert 0 <= line.cancelled_quantity <= line.quantity
            if order.state == "cancelled":
                assert all(line.cancelled_quantity == line.quantity for line in ordered)
                assert back == self.paid
            by_payment: dict[str | None, int] = {}
            for refund in refunds:
                by_payment[refund.payment_external_id] = by_payment.get(refund.payment_external_id, 0)
                by_payment[refund.payment_external_id] += refund.amount_minor
            for payment in session.scalars(select(Payment)):
                assert by_payment.get(payment.external_id, 0) <= payment.amount_minor


def _run(open_crm: Any, examples: int) -> None:
    class Machine(OrderMachine):
        pass

    Machine.open_crm = staticmethod(open_crm)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Machine,
        settings=settings(
            max_examples=examples, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@contextmanager
def _crm_on(databases: CrmDatabases, url: str) -> Iterator[Crm]:
    with ExitStack() as stack, TemporaryDirectory() as folder, databases.opened(url) as database:
        yield CrmRunner(stack, database, url, Path(folder))(policies=policies_with())


def test_money_is_conserved_whatever_happens_on_sqlite(crm_databases: CrmDatabases) -> None:
    @contextmanager
    def fresh() -> Iterator[Crm]:
        with TemporaryDirectory() as folder, _crm_on(crm_databases, crm_databases.sqlite(Path(folder))) as crm:
            yield crm

    _run(fresh, 30)


def test_money_is_conserved_whatever_happens_on_postgresql(
    crm_databases: CrmDatabases, postgres_server: PostgresServer
) -> None:
    @contextmanager
    def fresh() -> Iterator[Crm]:
        with _crm_on(crm_databases, crm_databases.postgresql(postgres_server)) as crm:
            yield crm

    _run(fresh, 15)
