"""A shop's year of orders to analyse: made up, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import numpy as np

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database, WriteSession
from crm_backend.orders.models import Order, OrderLine
from tests.crm import records

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
_numbers = count(1)


def bought(
    session: WriteSession, who: Customer | None, days_ago: int, *lines: tuple[str, int, int], **fields: Any
) -> Order:
    """An order of lines (SKU, quantity, price of one)."""
    placed_at = NOW - timedelta(days=days_ago)
    order = records.order(session, f"N{next(_numbers)}", who, placed_at=placed_at, **{"state": "delivered", **fields})
    for number, (sku, quantity, price) in enumerate(lines, 1):
        records.line(
            session, order, number, sku=sku, quantity=quantity, unit_price_minor=price, total_minor=quantity * price
        )
    return order


def a_year_of_orders(database: Database, customers: int = 240) -> None:
    """Customers of every rate of buying, written in bulk; the first buys weekly, the last bought once."""
    chance = np.random.default_rng(7)
    with database.write() as session:
        session.add_all(Customer(source="web", external_id=f"Y{number}", country="GB") for number in range(customers))
        session.flush()
        ids = {one.external_id: one.id for one in session.query(Customer)}
        orders, lines = [], []
        for number in range(customers):
            first = int(chance.integers(20, 360))
            gap = 7 * (1 + number / customers * 12) * (0.6 + float(chance.random()))
            leaves_after = int(chance.geometric(0.06))
            days = first
            for _time in range(leaves_after):
                if days < 1:
                    break
                identifier = len(orders) + 1
                placed_at = NOW - timedelta(days=int(days))
                value = int(chance.gamma(3, 700) * (1 + number % 4)) + 50
                orders.append(
                    {
                        "id": identifier, "source": "web", "external_id": f"YO{identifier}",
                        "number": f"YO{identifier}", "number_key": f"YO{identifier}",
                        "customer_id": ids[f"Y{number}"], "kind": "sale", "state": "delivered",
                        "placed_at": placed_at, "timezone": "UTC", "currency": "GBP", "content_hash": "", "version": 1,
                    }
                )  # fmt: skip
                items = int(chance.integers(1, 6))
                lines += [
                    {
                        "order_id": identifier, "line_number": line + 1, "kind": "item",
                        "sku": f"SKU{(number * 7 + line * 3) % 40}", "options": {}, "quantity": 1 + number % 3,
                        "cancelled_quantity": 0, "returned_quantity": 0, "total_minor": value,
                    }
                    for line in range(items)
                ]  # fmt: skip
                days -= chance.exponential(gap)
        session.execute(Order.__table__.insert(), orders)  # type: ignore[attr-defined]
        session.execute(OrderLine.__table__.insert(), lines)  # type: ignore[attr-defined]
