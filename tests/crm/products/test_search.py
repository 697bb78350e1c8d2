"""Finding products by words and by what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crm import records
from tests.crm.conftest import Crm


def found(crm: Crm, **query: Any) -> list[str]:
    answer = crm.call.get("/catalogue/products", params=query)
    assert answer.status_code == 200, answer.text
    return [product["external_id"] for product in answer.json()["products"]]


@pytest.mark.parametrize(
    ("words", "products"),
    [
        ("kettle", ["kettle", "stove"]),
        ("Kettles", ["kettle", "stove"]),
        ("gooseneck kettle", ["kettle"]),
        ("do you have a blue scarf?", ["scarf"]),
        ("note", ["book"]),
        ("K-BLU", ["kettle"]),
        ("水壶", ["kettle", "stove"]),
        ("围巾", ["scarf"]),
        ("蓝色围巾", ["scarf"]),
        ("你们有蓝色的围巾吗", ["scarf"]),
        ("细嘴 kettle", ["kettle"]),
        ("笔记本", ["book"]),
        ("红壶", ["kettle", "stove"]),
        ("ember", ["kettle"]),
        ("bicycle", []),
        ("自行车", []),
        ("!?", []),
    ],
)
def test_words_of_either_language_find_products(shop: Crm, words: str, products: list[str]) -> None:
    assert sorted(found(shop, q=words)) == sorted(products)


@pytest.mark.parametrize(
    ("typed", "meant"), [("ketle", "kettle"), ("kettel", "kettle"), ("notbeook", "notebook"), ("skarf", "scarf")]
)
def test_a_slip_of_the_finger_is_forgiven_and_told(shop: Crm, typed: str, meant: str) -> None:
    answer = shop.call.get("/catalogue/products", params={"q": typed}).json()
    assert answer["products"]
    assert answer["corrected"] == {typed: meant}


def test_what_has_all_comes_before_what_has_some(shop: Crm) -> None:
    whole = shop.call.get("/catalogue/products", params={"q": "red stovetop kettle"}).json()
    assert (whole["matched"], whole["products"][0]["external_id"]) == ("all", "stove")
    part = shop.call.get("/catalogue/products", params={"q": "green kettle"}).json()
    assert (part["matched"], {one["external_id"] for one in part["products"]}) == ("some", {"kettle", "stove"})


def test_prices_filter_and_sort(shop: Crm) -> None:
    assert found(shop, sort="price_asc") == ["book", "scarf", "stove", "kettle"]
    assert found(shop, sort="price_desc") == ["kettle", "stove", "scarf", "book"]
    assert found(shop, minimum_minor=2600, maximum_minor=4000, sort="price_asc") == ["scarf", "stove"]
    # What a range lies between is not in it, and what cannot be had does not count.
    assert found(shop, minimum_minor=2600, maximum_minor=3400) == []
    assert found(shop, minimum_minor=4400, maximum_minor=4600) == []
    assert found(shop, q="kettle", sort="price_asc", limit=1) == ["stove"]
    assert found(shop, currency="EUR", minimum_minor=0) == []
    assert shop.call.get("/catalogue/products", params={"minimum_minor": 2, "maximum_minor": 1}).status_code == 422


def test_categories_and_options_filter(shop: Crm) -> None:
    assert found(shop, category="kitchen") == ["kettle", "stove"]
    assert found(shop, category="厨房") == ["kettle", "stove"]
    assert found(shop, category="accessories") == ["scarf"]
    assert found(shop, option="blue") == ["kettle", "scarf"]
    assert found(shop, option="colour:red") == ["stove"]
    assert found(shop, option="红色", q="水壶") == ["stove"]
    assert found(shop, option=["blue", "red"]) == []


def test_pages_say_how_many_there_are(shop: Crm) -> None:
    first = shop.call.get("/catalogue/products", params={"limit": 3, "sort": "name"}).json()
    rest = shop.call.get("/catalogue/products", params={"limit": 3, "offset": 3, "sort": "name"}).json()
    assert (first["total"], rest["total"]) == (4, 4)
    assert [one["name"] for one in (*first["products"], *rest["products"])] == [
        "Dotted notebook", "Gooseneck kettle", "Merino scarf", "Stovetop kettle"
    ]  # fmt: skip


def test_what_cannot_be_bought_can_be_left_out(shop: Crm) -> None:
    with shop.records() as session:
        gone = records.product(session, "Lost kettle", external_id="lost")
        records.variant(session, gone, "L1", availability="discontinued")
    assert found(shop, q="kettle", available=True) == ["kettle", "stove"]
    assert found(shop, q="kettle", available=False) == ["lost"]


def test_the_index_follows_changes(shop: Crm) -> None:
    with shop.records() as session:
        teapot = records.product(session, "Teapot")
    assert found(shop, q="teapot") == [teapot.external_id]
    with shop.records() as session:
        session.merge(teapot).name = "Coffee pot"
    assert found(shop, q="teapot") == []
    assert found(shop, q="coffee pot") == [teapot.external_id]
