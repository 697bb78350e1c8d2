"""The shoppers of conversations that change something: each has a customer and orders of their own.

A conversation says what its shopper has (`shopper:`); all of them together are one import in the canonical format,
which the tests give to the running stack. The goods are in catalogue.yml.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from crm_backend.pipeline.canonical.types import BY_NAME
from crm_backend.pipeline.canonical_files import CanonicalWriter

SOURCE = "conversations"
_CATALOGUE = Path(__file__).parent / "catalogue.yml"
_SENT = frozenset({"shipped", "delivered"})
_DAYS_UNDER_WAY = 2

NEIGHBOUR = "neighbour@example.org"
"""The e-mail address of a customer who talks in no conversation."""

PEOPLE = ("Rowan Ashdown", "Ellis Marlowe")
"""Whoever talks, and who talks in no conversation."""

ADDRESSES = {
    "Home": ("8 Alder Row", "Leeds", "LS6 2AB"),
    "Work": ("40 Canal Wharf", "Leeds", "LS11 5DP"),
}


class Bought(BaseModel):
    """An order of the shopper. `lines` are SKUs of the catalogue with `*n` for several."""

    model_config = ConfigDict(extra="forbid")

    key: str
    state: str
    days_ago: int = 2
    lines: list[str] = Field(min_length=1)
    """`SKU*2`, and `SKU@9900` where it was bought for another price (pence) than it has now."""
    ship_in_days: int | None = None
    """In how many days from now every line should be sent; below 0: it should have been."""
    promised_in_days: int | None = None
    delivered_days_ago: int | None = None
    paid_twice: bool = False
    points: int = 0
    """Points that were used for it."""


class Coupon(BaseModel):
    """A voucher of the shopper: 10 % off, good for a month around now unless it says otherwise."""

    model_config = ConfigDict(extra="forbid")

    code: str
    used_for: str | None = None
    """The key of the order."""
    ends_in_days: int = 30
    minimum_minor: int | None = None


class Shopper(BaseModel):
    """Who talks: their orders, newest last, and whether they saved a card and a gift card."""

    model_config = ConfigDict(extra="forbid")

    orders: list[Bought] = Field(min_length=1)
    vouchers: list[Coupon] = Field(default_factory=list)
    agreed: list[str] = Field(default_factory=list)
    """Ways by which they get news and offers."""


@dataclass(frozen=True)
class Article:
    """A variant of the catalogue."""

    sku: str
    name: str
    options: Mapping[str, str]
    price_minor: int


def facts_of(identifier: str, shopper: Shopper) -> dict[str, str]:
    """What conversations write in braces: the orders' numbers by their keys, and the customer."""
    return {"customer": _customer(identifier), **{each.key: _number(identifier, each.key) for each in shopper.orders}}


def write_shoppers(folder: Path, shoppers: Mapping[str, Shopper], now: datetime) -> None:
    """Canonical files with the catalogue and everything of the shoppers, by identifier of the conversation."""
    catalogue = yaml.safe_load(_CATALOGUE.read_text(encoding="utf-8"))["products"]
    articles = {article.sku: article for product in catalogue for article in _articles(product)}
    with CanonicalWriter(folder) as writer:

        def write(kind: str, /, **record: Any) -> None:
            record_type = BY_NAME[kind]
            writer.write_record(record_type, {name: record.get(name) for name in record_type.names})

        for product in catalogue:
            _write_product(write, product)
        write(
            "customers", source=SOURCE, external_id="TC-NEIGHBOUR", name=PEOPLE[1], email=NEIGHBOUR,
            language="en", country="GB", attributes={},
        )  # fmt: skip
        for identifier, shopper in shoppers.items():
            _write_shopper(write, identifier, shopper, articles, now)


def _articles(product: Mapping[str, Any]) -> Iterable[Article]:
    names = [option["en"] for option in product["options"]]
    for sku, facts in product["variants"].items():
        values = [_word(value, "en") for value in facts[: len(names)]]
        yield Article(sku, product["name"]["en"], dict(zip(names, values, strict=True)), facts[len(names)])


def _write_product(write: Any, product: Mapping[str, Any]) -> None:
    write(
        "products",
        source=SOURCE,
        external_id=f"conversations-{product['code']}",
        name=product["name"]["en"],
        category=product["category"]["en"],
        description=product.get("about", {}).get("en"),
        attributes=product.get("facts", {}).get("en", {}),
        translations={
            "zh": {
                "name": product["name"]["zh"],
                "category": product["category"]["zh"],
                "description": product.get("about", {}).get("zh"),
                "attributes": product.get("facts", {}).get("zh", {}),
            }
        },
    )
    for article in _articles(product):
        facts = product["variants"][article.sku]
        chinese = {option["zh"]: _word(value, "zh") for option, value in zip(product["options"], facts, strict=False)}
        write(
            "variants",
            source=SOURCE,
            product_external_id=f"conversations-{product['code']}",
            sku=article.sku,
            options=dict(article.options),
            price_minor=article.price_minor,
            currency="GBP",
            availability="out_of_stock" if facts[-1] == "out_of_stock" else "in_stock",
            translations={"zh": {"options": chinese}},
        )


def _write_shopper(
    write: Any, identifier: str, shopper: Shopper, articles: Mapping[str, Article], now: datetime
) -> None:
    customer = _customer(identifier)
    email = f"{customer.lower()}@example.org"
    write(
        "customers", source=SOURCE, external_id=customer, name=PEOPLE[0], given_name="Rowan", email=email,
        language="en", country="GB", attributes={},
    )  # fmt: skip
    for position, (label, (line1, city, postcode)) in enumerate(ADDRESSES.items()):
        write(
            "addresses", source=SOURCE, customer_external_id=customer, external_id=f"{customer}-{label.lower()}",
            label=label, recipient="Rowan Ashdown", line1=line1, city=city, postcode=postcode, country="GB",
            is_default=position == 0,
        )  # fmt: skip
    write(
        "payment_methods", source=SOURCE, customer_external_id=customer, external_id=f"{customer}-card", kind="card",
        brand="Visa", last4="4242", is_default=True,
    )  # fmt: skip
    write(
        "payment_methods", source=SOURCE, customer_external_id=customer, external_id=f"{customer}-gift",
        kind="gift_card", balance_minor=50000, currency="GBP", is_default=False,
    )  # fmt: skip
    for channel in shopper.agreed:
        write(
            "consents", source=SOURCE, customer_external_id=customer, external_id=f"{customer}-{channel}",
            purpose="marketing", channel=channel, granted=True, at=now - timedelta(days=90),
        )  # fmt: skip
    for coupon in shopper.vouchers:
        number = _number(identifier, coupon.used_for) if coupon.used_for else None
        write(
            "vouchers", source=SOURCE, customer_external_id=customer, external_id=f"{customer}-{coupon.code}",
            code=coupon.code, kind="percent", percent=10, minimum_order_minor=coupon.minimum_minor,
            currency="GBP" if coupon.minimum_minor else None, valid_from=now - timedelta(days=60),
            valid_until=now + timedelta(days=coupon.ends_in_days), state="used" if number else "active",
            used_at=now - timedelta(days=1) if number else None, order_number=number,
        )  # fmt: skip
    for bought in shopper.orders:
        if bought.points:
            for kind, points in (("earned", 2 * bought.points), ("redeemed", -bought.points)):
                write(
                    "loyalty_entries", source=SOURCE, customer_external_id=customer,
                    external_id=f"{customer}-{bought.key}-{kind}", kind=kind, points=points,
                    at=now - timedelta(days=bought.days_ago),
                    order_number=_number(identifier, bought.key) if kind == "redeemed" else None,
                )  # fmt: skip
        _write_order(write, identifier, bought, articles, now)


def _chosen(line: str, articles: Mapping[str, Article]) -> tuple[Article, int]:
    """The article of a line at the price that it was bought for, and how many."""
    named, _, count = line.partition("*")
    sku, _, price = named.partition("@")
    article = articles[sku]
    return (replace(article, price_minor=int(price)) if price else article), int(count or 1)


def _write_order(write: Any, identifier: str, bought: Bought, articles: Mapping[str, Article], now: datetime) -> None:
    customer, number = _customer(identifier), _number(identifier, bought.key)
    placed = now - timedelta(days=bought.days_ago)
    chosen = [_chosen(line, articles) for line in bought.lines]
    total = sum(article.price_minor * count for article, count in chosen)
    write(
        "orders", source=SOURCE, external_id=number, number=number, customer_external_id=customer, kind="sale",
        sales_channel="web", state=bought.state, placed_at=placed, approved_at=placed + timedelta(minutes=2),
        timezone="Europe/London", currency="GBP", subtotal_minor=total, shipping_minor=0, discount_minor=0,
        total_minor=total, contact_name=PEOPLE[0], contact_email=f"{customer.lower()}@example.org",
        recipient="Rowan Ashdown", line1=ADDRESSES["Home"][0], city=ADDRESSES["Home"][1],
        postcode=ADDRESSES["Home"][2], country="GB",
    )  # fmt: skip
    for line_number, (article, count) in enumerate(chosen, start=1):
        write(
            "order_lines", source=SOURCE, order_external_id=number, line_number=line_number, kind="item",
            sku=article.sku, title=article.name, options=dict(article.options), quantity=count,
            unit_price_minor=article.price_minor, total_minor=article.price_minor * count,
            ship_by=None if bought.ship_in_days is None else now + timedelta(days=bought.ship_in_days),
        )  # fmt: skip
    for position in range(1, 3 if bought.paid_twice else 2):
        write(
            "payments", source=SOURCE, order_external_id=number, external_id=f"{number}-{position}", method="card",
            brand="Visa", last4="4242", payment_method_external_id=f"{customer}-card", amount_minor=total,
            currency="GBP", state="captured", paid_at=placed + timedelta(minutes=position),
        )  # fmt: skip
    if bought.state in _SENT:
        handed_over = placed + timedelta(days=1)
        delivered = handed_over + timedelta(days=_DAYS_UNDER_WAY) if bought.state == "delivered" else None
        if delivered and bought.delivered_days_ago is not None:
            delivered = now - timedelta(days=bought.delivered_days_ago)
        promised = None if bought.promised_in_days is None else (now + timedelta(days=bought.promised_in_days)).date()
        write(
            "shipments", source=SOURCE, order_external_id=number, external_id="1", carrier="Royal Mail",
            tracking_number=f"TR{zlib.crc32(number.encode()):010d}GB",
            state="delivered" if delivered else "in_transit", handed_over_at=handed_over, delivered_at=delivered,
            promised_on=promised,
        )  # fmt: skip
        for line_number, (_, count) in enumerate(chosen, start=1):
            write(
                "shipment_lines", source=SOURCE, order_external_id=number, shipment_external_id="1",
                line_number=line_number, quantity=count,
            )  # fmt: skip


def _word(value: Any, language: str) -> str:
    return str(value[language] if isinstance(value, dict) else value)


def _customer(identifier: str) -> str:
    return f"TC-{zlib.crc32(identifier.encode()):010d}"


def _number(identifier: str, key: str) -> str:
    return f"TS-{zlib.crc32(f'{identifier}/{key}'.encode()) % 10_000_000:07d}"


def stack_now(value: str) -> datetime:
    """The business time of a stack's SHOPDESK_NOW."""
    return datetime.fromisoformat(value).astimezone(UTC)
