"""The generator is no more than its settings: other settings make other shops that hold together as well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crm_backend.database.engine import Database
from crm_backend.pipeline.importing import import_folder
from shopdesk.demo.files import write_files
from shopdesk.demo.settings import DemoSettings
from tests.demo.checks import all_problems
from tests.demo.conftest import NOW
from tests.support.shops import other_settings, other_shop


@pytest.mark.parametrize("seed", range(12))
def test_another_shop_holds_together_and_loads(seed: int, sqlite_database: Database, tmp_path: Path) -> None:
    shop = other_shop(seed, now=NOW).content
    assert all_problems(shop, NOW) == []
    assert len(shop.orders) > 50
    write_files(shop, tmp_path / "files")
    report = import_folder(sqlite_database.engine, tmp_path / "files")
    assert report.rows() == report.rows("loaded")


def test_other_shops_differ_from_the_demo_shop_and_each_other(demo_settings: DemoSettings) -> None:
    shops = [other_settings(seed) for seed in range(40)]
    assert len({shop.shop.order_numbers.format for shop in shops}) >= 6
    assert len({tuple(shop.shop.markets) for shop in shops}) >= 5
    names = {product.name.en for product in demo_settings.products}
    assert not any(product.name.en in names for shop in shops for product in shop.products)
    assert not any(re.match(r"SD-\d", shop.shop.order_numbers.format.format(1)) for shop in shops)
