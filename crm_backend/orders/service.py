"""Orders as their buyers see them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from crm_backend.analytics.delivery.repository import curves_of
from crm_backend.database.engine import ReadSession
from crm_backend.identity.access import Access
from crm_backend.orders import repository
from crm_backend.orders.models import Order
from crm_backend.orders.repository import CataloguedLine
from crm_backend.payments.repository import payments_of
from crm_backend.products.other_names import other_options, other_titles
from crm_backend.products.translations import ordered_options, product_category, product_name
from crm_backend.shipments import repository as shipments
from crm_backend.shipments import service as parcels
from crm_backend.shipments.repository import Parcel
from shopdesk_schemas.crm import OrderList, OrderSummary, OrderView
from shopdesk_schemas.problems import NotFound

TITLES_IN_A_SUMMARY = 3
GOODS = frozenset({"item", "sample", "gift_voucher"})
"""Kinds of line that are things; the others are money."""

COMES_NO_MORE = frozenset({"cancelled", "unavailable"})
"""States in which nothing is on its way: such an order is not late, whatever was promised."""


def list_orders(session: ReadSession, access: Access, language: str | None, limit: int) -> OrderList:
    """The shopper's orders, newest first; none for somebody who is not verified."""
    orders = repository.list_orders(session, access, limit)
    by_order: dict[int, list[CataloguedLine]] = {order.id: [] for order in orders}
    for line in repository.lines(session, list(by_order)):
        by_order[line.line.order_id].append(line)
    return OrderList(orders=[_summary(order, by_order[order.id], language) for order in orders])


def get_order(session: ReadSession, access: Access, number: str, language: str | None, now: datetime) -> OrderView:
    """One order at the business time `now`. Raises NotFound when there is none of this number that is the shopper's."""
    order = repository.find_order(session, access, number)
    if order is None:
        raise NotFound
    return view(session, access, order, language, now)


def view(session: ReadSession, access: Access, order: Order, language: str | None, now: datetime) -> OrderView:
    """An order that `access` sees."""
    lines = repository.lines(session, [order.id])
    inside = shipments.parcels_of(session, order.id)
    refunds = repository.refunds(session, order.id)
    zone = ZoneInfo(order.timezone)
    expected = order.state not in COMES_NO_MORE
    on_the_way = [one.shipment.id for one in inside if parcels.is_on_its_way(one.shipment)] if expected else []
    curves = curves_of(session, on_the_way)
    return OrderView.model_validate(
        {
            "number": order.number,
            "state": order.state,
            "source_state": order.source_state,
            "sales_channel": order.sales_channel,
            "placed_at": order.placed_at,
            "approved_at": order.approved_at,
            "cancelled_at": order.cancelled_at,
            "currency": order.currency,
            "subtotal_minor": order.subtotal_minor,
            "shipping_minor": order.shipping_minor,
            "discount_minor": order.discount_minor,
            "tax_minor": order.tax_minor,
            "total_minor": order.total_minor,
            "promised_on": order.promised_on,
            "timezone": order.timezone,
            "late": expected and _is_late(order, list(inside), zone, now),
            "lines": [_line(session, line, language) for line in lines],
            "lines_known": bool(lines),
            "shipments": [
                parcels.view(
                    parcel,
                    order_promised_on=order.promised_on,
                    expected=expected,
                    zone=zone,
                    now=now,
                    curve=curves.get(parcel.shipment.id),
                )
                for parcel in inside
            ],
            "refunds": [
                {
                    "amount_minor": refund.amount_minor,
                    "currency": refund.currency,
                    "state": refund.state,
                    "target": refund.target,
                    "requested_at": refund.requested_at,
                    "paid_at": refund.paid_at,
                }
                for refund in refunds
            ],
            "delivery": _delivery(order) if _full(access) else None,
            "payments": [
                {
                    "method": payment.method,
                    "brand": payment.brand if _full(access) else None,
                    "last4": payment.last4 if _full(access) else None,
                    "amount_minor": payment.amount_minor,
                    "currency": payment.currency,
                    "state": payment.state,
                }
                for payment in payments_of(session, order.id)
            ],
        }
    )


def _full(access: Access) -> bool:
    """Whether more than one order was proved: only then an order's address and cards are shown."""
    return access.all_records or access.customer_id is not None


def _delivery(order: Order) -> dict[str, str | None]:
    fields = ("recipient", "line1", "line2", "district", "city", "region", "postcode", "country")
    return {
        **{name: getattr(order, name) for name in fields},
        "phone": order.contact_phone,
        "note": order.delivery_note,
    }


def _is_late(order: Order, inside: list[Parcel], zone: ZoneInfo, now: datetime) -> bool:
    """Whether the order as a whole is late: delivered when its last parcel was."""
    arrivals = [parcel.shipment.delivered_at for parcel in inside]
    known = [arrival for arrival in arrivals if arrival is not None]
    return parcels.is_late(
        order.promised_on,
        delivered=order.state == "delivered",
        delivered_at=max(known) if known else None,
        zone=zone,
        now=now,
    )


def _title(line: CataloguedLine, language: str | None) -> str | None:
    """The name as the reader's language has it, else as it stood on the order, else as the catalogue has it."""
    name = product_name(line.product, language)
    if language is not None and line.product is not None and name != line.product.name:
        return name
    return line.line.title or name


def _line(session: ReadSession, line: CataloguedLine, language: str | None) -> dict[str, object]:
    ordered = line.line
    options = ordered_options(ordered.options, line.variant, language)
    return {
        "line_number": ordered.line_number,
        "kind": ordered.kind,
        "sku": ordered.sku,
        "title": _title(line, language),
        "other_titles": other_titles(session, line.product),
        "category": product_category(line.product, language),
        "options": options,
        "other_options": other_options(session, options, line.variant),
        "quantity": ordered.quantity,
        "cancelled_quantity": ordered.cancelled_quantity,
        "returned_quantity": ordered.returned_quantity,
        "unit_price_minor": ordered.unit_price_minor,
        "total_minor": ordered.total_minor,
        "ship_by": ordered.ship_by,
    }


def _summary(order: Order, lines: list[CataloguedLine], language: str | None) -> OrderSummary:
    goods = [line for line in lines if line.line.kind in GOODS]
    titles = [title for line in goods if (title := _title(line, language))]
    return OrderSummary.model_validate(
        {
            "number": order.number,
            "state": order.state,
            "placed_at": order.placed_at,
            "currency": order.currency,
            "total_minor": order.total_minor,
            "sales_channel": order.sales_channel,
            "titles": titles[:TITLES_IN_A_SUMMARY],
            "item_count": sum(line.line.quantity for line in goods),
        }
    )
