"""A small shop with an order in every state and with every fact missing somewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database
from crm_backend.orders.models import Order, OrderLine
from crm_backend.payments.models import Refund
from crm_backend.shipments.models import ScanEvent, Shipment

NOW = datetime(2017, 11, 20, 12, 0, tzinfo=UTC)
POSTCODE = "SW1A 1AA"
EMAIL = "jane@example.com"
PHONE = "+447700900123"


def at(month: int, day: int, hour: int = 10) -> datetime:
    """A moment of 2017."""
    return datetime(2017, month, day, hour, 30, tzinfo=UTC)


def fill(database: Database) -> None:
    """Writes the shop."""
    with database.write() as session:
        customer = Customer(source="test", external_id="c1", name="Jane Doe", given_name="Jane", email=EMAIL)
        customer.email_key = EMAIL
        session.add(customer)
        session.flush()
        for order, lines, parcels in _orders(customer.id):
            session.add(order)
            session.flush()
            session.add_all([OrderLine(order_id=order.id, **line) for line in lines])
            session.add_all([Refund(order_id=order.id, **each) for each in _REFUNDS.get(order.number, [])])
            for index, (facts, scans) in enumerate(parcels, start=1):
                shipment = Shipment(order_id=order.id, external_id=str(index), **facts)
                if shipment.tracking_number:
                    shipment.tracking_key = shipment.tracking_number
                session.add(shipment)
                session.flush()
                session.add_all(
                    [ScanEvent(shipment_id=shipment.id, sequence=i, **scan) for i, scan in enumerate(scans, start=1)]
                )


def _order(number: str, state: str, customer_id: int | None = None, **facts: object) -> Order:
    key = "".join(c for c in number.upper() if c.isalnum())
    values: dict[str, object] = {
        "source": "test",
        "external_id": number,
        "number": number,
        "number_key": key,
        "kind": "sale",
        "state": state,
        "placed_at": at(11, 1),
        "timezone": "Europe/London",
        "currency": "GBP",
        "total_minor": 2540,
        "customer_id": customer_id,
        "contact_email": EMAIL,
        "contact_phone": PHONE,
        "postcode": POSTCODE,
        "country": "GB",
    }
    return Order(**{**values, **facts})


def _line(number: int = 1, **facts: object) -> dict[str, object]:
    values: dict[str, object] = {
        "line_number": number,
        "kind": "item",
        "sku": f"SKU{number}",
        "title": "White mug",
        "quantity": 2,
        "unit_price_minor": 1270,
        "total_minor": 2540,
    }
    return {**values, **facts}


_REFUNDS: dict[str, list[dict[str, object]]] = {
    "90015": [
        {"external_id": "r1", "amount_minor": 2040, "currency": "GBP", "state": "paid", "target": "original",
         "requested_at": at(11, 2), "paid_at": at(11, 6)},
        {"external_id": "r2", "amount_minor": 500, "currency": "GBP", "state": "pending", "target": "gift_card",
         "requested_at": at(11, 3)},
    ],
}  # fmt: skip

type _Parcel = tuple[dict[str, object], list[dict[str, object]]]


def _orders(customer: int) -> list[tuple[Order, list[dict[str, object]], list[_Parcel]]]:
    under_way: dict[str, object] = {
        "carrier": "Royal Post",
        "tracking_number": "RB123456789GB",
        "state": "in_transit",
        "handed_over_at": at(11, 17),
        "promised_on": date(2017, 11, 24),
    }
    scans: list[dict[str, object]] = [
        {"at": at(11, 17), "code": "handed_over", "place": "Leeds"},
        {"at": at(11, 18, 6), "code": "arrived_at_facility", "place": "London"},
    ]
    nothing: dict[str, object] = {"state": "in_transit"}
    return [
        (_order("489434", "shipped", customer, promised_on=date(2017, 11, 24)), [_line()], [(under_way, scans)]),
        (_order("489435", "processing", customer, promised_on=date(2017, 11, 15)), [_line(title="Red lamp")], []),
        (
            _order("SD-10023", "delivered", promised_on=date(2017, 11, 10)),
            [_line(), _line(2, title=None, quantity=1)],
            [({"state": "delivered", "handed_over_at": at(11, 3), "delivered_at": at(11, 8)}, [])],
        ),
        (_order("#W1234567", "shipped"), [_line(title="Tea pot", options={"colour": "blue"})], [(nothing, [])]),
        (_order("e481f51cbdc54678b7cc49136f2d6af7", "unavailable", postcode="04571-000", country="BR"), [], []),
        (_order("SF-2024/0012", "cancelled", cancelled_at=at(11, 2)), [_line()], []),
        (_order("90001", "cancelled"), [], []),
        (_order("90002", "created"), [_line()], []),
        (_order("90003", "approved", approved_at=at(11, 1, 11), promised_on=date(2017, 12, 1)), [_line()], []),
        (_order("90004", "invoiced", promised_on=date(2018, 1, 3)), [_line()], []),
        (_order("90005", "shipped"), [_line()], []),
        (
            _order("90006", "shipped", promised_on=date(2017, 11, 24)),
            [_line()],
            [
                ({**under_way, "tracking_number": "A1", "state": "delivered", "delivered_at": at(11, 19)}, []),
                ({**under_way, "tracking_number": "A2", "promised_on": date(2017, 11, 18)}, scans),
            ],
        ),
        (
            _order("90007", "shipped"),
            [_line()],
            [
                (
                    {**under_way, "tracking_number": "B1", "state": "ready_for_pickup"},
                    [*scans, {"at": at(11, 20, 8), "code": "ready_for_pickup", "place": "Corner Shop, 3 High St"}],
                )
            ],
        ),
        (
            _order("90008", "shipped"),
            [_line()],
            [
                (
                    {**under_way, "tracking_number": "B2", "state": "exception"},
                    [*scans, {"at": at(11, 19), "code": "exception", "description": "Address not found"}],
                )
            ],
        ),
        (
            _order("90009", "shipped"),
            [_line()],
            [
                (
                    {**under_way, "tracking_number": "B3", "state": "out_for_delivery"},
                    [*scans, {"at": None, "code": "delivery_attempted"}],
                )
            ],
        ),
        (_order("90010", "shipped"), [_line()], [({**under_way, "tracking_number": "B4", "state": "returned"}, scans)]),
        (_order("90011", "delivered"), [_line()], [({"state": "delivered"}, [])]),
        (
            _order("90012", "shipped"),
            [_line()],
            [
                (
                    {**under_way, "tracking_number": "B5", "state": "exception", "promised_on": date(2017, 11, 15)},
                    [*scans, {"at": at(11, 19), "code": "exception", "description": "Delayed by bad weather"}],
                )
            ],
        ),
        (
            _order("90013", "shipped"),
            [_line()],
            [({**under_way, "tracking_number": "B6", "promised_on": date(2017, 11, 15)}, scans)],
        ),
        (
            _order("90014", "delivered"),
            [_line()],
            [
                (
                    {**under_way, "tracking_number": "B7", "state": "delivered", "delivered_at": at(11, 19)},
                    [*scans, {"at": at(11, 19), "code": "delivered", "place": "Leeds", "description": "Left in porch"}],
                )
            ],
        ),
        (_order("90015", "cancelled", customer, cancelled_at=at(11, 2)), [_line()], []),
    ]
