"""Generated files of the two foreign shapes, dirt included. The same seed gives the same files.

Used where the real data is absent, and where a test wants files of another size, dialect or column order.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

INVOICE_COLUMNS = (
    "Invoice",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "Price",
    "Customer ID",
    "Country",
)
_GOODS = (
    ("85048", "15CM CHRISTMAS GLASS BALL 20 LIGHTS", "6.95"),
    ("79323P", "PINK CHERRY LIGHTS", "6.75"),
    ("79323W", " WHITE CHERRY LIGHTS", "6.75"),
    ("22041", 'RECORD FRAME 7" SINGLE SIZE ', "2.1"),
    ("85123a", "WHITE HANGING HEART  T-LIGHT HOLDER", "2.95"),
    ("DCGSSGIRL", "GIRLS PARTY BAG", "3.39"),
)
_FEES = (("POST", "POSTAGE", "18.0"), ("DOT", "DOTCOM POSTAGE", "7.99"), ("M", "Manual", "12.5"), ("S", "SAMPLES", "1"))
_COUNTRIES = ("United Kingdom", "EIRE", "Germany", "Channel Islands", "RSA", "Unspecified", "Japan")

STATES = ("delivered", "shipped", "invoiced", "processing", "approved", "created", "unavailable", "canceled")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> None:
    """One CSV file."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def invoice_rows(invoices: int, seed: int) -> list[tuple[str, ...]]:
    """Rows of `INVOICE_COLUMNS`: sales, guests, fee lines, credit notes, write-offs and an adjustment of bad debt."""
    chance = random.Random(seed)
    rows: list[tuple[str, ...]] = []
    at = datetime.fromisoformat("2009-12-01 07:45")
    for number in range(489434, 489434 + invoices):
        at += timedelta(minutes=chance.randrange(1, 300))
        stamp = at.isoformat(sep=" ")
        customer = "" if chance.random() < 0.2 else f"{chance.randrange(12346, 12346 + invoices)}.0"
        country = chance.choices(_COUNTRIES, weights=(60, 5, 5, 2, 2, 2, 2))[0]
        what = chance.random()
        if what < 0.08:
            code, _name, _price = chance.choice(_GOODS)
            reason = chance.choice(("damaged", "", "?", "given away"))
            rows.append((str(number), code, reason, str(-chance.randrange(1, 90)), stamp, "0.0", "", "United Kingdom"))
            continue
        credit = what < 0.2
        invoice = f"C{number}" if credit else str(number)
        for _line in range(chance.randrange(1, 9)):
            fee = chance.random() < 0.08
            code, name, price = chance.choice(_FEES if fee else _GOODS)
            if chance.random() < 0.1:
                code = code.lower()
            description = "" if chance.random() < 0.03 else name
            quantity = chance.randrange(1, 25) * (-1 if credit else 1)
            rows.append((invoice, code, description, str(quantity), stamp, price, customer, country))
    rows.append(("A506401", "B", "Adjust bad debt", "1", at.isoformat(sep=" "), "-53594.36", "", "United Kingdom"))
    return rows


def write_invoice_lines(folder: Path, *, invoices: int = 400, seed: int = 1) -> None:
    """A folder with one file of invoice lines."""
    write_table(folder / "lines.csv", INVOICE_COLUMNS, invoice_rows(invoices, seed))


MARKETPLACE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "orders": (
        "order_id",
        "customer_id",
        "order_status",
        "order_purchase_timestamp",
        "order_approved_at",
        "order_delivered_carrier_date",
        "order_delivered_customer_date",
        "order_estimated_delivery_date",
    ),
    "order_items": (
        "order_id",
        "order_item_id",
        "product_id",
        "seller_id",
        "shipping_limit_date",
        "price",
        "freight_value",
    ),
    "payments": ("order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"),
    "customers": (
        "customer_id",
        "customer_unique_id",
        "customer_zip_code_prefix",
        "customer_city",
        "customer_state",
    ),
    "products": (
        "product_id",
        "product_category_name",
        "product_name_lenght",
        "product_description_lenght",
        "product_photos_qty",
        "product_weight_g",
        "product_length_cm",
        "product_height_cm",
        "product_width_cm",
    ),
    "product_category_name_translation": ("product_category_name", "product_category_name_english"),
}
_CATEGORIES = (
    ("beleza_saude", "health_beauty"),
    ("cama_mesa_banho", "bed_bath_table"),
    ("informatica_acessorios", "computers_accessories"),
)
_CITIES = (("1310", "sao paulo", "SP"), ("20040", "rio de janeiro", "RJ"), ("35960", "santa barbara", "MG"))


def marketplace_tables(orders: int, seed: int) -> dict[str, list[tuple[object, ...]]]:
    """Rows by table: every state, several in the first ones, with the facts that such a state has and lacks."""
    chance = random.Random(seed)

    def identifier() -> str:
        return f"{chance.getrandbits(128):032x}"

    tables: dict[str, list[tuple[object, ...]]] = {name: [] for name in MARKETPLACE_COLUMNS}
    tables["product_category_name_translation"] = list(_CATEGORIES)
    products = [identifier() for _count in range(max(3, orders // 3))]
    for number, product in enumerate(products):
        # The last category has no translation, as in the real table.
        category = (*(portuguese for portuguese, _english in _CATEGORIES), "pc_gamer", "")[number % 5]
        measures = ("48.0", "900.0", "2.0", "600.0", "20.0", "11.0", "13.0") if category else ("",) * 7
        tables["products"].append((product, category, *measures))
    people = [identifier() for _count in range(max(2, orders * 9 // 10))]
    for number in range(orders):
        state = STATES[number] if number < len(STATES) else chance.choices(STATES, weights=(90, 3, 2, 2, 1, 1, 2, 2))[0]
        order, customer = identifier(), identifier()
        person = people[number % len(people)]
        tables["customers"].append((customer, person, *_CITIES[people.index(person) % len(_CITIES)]))
        placed = datetime.fromisoformat("2017-01-05 09:00") + timedelta(minutes=chance.randrange(60 * 24 * 350))
        approved = placed + timedelta(minutes=17)
        carrier = placed + timedelta(days=2, hours=3)
        delivered = placed + timedelta(days=chance.randrange(4, 30))
        missing_date = state == "delivered" and number >= len(STATES) and chance.random() < 0.02
        tables["orders"].append(
            (
                order,
                customer,
                state,
                placed,
                "" if state == "created" else approved,
                carrier if state in ("shipped", "delivered") else "",
                delivered if state == "delivered" and not missing_date else "",
                (placed + timedelta(days=20)).date().isoformat() + " 00:00:00",
            )
        )
        lines = 0 if state in ("created", "unavailable") else chance.choices((1, 2, 3), weights=(85, 10, 5))[0]
        total = 0
        for line in range(1, lines + 1):
            price, freight = chance.randrange(500, 30000), chance.randrange(500, 4000)
            total += price + freight
            tables["order_items"].append(
                (
                    order,
                    line,
                    chance.choice(products),
                    identifier(),
                    placed + timedelta(days=4),
                    price / 100,
                    freight / 100,
                )
            )
        method = chance.choice(("credit_card", "boleto", "voucher", "debit_card"))
        tables["payments"].append(
            (order, 1, method, chance.randrange(1, 9) if method == "credit_card" else 1, (total or 9990) / 100)
        )
    return tables


def write_marketplace(folder: Path, *, orders: int = 300, seed: int = 1) -> None:
    """A folder with the marketplace's six files."""
    for name, rows in marketplace_tables(orders, seed).items():
        write_table(folder / f"{name}.csv", MARKETPLACE_COLUMNS[name], rows)
