"""The invoice-line shape: one row per line sold, as an accounting export writes it.

`docs/data-format.md` has the whole mapping. In short: rows of one invoice number are one order; a number that begins
with C, or an invoice whose total is negative, is a credit note; rows without price and customer that take goods away
are stock movements; stock codes that stand for postage, fees and the like become lines of those kinds and no products.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal

from crm_backend.normalise import clean_text, sku_key
from crm_backend.pipeline.adapter import ForeignAdapter, cell
from crm_backend.pipeline.canonical.aggregates import Aggregate
from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.customers import CUSTOMERS
from crm_backend.pipeline.canonical.orders import ORDERS
from crm_backend.pipeline.canonical.products import PRODUCTS, VARIANTS
from crm_backend.pipeline.canonical.supply import STOCK_MOVEMENTS
from crm_backend.pipeline.countries import country_code
from crm_backend.pipeline.loader import Incoming
from crm_backend.pipeline.money import parse_amount, total_or_none
from crm_backend.pipeline.reading import InputFile
from crm_backend.pipeline.report import RowRef
from crm_backend.pipeline.shapes import INVOICE_LINES

LineKind = Literal["item", "shipping", "fee", "discount", "adjustment", "sample", "gift_voucher"]

_CREDIT_NOTE = re.compile(r"^C[ -]?\d", re.IGNORECASE)
_GIFT_VOUCHER = re.compile(r"\bgift\s*(voucher|card|certificate)|^gift(_|-|$)", re.IGNORECASE)
_TEST = re.compile(r"^test\d*$|\btest product\b", re.IGNORECASE)
_ADJUSTMENT = re.compile(r"\badjust|\bbad debt\b|\bmanual\b", re.IGNORECASE)
_WORDED: tuple[tuple[LineKind, re.Pattern[str]], ...] = (
    ("shipping", re.compile(r"\b(postage|post|carriage|shipping|delivery|freight|courier|dot|p&p)\b", re.IGNORECASE)),
    ("discount", re.compile(r"\b(discount|rebate)s?\b", re.IGNORECASE)),
    ("sample", re.compile(r"\bsamples?\b", re.IGNORECASE)),
    ("fee", re.compile(r"fees?\b|\bcharges?\b|\bcommission\b", re.IGNORECASE)),
)
_DIGITS_OF_GOODS = 3
_WORDS_OF_A_FEE = 3


@lru_cache(maxsize=65536)
def line_kind(code: str, description: str | None) -> LineKind:
    """What a stock code stands for, judged by its form and its description.

    Codes of goods have at least three digits. Of the others, a description of up to three words that names postage, a
    discount, samples or a fee decides, then the code's own words; a code that nothing describes and that is no longer
    than three characters is an adjustment; all else is goods with a wordy code.
    """
    text = description or ""
    if _GIFT_VOUCHER.search(text) or _GIFT_VOUCHER.search(code):
        return "gift_voucher"
    if _TEST.search(code) or _TEST.search(text):
        return "adjustment"
    if sum(character.isdigit() for character in code) >= _DIGITS_OF_GOODS:
        return "item"
    if _ADJUSTMENT.search(text) or (not text and _ADJUSTMENT.search(code)):
        return "adjustment"
    for words in (text, code):
        if 0 < len(words.split()) <= _WORDS_OF_A_FEE:
            for kind, pattern in _WORDED:
                if pattern.search(words):
                    return kind
    return "adjustment" if not text and len(code) <= _DIGITS_OF_GOODS else "item"


@dataclass(slots=True)
class _Line:
    """A staged row, with the name that its stock code goes by."""

    file: int
    row: int
    sku: str
    description: str | None
    name: str | None
    quantity: int
    at: datetime
    price: Decimal
    customer: str | None
    country: str | None
    country_name: str | None

    @property
    def ref(self) -> RowRef:
        return self.file, self.row

    @property
    def kind(self) -> LineKind:
        # A reason ("damaged") stands where the name should in rows without a price.
        return line_kind(self.sku, self.description if self.price else self.name or self.description)

    def sameness(self) -> tuple[object, ...]:
        """Equal for rows that say the same, wherever they stand."""
        return (self.sku, self.description, self.quantity, self.at, self.price, self.customer, self.country_name)

    @property
    def free_of_charge_for_nobody(self) -> bool:
        return not self.price and self.customer is None


class InvoiceLines(ForeignAdapter):
    """Reads invoice lines."""

    def unsaid(self) -> frozenset[str]:
        """Invoices tell of lines only."""
        return frozenset(
            {"addresses", "payment_methods", "payments", "refunds", "shipments", "shipment_lines", "scan_events"}
        )

    def stage(self, on_bytes: Callable[[int], None]) -> None:
        """Check, clean and stage every row; then find each stock code's name."""
        connection = self.staging.connection
        connection.execute(
            "CREATE TABLE lines (file INTEGER, row INTEGER, invoice TEXT, sku TEXT, description TEXT, quantity INTEGER,"
            " at TEXT, price TEXT, customer TEXT, country TEXT, country_name TEXT)"
        )
        connection.execute(
            "CREATE TABLE moved (id TEXT, file INTEGER, row INTEGER, sku TEXT, quantity INTEGER, reason TEXT, at TEXT)"
        )
        for file in self.classified.roles["invoice_lines"]:
            self.staging.fill(
                "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._staged_rows(file, on_bytes)
            )
        # The name is what most priced rows say; the alphabet breaks ties, so that row order changes nothing.
        connection.execute(
            "CREATE TABLE names AS SELECT sku, description AS name FROM ("
            " SELECT sku, description,"
            " row_number() OVER (PARTITION BY sku ORDER BY count(*) DESC, description) AS place"
            " FROM lines WHERE description IS NOT NULL AND price <> '0' GROUP BY sku, description) WHERE place = 1"
        )
        connection.execute("CREATE UNIQUE INDEX names_sku ON names (sku)")
        connection.execute("CREATE TABLE goods (sku TEXT PRIMARY KEY) WITHOUT ROWID")

    def _staged_rows(self, file: InputFile, on_bytes: Callable[[int], None]) -> Iterator[tuple[object, ...]]:
        at = INVOICE_LINES.positions(file)
        day_order = self.day_order(file, [at["invoice_date"]])
        comma = file.decimal_comma
        for row in self.staging.read(file, on_bytes):
            cells = row.cells
            raw_sku = cell(cells, at["stock_code"])
            invoice = clean_text(cell(cells, at["invoice"]))
            sku = sku_key(raw_sku)
            problem = None
            if invoice is None:
                problem = "no invoice number"
            elif not sku:
                problem = "no stock code"
            else:
                try:
                    quantity = parse_amount(cell(cells, at["quantity"]), decimal_comma=comma)
                    price = parse_amount(cell(cells, at["price"]), decimal_comma=comma)
                    instant = self.instant(cell(cells, at["invoice_date"]), day_order)
                    if quantity != int(quantity) or abs(quantity) >= 2**31:
                        problem = "the quantity is no whole number"
                    elif quantity == 0:
                        problem = "the quantity is 0"
                except (ValueError, OverflowError):
                    problem = self._unreadable(cells, at, comma, day_order)
            if problem is not None:
                self.staging.reject([(file.id, row.number)], problem)
                continue
            if sku != raw_sku:
                self.cleaned("stock_code_case")
            raw_description = str(cells[at["description"]]) if "description" in at else ""
            description = clean_text(raw_description)
            if raw_description != (description or ""):
                self.cleaned("white_space")
            country_name = clean_text(cell(cells, at.get("country")))
            country = country_code(country_name)
            if country_name is not None and country is None:
                self.cleaned("country_unknown")
            customer = clean_text(cell(cells, at.get("customer_id")))
            if customer is not None and customer.endswith(".0") and customer[:-2].isdigit():
                customer = customer[:-2]
                self.cleaned("customer_id_as_decimal")
            yield (
                file.id,
                row.number,
                invoice,
                sku,
                description,
                int(quantity),
                instant.strftime("%Y-%m-%dT%H:%M:%S"),
                _plain(price),
                customer,
                country,
                country_name,
            )

    @staticmethod
    def _unreadable(cells: Sequence[str], at: dict[str, int], comma: bool, day_order: str) -> str:
        """Which cell of a row could not be read."""
        for column in ("quantity", "price"):
            try:
                parse_amount(cell(cells, at[column]), decimal_comma=comma)
            except ValueError:
                return f"the {column} is no number"
        return f"the invoice date is no time ({day_order.replace('_', ' ')})"

    def aggregates(self) -> Iterator[Iterator[Incoming]]:
        """Customers, products, orders, then stock movements."""
        self._note_goods()
        yield self._customers()
        yield self._products()
        yield self._orders()
        yield self._movements()

    def _note_goods(self) -> None:
        # Each code and description is judged once, not once a row.
        pairs = self.staging.connection.execute(
            "SELECT DISTINCT l.sku, CASE WHEN l.price = '0' THEN coalesce(n.name, l.description) ELSE l.description END"
            " FROM lines l LEFT JOIN names n USING (sku)"
        )
        self.staging.fill(
            "INSERT OR IGNORE INTO goods VALUES (?)",
            ((sku,) for sku, description in pairs if line_kind(sku, description) == "item"),
        )

    def _customers(self) -> Iterator[Incoming]:
        # A customer's country is that of the latest invoice. SQLite takes bare columns from the row of max().
        rows = self.staging.connection.execute(
            "SELECT customer, country, country_name, max(at || printf('%09d', rowid)) FROM lines"
            " WHERE customer IS NOT NULL GROUP BY customer ORDER BY customer"
        )
        for customer, country, country_name, _latest in rows:
            kept = {"country_as_given": country_name} if country is None and country_name is not None else {}
            yield Incoming(
                Aggregate(
                    CUSTOMERS,
                    CUSTOMERS.record(
                        source=self.facts.source,
                        external_id=customer,
                        country=country or (None if country_name else self.facts.country),
                        attributes=kept,
                    ),
                )
            )

    def _products(self) -> Iterator[Incoming]:
        rows = self.staging.connection.execute(
            "SELECT g.sku, n.name FROM goods g LEFT JOIN names n USING (sku) ORDER BY g.sku"
        )
        for sku, name in rows:
            if name is None:
                self.cleaned("product_without_name")
            source = self.facts.source
            product = PRODUCTS.record(source=source, external_id=sku, name=name)
            variant = VARIANTS.record(source=source, product_external_id=sku, sku=sku)
            yield Incoming(Aggregate(PRODUCTS, product, {"variants": [variant]}))

    def _invoices(self) -> Iterator[tuple[str, list[_Line]]]:
        rows = self.staging.connection.execute(
            "SELECT l.invoice, l.file, l.row, l.sku, l.description, n.name, l.quantity, l.at, l.price, l.customer,"
            " l.country, l.country_name FROM lines l LEFT JOIN names n USING (sku) ORDER BY l.invoice, l.file, l.row"
        )
        for invoice, group in groupby(rows, key=lambda row: row[0]):
            yield invoice, [_staged_line(row) for row in group]

    def _split(self, lines: list[_Line]) -> tuple[list[_Line], list[_Line], list[_Line]]:
        """An invoice's lines: those of the sale, those that only move stock, and repeats from another file."""
        kept, repeated = _without_repeats(lines)
        nothing_sold = all(line.free_of_charge_for_nobody for line in kept)
        sold: list[_Line] = []
        moved: list[_Line] = []
        for line in kept:
            goods = line.kind in ("item", "gift_voucher", "sample")
            free = line.free_of_charge_for_nobody and goods
            (moved if free and (line.quantity < 0 or nothing_sold) else sold).append(line)
        return sold, moved, repeated

    def _orders(self) -> Iterator[Incoming]:
        for invoice, lines in self._invoices():
            sold, moved, repeated = self._split(lines)
            if repeated:
                self.report.count_rows("merged", [line.ref for line in repeated])
            if sold:
                yield self._order(invoice, sold)
            if moved:
                self._keep_moved(invoice, moved)

    def _keep_moved(self, invoice: str, moved: Sequence[_Line]) -> None:
        self.staging.fill(
            "INSERT INTO moved VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    f"{invoice}-{number}",
                    line.file,
                    line.row,
                    line.sku,
                    line.quantity,
                    _reason(line),
                    line.at.isoformat(),
                )
                for number, line in enumerate(moved, start=1)
            ),
        )

    def _order(self, invoice: str, lines: Sequence[_Line]) -> Incoming:
        source = self.facts.source
        credit_note = bool(_CREDIT_NOTE.match(invoice))
        if not credit_note and sum(line.quantity * line.price for line in lines) < 0:
            credit_note = True
            self.cleaned("negative_invoice_is_credit_note")
        if len({line.at for line in lines}) > 1:
            self.cleaned("invoice_with_several_times")
        if len({line.customer for line in lines}) > 1:
            self.cleaned("invoice_with_several_customers")
        customer = next((line.customer for line in lines if line.customer is not None), None)
        country, country_name = next(
            ((line.country, line.country_name) for line in lines if line.country_name is not None), (None, None)
        )
        rows = [
            self._line(invoice, number, line, -1 if credit_note else 1) for number, line in enumerate(lines, start=1)
        ]
        shipping = total_or_none(row["total_minor"] for row in rows if row["kind"] == "shipping")
        discount = total_or_none(-row["total_minor"] for row in rows if row["kind"] == "discount")
        total: int = sum(row["total_minor"] for row in rows)
        record = ORDERS.record(
            source=source,
            external_id=invoice,
            number=invoice,
            customer_external_id=customer,
            kind="credit_note" if credit_note else "sale",
            state="invoiced",
            placed_at=min(line.at for line in lines),
            timezone=self.zone.key,
            currency=self.currency,
            subtotal_minor=total - (shipping or 0) + (discount or 0),
            shipping_minor=shipping,
            discount_minor=discount,
            total_minor=total,
            country=country or (None if country_name else self.facts.country),
        )
        return Incoming(Aggregate(ORDERS, record, {"order_lines": rows}), [line.ref for line in lines])

    def _line(self, invoice: str, number: int, line: _Line, sign: int) -> Record:
        quantity, price = line.quantity * sign, line.price
        if quantity < 0:
            # A line against the way of its invoice: the count stays positive and the amount turns.
            quantity, price = -quantity, -price
            if price:
                self.cleaned("line_against_invoice")
        title = line.description
        if title is None and line.name is not None:
            title = line.name
            self.cleaned("title_from_same_stock_code")
        return {
            "source": self.facts.source,
            "order_external_id": invoice,
            "line_number": number,
            "kind": line.kind,
            "sku": line.sku,
            "title": title,
            "options": {},
            "quantity": quantity,
            "unit_price_minor": self.minor(price),
            "total_minor": self.minor(price * quantity),
            "ship_by": None,
            "seller": None,
            "cancelled_quantity": None,
            "returned_quantity": None,
        }

    def _movements(self) -> Iterator[Incoming]:
        rows = self.staging.connection.execute("SELECT * FROM moved ORDER BY id")
        for identifier, file, row, sku, quantity, reason, at in rows:
            record = STOCK_MOVEMENTS.record(
                source=self.facts.source,
                external_id=identifier,
                sku=sku,
                quantity=quantity,
                reason=reason,
                moved_at=datetime.fromisoformat(at),
            )
            yield Incoming(Aggregate(STOCK_MOVEMENTS, record), [(file, row)])


def _staged_line(row: Sequence[Any]) -> _Line:
    _invoice, file, number, sku, description, name, quantity, at, price, customer, country, country_name = row
    return _Line(
        file=file,
        row=number,
        sku=sku,
        description=description,
        name=name,
        quantity=quantity,
        at=datetime.fromisoformat(at).replace(tzinfo=UTC),
        price=Decimal(price),
        customer=customer,
        country=country,
        country_name=country_name,
    )


def _plain(amount: Decimal) -> str:
    """The amount as text in one form: `0` for every zero, no exponent."""
    return format(amount.normalize(), "f") if amount else "0"


def _reason(line: _Line) -> str | None:
    """Why goods moved: the row's description, unless it only names the goods."""
    if line.description is None or line.name is None:
        return line.description
    return None if line.description.casefold() == line.name.casefold() else line.description


def _without_repeats(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Rows of one invoice, and those that a later file repeats.

    Files of neighbouring periods overlap, so a row that an earlier file has already is the same row. Equal rows within
    one file are two lines: a till writes a second scan of the same thing as a second line.
    """
    if len({line.file for line in lines}) == 1:
        return lines, []
    kept: list[_Line] = []
    repeated: list[_Line] = []
    seen: Counter[tuple[object, ...]] = Counter()
    for _file, group in groupby(lines, key=lambda line: line.file):
        here: Counter[tuple[object, ...]] = Counter()
        for line in group:
            sameness = line.sameness()
            here[sameness] += 1
            (repeated if here[sameness] <= seen[sameness] else kept).append(line)
        seen |= here
    return kept, repeated
