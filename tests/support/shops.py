"""Other shops than the demo shop, for tests of other shops' data: made with the same functions from other settings.

Each seed is another shop: another order-number shape, other markets and currencies, and a catalogue put together
from other words, with options that the demo shop does not have. Bilingual like the demo shop.

    shop = other_shop(4, now=datetime(2026, 3, 12, tzinfo=UTC))
    write_files(shop.content, tmp_path)             # canonical files, for `shopdesk import`
    shop.content.orders                             # what is in them
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shopdesk.demo.settings import DemoSettings, load_settings
from shopdesk.demo.shop import DemoShop, generate

ORDER_NUMBERS = (
    "W{:07d}",
    "#{:d}",
    "{:010d}",
    "ORD-2024-{:06d}",
    "NL{:08d}X",
    "BK/{:05d}/EU",
    "2024{:012d}",  # as long as Chinese shops' numbers
    "a.{:06d}",
)

_NOUNS = (
    ("Tent", "帐篷", 18900),
    ("Sleeping Bag", "睡袋", 9900),
    ("Bicycle Helmet", "骑行头盔", 6400),
    ("Pannier", "驮包", 5200),
    ("Hammock", "吊床", 4700),
    ("Headlamp", "头灯", 2900),
    ("Trowel", "园艺铲", 1400),
    ("Watering Can", "洒水壶", 2600),
    ("Seed Box", "种子礼盒", 1900),
    ("Bird Feeder", "喂鸟器", 2300),
    ("Garden Gloves", "园艺手套", 1200),
    ("Plant Pot", "花盆", 1100),
    ("Climbing Rope", "登山绳", 11500),
    ("Dry Bag", "防水袋", 2100),
    ("Trail Shoes", "越野跑鞋", 10900),
    ("Rain Trousers", "雨裤", 7800),
    ("Camping Stove", "露营炉", 5900),
    ("Enamel Mug", "搪瓷杯", 900),
)
_QUALITIES = (
    ("Light", "轻量"),
    ("Sturdy", "加固"),
    ("Folding", "折叠"),
    ("Classic", "经典"),
    ("Alpine", "高山"),
    ("Little", "迷你"),
    ("Coastal", "海岸"),
    ("Night", "夜光"),
)
_OPTIONS: dict[str, dict[str, Any]] = {
    "tone": {
        "name": {"en": "Tone", "zh": "色系"},
        "values": {
            "ash": {"sku": "A", "en": "Ash", "zh": "灰烬色"},
            "moss": {"sku": "M", "en": "Moss", "zh": "苔藓绿"},
            "dusk": {"sku": "D", "en": "Dusk", "zh": "暮色紫"},
            "flame": {"sku": "F", "en": "Flame", "zh": "火焰橙"},
            "light-moss": {"sku": "LM", "en": "Light Moss", "zh": "浅苔绿"},
        },
    },
    "length": {
        "name": {"en": "Length", "zh": "长度"},
        "values": {
            "1m": {"sku": "1", "en": "1 m", "zh": "1米"},
            "2m": {"sku": "2", "en": "2 m", "zh": "2米"},
            "10m": {"sku": "10", "en": "10 m", "zh": "10米"},
        },
    },
    "fitting": {
        "name": {"en": "Fitting", "zh": "接口"},
        "values": {
            "screw": {"sku": "S", "en": "Screw", "zh": "螺口"},
            "click": {"sku": "C", "en": "Click", "zh": "卡扣"},
        },
    },
}
_CATEGORIES = {"outside": {"en": "Out and About", "zh": "户外出行"}, "garden": {"en": "Garden", "zh": "园艺"}}
_MARKETS = (("US",), ("DE", "FR"), ("CN",), ("CN", "US"), ("GB", "DE"), ("FR", "CN", "GB"))


@dataclass(frozen=True, slots=True)
class OtherShop:
    """Another shop: what it is made from, and what is in it."""

    settings: DemoSettings
    content: DemoShop


def other_shop(seed: int, *, now: datetime, customers: int = 25) -> OtherShop:
    """The shop of this seed at the business time `now` (aware). Small: about ten products, a few hundred orders."""
    settings = other_settings(seed)
    return OtherShop(settings, generate(settings, seed=seed, customers=customers, now=now))


def other_settings(seed: int) -> DemoSettings:
    """The settings of another shop: the demo shop's people and carriers, everything else its own."""
    rng = random.Random(f"other:{seed}")
    settings = load_settings().model_dump(mode="json")
    countries = rng.choice(_MARKETS)
    shop = settings["shop"]
    shop["source"] = f"other-shop-{seed}"
    shop["markets"] = {country: shop["markets"][country] for country in countries}
    shop["order_numbers"] = {
        "format": rng.choice(ORDER_NUMBERS),
        "first": rng.choice((1, 5000, 70001)),
        "numbers_per_day": rng.choice((3, 10)),
    }
    settings["options"] = _OPTIONS
    settings["facts"] |= {"categories": _CATEGORIES, "brands": {"outside": "Far Shore", "garden": "Green Row"}}
    settings["facts"]["size_charts"] = {}
    settings["products"] = _products(rng)
    for kind in settings["behaviour"]["kinds"].values():
        kind["likes"] = dict.fromkeys(_CATEGORIES, 1)
        kind["favourites"] = [1, 2]
    settings["stores"] = [store for store in settings["stores"] if store["country"] in countries]
    settings["stories"] = {"people": {}, "orders": []}
    # What the demo shop's desk has to do, and what it has ordered, is about its own orders and products.
    for kept in ("returns", "claims", "chases", "invoices", "reservations"):
        settings["desk"][kept] = []
    settings["supply"]["purchase_orders"] = []
    return DemoSettings.model_validate(settings)


def _products(rng: random.Random) -> list[dict[str, Any]]:
    products: list[dict[str, Any]] = []
    for number, (noun, noun_zh, pence) in enumerate(rng.sample(_NOUNS, 10)):
        quality, quality_zh = rng.choice(_QUALITIES)
        options = {
            name: rng.sample(list(_OPTIONS[name]["values"]), 2)
            for name in rng.sample(list(_OPTIONS), rng.choice((0, 1, 2)))
        }
        products.append(
            {
                "code": f"OT{200 + number}",
                "name": {"en": f"{quality} {noun}", "zh": quality_zh + noun_zh},
                "about": {
                    "en": f"A {quality.lower()} {noun.lower()} for everyone.",
                    "zh": f"{quality_zh}{noun_zh}，人人适用。",
                },
                "category": rng.choice(list(_CATEGORIES)),
                "price": pence,
                "options": options,
                "facts": {},
                "gift": number % 2 == 0,
                "repeat_days": 40 if number % 3 == 0 else None,
                "goes_with": [products[-1]["code"]] if products else [],
            }
        )
    return products
