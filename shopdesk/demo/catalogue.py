"""Products, their variants, and what a variant costs in each market."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from typing import Any

from crm_backend.pipeline.canonical.columns import Record
from crm_backend.pipeline.canonical.products import PRODUCTS, VARIANTS
from shopdesk.demo.money import price_point
from shopdesk.demo.settings import DemoSettings, ProductSetting


@dataclass(frozen=True, slots=True)
class Item:
    """One variant as the shop sells it. `choices` maps option keys to value keys; `prices` market to minor units."""

    sku: str
    product: ProductSetting
    choices: dict[str, str]
    options: dict[str, str]
    options_zh: dict[str, str]
    prices: dict[str, int]
    availability: str

    @property
    def can_be_bought(self) -> bool:
        """Whether a new order may hold it."""
        return self.availability in ("in_stock", "preorder")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All items, by product code in the order of the settings."""

    items: dict[str, list[Item]]
    products: dict[str, ProductSetting] = field(default_factory=dict)

    def find(self, code: str, choices: dict[str, str]) -> Item:
        """The variant of a product with exactly these choices. Raises KeyError."""
        for item in self.items[code]:
            if item.choices == choices:
                return item
        raise KeyError(f"{code} has no variant {choices}")

    def all_items(self) -> list[Item]:
        """Every variant."""
        return [item for items in self.items.values() for item in items]


def build_catalogue(settings: DemoSettings, rng: random.Random, wanted: frozenset[str] = frozenset()) -> Catalogue:
    """The catalogue; availability is drawn by chance, except that SKUs in `wanted` can be bought."""
    items = {product.code: _variants(settings, product, rng, wanted) for product in settings.products}
    return Catalogue(items, {product.code: product for product in settings.products})


def sku_of(settings: DemoSettings, product: ProductSetting, choices: dict[str, str]) -> str:
    """`CL101-NVY-M`: the product's code and each chosen value's letters, in the order of the options."""
    return "-".join([product.code, *(settings.options[name].values[choices[name]].sku for name in product.options)])


def _variants(
    settings: DemoSettings, product: ProductSetting, rng: random.Random, wanted: frozenset[str]
) -> list[Item]:
    items = []
    for values in itertools.product(*product.options.values()):
        choices = dict(zip(product.options, values, strict=True))
        sku = sku_of(settings, product, choices)
        pence = product.pence(choices)
        drawn = rng.choices(("in_stock", "out_of_stock", "preorder", "discontinued"), (88, 8, 2, 2))[0]
        items.append(
            Item(
                sku=sku,
                product=product,
                choices=choices,
                options=_option_words(settings, choices, "en"),
                options_zh=_option_words(settings, choices, "zh"),
                prices={
                    country: price_point(pence, market.price)
                    for country, market in settings.shop.markets.items()
                    if product.markets is None or market.currency in product.markets
                },
                availability="in_stock" if sku in wanted or product.kind == "gift_voucher" else drawn,
            )
        )
    return items


def _option_words(settings: DemoSettings, choices: dict[str, str], language: str) -> dict[str, str]:
    return {
        settings.options[name].name.of(language): settings.options[name].values[value].of(language)
        for name, value in choices.items()
    }


def base_market(settings: DemoSettings) -> str:
    """The market in whose prices the catalogue is kept, the first one; the others are in `market_prices`."""
    return next(iter(settings.shop.markets))


def catalogue_records(settings: DemoSettings, catalogue: Catalogue) -> dict[str, list[Record]]:
    """Products and variants in canonical form."""
    products = [
        _product_record(settings, product, catalogue.items[code]) for code, product in catalogue.products.items()
    ]
    base = base_market(settings)
    currency = settings.shop.markets[base].currency
    variants = [
        VARIANTS.record(
            source=settings.shop.source,
            product_external_id=item.product.code,
            sku=item.sku,
            options=item.options,
            price_minor=item.prices[base],
            currency=currency,
            availability=item.availability,
            translations={"zh": {"options": item.options_zh}} if item.options_zh else {},
        )
        for item in catalogue.all_items()
    ]
    return {"products": products, "variants": variants}


def _product_record(settings: DemoSettings, product: ProductSetting, items: list[Item]) -> Record:
    category = settings.facts.categories[product.category]
    return PRODUCTS.record(
        source=settings.shop.source,
        external_id=product.code,
        name=product.name.en,
        description=product.about.en,
        category=category.en,
        brand=settings.facts.brands.get(product.category),
        attributes=_facts(settings, product, "en")
        | _shared_facts(settings, product)
        | {"market_prices": _market_prices(settings, items)},
        translations={
            "zh": {
                "name": product.name.zh,
                "description": product.about.zh,
                "category": category.zh,
                "attributes": _facts(settings, product, "zh"),
            }
        },
    )


def _facts(settings: DemoSettings, product: ProductSetting, language: str) -> dict[str, Any]:
    """What the product is made of and how to look after it, in words."""
    facts = settings.facts
    known = {
        "material": facts.material.get(product.facts.material or ""),
        "care": facts.care.get(product.facts.care or ""),
    }
    return {facts.labels[name].of(language): words.of(language) for name, words in known.items() if words is not None}


def _shared_facts(settings: DemoSettings, product: ProductSetting) -> dict[str, Any]:
    """Facts that need no translation: for whom it is cut, whether it makes a gift, its size chart in centimetres."""
    shared: dict[str, Any] = {"gift": product.gift}
    if product.fit is not None:
        shared["fit"] = product.fit
    chart = settings.facts.size_charts.get(product.facts.size_chart or "")
    if chart is not None:
        sizes = settings.options["size"].values
        shared["size_chart_cm"] = {
            sizes[size].en: {measure: list(span) for measure, span in chart[size].items()}
            for size in product.options.get("size", [])
            if size in chart
        }
    return shared


def _market_prices(settings: DemoSettings, items: list[Item]) -> dict[str, dict[str, int]]:
    """By SKU, the list price in minor units of each other currency."""
    prices = {}
    for item in items:
        by_currency = {settings.shop.markets[country].currency: price for country, price in item.prices.items()}
        by_currency.pop(settings.shop.markets[base_market(settings)].currency)
        if by_currency:
            prices[item.sku] = by_currency
    return prices
