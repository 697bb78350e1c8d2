"""One product, several beside each other, and what can be had instead."""

from __future__ import annotations

from datetime import UTC, datetime

from crm_backend.products.models import PriceRecord
from crm_backend.stores.models import Stock
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.products.conftest import fill


def stock(crm: Crm, sku: str, quantity: int, reserved: int = 0, store: str = "Bristol") -> None:
    with crm.records() as session:
        place = records.store(session, store)
        session.add(Stock(store_id=place.id, sku=sku, sku_key=sku.upper(), quantity=quantity, reserved=reserved))


def test_a_product_is_told_with_its_variants(shop: Crm) -> None:
    stock(shop, "k-blu", 3, 1)
    told = shop.call.get("/catalogue/products/kettle").json()
    assert (told["name"], told["available"], told["price_from_minor"]) == ("Gooseneck kettle", True, 4800)
    assert told["options"] == [{"name": "colour", "values": ["red", "blue"]}]
    assert [(one["sku"], one["availability"], one["stores_with_stock"]) for one in told["variants"]] == [
        ("K-RED", "out_of_stock", 0),
        ("K-BLU", "in_stock", 1),
    ]
    chinese = shop.call.get("/catalogue/products/k-red", params={"language": "zh"}).json()
    assert (chinese["name"], chinese["description"]) == ("细嘴水壶", "慢慢倒水。")
    assert chinese["options"] == [{"name": "颜色", "values": ["红色", "蓝色"]}]
    assert shop.call.get("/catalogue/products/nothing").status_code == 404


def test_availability_leaves_out_what_is_kept_for_somebody(shop: Crm) -> None:
    stock(shop, "K-BLU", 3, 1, "Bristol")
    stock(shop, "K-BLU", 2, 2, "London")
    told = shop.call.get("/catalogue/availability", params={"sku": "k-blu"}).json()
    assert [(one["name"], one["quantity"]) for one in told["stores"]] == [("Bristol", 2)]
    assert shop.call.get("/catalogue/availability", params={"sku": "no"}).status_code == 404


def test_prices_that_ended_are_told_with_the_lowest_of_a_month(run_crm: CrmRunner) -> None:
    crm = run_crm(business_now=datetime(2026, 3, 5, tzinfo=UTC))
    fill(crm)
    with crm.records() as session:
        product = records.product(session, "Bowl")
        records.variant(session, product, "B1", price_minor=1500, currency="GBP")
        for day, price in (("2026-01-10", 900), ("2026-02-20", 1200), ("2026-03-01", 2000)):
            session.add(
                PriceRecord(
                    product_id=product.id, sku="B1", ended_at=records.instant(day + "T00:00+00:00"),
                    price_minor=price, currency="GBP",
                )
            )  # fmt: skip
    told = crm.call.get("/catalogue/prices", params={"sku": "b1"}).json()
    assert [one["price_minor"] for one in told["history"]] == [2000, 1200, 900]
    assert (told["price_minor"], told["lowest_30_days_minor"]) == (1500, 1200)


def test_products_are_compared_fact_by_fact(shop: Crm) -> None:
    told = shop.call.get("/catalogue/comparison", params={"product": ["kettle", "stove"]}).json()
    facts = {fact["name"]: (fact["values"], fact["same"]) for fact in told["facts"]}
    assert facts["capacity"] == (["0.9 l", "1.5 l"], False)
    assert facts["category"] == (["Kitchen", "Kitchen"], True)
    assert facts["colour"] == ([["red", "blue"], ["red"]], False)
    assert facts["material"] == (["steel", None], False)
    assert (told["cheapest"], told["dearest"]) == (["stove"], ["kettle"])


def test_a_comparison_names_what_is_not_there(sqlite_shop: Crm) -> None:
    answer = sqlite_shop.call.get("/catalogue/comparison", params={"product": ["kettle", "nothing"]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.product.1")
    same = sqlite_shop.call.get("/catalogue/comparison", params={"product": ["kettle", "K-RED"]})
    assert same.status_code == 422


def test_alternatives_are_the_most_alike_with_reasons(shop: Crm) -> None:
    stock(shop, "S-RED", 1)
    told = shop.call.get("/catalogue/alternatives", params={"sku": "K-RED"}).json()
    assert [one["sku"] for one in told["alternatives"]] == ["K-BLU", "S-RED"]
    first, second = told["alternatives"]
    assert [reason["key"] for reason in first["reasons"]] == ["same_product", "similar_price"]
    assert first["reasons"][0]["values"] == {"differs_in": {"colour": "blue"}}
    assert [reason["key"] for reason in second["reasons"]] == [
        "same_category", "same_option", "similar_price", "in_store"
    ]  # fmt: skip


def test_an_alternative_costs_about_the_same(run_crm: CrmRunner) -> None:
    narrow = policies_with(sections={"products": {"alternatives": {"price_band_percent": 5}}})
    crm = run_crm(policies=narrow)
    fill(crm)
    told = crm.call.get("/catalogue/alternatives", params={"sku": "K-RED"}).json()
    # Another colour of the same thing is proposed whatever it costs.
    assert [one["sku"] for one in told["alternatives"]] == ["K-BLU"]


def test_facts_are_told_and_found_in_the_readers_language(shop: Crm) -> None:
    """A shop translates the names of its facts or keeps them; tables and marks are for every language."""
    with shop.records() as session:
        records.product(
            session,
            "Camping stove",
            external_id="camp",
            attributes={"Burn time": "70 minutes", "Fuel": "gas", "gift": True},
            translations={"zh": {"name": "露营炉", "attributes": {"燃烧时间": "70分钟", "燃料": "丁烷气罐"}}},
        )
        records.product(
            session,
            "Mug",
            external_id="mug",
            attributes={"material": "stoneware", "made in": "Leeds"},
            translations={"zh": {"attributes": {"material": "粗陶"}}},
        )

    def facts(product: str, language: str) -> object:
        return shop.call.get(f"/catalogue/products/{product}", params={"language": language}).json()["attributes"]

    assert facts("camp", "zh") == {"燃烧时间": "70分钟", "燃料": "丁烷气罐", "gift": True}
    assert facts("camp", "en") == {"Burn time": "70 minutes", "Fuel": "gas", "gift": True}
    assert facts("mug", "zh") == {"material": "粗陶", "made in": "Leeds"}
    found = shop.call.get("/catalogue/products", params={"q": "丁烷", "language": "zh"}).json()["products"]
    assert [each["external_id"] for each in found] == ["camp"]
