"""What must hold in any demo shop, on any day: each function yields what is wrong."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.records import parse_record
from crm_backend.pipeline.canonical.types import BY_NAME, RECORD_TYPES
from crm_backend.pipeline.canonical.values import format_cell
from shopdesk.demo.shop import DemoShop

HAN = re.compile(r"[\u4e00-\u9fff]")

FICTIONAL_PHONES = re.compile(
    r"""
    \+44(7700900\d{3} | 2079460\d{3} | 1(13|14|15|16|17|18|21|31|41|51|61)4960\d{3} | 1632960\d{3} | 2920180\d{3})
    | \+1[2-9]\d\d55501\d\d
    | \+49(3023125\d{3} | 8999998\d{3} | 2214710\d{3} | 6990009\d{3} | 4066969\d{3} | 17139200\d\d | 17604069\d{3})
    | \+33(19900 | 26191 | 35301 | 46571 | 53649 | 63998)\d{4}
    | (\+86)?154\d{8}
    """,
    re.VERBOSE,
)
"""The ranges that each country's regulator keeps for fiction; for China a prefix that no network has."""

POSTCODES = {
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}",
    "US": r"\d{5}",
    "DE": r"\d{5}",
    "FR": r"\d{5}",
    "CN": r"\d{6}",
}


def all_problems(shop: DemoShop, now: datetime) -> list[str]:
    """Everything that is wrong, in words."""
    return [
        problem
        for check in (forms, keys, references, money, sequence, states, loads, fiction, translations)
        for problem in check(shop)
    ] + list(future(shop, now))


def by_order(shop: DemoShop, kind: str) -> dict[str, list[Record]]:
    grouped = defaultdict(list)
    for row in shop.records[kind]:
        grouped[row["order_external_id"]].append(row)
    return grouped


def forms(shop: DemoShop) -> Iterator[str]:
    """Every record reads back from its CSV cells as it is."""
    for kind in RECORD_TYPES:
        for row in shop.records[kind.name]:
            if list(row) != list(kind.names):
                yield f"{kind.name}: columns of {row}"
            cells = {name: format_cell(row[name]) for name in kind.names}
            if parse_record(kind, cells) != row:
                yield f"{kind.name} does not read back: {row}"


def keys(shop: DemoShop) -> Iterator[str]:
    """Ids are unique among siblings; what people look up by is unique altogether."""
    for kind in RECORD_TYPES:
        names = ((kind.parent_key,) if kind.parent_key else ()) + kind.key
        for key, count in Counter(tuple(row[name] for name in names) for row in shop.records[kind.name]).items():
            if count > 1:
                yield f"{kind.name} {key} is there {count} times"
    for kind_name, column in (
        ("customers", "email"),
        ("customers", "phone"),
        ("variants", "sku"),
        ("orders", "number"),
        ("shipments", "tracking_number"),
    ):
        values = Counter(row[column] for row in shop.records[kind_name] if row[column] is not None)
        yield from (f"{kind_name}.{column} {value} is not unique" for value, count in values.items() if count > 1)


def references(shop: DemoShop) -> Iterator[str]:
    """Whatever is named exists."""
    ids: dict[str, set[Any]] = {
        kind.name: {row["external_id"] for row in shop.records[kind.name]}
        for kind in RECORD_TYPES
        if kind.parent is None and "external_id" in kind.names
    }
    skus = {row["sku"] for row in shop.records["variants"]}
    for kind in RECORD_TYPES:
        if kind.parent is not None and kind.parent_key is not None:
            for row in shop.records[kind.name]:
                if row[kind.parent_key] not in ids[kind.parent]:
                    yield f"{kind.name} belongs to no {kind.parent}: {row}"
    for name in ("order_lines", "stock", "stock_movements"):
        yield from (f"{name} of unknown sku {row['sku']}" for row in shop.records[name] if row["sku"] not in skus)
    methods = {(row["customer_external_id"], row["external_id"]) for row in shop.records["payment_methods"]}
    lines, payments = by_order(shop, "order_lines"), by_order(shop, "payments")
    shipments, inside = by_order(shop, "shipments"), by_order(shop, "shipment_lines")
    refunds, scans = by_order(shop, "refunds"), by_order(shop, "scan_events")
    for order in shop.records["orders"]:
        key, customer = order["external_id"], order["customer_external_id"]
        if customer is not None and customer not in ids["customers"]:
            yield f"{key} has an unknown customer"
        paid_by = {payment["external_id"] for payment in payments[key]}
        for payment in payments[key]:
            saved = payment["payment_method_external_id"]
            if saved is not None and (customer, saved) not in methods:
                yield f"{key} paid by an unknown method {saved}"
        yield from (f"{key} refund of no payment" for row in refunds[key] if row["payment_external_id"] not in paid_by)
        numbers = {line["line_number"]: line for line in lines[key]}
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"{key} lines are numbered {sorted(numbers)}"
        parcels = {shipment["external_id"] for shipment in shipments[key]}
        packed: Counter[int] = Counter()
        for row in inside[key]:
            packed[row["line_number"]] += row["quantity"]
            if row["shipment_external_id"] not in parcels:
                yield f"{key} line in an unknown parcel"
        for number, quantity in packed.items():
            if number not in numbers or quantity > numbers[number]["quantity"]:
                yield f"{key} packs {quantity} of line {number}"
        yield from (f"{key} scan of no parcel" for row in scans[key] if row["shipment_external_id"] not in parcels)


def money(shop: DemoShop) -> Iterator[str]:
    """Money is conserved to the minor unit."""
    lines, payments, refunds = by_order(shop, "order_lines"), by_order(shop, "payments"), by_order(shop, "refunds")
    for order in shop.records["orders"]:
        key = order["number"]
        for line in lines[order["external_id"]]:
            if line["unit_price_minor"] <= 0 or line["unit_price_minor"] * line["quantity"] != line["total_minor"]:
                yield f"{key} line {line['line_number']} does not multiply"
        subtotal = sum(line["total_minor"] for line in lines[order["external_id"]])
        if subtotal != order["subtotal_minor"]:
            yield f"{key} lines come to {subtotal}, not {order['subtotal_minor']}"
        if subtotal + order["shipping_minor"] - order["discount_minor"] != order["total_minor"]:
            yield f"{key} total does not add up"
        if not 0 <= order["discount_minor"] < subtotal or order["shipping_minor"] < 0:
            yield f"{key} discount or shipping out of range"
        if not 0 <= order["tax_minor"] < order["total_minor"]:
            yield f"{key} tax out of range"
        captured = {
            row["external_id"]: row["amount_minor"]
            for row in payments[order["external_id"]]
            if row["state"] == "captured"
        }
        expected = order["total_minor"] if order["approved_at"] is not None else 0
        if sum(captured.values()) != expected:
            yield f"{key} paid {sum(captured.values())} of {expected}"
        given_back: Counter[str] = Counter()
        for refund in refunds[order["external_id"]]:
            given_back[refund["payment_external_id"]] += refund["amount_minor"]
            if refund["amount_minor"] <= 0:
                yield f"{key} refund of nothing"
        for payment, amount in given_back.items():
            if amount > captured.get(payment, 0):
                yield f"{key} gives back {amount} of {captured.get(payment, 0)}"
        called_off = order["state"] in ("cancelled", "unavailable") and order["approved_at"] is not None
        if called_off and given_back.total() not in (0, order["total_minor"]):
            yield f"{key} was called off and gives back {given_back.total()} of {order['total_minor']}"
        for row in (*payments[order["external_id"]], *refunds[order["external_id"]]):
            if row["currency"] != order["currency"]:
                yield f"{key} mixes currencies"


def sequence(shop: DemoShop) -> Iterator[str]:
    """Things happen in an order in which they can happen."""
    scans, shipments, refunds = by_order(shop, "scan_events"), by_order(shop, "shipments"), by_order(shop, "refunds")
    for order in shop.records["orders"]:
        key = order["number"]
        known = [order[name] for name in ("placed_at", "approved_at") if order[name] is not None]
        if known != sorted(known):
            yield f"{key} approved before it was placed"
        if order["cancelled_at"] is not None and order["cancelled_at"] < known[-1]:
            yield f"{key} cancelled too early"
        for shipment in shipments[order["external_id"]]:
            mine = [
                row for row in scans[order["external_id"]] if row["shipment_external_id"] == shipment["external_id"]
            ]
            times = [row["at"] for row in mine]
            if times != sorted(times) or times[0] < known[-1]:
                yield f"{key} scans out of order"
            if [row["sequence"] for row in mine] != list(range(1, len(mine) + 1)):
                yield f"{key} scans are not numbered"
            if shipment["handed_over_at"] is None:
                yield f"{key} has a parcel that the carrier never took"
            if (shipment["delivered_at"] is not None) != (shipment["state"] == "delivered"):
                yield f"{key} delivered without a time, or the other way round"
        for refund in refunds[order["external_id"]]:
            if refund["requested_at"] < order["placed_at"]:
                yield f"{key} refunded before it was placed"
            if (refund["paid_at"] is not None) != (refund["state"] == "paid"):
                yield f"{key} refund paid without a time, or the other way round"
            if refund["paid_at"] is not None and refund["paid_at"] <= refund["requested_at"]:
                yield f"{key} refund paid before it was asked for"
        if order["placed_at"].date() > (order["promised_on"] or order["placed_at"].date()):
            yield f"{key} promised before it was placed"


def states(shop: DemoShop) -> Iterator[str]:
    """An order's state says what its parcels and times say."""
    shipments = by_order(shop, "shipments")
    lines, packed = by_order(shop, "order_lines"), by_order(shop, "shipment_lines")
    for order in shop.records["orders"]:
        key, state = order["number"], order["state"]
        parcels = [row["state"] for row in shipments[order["external_id"]]]
        goods = {row["line_number"] for row in lines[order["external_id"]] if row["kind"] == "item"}
        all_packed = goods <= {row["line_number"] for row in packed[order["external_id"]]}
        if (state == "cancelled") != (order["cancelled_at"] is not None):
            yield f"{key} is {state} and cancelled at {order['cancelled_at']}"
        # The first of two parcels may have arrived before the second is packed.
        if state == "shipped" and (not parcels or (set(parcels) == {"delivered"} and all_packed)):
            yield f"{key} is shipped with {parcels}"
        if state == "delivered" and set(parcels) - {"delivered"}:
            yield f"{key} is delivered with {parcels}"
        if state not in ("shipped", "delivered") and parcels:
            yield f"{key} is {state} with {parcels}"
        if state == "created" and order["approved_at"] is not None:
            yield f"{key} is created and approved"
        if state not in ("created", "cancelled") and order["approved_at"] is None:
            yield f"{key} is {state} and was never approved"


def loads(shop: DemoShop) -> Iterator[str]:
    """Quantities make sense."""
    yield from (f"stock {row}" for row in shop.records["stock"] if row["quantity"] < 0)
    yield from (f"line {row}" for row in shop.records["order_lines"] if row["quantity"] < 1)
    yield from (f"balance {row}" for row in shop.records["payment_methods"] if (row["balance_minor"] or 0) < 0)


def fiction(shop: DemoShop) -> Iterator[str]:
    """Nobody real can be reached."""
    people = [(row["email"], row["phone"]) for row in shop.records["customers"]]
    people += [(row["contact_email"], row["contact_phone"]) for row in shop.records["orders"]]
    people += [(None, row["phone"]) for name in ("addresses", "stores") for row in shop.records[name]]
    for email, phone in people:
        if email is not None and not re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", email):
            yield f"mail {email}"
        if phone is not None and not FICTIONAL_PHONES.fullmatch(phone):
            yield f"phone {phone}"
    for name in ("addresses", "orders", "stores"):
        for row in shop.records[name]:
            postcode, country = row["postcode"], row["country"]
            if postcode is not None and not re.fullmatch(POSTCODES[country], postcode):
                yield f"postcode {country} {postcode}"


def translations(shop: DemoShop) -> Iterator[str]:
    """Every name a shopper reads is there in Chinese, with Chinese characters in it."""
    for product in shop.records["products"]:
        chinese = product["translations"].get("zh", {})
        for name in ("name", "description", "category"):
            if not product[name] or HAN.search(product[name]) or not HAN.search(chinese.get(name, "")):
                yield f"{product['external_id']} {name}"
    for variant in shop.records["variants"]:
        chinese = variant["translations"].get("zh", {}).get("options", {})
        if len(chinese) != len(variant["options"]) or not all(map(HAN.search, chinese)):
            yield f"{variant['sku']} options {chinese}"
        if HAN.search("".join([*variant["options"], *variant["options"].values()])):
            yield f"{variant['sku']} has Chinese in its English options"
        if not all(chinese.values()):
            yield f"{variant['sku']} has an empty option"
    for store in shop.records["stores"]:
        if not HAN.search(store["translations"].get("zh", {}).get("name", "")):
            yield f"{store['external_id']} name"


def future(shop: DemoShop, now: datetime) -> Iterator[str]:
    """Nothing has happened yet that lies ahead (until when something is good is a promise, not an event)."""
    promises = {"ship_by", "send_by", "hold_until", "valid_until"}
    for name, rows in shop.records.items():
        columns = [column.name for column in BY_NAME[name].columns if column.type == "instant"]
        for row in rows:
            for column in columns:
                if column not in promises and row[column] is not None and row[column] > now:
                    yield f"{name}.{column} lies ahead: {row}"
