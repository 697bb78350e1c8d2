"""What is left of an order, and how much of it has gone to a carrier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from crm_backend.database.engine import ReadSession
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.repository import GOODS
from crm_backend.shipments.models import Shipment, ShipmentLine

SENT_STATES = frozenset({"shipped", "delivered"})


@dataclass(frozen=True)
class Remaining:
    """A line with goods: how many are left of it, and how many of these were handed to a carrier."""

    line: OrderLine
    left: int
    sent: int

    @property
    def here(self) -> int:
        """Left and not sent."""
        return self.left - self.sent


_LINES = select(OrderLine).where(OrderLine.order_id == bindparam("order")).order_by(OrderLine.line_number)


def lines_of(session: ReadSession, order_id: int) -> Sequence[OrderLine]:
    """All lines of an order that the caller may see, in order."""
    return session.scalars(_LINES, {"order": order_id}).all()


def remaining(session: ReadSession, order: Order, lines: Sequence[OrderLine]) -> Mapping[int, Remaining]:
    """By line number. A parcel of which nobody knows what is inside may hold anything: then all counts as sent."""
    goods = [line for line in lines if line.kind in GOODS]
    contents = session.execute(
        select(Shipment.id, ShipmentLine.line_number, ShipmentLine.quantity)
        .outerjoin(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .where(Shipment.order_id == order.id)
    ).all()
    packed: dict[int, int] = {}
    for _, line_number, quantity in contents:
        if line_number is not None:
            packed[line_number] = packed.get(line_number, 0) + quantity
    unknown = any(line_number is None for _, line_number, _ in contents)
    all_sent = unknown or (order.state in SENT_STATES and not contents) or order.state == "delivered"
    left = {line.line_number: line.quantity - line.cancelled_quantity - line.returned_quantity for line in goods}
    return {
        line.line_number: Remaining(
            line,
            left[line.line_number],
            left[line.line_number]
            if all_sent
            # What came back had been sent; what was cancelled had not, or was stopped on its way.
            else min(left[line.line_number], max(0, packed.get(line.line_number, 0) - line.returned_quantity)),
        )
        for line in goods
    }
