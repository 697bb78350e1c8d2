"""A slip in the settings is found when they are read, and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from shopdesk.demo.settings import DEFAULT_DIRECTORY, load_settings


@pytest.fixture
def own_settings(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_DIRECTORY, tmp_path / "demo"))


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("catalogue/clothing.yml", "goes_with: [CL301,", "goes_with: [CL999,", "CL101 goes_with CL999"),
        ("catalogue/clothing.yml", "category: knitwear", "category: hats", "category hats"),
        ("catalogue/clothing.yml", "[navy, oatmeal, forest]", "[navy, beige, forest]", "CL101 colour beige"),
        ("catalogue/clothing.yml", "popularity: 5", "popularity: 6", "popularity"),
        ("catalogue/clothing.yml", "price: 6800", "price: 68.5", "price"),
        ("catalogue/clothing.yml", ", zh: 美利奴羊毛圆领毛衣", "", "name.zh"),
        ("shop.yml", "royal-mail: 5", "owl-post: 5", "GB carrier owl-post"),
        ("stories.yml", "person: emma\n", "person: nobody\n", "on-its-way person nobody"),
        ("carriers.yml", "code: customs", "code: teleported", "scans"),
        ("people.yml", "name_order: given-first", "name_ordre: given-first", "name_ordre"),
    ],
)
def test_slips_are_named(own_settings: Path, file: str, old: str, new: str, named: str) -> None:
    path = own_settings / file
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), "utf-8")
    with pytest.raises(ValidationError, match=named):
        load_settings(own_settings)
