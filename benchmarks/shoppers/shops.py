"""The shops in which simulated shoppers have bought: their goods as data, and as the canonical files of an import."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from crm_backend.pipeline.canonical.types import BY_NAME
from crm_backend.pipeline.canonical_files import CanonicalWriter

FOLDER = Path(__file__).parent / "shops"
SOURCE = "simulated"
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Variant:
    """What can be bought. `values` are its options' values, an axis each, by language."""

    sku: str
    product: Product = field(repr=False)
    values: Mapping[str, tuple[str, ...]]
    price_minor: int
    available: bool

    def options(self, language: str) -> dict[str, str]:
        """Names and values of its options."""
        language = language if language in self.values else next(iter(self.values))
        names = [axis[language] for axis in self.product.axes]
        return dict(zip(names, self.values[language], strict=True))


@dataclass(frozen=True)
class Product:
    """A product of a shop. `call` are the words that shoppers use for it."""

    code: str
    name: Mapping[str, str]
    call: Mapping[str, Sequence[str]]
    category: Mapping[str, str]
    axes: Sequence[Mapping[str, str]]
    plural: bool
    variants: list[Variant] = field(default_factory=list, compare=False)


@dataclass(frozen=True)
class Shop:
    """A shop. `held_out`: kept for measuring."""

    name: str
    held_out: bool
    order_number: str
    country: str
    currency: str
    languages: Sequence[str]
    products: Sequence[Product]


@dataclass(frozen=True)
class Address:
    """One of the shopper's book, or typed by them."""

    label: Mapping[str, str]
    line1: str
    city: str
    postcode: str
    district: str = ""
    region: str = ""


BOOKS: Mapping[str, Sequence[Address]] = {
    "GB": (
        Address({"en": "Home", "zh": "家"}, "8 Alder Row", "Leeds", "LS6 2AB"),
        Address({"en": "Work", "zh": "公司"}, "40 Canal Wharf", "Leeds", "LS11 5DP"),
        Address({"en": "Parents", "zh": "父母家"}, "3 Beacon Hill", "York", "YO1 7JN"),
    ),
    "CN": (
        Address({"en": "Home", "zh": "家"}, "中山北路88号3单元501室", "上海市", "200063", "普陀区", "上海市"),
        Address({"en": "Work", "zh": "公司"}, "世纪大道100号15楼", "上海市", "200120", "浦东新区", "上海市"),
        Address({"en": "Parents", "zh": "父母家"}, "文三路45号2幢", "杭州市", "310012", "西湖区", "浙江省"),
    ),
}
TYPED: Mapping[str, Address] = {
    "GB": Address({}, "27 Mill Lane", "Sheffield", "S10 3GW"),
    "CN": Address({}, "解放路66号1203室", "杭州市", "310009", "上城区", "浙江省"),
}


def load_shops() -> list[Shop]:
    """Every shop of the folder."""
    return [_shop(path.stem, yaml.safe_load(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.yml"))]


def _shop(name: str, facts: Mapping[str, Any]) -> Shop:
    languages = facts.get("languages", LANGUAGES)
    products = [_product(name, each, languages) for each in facts["products"]]
    return Shop(
        name, facts["held_out"], facts["order_number"], facts["country"], facts["currency"], languages, products
    )


def _product(shop: str, facts: Mapping[str, Any], languages: Sequence[str]) -> Product:
    axes = [axis["name"] for axis in facts["axes"]]
    product = Product(
        f"{shop}-{facts['code']}", facts["name"], facts["call"], facts["category"], axes, facts.get("plural", False)
    )
    for number, (combination, price, available) in enumerate(_combinations(facts, languages[0]), start=1):
        values = {language: tuple(_word(value, language) for value in combination) for language in languages}
        product.variants.append(Variant(f"{facts['code']}-{number:02d}", product, values, price, available))
    return product


def _combinations(facts: Mapping[str, Any], first: str) -> Iterator[tuple[Sequence[Any], int, bool]]:
    """The values, price and availability of what a product comes in.

    Those that the file lists, each `[value, …, price]` with an `out` behind it where it is out of stock; or every
    combination, at the product's price and what `dearer` adds, without those that are `out`.
    """
    by_word = [{_word(value, first): value for value in axis["values"]} for axis in facts["axes"]]
    if "variants" in facts:
        for listed in facts["variants"]:
            *words, price = listed if listed[-1] != "out" else listed[:-1]
            yield [known[str(word)] for known, word in zip(by_word, words, strict=True)], price, listed[-1] != "out"
        return
    gone = {tuple(str(value) for value in combination) for combination in facts.get("out", ())}
    for combination in itertools.product(*(axis["values"] for axis in facts["axes"])):
        words = tuple(_word(value, first) for value in combination)
        price = facts["price"] + sum(facts.get("dearer", {}).get(word, 0) for word in words)
        yield combination, price, words not in gone


def _word(value: Any, language: str) -> str:
    return str(value[language] if isinstance(value, dict) else value)


@dataclass
class BoughtLine:
    """A line of an order."""

    variant: Variant
    quantity: int = 1


@dataclass
class Bought:
    """An order of a simulated shopper."""

    number: str
    state: str
    days_ago: int
    lines: list[BoughtLine]
    address: int = 0
    """Which of the book's addresses it goes to."""

    @property
    def total_minor(self) -> int:
        """What the goods cost."""
        return sum(line.variant.price_minor * line.quantity for line in self.lines)

    @property
    def open(self) -> bool:
        """Whether it was not sent yet."""
        return self.state in ("created", "approved", "processing")


@dataclass
class Customer:
    """Who talks: a customer of a shop with orders of their own."""

    id: str
    name: str
    shop: Shop
    orders: list[Bought]

    @property
    def email(self) -> str:
        """Where codes are sent to."""
        return f"{self.id.lower()}@example.org"

    @property
    def book(self) -> Sequence[Address]:
        """Their saved addresses; the first is the default."""
        return BOOKS[self.shop.country]


def write_files(folder: Path, shops: Iterable[Shop], customers: Iterable[Customer], now: datetime) -> None:
    """Canonical files of the shops' goods and everything of the customers."""
    with CanonicalWriter(folder) as writer:

        def write(kind: str, /, **record: Any) -> None:
            record_type = BY_NAME[kind]
            writer.write_record(record_type, {name: record.get(name) for name in record_type.names})

        for shop in shops:
            for product in shop.products:
                _write_product(write, shop, product)
        for customer in customers:
            _write_customer(write, customer, now)


def _write_product(write: Any, shop: Shop, product: Product) -> None:
    first, others = shop.languages[0], shop.languages[1:]
    write(
        "products", source=SOURCE, external_id=product.code, name=product.name[first],
        category=product.category[first], attributes={},
        translations={each: {"name": product.name[each], "category": product.category[each]} for each in others},
    )  # fmt: skip
    for variant in product.variants:
        write(
            "variants", source=SOURCE, product_external_id=product.code, sku=variant.sku,
            options=variant.options(first), price_minor=variant.price_minor, currency=shop.currency,
            availability="in_stock" if variant.available else "out_of_stock",
            translations={each: {"options": variant.options(each)} for each in others},
        )  # fmt: skip


def _write_customer(write: Any, customer: Customer, now: datetime) -> None:
    shop = customer.shop
    write(
        "customers", source=SOURCE, external_id=customer.id, name=customer.name, given_name=customer.name.split()[0],
        email=customer.email, language=shop.languages[0], country=shop.country, attributes={},
    )  # fmt: skip
    for position, address in enumerate(customer.book):
        write(
            "addresses", source=SOURCE, customer_external_id=customer.id, external_id=f"{customer.id}-{position}",
            label=address.label[shop.languages[0]], recipient=customer.name, **_place(address, shop.country),
            is_default=position == 0,
        )  # fmt: skip
    write(
        "payment_methods", source=SOURCE, customer_external_id=customer.id, external_id=f"{customer.id}-card",
        kind="card", brand="Visa", last4="4242", is_default=True,
    )  # fmt: skip
    write(
        "payment_methods", source=SOURCE, customer_external_id=customer.id, external_id=f"{customer.id}-gift",
        kind="gift_card", balance_minor=90000, currency=shop.currency, is_default=False,
    )  # fmt: skip
    for order in customer.orders:
        _write_order(write, customer, order, now)


def _place(address: Address, country: str) -> dict[str, Any]:
    place = {
        "line1": address.line1, "district": address.district, "city": address.city, "region": address.region,
        "postcode": address.postcode, "country": country,
    }  # fmt: skip
    return {name: value for name, value in place.items() if value}


def _write_order(write: Any, customer: Customer, order: Bought, now: datetime) -> None:
    shop = customer.shop
    first = shop.languages[0]
    placed = now - timedelta(days=order.days_ago)
    total = order.total_minor
    write(
        "orders", source=SOURCE, external_id=order.number, number=order.number, customer_external_id=customer.id,
        kind="sale", sales_channel="web", state=order.state, placed_at=placed,
        approved_at=placed + timedelta(minutes=2),
        timezone="Asia/Shanghai" if shop.country == "CN" else "Europe/London", currency=shop.currency,
        subtotal_minor=total, shipping_minor=0, discount_minor=0, total_minor=total, contact_name=customer.name,
        contact_email=customer.email, recipient=customer.name, **_place(customer.book[order.address], shop.country),
    )  # fmt: skip
    for number, line in enumerate(order.lines, start=1):
        write(
            "order_lines", source=SOURCE, order_external_id=order.number, line_number=number, kind="item",
            sku=line.variant.sku, title=line.variant.product.name[first], options=line.variant.options(first),
            quantity=line.quantity, unit_price_minor=line.variant.price_minor,
            total_minor=line.variant.price_minor * line.quantity,
        )  # fmt: skip
    write(
        "payments", source=SOURCE, order_external_id=order.number, external_id=f"{order.number}-1", method="card",
        brand="Visa", last4="4242", payment_method_external_id=f"{customer.id}-card", amount_minor=total,
        currency=shop.currency, state="captured", paid_at=placed + timedelta(minutes=1),
    )  # fmt: skip
    if order.state not in ("shipped", "delivered"):
        return
    handed_over = placed + timedelta(days=1)
    delivered = handed_over + timedelta(days=2) if order.state == "delivered" else None
    write(
        "shipments", source=SOURCE, order_external_id=order.number, external_id="1", carrier="Parcel Post",
        tracking_number=f"TR{abs(hash_number(order.number)):010d}", state="delivered" if delivered else "in_transit",
        handed_over_at=handed_over, delivered_at=delivered,
    )  # fmt: skip
    for number, line in enumerate(order.lines, start=1):
        write(
            "shipment_lines", source=SOURCE, order_external_id=order.number, shipment_external_id="1",
            line_number=number, quantity=line.quantity,
        )  # fmt: skip


def hash_number(text: str) -> int:
    """A number that is the same in every run."""
    value = 0
    for character in text:
        value = (value * 131 + ord(character)) % 10_000_000_000
    return value


def numbers(shop: Shop, start: int) -> Iterator[str]:
    """Order numbers of a shop from `start` on."""
    for number in itertools.count(start):
        yield shop.order_number.format(number)
