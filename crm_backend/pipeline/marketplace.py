"""The marketplace shape: orders with dates of purchase, approval, hand-over and delivery; items, payments, customers,
products and a table of category names in files of their own. Every file but the orders may be missing.

`docs/data-format.md` has the whole mapping, state by state. What the files do not have (carriers, tracking numbers,
product names, items of some orders) stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crm_backend.normalise import clean_text, restore_postcode
from crm_backend.pipeline.adapter import ForeignAdapter
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.customers import ADDRESSES, CUSTOMERS
from crm_backend.pipeline.canonical.orders import ORDERS, PAYMENTS, SHIPMENTS
from crm_backend.pipeline.canonical.products import PRODUCTS, VARIANTS
from crm_backend.pipeline.loader import Incoming
from crm_backend.pipeline.local_time import DayOrder, parse_day
from crm_backend.pipeline.money import parse_amount, total_or_none
from crm_backend.pipeline.reading import InputFile
from crm_backend.pipeline.shapes import MARKETPLACE_ROLES, Role

STATES: Mapping[str, str] = {
    "created": "created",
    "approved": "approved",
    "invoiced": "invoiced",
    "processing": "processing",
    "shipped": "shipped",
    "delivered": "delivered",
    "unavailable": "unavailable",
    "canceled": "cancelled",
    "cancelled": "cancelled",
}
PAYMENT_METHODS: Mapping[str, str] = {
    "credit_card": "card",
    "debit_card": "debit_card",
    "boleto": "boleto",
    "voucher": "voucher",
    "not_defined": "unknown",
}
_MEASURES = (
    ("product_photos_qty", "photos"),
    ("product_weight_g", "weight_g"),
    ("product_length_cm", "length_cm"),
    ("product_height_cm", "height_cm"),
    ("product_width_cm", "width_cm"),
)
_ROLES: Mapping[str, Role] = {role.name: role for role in MARKETPLACE_ROLES}

_TABLES = {
    "orders": "id TEXT, customer TEXT, state TEXT, source_state TEXT, placed TEXT, approved TEXT, carrier TEXT,"
    " delivered TEXT, promised TEXT",
    "order_items": "order_id TEXT, number INTEGER, product TEXT, seller TEXT, ship_by TEXT, price TEXT, freight TEXT",
    "payments": "order_id TEXT, number INTEGER, method TEXT, instalments INTEGER, amount TEXT",
    "customers": "id TEXT, person TEXT, postcode TEXT, city TEXT, region TEXT",
    "products": "id TEXT, category TEXT, attributes TEXT",
    "category_translation": "category TEXT, english TEXT",
}
_KEYS = {
    "orders": "id",
    "order_items": "order_id, number",
    "payments": "order_id, number",
    "customers": "id",
    "products": "id",
    "category_translation": "category",
}
_PARTS_OF_ORDERS = ("order_items", "payments")


class BadRow(ValueError):
    """A row that cannot be used, and why."""


class Marketplace(ForeignAdapter):
    """Reads marketplace files."""

    def unsaid(self) -> frozenset[str]:
        """Kinds that these files cannot speak of, and those whose file is not among them."""
        missing = {"payment_methods", "refunds", "shipment_lines"}
        if "order_items" not in self.classified.roles:
            missing.add("order_lines")
        if "payments" not in self.classified.roles:
            missing.add("payments")
        return frozenset(missing)

    def stage(self, on_bytes: Callable[[int], None]) -> None:
        """Check, clean and stage every row, and settle which rows repeat or lead nowhere."""
        connection = self.staging.connection
        for name, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {name} (file INTEGER, row INTEGER, {columns})")
            marks = ", ".join("?" * (columns.count(",") + 3))
            for file in self.classified.roles.get(name, ()):
                self.staging.fill(
                    f"INSERT INTO {name} VALUES ({marks})",  # noqa: S608  names of our own tables
                    self._staged_rows(name, file, on_bytes),
                )
            connection.execute(f"CREATE INDEX {name}_key ON {name} ({_KEYS[name]}, file, row)")
            self._settle_repeats(name)
        for name in _PARTS_OF_ORDERS:
            self._reject_where(
                name,
                f"SELECT rowid, file, row FROM {name} WHERE order_id NOT IN (SELECT id FROM orders)",  # noqa: S608
                "its order is in no file or was rejected",
            )
        self._reject_where(
            "category_translation",
            "SELECT rowid, file, row FROM category_translation WHERE category NOT IN"
            " (SELECT category FROM products WHERE category IS NOT NULL)",
            "no product in these files has the category",
        )
        # A category's English name is part of its products.
        self.report.count_rows("merged", connection.execute("SELECT file, row FROM category_translation"))

    def _staged_rows(self, name: str, file: InputFile, on_bytes: Callable[[int], None]) -> Iterator[tuple[object, ...]]:
        at = _ROLES[name].positions(file)
        times = [at[column] for column in _TIMES.get(name, ()) if column in at]
        day_order: DayOrder = self.day_order(file, times) if times else "month_first"
        read = getattr(self, f"_read_{name}")
        for row in self.staging.read(file, on_bytes):
            cells = {column: row.cells[position].strip() for column, position in at.items()}
            try:
                values = read(cells, file, day_order)
            except BadRow as problem:
                self.staging.reject([(file.id, row.number)], str(problem))
                continue
            yield (file.id, row.number, *values)

    def _settle_repeats(self, name: str) -> None:
        """Of rows with one id the first stands; equal ones join it and others are rejected."""
        connection = self.staging.connection
        key = _KEYS[name]
        columns = [column.split()[0] for column in _TABLES[name].split(", ")]
        same = " AND ".join(f"t.{column} IS first.{column}" for column in columns)
        of_key = " AND ".join(f"earlier.{column} = {name}.{column}" for column in key.split(", "))
        repeats = (
            f"SELECT t.rowid, t.file, t.row, {same} FROM {name} t JOIN {name} first ON first.rowid ="  # noqa: S608
            f" (SELECT earlier.rowid FROM {name} earlier WHERE {of_key.replace(name + '.', 't.')}"
            f" ORDER BY earlier.file, earlier.row LIMIT 1) WHERE first.rowid <> t.rowid"
        )
        found = connection.execute(repeats).fetchall()
        for _rowid, file, row, equal in found:
            if equal:
                self.report.count_rows("merged", [(file, row)])
            else:
                self.staging.reject([(file, row)], f"another row has the same {key.replace(', ', ' and ')}")
        connection.executemany(
            f"DELETE FROM {name} WHERE rowid = ?",  # noqa: S608
            [(repeat[0],) for repeat in found],
        )

    def _reject_where(self, name: str, query: str, reason: str) -> None:
        connection = self.staging.connection
        found = connection.execute(query).fetchall()
        self.staging.reject([(file, row) for _rowid, file, row in found], reason)
        connection.executemany(
            f"DELETE FROM {name} WHERE rowid = ?",  # noqa: S608
            [(rowid,) for rowid, _file, _row in found],
        )

    # One reader a file: cells by column name in, staged values out, BadRow when the row cannot be used.

    def _read_orders(self, cells: Mapping[str, str], _file: InputFile, day_order: DayOrder) -> tuple[object, ...]:
        identifier = _required(cells, "order_id")
        word = _required(cells, "order_status")
        state = STATES.get(word.casefold())
        if state is None:
            raise BadRow("the order_status is none of those known")
        placed = self._time(cells, "order_purchase_timestamp", day_order)
        if placed is None:
            raise BadRow("no order_purchase_timestamp")
        promised: date | None = None
        if text := cells.get("order_estimated_delivery_date"):
            try:
                promised = parse_day(text, day_order)
            except ValueError as error:
                raise BadRow("the order_estimated_delivery_date is no time") from error
        return (
            identifier,
            cells.get("customer_id") or None,
            state,
            word,
            placed,
            self._time(cells, "order_approved_at", day_order),
            self._time(cells, "order_delivered_carrier_date", day_order),
            self._time(cells, "order_delivered_customer_date", day_order),
            promised.isoformat() if promised else None,
        )

    def _read_order_items(self, cells: Mapping[str, str], file: InputFile, day_order: DayOrder) -> tuple[object, ...]:
        freight = cells.get("freight_value")
        return (
            _required(cells, "order_id"),
            _count(cells, "order_item_id", least=1),
            _required(cells, "product_id"),
            cells.get("seller_id") or None,
            self._time(cells, "shipping_limit_date", day_order),
            _amount(cells, "price", file),
            _amount(cells, "freight_value", file) if freight else None,
        )

    def _read_payments(self, cells: Mapping[str, str], file: InputFile, _day_order: DayOrder) -> tuple[object, ...]:
        instalments = _count(cells, "payment_installments", least=0) if cells.get("payment_installments") else None
        if instalments == 0:
            self.cleaned("no_instalments")
            instalments = None
        word = _required(cells, "payment_type").casefold()
        if word not in PAYMENT_METHODS:
            self.cleaned("payment_type_unknown")
        return (
            _required(cells, "order_id"),
            _count(cells, "payment_sequential", least=1) if cells.get("payment_sequential") else 1,
            PAYMENT_METHODS.get(word, "unknown"),
            instalments,
            _amount(cells, "payment_value", file),
        )

    def _read_customers(self, cells: Mapping[str, str], _file: InputFile, _day_order: DayOrder) -> tuple[object, ...]:
        given = cells.get("customer_zip_code_prefix")
        postcode = restore_postcode(given, self.facts.country)
        if postcode is not None and postcode != given:
            self.cleaned("postcode_leading_zero")
        return (
            _required(cells, "customer_id"),
            _required(cells, "customer_unique_id"),
            postcode,
            clean_text(cells.get("customer_city")),
            clean_text(cells.get("customer_state")),
        )

    def _read_products(self, cells: Mapping[str, str], file: InputFile, _day_order: DayOrder) -> tuple[object, ...]:
        measures: dict[str, int | float] = {}
        for column, name in _MEASURES:
            if text := cells.get(column):
                number = Decimal(_amount({column: text}, column, file))
                measures[name] = int(number) if number == int(number) else float(number)
        return (
            _required(cells, "product_id"),
            clean_text(cells.get("product_category_name")),
            ";".join(f"{name}={value}" for name, value in measures.items()),
        )

    def _read_category_translation(
        self, cells: Mapping[str, str], _file: InputFile, _day_order: DayOrder
    ) -> tuple[object, ...]:
        return _required(cells, "product_category_name"), _required(cells, "product_category_name_english")

    def _time(self, cells: Mapping[str, str], column: str, day_order: DayOrder) -> str | None:
        text = cells.get(column)
        if not text:
            return None
        try:
            return self.instant(text, day_order).isoformat()
        except (ValueError, OverflowError) as error:
            raise BadRow(f"the {column} is no time") from error

    def aggregates(self) -> Iterator[Iterator[Incoming]]:
        """Customers, products, then orders."""
        yield self._customers()
        yield self._products()
        yield self._orders()

    def _customers(self) -> Iterator[Incoming]:
        # The file has one row an order. The person is customer_unique_id; each place they had parcels sent is kept.
        rows = self.staging.connection.execute(
            "SELECT person, file, row, postcode, city, region FROM customers ORDER BY person, file, row"
        )
        for person, group in _grouped(rows):
            first, *others = ((row[1], row[2]) for row in group)
            self.report.count_rows("merged", others)
            source = self.facts.source
            addresses: dict[str, Record] = {}
            for _person, _file, _row, postcode, city, region in group:
                identifier = ":".join(part or "" for part in (postcode, region, city))
                if identifier != "::":
                    addresses[identifier] = ADDRESSES.record(
                        source=source,
                        customer_external_id=person,
                        external_id=identifier,
                        postcode=postcode,
                        city=city,
                        region=region,
                        country=self.facts.country,
                    )
            customer = CUSTOMERS.record(source=source, external_id=person, country=self.facts.country)
            yield Incoming(Aggregate(CUSTOMERS, customer, {"addresses": list(addresses.values())}), [first])

    def _products(self) -> Iterator[Incoming]:
        rows = self.staging.connection.execute(
            "SELECT p.id, p.file, p.row, p.category, t.english, p.attributes"
            " FROM products p LEFT JOIN category_translation t ON t.category = p.category"
            " UNION ALL SELECT DISTINCT i.product, NULL, NULL, NULL, NULL, '' FROM order_items i"
            " WHERE i.product NOT IN (SELECT id FROM products) ORDER BY 1"
        )
        for identifier, file, row, category, english, measures in rows:
            source = self.facts.source
            if file is not None and category is not None and english is None:
                self.cleaned("category_without_translation")
            attributes: dict[str, Any] = {}
            for pair in filter(None, measures.split(";")):
                name, value = pair.split("=")
                attributes[name] = float(value) if "." in value or "e" in value else int(value)
            product = PRODUCTS.record(
                source=source,
                external_id=identifier,
                category=_words(english or category),
                attributes=attributes,
                translations={"pt": {"category": _words(category)}} if english and category else {},
            )
            variant = VARIANTS.record(source=source, product_external_id=identifier, sku=identifier)
            yield Incoming(
                Aggregate(PRODUCTS, product, {"variants": [variant]}),
                [(file, row)] if file is not None else (),
                create_only=file is None,
            )

    def _orders(self) -> Iterator[Incoming]:
        connection = self.staging.connection
        orders = connection.execute(
            "SELECT o.id, o.file, o.row, o.state, o.source_state, o.placed, o.approved, o.carrier, o.delivered,"
            " o.promised, o.customer, c.person, c.postcode, c.city, c.region"
            " FROM orders o LEFT JOIN customers c ON c.id = o.customer ORDER BY o.id"
        )
        items = _Following(connection.execute("SELECT order_id, * FROM order_items ORDER BY order_id, number"))
        payments = _Following(connection.execute("SELECT order_id, * FROM payments ORDER BY order_id, number"))
        for order in orders:
            yield self._order(order, items.of(order[0]), payments.of(order[0]))

    def _order(
        self, order: Sequence[Any], items: Sequence[Sequence[Any]], payments: Sequence[Sequence[Any]]
    ) -> Incoming:
        (identifier, file, row, state, word, placed, approved, carrier, delivered, promised) = order[:10]
        customer, person, postcode, city, region = order[10:]
        source = self.facts.source
        if customer is not None and person is None:
            self.cleaned("order_without_customer_row")
        lines = [self._line(identifier, item) for item in items]
        paid = [self._payment(identifier, payment, approved is not None) for payment in payments]
        subtotal = total_or_none(line["total_minor"] for line in lines)
        freights = [item[9] for item in items]
        shipping = total_or_none(None if text is None else self.minor(Decimal(text)) for text in freights)
        if not lines:
            total = total_or_none(payment["amount_minor"] for payment in paid)
        else:
            total = total_or_none([subtotal, shipping])
        promised_on = date.fromisoformat(promised) if promised else None
        shipment = self._shipment(identifier, state, _instant(carrier), _instant(delivered), promised_on)
        record = ORDERS.record(
            source=source,
            external_id=identifier,
            number=identifier,
            customer_external_id=person,
            sales_channel="marketplace",
            state=state,
            source_state=word,
            placed_at=_instant(placed),
            approved_at=_instant(approved),
            timezone=self.zone.key,
            currency=self.currency,
            subtotal_minor=subtotal,
            shipping_minor=shipping,
            total_minor=total,
            promised_on=promised_on,
            postcode=postcode,
            city=city,
            region=region,
            country=self.facts.country,
        )
        children = {"order_lines": lines, "payments": paid, **shipment}
        rows = [(file, row), *((item[1], item[2]) for item in items), *((item[1], item[2]) for item in payments)]
        return Incoming(Aggregate(ORDERS, record, children), rows)

    def _line(self, order: str, item: Sequence[Any]) -> Record:
        _order, _file, _row, _id, number, product, seller, ship_by, price, _freight = item
        amount = self.minor(Decimal(price))
        return {
            "source": self.facts.source,
            "order_external_id": order,
            "line_number": number,
            "kind": "item",
            "sku": product,
            "title": None,
            "options": {},
            "quantity": 1,
            "unit_price_minor": amount,
            "total_minor": amount,
            "ship_by": _instant(ship_by),
            "seller": seller,
            "cancelled_quantity": None,
            "returned_quantity": None,
        }

    def _payment(self, order: str, payment: Sequence[Any], approved: bool) -> Record:
        _order, _file, _row, _id, number, method, instalments, amount = payment
        return PAYMENTS.record(
            source=self.facts.source,
            order_external_id=order,
            external_id=str(number),
            method=method,
            amount_minor=self.minor(Decimal(amount)),
            currency=self.currency,
            instalments=instalments,
            # The file says that the payment was approved, not that the money came.
            state="authorised" if approved and method != "unknown" else "unknown",
        )

    def _shipment(
        self,
        order: str,
        state: str,
        carrier: datetime | None,
        delivered: datetime | None,
        promised_on: date | None,
    ) -> dict[str, list[Record]]:
        if carrier is None and delivered is None and state not in ("shipped", "delivered"):
            return {}
        source = self.facts.source
        arrived = state == "delivered" or delivered is not None
        shipment = SHIPMENTS.record(
            source=source,
            order_external_id=order,
            external_id="1",
            state="delivered" if arrived else "handed_over",
            handed_over_at=carrier,
            delivered_at=delivered,
            promised_on=promised_on,
        )
        scans: list[tuple[str, datetime | None]] = []
        if carrier is not None or not arrived:
            scans.append(("handed_over", carrier))
        if arrived:
            scans.append(("delivered", delivered))
        events = [
            {
                "source": source,
                "order_external_id": order,
                "shipment_external_id": "1",
                "sequence": sequence,
                "at": at,
                "code": code,
                "place": None,
                "description": None,
            }
            for sequence, (code, at) in enumerate(scans, start=1)
        ]
        return {"shipments": [shipment], "scan_events": events}


_TIMES: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    "order_items": ("shipping_limit_date",),
}


class _Following:
    """Rows in the order of an id, taken id by id beside another stream in the same order."""

    def __init__(self, rows: Iterator[Sequence[Any]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, identifier: str) -> list[Sequence[Any]]:
        """The rows of this id. Ids must be asked for in rising order."""
        found: list[Sequence[Any]] = []
        while self._next is not None and self._next[0] <= identifier:
            if self._next[0] == identifier:
                found.append(self._next)
            self._next = next(self._rows, None)
        return found


def _grouped(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[str, list[Sequence[Any]]]]:
    group: list[Sequence[Any]] = []
    for row in rows:
        if group and group[0][0] != row[0]:
            yield group[0][0], group
            group = []
        group.append(row)
    if group:
        yield group[0][0], group


def _words(slug: str | None) -> str | None:
    """`bed_bath_table` as words."""
    return slug.replace("_", " ") if slug else None


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def _required(cells: Mapping[str, str], column: str) -> str:
    text = cells.get(column)
    if not text:
        raise BadRow(f"no {column}")
    return text


def _count(cells: Mapping[str, str], column: str, *, least: int) -> int:
    try:
        number = Decimal(_required(cells, column))
        whole = int(number)
    except (ArithmeticError, ValueError) as error:
        raise BadRow(f"the {column} is no number") from error
    if whole != number or not least <= whole < 2**31:
        raise BadRow(f"the {column} is no whole number from {least} up")
    return whole


def _amount(cells: Mapping[str, str], column: str, file: InputFile) -> str:
    try:
        return str(parse_amount(_required(cells, column), decimal_comma=file.decimal_comma))
    except BadRow:
        raise
    except ValueError as error:
        raise BadRow(f"the {column} is no number") from error
