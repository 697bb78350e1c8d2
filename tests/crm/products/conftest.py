"""A small catalogue in both languages."""

from __future__ import annotations

import pytest

from tests.crm import records
from tests.crm.conftest import Crm


def fill(crm: Crm) -> None:
    """Kettles, scarves and a notebook; see the tests for what is in stock."""
    with crm.records() as session:
        kettle = records.product(
            session,
            "Gooseneck kettle",
            external_id="kettle",
            category="Kitchen",
            brand="Ember",
            description="Pours slowly.",
            attributes={"capacity": "0.9 l", "material": "steel"},
            translations={"zh": {"name": "细嘴水壶", "category": "厨房", "description": "慢慢倒水。"}},
        )
        records.variant(
            session,
            kettle,
            "K-RED",
            options={"colour": "red"},
            price_minor=4500,
            currency="GBP",
            availability="out_of_stock",
            translations={"zh": {"options": {"颜色": "红色"}}},
        )
        records.variant(
            session,
            kettle,
            "K-BLU",
            options={"colour": "blue"},
            price_minor=4800,
            currency="GBP",
            availability="in_stock",
            translations={"zh": {"options": {"颜色": "蓝色"}}},
        )
        plain = records.product(
            session,
            "Stovetop kettle",
            external_id="stove",
            category="Kitchen",
            attributes={"capacity": "1.5 l"},
            translations={"zh": {"name": "炉灶水壶", "category": "厨房"}},
        )
        records.variant(
            session,
            plain,
            "S-RED",
            options={"colour": "red"},
            price_minor=3900,
            currency="GBP",
            availability="in_stock",
            translations={"zh": {"options": {"颜色": "红色"}}},
        )
        scarf = records.product(
            session,
            "Merino scarf",
            external_id="scarf",
            category="Clothing > Accessories",
            translations={"zh": {"name": "美利奴羊毛围巾", "category": "服饰"}},
        )
        for sku, colour, chinese, price in (("F-BLU", "blue", "蓝色", 2500), ("F-GRY", "grey", "灰色", 3500)):
            records.variant(
                session,
                scarf,
                sku,
                options={"colour": colour},
                price_minor=price,
                currency="GBP",
                availability="in_stock",
                translations={"zh": {"options": {"颜色": chinese}}},
            )
        book = records.product(
            session,
            "Dotted notebook",
            external_id="book",
            category="Stationery",
            translations={"zh": {"name": "点阵笔记本"}},
        )
        records.variant(session, book, "N1", price_minor=900, currency="GBP", availability="in_stock")


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """On each store."""
    fill(crm)
    return crm


@pytest.fixture
def sqlite_shop(sqlite_crm: Crm) -> Crm:
    """On SQLite, for what does not depend on the store."""
    fill(sqlite_crm)
    return sqlite_crm
