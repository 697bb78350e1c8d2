"""The public catalogue."""

from __future__ import annotations

from tests.crm import records
from tests.crm.conftest import Crm


def test_products_are_told_with_price_and_availability(crm: Crm) -> None:
    with crm.records() as session:
        scarf = records.product(
            session, "Scarf", category="Accessories", image_url="/scarf.png", translations={"zh": {"name": "围巾"}}
        )
        records.variant(session, scarf, "S1", price_minor=1500, currency="GBP", availability="out_of_stock")
        records.variant(session, scarf, "S2", price_minor=2500, currency="GBP", availability="in_stock")
        records.variant(session, scarf, "S3", price_minor=2000, currency="GBP", availability="preorder")
        records.product(session, None)
        gone = records.product(session, "Kettle")
        records.variant(session, gone, "K1", price_minor=900, currency="GBP", availability="discontinued")
        records.variant(session, records.product(session, "Mug"), "M1", availability="unknown")
        records.product(session, "Plain")
    products = crm.call.get("/catalogue/products").json()["products"]
    assert [(one["name"], one["price_from_minor"], one["currency"], one["available"]) for one in products] == [
        ("Scarf", 2000, "GBP", True),
        ("Kettle", 900, "GBP", False),
        ("Mug", None, None, True),
        ("Plain", None, None, True),
    ]
    assert (products[0]["category"], products[0]["image_url"]) == ("Accessories", "/scarf.png")
    chinese = crm.call.get("/catalogue/products", params={"language": "zh", "limit": 2}).json()["products"]
    assert [one["name"] for one in chinese] == ["围巾", "Kettle"]


def test_a_page_has_limits(sqlite_crm: Crm) -> None:
    for limit in ("0", "101", "many"):
        answer = sqlite_crm.call.get("/catalogue/products", params={"limit": limit})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.limit")
