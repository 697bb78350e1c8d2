"""What shoppers call goods and values of options: given by leads, found by with the next question."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest

from crm_backend.audit.models import AuditEntry
from crm_backend.products.models import Product, Variant
from tests.crm import records
from tests.crm.conftest import Crm
from tests.crm.products.test_search import found

_keys = count()

KETTLE = {"kind": "product", "source": "web", "name": "kettle"}
BLUE = {"kind": "option", "name": "Colour", "value": "Blue"}


def call(crm: Crm, role: str, method: str, path: str = "", **more: Any) -> httpx.Response:
    headers = {"X-Shopdesk-Staff": f"mia;{role}", "Idempotency-Key": f"n{next(_keys)}"}
    return crm.call.request(method, f"/staff/other-names{path}", headers=headers, **more)


def save(crm: Crm, named: dict[str, str], version: int, role: str = "lead", **names: list[str]) -> httpx.Response:
    return call(crm, role, "PUT", json={"named": named, "version": version, "names": names})


def view(crm: Crm, reference: str, language: str = "en") -> Any:
    return crm.call.get(f"/catalogue/products/{reference}", params={"language": language}).json()


def test_a_product_is_found_by_what_shoppers_call_it_and_no_more_when_taken_back(shop: Crm) -> None:
    assert found(shop, q="swan neck") == found(shop, q="天鹅壶") == []
    saved = save(shop, KETTLE, 0, en=["Swan  neck ", "swan neck", ""], zh=["天鹅壶"])
    assert saved.status_code == 200, saved.text
    assert saved.json()["names"] == {"en": ["Swan neck"], "zh": ["天鹅壶"]}
    assert found(shop, q="do you have the swan neck?") == found(shop, q="天鹅壶") == ["kettle"]
    for language in ("en", "zh"):
        assert view(shop, "kettle", language)["other_names"] == ["Swan neck", "天鹅壶"]
    assert save(shop, KETTLE, 1, en=["goose"]).status_code == 200
    assert (found(shop, q="swan neck"), found(shop, q="goose")) == ([], ["kettle"])
    # Back to what an earlier version said, then to nothing.
    first = call(shop, "agent", "GET", "/one", params=KETTLE).json()["saved"][-1]
    assert save(shop, KETTLE, 2, **first["names"]).json()["version"] == 3
    assert found(shop, q="swan neck") == ["kettle"]
    assert save(shop, KETTLE, 3).status_code == 200
    assert found(shop, q="swan neck") == view(shop, "kettle")["other_names"] == []
    assert call(shop, "agent", "GET").json()["entries"] == []
    with shop.app.state.resources.database.read() as session:
        noted = [(one.action, one.subject_id, one.actor_id) for one in session.query(AuditEntry).all()]
    assert noted == [("other_names.saved", "product/web/kettle", "mia")] * 4


def test_a_value_is_called_so_wherever_the_catalogue_has_it(shop: Crm) -> None:
    assert found(shop, q="petrol scarf") == ["scarf"]
    assert found(shop, option="petrol") == []
    assert save(shop, BLUE, 0, en=["petrol"], zh=["孔雀蓝"]).json()["label"] == "colour: blue"
    assert sorted(found(shop, q="petrol")) == sorted(found(shop, q="孔雀蓝")) == ["kettle", "scarf"]
    assert sorted(found(shop, option="petrol")) == sorted(found(shop, option="colour:Petrol")) == ["kettle", "scarf"]
    assert found(shop, q="petrol scarf", option="petrol") == ["scarf"]
    blue = next(one for one in view(shop, "kettle", "zh")["variants"] if one["sku"] == "K-BLU")
    assert blue["options"] == {"颜色": "蓝色"}
    assert blue["other_options"] == [{"colour": "petrol"}, {"colour": "孔雀蓝"}]
    red = next(one for one in view(shop, "kettle")["variants"] if one["sku"] == "K-RED")
    assert red["other_options"] == []
    # The same value as the other language writes it has names of its own.
    chinese = {"kind": "option", "name": "颜色", "value": "红色"}
    assert save(shop, chinese, 0, zh=["中国红"]).status_code == 200
    red = next(one for one in view(shop, "kettle")["variants"] if one["sku"] == "K-RED")
    assert red["other_options"] == [{"颜色": "中国红"}]


def test_an_order_line_has_the_names_of_what_was_ordered(shop: Crm) -> None:
    with shop.records() as session:
        variant = session.query(Variant).filter_by(sku="F-BLU").one()
        order = records.order(session, "A-1", records.customer(session, email="ada@example.com"))
        records.line(session, order, sku="F-BLU", title="Scarf", variant_id=variant.id)
    save(shop, {"kind": "product", "source": "web", "name": "scarf"}, 0, en=["neck warmer"])
    save(shop, BLUE, 0, en=["petrol"])
    assert shop.verify("c-names", "A-1", email="ada@example.com").status_code == 200
    line = shop.order("c-names", "A-1").json()["lines"][0]
    assert (line["other_titles"], line["other_options"]) == (["neck warmer"], [{"colour": "petrol"}])


def test_a_trial_shows_before_and_after_and_changes_nothing(shop: Crm) -> None:
    body = {"words": "the petrol scarf please", "language": "en", "named": BLUE, "names": {"en": ["petrol"]}}
    tried = call(shop, "agent", "POST", "/trials", json=body).json()
    assert [(one["external_id"], one["options"], one["whole"]) for one in tried["before"]] == [("scarf", [], False)]
    assert [(one["external_id"], one["options"], one["whole"]) for one in tried["after"]] == [
        ("scarf", ["colour: blue", "颜色: 蓝色"][:1], True)
    ]
    assert found(shop, q="petrol") == []
    assert call(shop, "agent", "GET").json()["entries"] == []
    zh = {"words": "天鹅壶", "language": "zh", "named": KETTLE, "names": {"zh": ["天鹅壶"]}}
    assert [one["name"] for one in call(shop, "agent", "POST", "/trials", json=zh).json()["after"]] == ["细嘴水壶"]
    assert call(shop, "read_only", "POST", "/trials", json=body).status_code == 403


def test_names_stay_when_goods_are_written_anew(shop: Crm) -> None:
    save(shop, KETTLE, 0, en=["swan neck"])
    with shop.records() as session:
        session.query(Product).filter_by(external_id="kettle").one().description = "Pours fast."
    assert found(shop, q="swan neck") == found(shop, q="pours fast") == ["kettle"]


def test_what_of_a_product_can_be_named(shop: Crm) -> None:
    save(shop, BLUE, 0, en=["petrol"])
    product = call(shop, "read_only", "GET", "/product", params={"reference": "k-blu", "language": "zh"}).json()
    assert (product["external_id"], product["name"], product["source"]) == ("kettle", "细嘴水壶", "web")
    assert [(one["option"], one["value"], one["names"]) for one in product["options"]] == [
        ("colour", "blue", ["petrol"]), ("colour", "red", []), ("颜色", "红色", []), ("颜色", "蓝色", []),
    ]  # fmt: skip
    assert call(shop, "read_only", "GET", "/product", params={"reference": "nothing"}).status_code == 404


@pytest.mark.parametrize("role", ["agent", "read_only"])
def test_only_leads_save(sqlite_shop: Crm, role: str) -> None:
    assert save(sqlite_shop, KETTLE, 0, role, en=["swan"]).status_code == 403
    assert save(sqlite_shop, KETTLE, 0, en=["swan"]).status_code == 200


def test_what_cannot_be_saved(sqlite_shop: Crm) -> None:
    assert save(sqlite_shop, KETTLE, 0, en=["swan"]).status_code == 200
    assert save(sqlite_shop, KETTLE, 0, en=["goose"]).status_code == 409
    assert save(sqlite_shop, {**KETTLE, "name": "teapot"}, 0, en=["pot"]).status_code == 404
    assert save(sqlite_shop, {**BLUE, "value": "mauve"}, 0, en=["lilac"]).status_code == 404
    for wrong in (["!?"], ["a" * 81], ["a\0b"], [str(number) for number in range(31)]):
        refused = save(sqlite_shop, KETTLE, 1, en=wrong)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"].startswith("body.names.en"), refused.text


def test_the_shops_own_records_may_bring_names(shop: Crm) -> None:
    with shop.records() as session:
        kettle = session.query(Product).filter_by(external_id="kettle").one()
        kettle.translations = {**kettle.translations, "en": {"other_names": ["swan neck", 7]}, "de": {"other_names": 1}}
        blue = session.query(Variant).filter_by(sku="K-BLU").one()
        blue.translations = {"zh": {"options": {"颜色": "蓝色"}, "other_options": {"颜色": ["孔雀蓝"]}}}
    assert found(shop, q="swan neck") == found(shop, q="孔雀蓝") == found(shop, option="孔雀蓝") == ["kettle"]
    assert save(shop, KETTLE, 0, en=["goose"]).status_code == 200
    assert view(shop, "kettle")["other_names"] == ["goose", "swan neck"]
    variants = {one["sku"]: one["other_options"] for one in view(shop, "kettle")["variants"]}
    assert variants == {"K-RED": [], "K-BLU": [{"颜色": "孔雀蓝"}]}
